#include "pg_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/err.h"

/* A row that grows; the first failure stays. */
struct row {
	struct buf *out;
	bool has_columns;
	int err;
};

static void put(struct row *row, const char *text, size_t len)
{
	if (row->err == 0)
		row->err = buf_add(row->out, text, len);
}

static void begin_column(struct row *row)
{
	if (row->has_columns)
		put(row, "\t", 1);
	row->has_columns = true;
}

static void add_null(struct row *row)
{
	begin_column(row);
	put(row, "\\N", 2);
}

static const char *escape_of(char c)
{
	switch (c) {
	case '\\':
		return "\\\\";
	case '\t':
		return "\\t";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	default:
		return NULL;
	}
}

/* "" as well. */
static void add_words(struct row *row, const char *text)
{
	begin_column(row);
	while (*text) {
		size_t plain = strcspn(text, "\\\t\n\r");
		put(row, text, plain);
		text += plain;
		if (*text) {
			put(row, escape_of(*text), 2);
			text++;
		}
	}
}

/* NULL for "". */
static void add_text(struct row *row, const char *text)
{
	if (text && *text)
		add_words(row, text);
	else
		add_null(row);
}

static void add_number(struct row *row, uint64_t number)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRIu64, number);
	add_words(row, text);
}

static void add_bool(struct row *row, bool is)
{
	add_words(row, is ? "t" : "f");
}

static void add_word(struct row *row, enum word_list list, unsigned value)
{
	add_text(row, value ? word_name(list, value) : "");
}

/* NULL for 0. */
static void add_time(struct row *row, int64_t time_ms)
{
	char text[64];
	time_t seconds = (time_t)(time_ms / 1000);
	struct tm tm;
	if (time_ms <= 0 || !gmtime_r(&seconds, &tm)) {
		add_null(row);
		return;
	}
	size_t len = strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	snprintf(
	    text + len, sizeof(text) - len, ".%03d+00", (int)(time_ms % 1000));
	add_words(row, text);
}

static void add_id(struct row *row, const struct id *id)
{
	char text[ID_TEXT];
	add_text(row, id_is_zero(id) ? "" : id_format(text, id));
}

static void add_hash(struct row *row, const struct hash *hash)
{
	char text[3 + HASH_TEXT] = "\\x";
	hash_format(text + 2, hash);
	add_words(row, text);
}

static int end_row(struct row *row)
{
	put(row, "\n", 1);
	return row->err;
}

/* ---- the city's lists ---- */

static const char *name_at(const struct unit *unit, const char *level)
{
	for (; unit; unit = unit->parent)
		if (unit->kind == UNIT_AREA && strcmp(unit->level, level) == 0)
			return unit->name;
	return "";
}

int pg_rows_unit(struct buf *out, const struct unit *unit)
{
	static const char *const kinds[] = { "area", "department", "hotline" };
	static const char *const levels[] = { "city", "district", "street",
		"community", "grid" };
	struct row row = { .out = out };
	add_words(&row, unit->code.s);
	add_words(&row, unit->name);
	add_words(&row, unit->level);
	add_words(&row, kinds[unit->kind]);
	add_text(&row, unit->parent ? unit->parent->code.s : "");
	add_number(&row, unit->depth);
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		add_text(&row, name_at(unit, levels[i]));
	return end_row(&row);
}

int pg_rows_item(
    struct buf *out, const struct catalogue *catalogue, const struct item *item)
{
	const struct named *domain = catalogue_domain(catalogue, item->domain);
	struct row row = { .out = out };
	add_words(&row, item->code);
	add_words(&row, item->zh);
	add_words(&row, item->en);
	add_words(&row, item->domain);
	add_text(&row, domain ? domain->zh : "");
	add_text(&row, domain ? domain->en : "");
	return end_row(&row);
}

/* ---- tickets ---- */

/* NULL while nobody can say. */
static void add_kept(
    struct row *row, bool is_late, int64_t by_ms, int64_t done_ms)
{
	if (by_ms == 0 || (!is_late && done_ms == 0))
		add_null(row);
	else
		add_bool(row, !is_late && done_ms <= by_ms);
}

static void add_what(struct row *row, const struct wire_ticket_row *from)
{
	const struct ticket *ticket = &from->ticket;
	add_word(row, WORD_KIND, ticket->kind);
	add_word(row, WORD_STATE, ticket->state);
	add_word(row, WORD_SOURCE, ticket->source);
	add_text(row, from->external_id);
	add_text(row, ticket->item);
	add_word(row, WORD_COLOUR, ticket->colour);
	add_bool(row, ticket->flags & TICKET_URGENT);
	add_bool(row, ticket->flags & TICKET_CONFIDENTIAL);
	add_text(row, ticket->place.s);
	add_words(row, ticket->origin.s);
	add_words(row, ticket->holder.s);
	add_text(row, ticket->sender.s);
	add_text(row, ticket->resolver.s);
	add_text(row, ticket->ruled.s);
	add_id(row, &ticket->parent);
	add_bool(row, ticket->flags & TICKET_IS_LEAD);
}

static void add_times(struct row *row, const struct ticket *ticket)
{
	add_time(row, ticket->opened_ms);
	add_time(row, ticket->updated_ms);
	add_time(row, ticket->accept_by_ms);
	add_time(row, ticket->accepted_ms);
	add_kept(row, ticket->flags & TICKET_LATE_ACCEPT, ticket->accept_by_ms,
	    ticket->accepted_ms);
	add_time(row, ticket->resolve_by_ms);
	add_time(row, ticket->resolved_ms);
	add_kept(row, ticket->flags & TICKET_LATE_RESOLVE,
	    ticket->resolve_by_ms, ticket->resolved_ms);
	add_time(row, ticket->return_by_ms);
	add_time(row, ticket->suspended_ms);
	add_time(row, ticket->until_ms);
	add_time(row, ticket->closed_ms);
}

static void add_rating(struct row *row, bool is_given, bool responded,
    bool resolved, unsigned satisfaction)
{
	if (!is_given) {
		add_null(row);
		add_null(row);
		add_null(row);
		return;
	}
	add_bool(row, responded);
	add_bool(row, resolved);
	add_word(row, WORD_SATISFACTION, satisfaction);
}

int pg_rows_ticket(struct buf *out, const struct wire_ticket_row *from,
    int generation, bool with_words)
{
	const struct ticket *ticket = &from->ticket;
	bool may_tell = with_words && !(ticket->flags & TICKET_CONFIDENTIAL);
	struct row row = { .out = out };
	add_id(&row, &ticket->id);
	add_number(&row, (uint64_t)generation);
	add_number(&row, ticket->seq);
	add_what(&row, from);
	add_times(&row, ticket);
	add_word(&row, WORD_OUTCOME, ticket->outcome);
	add_word(&row, WORD_CHANNEL, ticket->channel);
	add_word(&row, WORD_FINDING, ticket->finding);
	add_number(&row, ticket->reopens);
	add_number(&row, ticket->returns);
	add_number(&row, ticket->extensions);
	add_number(&row, ticket_escalation(ticket));
	add_rating(&row, ticket->rating.is_given, ticket->rating.responded,
	    ticket->rating.resolved, ticket->rating.satisfaction);
	add_text(&row, may_tell ? from->title : "");
	return end_row(&row);
}

/* ---- events ---- */

static const char *actor_of(const struct event *event)
{
	if (strcmp(event->operator, OPERATOR_AUTOPILOT) == 0)
		return "routine";
	return strcmp(event->operator, OPERATOR_TIMER) == 0 ? "clock"
							    : "person";
}

static void add_course(struct row *row, const struct particulars *what)
{
	add_text(row, what->to.s);
	add_text(row, what->item);
	add_text(row, what->place.s);
	add_word(row, WORD_COLOUR, what->colour);
	add_time(row, what->accept_by_ms);
	add_time(row, what->resolve_by_ms);
	add_word(row, WORD_OUTCOME, what->outcome);
	add_word(row, WORD_CHANNEL, what->channel);
}

static void add_rest(struct row *row, const struct particulars *what)
{
	add_word(row, WORD_DEADLINE, what->deadline);
	add_time(row, what->due_ms);
	if (what->step)
		add_number(row, what->step);
	else
		add_null(row);
	add_time(row, what->until_ms);
	add_word(row, WORD_WHISTLE, what->whistle);
	add_text(row, what->situation);
	add_text(row, what->rule);
	add_number(row, what->attachment_count);
	if (what->confidential)
		add_bool(row, true);
	else
		add_null(row);
}

int pg_rows_event(struct buf *out, const struct event *event,
    const struct hash *hash, bool with_words)
{
	const struct particulars *what = &event->what;
	struct row row = { .out = out };
	add_id(&row, &event->ticket);
	add_number(&row, event->seq);
	add_number(&row, event->term);
	add_time(&row, event->time_ms);
	add_word(&row, WORD_VERB, event->verb);
	add_words(&row, event->unit.s);
	add_words(&row, actor_of(event));
	add_course(&row, what);
	add_rating(&row, event->verb == VERB_RATE, what->responded,
	    what->resolved, what->satisfaction);
	add_rest(&row, what);
	add_hash(&row, hash);
	add_text(&row, with_words ? what->text : "");
	return end_row(&row);
}

/* ---- scores ---- */

int pg_rows_score(struct buf *out, const struct score_line *line)
{
	char month[16];
	struct row row = { .out = out };
	snprintf(month, sizeof(month), "%.7s-01", line->period);
	add_words(&row, month);
	add_words(&row, line->unit.s);
	add_bool(&row, !line->is_partial);
	for (unsigned i = 0; i < SCORE_COUNT; i++)
		add_number(&row, line->counts[i]);
	return end_row(&row);
}
