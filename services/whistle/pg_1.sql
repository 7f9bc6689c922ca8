-- The tables that "whistle export" fills, version 1. The schema is the first
-- of the search path. Times are timestamptz; what is not known is NULL.

CREATE TABLE about (
	schema_version integer NOT NULL
);
COMMENT ON TABLE about IS '表结构版本 / Version of these tables';
COMMENT ON COLUMN about.schema_version IS '表结构版本号，由 whistle export 升级 / Number of the version; whistle export raises it';
INSERT INTO about VALUES (1);

CREATE TABLE progress (
	node text PRIMARY KEY,
	generation integer NOT NULL,
	followed bigint NOT NULL,
	cursor bytea NOT NULL,
	moved_at timestamptz NOT NULL,
	current_at timestamptz,
	scored_at timestamptz
);
COMMENT ON TABLE progress IS '导出进度，与数据在同一事务中更新 / How far the export is; moves in the transaction that brings the rows';
COMMENT ON COLUMN progress.node IS '数据来自哪个节点 / The node that the rows are from';
COMMENT ON COLUMN progress.generation IS '节点的存储每换一次加一 / One more each time the node has another store';
COMMENT ON COLUMN progress.followed IS '节点流水中已读到的序号 / Number in the node''s journal up to which events were read';
COMMENT ON COLUMN progress.cursor IS '节点工单变更清单中已读到的位置 / Place in the node''s list of changed tickets';
COMMENT ON COLUMN progress.moved_at IS '上次写入时间 / When rows came last';
COMMENT ON COLUMN progress.current_at IS '上次与节点完全一致的时间 / When all that the node had was here last';
COMMENT ON COLUMN progress.scored_at IS '上次刷新 scores 的时间 / When scores were read last';

CREATE TABLE units (
	code text PRIMARY KEY,
	name text NOT NULL,
	level text NOT NULL,
	kind text NOT NULL,
	parent text,
	depth integer NOT NULL,
	city text,
	district text,
	street text,
	community text,
	grid text
);
COMMENT ON TABLE units IS '单位：区域、部门、热线 / Units: areas, departments, hotlines';
COMMENT ON COLUMN units.code IS '单位代码 / Code of the unit';
COMMENT ON COLUMN units.name IS '名称 / Name';
COMMENT ON COLUMN units.level IS '层级 / Level';
COMMENT ON COLUMN units.kind IS '类别：area 区域，department 部门，hotline 热线 / Kind: area, department, hotline';
COMMENT ON COLUMN units.parent IS '上级单位代码，部门为所属单位 / Code of the unit above; of a department its host';
COMMENT ON COLUMN units.depth IS '树中的深度，根为 0 / Depth in the tree, 0 for the root';
COMMENT ON COLUMN units.city IS '所在市 / Name of the city that it is or is in';
COMMENT ON COLUMN units.district IS '所在区 / Name of the district';
COMMENT ON COLUMN units.street IS '所在街道 / Name of the street';
COMMENT ON COLUMN units.community IS '所在社区 / Name of the community';
COMMENT ON COLUMN units.grid IS '所在网格 / Name of the grid';

CREATE TABLE items (
	code text PRIMARY KEY,
	name_zh text NOT NULL,
	name_en text NOT NULL,
	domain text NOT NULL,
	domain_zh text,
	domain_en text
);
COMMENT ON TABLE items IS '清单事项 / Items of the catalogue';
COMMENT ON COLUMN items.code IS '事项代码 / Code of the item';
COMMENT ON COLUMN items.name_zh IS '中文名称 / Name in Chinese';
COMMENT ON COLUMN items.name_en IS '英文名称 / Name in English';
COMMENT ON COLUMN items.domain IS '领域代码（七有五性）/ Code of its domain';
COMMENT ON COLUMN items.domain_zh IS '领域中文名称 / The domain''s name in Chinese';
COMMENT ON COLUMN items.domain_en IS '领域英文名称 / The domain''s name in English';

CREATE TABLE tickets (
	id text PRIMARY KEY,
	generation integer NOT NULL,
	seq integer NOT NULL,
	kind text NOT NULL,
	state text NOT NULL,
	source text,
	number text,
	item text,
	colour text,
	urgent boolean NOT NULL,
	confidential boolean NOT NULL,
	place text,
	origin text NOT NULL,
	holder text NOT NULL,
	sender text,
	resolver text,
	ruled text,
	parent text,
	is_lead boolean NOT NULL,
	opened_at timestamptz NOT NULL,
	updated_at timestamptz NOT NULL,
	accept_by timestamptz,
	accepted_at timestamptz,
	accept_kept boolean,
	resolve_by timestamptz,
	resolved_at timestamptz,
	resolve_kept boolean,
	return_by timestamptz,
	suspended_at timestamptz,
	suspended_until timestamptz,
	closed_at timestamptz,
	outcome text,
	channel text,
	finding text,
	reopens integer NOT NULL,
	returns integer NOT NULL,
	extensions integer NOT NULL,
	escalation integer NOT NULL,
	responded boolean,
	resolved boolean,
	satisfaction text,
	title text
);
CREATE INDEX ON tickets (opened_at);
CREATE INDEX ON tickets (parent);
CREATE INDEX ON tickets (holder, state);
COMMENT ON TABLE tickets IS '工单现状，每单一行；哨单也是一单 / Tickets as they are now, one a row; a callout is a ticket, too';
COMMENT ON COLUMN tickets.id IS '工单编号 / Id of the ticket';
COMMENT ON COLUMN tickets.generation IS '见 progress.generation / See progress.generation';
COMMENT ON COLUMN tickets.seq IS '最后一步的序号 / Number of its last event';
COMMENT ON COLUMN tickets.kind IS '类别：appeal 诉求，callout 哨单 / Kind: appeal, callout';
COMMENT ON COLUMN tickets.state IS '状态：open 待签收，accepted 办理中，waiting 等待报到，suspended 挂账，resolved 待回访，closed 已评价，excluded 剔除，merged 并单 / State';
COMMENT ON COLUMN tickets.source IS '来源：hotline 热线，patrol 巡查，visit 走访，resident 居民，whistle 吹哨 / Where it came from';
COMMENT ON COLUMN tickets.number IS '来源方的编号 / The source''s own number';
COMMENT ON COLUMN tickets.item IS '事项代码，见 items / Code of the item, see items';
COMMENT ON COLUMN tickets.colour IS '颜色：red 红，yellow 黄，blue 蓝 / Colour of the whistle';
COMMENT ON COLUMN tickets.urgent IS '是否紧急 / Is it urgent';
COMMENT ON COLUMN tickets.confidential IS '是否保密；保密工单从不导出文字 / Is it confidential; its words are never exported';
COMMENT ON COLUMN tickets.place IS '事发地单位代码，见 units / Code of the unit where the trouble is, see units';
COMMENT ON COLUMN tickets.origin IS '发起方代码 / Code of the unit that opened it';
COMMENT ON COLUMN tickets.holder IS '承办单位代码 / Code of the unit that has it';
COMMENT ON COLUMN tickets.sender IS '承办单位从哪个单位接到 / Code of the unit that the holder got it from';
COMMENT ON COLUMN tickets.resolver IS '办结单位代码 / Code of the unit that resolved it last';
COMMENT ON COLUMN tickets.ruled IS '裁定由哪个单位办理 / Code of the unit that a ruling gave it to';
COMMENT ON COLUMN tickets.parent IS '哨单所属工单，或所并入的主单 / Of a callout its ticket; of a merged one its master';
COMMENT ON COLUMN tickets.is_lead IS '哨单：是否牵头部门 / Of a callout: does the department lead';
COMMENT ON COLUMN tickets.opened_at IS '登记时间 / When it was opened';
COMMENT ON COLUMN tickets.updated_at IS '最后变更时间 / When it changed last';
COMMENT ON COLUMN tickets.accept_by IS '签收或报到期限 / To be accepted or checked in by';
COMMENT ON COLUMN tickets.accepted_at IS '现承办单位签收时间 / When its holder accepted it';
COMMENT ON COLUMN tickets.accept_kept IS '按期签收与否；期限未到且未签收为空 / Was accepted in time; NULL while that is open';
COMMENT ON COLUMN tickets.resolve_by IS '办结期限 / To be resolved by';
COMMENT ON COLUMN tickets.resolved_at IS '办结时间 / When it was resolved last';
COMMENT ON COLUMN tickets.resolve_kept IS '按期办结与否；期限未到且未办结为空 / Was resolved in time; NULL while that is open';
COMMENT ON COLUMN tickets.return_by IS '退单期限 / May be given back until';
COMMENT ON COLUMN tickets.suspended_at IS '挂账开始时间 / Since when it is suspended';
COMMENT ON COLUMN tickets.suspended_until IS '挂账截止时间 / Until when it is suspended';
COMMENT ON COLUMN tickets.closed_at IS '评价时间 / When it was rated';
COMMENT ON COLUMN tickets.outcome IS '结果：solved 解决，explained 解释 / Outcome';
COMMENT ON COLUMN tickets.channel IS '解决渠道 / Channel by which it was solved';
COMMENT ON COLUMN tickets.finding IS '是否属实：true 属实，untrue 不属实 / Was it as it was told: true, untrue';
COMMENT ON COLUMN tickets.reopens IS '重办次数 / Times reopened';
COMMENT ON COLUMN tickets.returns IS '退单次数 / Times given back';
COMMENT ON COLUMN tickets.extensions IS '本轮延期次数 / Extensions in this round';
COMMENT ON COLUMN tickets.escalation IS '超期上报到上几级 / Levels above that were told of its lateness';
COMMENT ON COLUMN tickets.responded IS '评价：是否响应，未评价为空 / Rating: responded; NULL when not rated';
COMMENT ON COLUMN tickets.resolved IS '评价：是否解决 / Rating: resolved';
COMMENT ON COLUMN tickets.satisfaction IS '评价：满意程度 / Rating: satisfied, mostly-satisfied, dissatisfied, not-rated';
COMMENT ON COLUMN tickets.title IS '标题；仅在 --texts 时导出 / Title; only with --texts';

CREATE TABLE events (
	ticket text NOT NULL,
	seq integer NOT NULL,
	term integer NOT NULL,
	at timestamptz NOT NULL,
	verb text NOT NULL,
	unit text NOT NULL,
	actor text NOT NULL,
	to_unit text,
	item text,
	place text,
	colour text,
	accept_by timestamptz,
	resolve_by timestamptz,
	outcome text,
	channel text,
	responded boolean,
	resolved boolean,
	satisfaction text,
	deadline text,
	due_at timestamptz,
	step integer,
	suspended_until timestamptz,
	whistle_kind text,
	situation text,
	rule text,
	attachments integer NOT NULL,
	confidential boolean,
	hash bytea NOT NULL,
	text text,
	PRIMARY KEY (ticket, seq)
);
CREATE INDEX ON events (at);
CREATE INDEX ON events (unit, at);
COMMENT ON TABLE events IS '工单每一步，只增不改 / Every step of every ticket';
COMMENT ON COLUMN events.ticket IS '工单编号 / Id of the ticket';
COMMENT ON COLUMN events.seq IS '在工单中的序号，从 1 起 / Number in the ticket, from 1';
COMMENT ON COLUMN events.term IS '任期，强制接管后加一 / Term; one more after a take-over without the holder';
COMMENT ON COLUMN events.at IS '时间 / When';
COMMENT ON COLUMN events.verb IS '动作，如 open 登记、forward 转派、whistle 吹哨、rate 评价 / What was done';
COMMENT ON COLUMN events.unit IS '由哪个单位 / Code of the unit that did it';
COMMENT ON COLUMN events.actor IS '由谁：person 人，routine 自动，clock 时钟；不含姓名 / By whom: person, routine, clock; never a name';
COMMENT ON COLUMN events.to_unit IS '转给哪个单位 / Code of the next holder';
COMMENT ON COLUMN events.item IS '定为哪个事项 / The item that it was given';
COMMENT ON COLUMN events.place IS '定为何处 / The place that it was given';
COMMENT ON COLUMN events.colour IS '颜色 / Colour';
COMMENT ON COLUMN events.accept_by IS '给出的签收期限 / Deadline given to accept';
COMMENT ON COLUMN events.resolve_by IS '给出的办结期限 / Deadline given to resolve';
COMMENT ON COLUMN events.outcome IS '结果 / Outcome';
COMMENT ON COLUMN events.channel IS '解决渠道 / Channel';
COMMENT ON COLUMN events.responded IS '评价：是否响应 / Rating: responded';
COMMENT ON COLUMN events.resolved IS '评价：是否解决 / Rating: resolved';
COMMENT ON COLUMN events.satisfaction IS '评价：满意程度 / Rating: satisfaction';
COMMENT ON COLUMN events.deadline IS '催办、督办所指期限：accept、check-in、resolve / The deadline that a reminder or supervision is about';
COMMENT ON COLUMN events.due_at IS '该期限的时间 / When that deadline is or was';
COMMENT ON COLUMN events.step IS '时钟督办到上几级 / Supervision by the clock: levels above';
COMMENT ON COLUMN events.suspended_until IS '挂账到何时 / Suspended until';
COMMENT ON COLUMN events.whistle_kind IS '吹哨类别：law 执法，project 重点工作，emergency 应急 / Kind of whistle';
COMMENT ON COLUMN events.situation IS '吹哨情形代码 / Code of the situation';
COMMENT ON COLUMN events.rule IS '期限依据 / The rule that gave the deadlines';
COMMENT ON COLUMN events.attachments IS '附件数；附件本身不导出 / How many attachments; they are not exported';
COMMENT ON COLUMN events.confidential IS '登记时定为保密 / Set by an opening that is confidential';
COMMENT ON COLUMN events.hash IS '本步的哈希（BLAKE2b-256），可与节点核对 / Hash of the event (BLAKE2b-256), to compare with a node';
COMMENT ON COLUMN events.text IS '文字；仅在 --texts 时导出 / Words; only with --texts';

CREATE TABLE score_formula (
	mostly_halves integer NOT NULL
);
COMMENT ON TABLE score_formula IS '评分口径 / How rates are counted';
COMMENT ON COLUMN score_formula.mostly_halves IS '“基本满意”折合几个半分：0、1、2 / What mostly satisfied counts, in halves of a satisfied';

CREATE TABLE scores (
	month date NOT NULL,
	unit text NOT NULL,
	complete boolean NOT NULL,
	opened bigint NOT NULL,
	received bigint NOT NULL,
	pushed bigint NOT NULL,
	accepted_in_time bigint NOT NULL,
	accepted_late bigint NOT NULL,
	resolved_in_time bigint NOT NULL,
	resolved_late bigint NOT NULL,
	solved bigint NOT NULL,
	explained bigint NOT NULL,
	immediate bigint NOT NULL,
	returned bigint NOT NULL,
	reopened bigint NOT NULL,
	whistles bigint NOT NULL,
	called bigint NOT NULL,
	rated bigint NOT NULL,
	rated_responded bigint NOT NULL,
	rated_resolved bigint NOT NULL,
	rated_satisfied bigint NOT NULL,
	rated_mostly_satisfied bigint NOT NULL,
	rated_dissatisfied bigint NOT NULL,
	rated_without_verdict bigint NOT NULL,
	excluded bigint NOT NULL,
	pushed_by_permit bigint NOT NULL,
	excluded_accepted_in_time bigint NOT NULL,
	excluded_accepted_late bigint NOT NULL,
	excluded_resolved_in_time bigint NOT NULL,
	excluded_resolved_late bigint NOT NULL,
	PRIMARY KEY (month, unit)
);
COMMENT ON TABLE scores IS '每月每单位的计数，与 whistle score 一致 / What whistle score counts, by month and unit';
COMMENT ON COLUMN scores.month IS '月份（首日，北京时间）/ Month (its first day, UTC+8)';
COMMENT ON COLUMN scores.unit IS '单位代码 / Code of the unit';
COMMENT ON COLUMN scores.complete IS '该节点是否有此单位的全部工单 / Does the node know all tickets of the unit';
COMMENT ON COLUMN scores.opened IS '登记的诉求 / Appeals opened';
COMMENT ON COLUMN scores.received IS '接到的工单 / Tickets received';
COMMENT ON COLUMN scores.pushed IS '由上级派下 / Of those, dispatched from above';
COMMENT ON COLUMN scores.accepted_in_time IS '按期签收或报到 / Accepted or checked in in time';
COMMENT ON COLUMN scores.accepted_late IS '逾期签收或报到 / Accepted or checked in late';
COMMENT ON COLUMN scores.resolved_in_time IS '按期办结 / Resolved in time';
COMMENT ON COLUMN scores.resolved_late IS '逾期办结 / Resolved late';
COMMENT ON COLUMN scores.solved IS '解决 / Solved';
COMMENT ON COLUMN scores.explained IS '解释 / Explained';
COMMENT ON COLUMN scores.immediate IS '即办 / Settled at once, unaided';
COMMENT ON COLUMN scores.returned IS '退单 / Given back';
COMMENT ON COLUMN scores.reopened IS '被重办 / Its resolution was not accepted';
COMMENT ON COLUMN scores.whistles IS '吹哨 / Whistles blown';
COMMENT ON COLUMN scores.called IS '被吹哨 / Called by a whistle';
COMMENT ON COLUMN scores.rated IS '被评价 / Rated as resolver';
COMMENT ON COLUMN scores.rated_responded IS '评价为已响应 / Rated as responded';
COMMENT ON COLUMN scores.rated_resolved IS '评价为已解决 / Rated as resolved';
COMMENT ON COLUMN scores.rated_satisfied IS '满意 / Satisfied';
COMMENT ON COLUMN scores.rated_mostly_satisfied IS '基本满意 / Mostly satisfied';
COMMENT ON COLUMN scores.rated_dissatisfied IS '不满意 / Dissatisfied';
COMMENT ON COLUMN scores.rated_without_verdict IS '未表态 / Rated without a verdict';
COMMENT ON COLUMN scores.excluded IS '剔除 / Excluded';
COMMENT ON COLUMN scores.pushed_by_permit IS '凭准入许可派下 / Dispatched by a permit though not on its list';
COMMENT ON COLUMN scores.excluded_accepted_in_time IS '已剔除工单的按期签收 / Left with excluded tickets: accepted in time';
COMMENT ON COLUMN scores.excluded_accepted_late IS '已剔除工单的逾期签收 / Left with excluded tickets: accepted late';
COMMENT ON COLUMN scores.excluded_resolved_in_time IS '已剔除工单的按期办结 / Left with excluded tickets: resolved in time';
COMMENT ON COLUMN scores.excluded_resolved_late IS '已剔除工单的逾期办结 / Left with excluded tickets: resolved late';

CREATE VIEW ticket_list AS
SELECT t.id, t.number, t.kind, t.state, t.source, t.item,
	i.name_zh AS item_zh, i.name_en AS item_en,
	i.domain_zh, i.domain_en, t.colour, t.urgent,
	p.city, p.district, p.street, p.community, p.grid,
	o.name AS origin_name, h.name AS holder_name, h.level AS holder_level,
	r.name AS resolver_name,
	t.opened_at, t.accept_by, t.accepted_at, t.accept_kept,
	t.resolve_by, t.resolved_at, t.resolve_kept, t.closed_at,
	t.resolved_at - t.opened_at AS time_to_resolve,
	t.outcome, t.channel, t.reopens, t.returns,
	t.responded, t.resolved, t.satisfaction, t.title
FROM tickets t
LEFT JOIN items i ON i.code = t.item
LEFT JOIN units p ON p.code = t.place
LEFT JOIN units o ON o.code = t.origin
LEFT JOIN units h ON h.code = t.holder
LEFT JOIN units r ON r.code = t.resolver;
COMMENT ON VIEW ticket_list IS '工单，带事项和单位名称，可直接分析 / Tickets with the names of items and units';

CREATE VIEW callouts AS
SELECT c.id, c.parent AS ticket, c.state, c.origin AS whistled_by,
	w.name AS whistled_by_name, e.to_unit AS department,
	d.name AS department_name, c.is_lead, c.colour, c.item,
	c.opened_at AS called_at, c.accept_by AS check_in_by,
	c.accepted_at AS checked_in_at, c.accept_kept AS check_in_kept,
	c.resolve_by, c.resolved_at, c.resolve_kept, c.outcome,
	c.responded, c.resolved, c.satisfaction
FROM tickets c
LEFT JOIN events e ON e.ticket = c.id AND e.seq = 1
LEFT JOIN units w ON w.code = c.origin
LEFT JOIN units d ON d.code = e.to_unit
WHERE c.kind = 'callout';
COMMENT ON VIEW callouts IS '哨单：谁吹哨、哪个部门、按时报到与否 / Callouts: who whistled, which department, checked in in time or not';

CREATE VIEW score_board AS
SELECT s.month, s.unit, u.name, u.level, u.kind, s.complete,
	s.opened, s.received, s.solved, s.explained, s.whistles, s.called,
	round(s.accepted_in_time::numeric /
		nullif(s.accepted_in_time + s.accepted_late, 0), 4)
		AS response,
	round(s.rated_resolved::numeric / nullif(s.rated, 0), 4)
		AS completion,
	round((2 * s.rated_satisfied +
		f.mostly_halves * s.rated_mostly_satisfied)::numeric / 2 /
		nullif(s.rated_satisfied + s.rated_mostly_satisfied +
			s.rated_dissatisfied, 0), 4) AS satisfaction
FROM scores s
CROSS JOIN score_formula f
LEFT JOIN units u ON u.code = s.unit;
COMMENT ON VIEW score_board IS '每月每单位的响应度、办结度、满意度 / Response, completion and satisfaction by month and unit';
