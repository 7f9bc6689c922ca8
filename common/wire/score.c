#include "wire/score.h"

#include <string.h>
#include "base/err.h"
#include "base/limits.h"
#include "wire/field.h"
#include "wire/ticket_row.h"

/* ---- the question ---- */

static void events_fill(
    struct score_query_message *message, const struct wire_score_query *query)
{
	Whistle__ScoreEvents *events = &message->events;

	whistle__score_events__init(events);
	events->any = query->events.any;
	events->none = query->events.none;
	events->open = field_text(query->events.open);
	events->other = field_text(query->events.other.s);
	events->limit = query->events.limit;
	message->query.events = events;
}

void score_query_fill(
    struct score_query_message *message, const struct wire_score_query *query)
{
	Whistle__ScoreQuery *to = &message->query;

	whistle__score_query__init(to);
	to->under = field_text(query->under.s);
	to->kind = field_text(query->kind);
	to->period = field_text(query->period);
	to->by_item = query->by_item;
	to->unit = field_text(query->unit.s);
	to->from = field_text(query->from);
	to->to = field_text(query->to);
	to->item = field_text(query->item);
	to->domain = field_text(query->domain);
	to->by_domain = query->by_domain;
	to->by_month = query->by_month;
	to->by_other = query->by_other;
	to->cursor = field_bytes(query->cursor);
	if (query->wants_events)
		events_fill(message, query);
}

static const char *events_read(
    struct wire_score_query *query, const Whistle__ScoreEvents *from)
{
	const char *open = from->open;

	query->wants_events = true;
	if (code_is_empty(&query->unit))
		return "unit: is missing";
	if (open[0] && strcmp(open, "accept") != 0 &&
	    strcmp(open, "rating") != 0)
		return "open: accept or rating";
	if ((open[0] != '\0') == (from->any != 0))
		return "any: either it or open";
	if (!field_read_code(&query->events.other, from->other))
		return "other: not a unit's code";
	if (from->limit > LIST_PAGE_MAX)
		return "limit: more than a page can hold";
	query->events.any = from->any;
	query->events.none = from->none;
	query->events.open = open;
	query->events.limit = from->limit;
	return NULL;
}

static const char *texts_read(
    struct wire_score_query *query, const Whistle__ScoreQuery *from)
{
	const struct {
		const char **to, *text, *problem;
		size_t max;
	} texts[] = {
		{ &query->period, from->period, "period: too long",
		    NAME_MAX_BYTES },
		{ &query->from, from->from, "from: too long", NAME_MAX_BYTES },
		{ &query->to, from->to, "to: too long", NAME_MAX_BYTES },
		{ &query->item, from->item, "item: too long", ITEM_CODE_MAX },
		{ &query->domain, from->domain, "domain: too long",
		    ITEM_CODE_MAX },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!field_read_text(texts[i].to, texts[i].text, texts[i].max))
			return texts[i].problem;
	return NULL;
}

const char *score_query_read(
    struct wire_score_query *query, const Whistle__ScoreQuery *from)
{
	const char *kind = from->kind;
	const char *problem = texts_read(query, from);

	if (!field_read_code(&query->under, from->under))
		return "under: not a unit's code";
	if (!field_read_code(&query->unit, from->unit))
		return "unit: not a unit's code";
	if (kind[0] && strcmp(kind, "area") != 0 &&
	    strcmp(kind, "department") != 0)
		return "kind: area or department";
	if (!field_read_bytes(&query->cursor, from->cursor, CURSOR_MAX))
		return "cursor: too long";
	query->kind = kind;
	query->by_item = from->by_item;
	query->by_domain = from->by_domain;
	query->by_month = from->by_month;
	query->by_other = from->by_other;
	query->events.open = "";
	if (!problem && from->events)
		problem = events_read(query, from->events);
	return problem;
}

/* ---- the answer ---- */

static void line_fill(
    Whistle__ScoreLine *to, const struct wire_score_line *from)
{
	whistle__score_line__init(to);
	to->unit = field_text(from->unit.s);
	to->item = field_text(from->item);
	to->period = field_text(from->period);
	to->counts = (uint64_t *)from->counts;
	to->n_counts = from->count_count;
	to->domain = field_text(from->domain);
	to->other = field_text(from->other.s);
	to->by_raters = (uint64_t *)from->by_raters;
	to->n_by_raters = from->by_raters_count;
	to->partial = from->is_partial;
	to->unaccepted = from->unaccepted;
	to->unrated = from->unrated;
}

static int lines_fill(Whistle__ScorePage *page, struct arena *arena,
    const struct wire_reply *reply)
{
	size_t count = reply->score.count;
	Whistle__ScoreLine *lines = arena_alloc(arena, count * sizeof(*lines));
	Whistle__ScoreLine **list = arena_alloc(arena, count * sizeof(*list));

	if (!lines || !list)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < count; i++) {
		line_fill(&lines[i], &reply->score.lines[i]);
		list[i] = &lines[i];
	}
	page->lines = list;
	page->n_lines = count;
	return 0;
}

static int scored_fill(Whistle__ScorePage *page, struct arena *arena,
    const struct wire_reply *reply)
{
	size_t count = reply->score.ticket_count;
	Whistle__ScoredEvent *events =
	    arena_alloc(arena, count * sizeof(*events));
	Whistle__ScoredEvent **list = arena_alloc(arena, count * sizeof(*list));

	if (!events || !list)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < count; i++) {
		const struct wire_scored *from = &reply->score.events[i];

		whistle__scored_event__init(&events[i]);
		events[i].seq = from->seq;
		events[i].counts = from->counts;
		events[i].time_ms = (uint64_t)from->time_ms;
		events[i].item = field_text(from->item);
		events[i].period = field_text(from->period);
		events[i].other = field_text(from->other.s);
		list[i] = &events[i];
	}
	page->events = list;
	page->n_events = count;
	page->n_tickets = count;
	return ticket_rows_fill(
	    &page->tickets, arena, reply->score.tickets, count);
}

static void formula_fill(
    struct score_page_message *message, const struct wire_score_formula *from)
{
	Whistle__ScoreFormula *to = &message->formula;

	if (!from->is_given)
		return;
	whistle__score_formula__init(to);
	memcpy(message->weights, from->weights, sizeof(message->weights));
	to->weights = message->weights;
	to->n_weights = sizeof(message->weights) / sizeof(message->weights[0]);
	to->mostly_halves = from->mostly_halves;
	to->raters = field_text(from->raters);
	to->raters_part = from->raters_part;
	message->page.formula = to;
}

int score_page_fill(struct score_page_message *message, struct arena *arena,
    const struct wire_reply *reply)
{
	Whistle__ScorePage *page = &message->page;
	int rc;

	whistle__score_page__init(page);
	page->cursor = field_bytes(reply->score.cursor);
	page->hidden = reply->score.hidden;
	formula_fill(message, &reply->score.formula);
	rc = lines_fill(page, arena, reply);
	return rc ? rc : scored_fill(page, arena, reply);
}

static int line_read(struct wire_score_line *to, const Whistle__ScoreLine *from)
{
	if (!field_read_code(&to->unit, from->unit) ||
	    !field_read_code(&to->other, from->other) ||
	    (from->n_by_raters && from->n_by_raters != WIRE_RATINGS))
		return ERR_INVALID;
	to->item = from->item;
	to->domain = from->domain;
	to->period = from->period;
	to->counts = from->counts;
	to->count_count = from->n_counts;
	to->by_raters = from->by_raters;
	to->by_raters_count = from->n_by_raters;
	to->is_partial = from->partial;
	to->unaccepted = from->unaccepted;
	to->unrated = from->unrated;
	return 0;
}

static int lines_read(struct wire_reply *reply, struct arena *arena,
    const Whistle__ScorePage *page)
{
	struct wire_score_line *lines =
	    arena_alloc(arena, page->n_lines * sizeof(*lines));
	int rc = lines ? 0 : ERR_TOO_LARGE;

	for (size_t i = 0; !rc && i < page->n_lines; i++) {
		memset(&lines[i], 0, sizeof(lines[i]));
		rc = line_read(&lines[i], page->lines[i]);
	}
	reply->score.lines = lines;
	reply->score.count = page->n_lines;
	return rc;
}

static int scored_read(struct wire_reply *reply, struct arena *arena,
    const Whistle__ScorePage *page)
{
	struct wire_scored *events =
	    arena_alloc(arena, page->n_events * sizeof(*events));

	if (!events)
		return ERR_TOO_LARGE;
	if (page->n_events != page->n_tickets)
		return ERR_INVALID;
	for (size_t i = 0; i < page->n_events; i++) {
		const Whistle__ScoredEvent *from = page->events[i];

		memset(&events[i], 0, sizeof(events[i]));
		if (!field_read_time(&events[i].time_ms, from->time_ms) ||
		    !field_read_code(&events[i].other, from->other))
			return ERR_INVALID;
		events[i].seq = from->seq;
		events[i].counts = from->counts;
		events[i].item = from->item;
		events[i].period = from->period;
	}
	reply->score.events = events;
	reply->score.ticket_count = page->n_events;
	return ticket_rows_read(
	    &reply->score.tickets, arena, page->tickets, page->n_tickets);
}

static int formula_read(
    struct wire_score_formula *to, const Whistle__ScoreFormula *from)
{
	to->raters = "";
	if (!from)
		return 0;
	if (from->n_weights != sizeof(to->weights) / sizeof(to->weights[0]) ||
	    from->mostly_halves > 2 || from->raters_part > 100)
		return ERR_INVALID;
	to->is_given = true;
	memcpy(to->weights, from->weights, sizeof(to->weights));
	to->mostly_halves = from->mostly_halves;
	to->raters = from->raters;
	to->raters_part = from->raters_part;
	return 0;
}

int score_page_read(struct wire_reply *reply, struct arena *arena,
    const Whistle__ScorePage *page)
{
	int rc = formula_read(&reply->score.formula, page->formula);

	reply->kind = ASK_SCORE;
	reply->score.hidden = page->hidden;
	if (!rc &&
	    !field_read_bytes(&reply->score.cursor, page->cursor, CURSOR_MAX))
		rc = ERR_INVALID;
	if (!rc)
		rc = lines_read(reply, arena, page);
	return rc ? rc : scored_read(reply, arena, page);
}
