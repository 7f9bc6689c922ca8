/*
 * Questions about scores: sums of sums, line by line. A page looks at a
 * bounded number of rows; whoever asks goes on with its cursor and adds up.
 */
#include "engine/inside.h"

#include <string.h>

enum { SCORE_LINES_MAX = 4 * LIST_PAGE_MAX };

struct scoring {
	struct turn *turn;
	const struct wire_request *request;
	const struct unit *under;
	const char *from, *to;
	const struct catalogue_score *formula;
	unsigned raters_depth;
	struct wire_score_line *lines;
	size_t count, looked;
	const struct unit *unit; /* of the row before */
	struct buf last;	 /* cursor of the row before */
	bool is_cut;
};

bool score_months(const char **from_out, const char **to_out,
    const struct wire_request *request)
{
	const char *period = request->score.period;
	const char *from = period[0] ? period : request->score.from;
	const char *to = period[0] ? period : request->score.to;

	if ((from[0] && !score_is_period(from)) ||
	    (to[0] && !score_is_period(to)))
		return false;
	*from_out = from;
	*to_out = to;
	return true;
}

bool score_has_item(const struct engine *engine,
    const struct wire_request *request, const char *item)
{
	const char *domain = request->score.domain;
	const struct item *known;

	if (request->score.item[0] && strcmp(request->score.item, item) != 0)
		return false;
	if (!domain[0])
		return true;
	known = catalogue_item(engine->config.catalogue, item);
	return known && !strcmp(known->domain, domain);
}

static bool is_wanted(const struct scoring *scoring, const struct unit *unit)
{
	const char *kind = scoring->request->score.kind;

	if (!unit || (scoring->under && !unit_is_within(unit, scoring->under)))
		return false;
	return !kind[0] ||
	       (unit->kind == UNIT_DEPARTMENT) == !strcmp(kind, "department");
}

/*
 * Every ticket of the unit comes by here: it is served by this node or by
 * one below, from where every event goes up.
 */
static bool knows_all(const struct engine *engine, const struct unit *unit)
{
	const struct neighbour *toward;

	if (engine->mind.is_recovering)
		return false;
	if (unit->node == engine->self)
		return true;
	toward = neighbour_toward(engine, unit);
	return toward && !toward->is_parent;
}

static const char *domain_of(const struct engine *engine, const char *code)
{
	const struct item *item =
	    catalogue_item(engine->config.catalogue, code);

	return item ? item->domain : "";
}

/* What tells lines of one unit apart, in the question's terms. */
static void line_key(struct wire_score_line *key, const struct scoring *scoring,
    const struct counters_key *row, const struct unit *unit)
{
	const struct wire_score_query *query = &scoring->request->score;

	*key = (struct wire_score_line){
		.unit = unit->code,
		.item = query->by_item ? row->item : "",
		.domain = query->by_domain
			      ? domain_of(scoring->turn->engine, row->item)
			      : "",
		.period = query->by_month ? row->period : query->period,
	};
	if (query->by_other)
		code_set(&key->other, row->other);
}

static bool is_line(
    const struct wire_score_line *line, const struct wire_score_line *key)
{
	return !strcmp(line->item, key->item) &&
	       !strcmp(line->domain, key->domain) &&
	       !strcmp(line->period, key->period) &&
	       code_equal(&line->other, &key->other);
}

static int line_make(struct wire_score_line **line_out, struct scoring *scoring,
    const struct wire_score_line *key, const struct unit *unit)
{
	struct turn *turn = scoring->turn;
	struct wire_score_line *line = &scoring->lines[scoring->count];
	bool is_department = unit->kind == UNIT_DEPARTMENT;
	size_t width = SCORE_COUNT + (is_department ? WIRE_RATINGS : 0);
	uint64_t *counts = turn_alloc(turn, width * sizeof(*counts));
	struct arena *arena = turn->engine->arena;

	if (!counts)
		return ERR_NOMEM;
	memset(counts, 0, width * sizeof(*counts));
	*line = *key;
	line->item = arena_text(arena, key->item, strlen(key->item));
	line->period = arena_text(arena, key->period, strlen(key->period));
	line->counts = counts;
	line->count_count = SCORE_COUNT;
	line->by_raters = is_department ? counts + SCORE_COUNT : NULL;
	line->by_raters_count = is_department ? WIRE_RATINGS : 0;
	line->is_partial = !knows_all(turn->engine, unit);
	if (!line->item || !line->period)
		return ERR_NOMEM;
	scoring->count++;
	*line_out = line;
	return 0;
}

/* Rows come unit by unit. ERR_FULL: no more lines. */
static int line_for(struct wire_score_line **line_out, struct scoring *scoring,
    const struct wire_score_line *key, const struct unit *unit)
{
	for (size_t i = scoring->count; i > 0; i--) {
		struct wire_score_line *line = &scoring->lines[i - 1];

		if (!code_equal(&line->unit, &unit->code))
			break;
		if (is_line(line, key)) {
			*line_out = line;
			return 0;
		}
	}
	if (scoring->count == SCORE_LINES_MAX)
		return ERR_FULL;
	return line_make(line_out, scoring, key, unit);
}

static bool is_rater(const struct scoring *scoring, const char *code)
{
	struct unit_code other;
	const struct unit *unit;

	if (!scoring->formula->raters[0] || code_set(&other, code))
		return false;
	unit = org_unit(scoring->turn->engine->config.org, &other);
	return unit && unit->kind == UNIT_AREA &&
	       unit->depth == scoring->raters_depth;
}

static void add_row(const struct scoring *scoring, struct wire_score_line *line,
    const struct counters_row *row)
{
	uint64_t *counts = (uint64_t *)(uintptr_t)line->counts;
	uint64_t *by_raters = (uint64_t *)(uintptr_t)line->by_raters;

	for (unsigned i = 0; i < row->count && i < SCORE_COUNT; i++)
		counts[i] += row->sums[i];
	if (!by_raters || !is_rater(scoring, row->key.other))
		return;
	for (unsigned i = 0; i < WIRE_RATINGS && SCORE_RATED + i < row->count;
	     i++)
		by_raters[i] += row->sums[SCORE_RATED + i];
}

/* The unit of a row: mostly that of the row before. NULL: of no unit. */
static const struct unit *unit_of(struct scoring *scoring, const char *text)
{
	struct unit_code code;

	if (scoring->unit && !strcmp(scoring->unit->code.s, text))
		return scoring->unit;
	scoring->unit =
	    code_set(&code, text)
		? NULL
		: org_unit(scoring->turn->engine->config.org, &code);
	return scoring->unit;
}

static int score_one(void *context, const struct counters_row *row)
{
	struct scoring *scoring = context;
	struct wire_score_line key, *line;
	const struct unit *unit = unit_of(scoring, row->key.unit);
	int rc = scoring->looked++ == SCORE_ROWS_MAX ? ERR_FULL : 0;

	if (!rc && is_wanted(scoring, unit) &&
	    score_has_item(
		scoring->turn->engine, scoring->request, row->key.item)) {
		line_key(&key, scoring, &row->key, unit);
		rc = line_for(&line, scoring, &key, unit);
		if (!rc)
			add_row(scoring, line, row);
	}
	if (rc)
		return rc;
	buf_clear(&scoring->last);
	return buf_add(&scoring->last, row->cursor.data, row->cursor.len);
}

/* A page, and where the next begins. */
static int walk_rows(
    struct scoring *scoring, const struct wire_request *request)
{
	bool is_exact = !code_is_empty(&request->score.unit);
	/* what is below a unit has a code that begins with its own */
	struct counters_range range = {
		.unit = is_exact	 ? request->score.unit.s
			: scoring->under ? scoring->under->code.s
					 : "",
		.is_exact = is_exact,
		.from = scoring->from,
		.to = scoring->to,
		.after = request->score.cursor,
	};
	int rc = counters_walk(scoring->turn->txn, &range, score_one, scoring);

	if (rc == ERR_INVALID) /* nobody gave out such a cursor */
		return 0;
	scoring->is_cut = rc == ERR_FULL;
	return scoring->is_cut ? 0 : rc;
}

/* Of one unit: all that was resolved, less what has been judged. */
static int add_unrated(void *context, const struct counters_row *row)
{
	struct scoring *scoring = context;
	uint64_t counts[SCORE_COUNT] = { 0 };

	if (!score_has_item(
		scoring->turn->engine, scoring->request, row->key.item))
		return 0;
	for (unsigned i = 0; i < row->count && i < SCORE_COUNT; i++)
		counts[i] = row->sums[i];
	scoring->lines[0].unrated +=
	    counts[SCORE_SOLVED] + counts[SCORE_EXPLAINED] -
	    counts[SCORE_RATED] - counts[SCORE_REOPENED];
	return 0;
}

/* One unit as a whole: it has a line though nothing is counted, and what
 * does not count yet is told, whatever the month. */
static int one_unit(struct scoring *scoring, const struct wire_request *request)
{
	const struct wire_score_query *query = &request->score;
	struct counters_range all = {
		.unit = query->unit.s, .is_exact = true, .from = "", .to = ""
	};
	struct wire_score_line key, *line;
	int rc = 0;

	if (query->by_item || query->by_domain || query->by_month ||
	    query->by_other || query->cursor.len)
		return 0;
	if (!scoring->count) {
		line_key(&key, scoring,
		    &(struct counters_key){ "", "", "", "" }, scoring->under);
		rc = line_make(&line, scoring, &key, scoring->under);
	}
	if (!rc)
		rc = counters_walk(
		    scoring->turn->txn, &all, add_unrated, scoring);
	return rc ? rc
		  : count_unaccepted(
			&scoring->lines[0].unaccepted, scoring->turn, request);
}

static void fill_formula(
    struct wire_score_formula *to, const struct catalogue_score *from)
{
	*to = (struct wire_score_formula){
		.is_given = from->is_given,
		.weights = { from->response, from->completion,
		    from->satisfaction },
		.mostly_halves = from->mostly_halves,
		.raters = from->raters,
		.raters_part = from->raters_part,
	};
}

static int answer(struct scoring *scoring, const struct net_route *route)
{
	struct wire_reply reply = {
		.id = scoring->request->id,
		.result = RESULT_DONE,
		.refusal = "",
		.detail = "",
		.has_body = true,
		.kind = ASK_SCORE,
		.score = { .lines = scoring->lines, .count = scoring->count },
	};

	fill_formula(&reply.score.formula, scoring->formula);
	if (scoring->is_cut)
		reply.score.cursor =
		    bytes_of(scoring->last.data, scoring->last.len);
	return say(scoring->turn, route, &reply);
}

static int say_invalid(struct turn *turn, const struct net_route *route,
    const struct wire_request *request, const char *detail)
{
	struct wire_reply reply = {
		.id = request->id,
		.result = RESULT_INVALID,
		.refusal = "",
		.detail = detail,
	};

	return say(turn, route, &reply);
}

int score_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request)
{
	const struct org *org = turn->engine->config.org;
	const struct unit_code *unit = &request->score.unit;
	const struct unit_code *under = &request->score.under;
	struct scoring scoring = {
		.turn = turn,
		.request = request,
		.under = actor->unit,
		.formula = catalogue_score(turn->engine->config.catalogue),
	};
	int rc;

	if (!code_is_empty(unit) || !code_is_empty(under))
		scoring.under =
		    org_unit(org, code_is_empty(unit) ? under : unit);
	if (!scoring.under && !code_is_empty(unit))
		return say_invalid(turn, route, request, "unit");
	if (!scoring.under && !code_is_empty(under))
		return say_invalid(turn, route, request, "under");
	if (!score_months(&scoring.from, &scoring.to, request))
		return say_invalid(turn, route, request, "period");
	if (request->score.wants_events)
		return scored_asked(turn, route, actor, request);
	if (scoring.formula->raters[0] && org_level_depth(&scoring.raters_depth,
					      org, scoring.formula->raters))
		return ERR_CORRUPT;
	scoring.lines =
	    turn_alloc(turn, SCORE_LINES_MAX * sizeof(*scoring.lines));
	rc = scoring.lines ? walk_rows(&scoring, request) : ERR_NOMEM;
	if (!rc && !code_is_empty(unit))
		rc = one_unit(&scoring, request);
	if (!rc)
		rc = answer(&scoring, route);
	buf_free(&scoring.last);
	return rc;
}
