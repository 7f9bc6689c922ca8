#include "queue_view.h"

#include <stdio.h>
#include <string.h>
#include "lang.h"
#include "rule_text.h"
#include "session.h"
#include "story.h"
#include "ticket_json.h"
#include "unit_name.h"
#include "words.h"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };
#define DAY_MS (INT64_C(24) * HOUR_MS)
/* With so little left it is time to hurry. */
#define SOON_MS (2 * (int64_t)HOUR_MS)

/* In the largest unit that it fills, so that one glance is enough. */
static struct time_limit rounded(int64_t ms)
{
	if (ms >= DAY_MS)
		return (struct time_limit){ ms / DAY_MS, TIME_LIMIT_DAY };
	if (ms >= HOUR_MS)
		return (struct time_limit){ ms / HOUR_MS, TIME_LIMIT_HOUR };
	return (struct time_limit){ ms / MINUTE_MS, TIME_LIMIT_MINUTE };
}

char *queue_view_left(
    char text_out[QUEUE_LEFT_TEXT], int64_t due_ms, int64_t now_ms)
{
	char length[RULE_TEXT];
	bool is_late = due_ms < now_ms;
	struct time_limit limit =
	    rounded(is_late ? now_ms - due_ms : due_ms - now_ms);
	text_out[0] = '\0';
	if (due_ms == 0)
		return text_out;
	if (limit.amount == 0)
		snprintf(text_out, QUEUE_LEFT_TEXT, "%s",
		    is_late ? _("just late") : _("less than a minute left"));
	else
		snprintf(text_out, QUEUE_LEFT_TEXT,
		    is_late ? _("%s late") : _("%s left"),
		    rule_limit(length, limit));
	return text_out;
}

/* What whoever holds it does next. */
static enum verb to_do(const struct ticket *ticket)
{
	if (ticket->state == STATE_RESOLVED)
		return VERB_RATE;
	if (ticket->state == STATE_ACCEPTED)
		return VERB_RESOLVE;
	return ticket->kind == KIND_CALLOUT ? VERB_CHECK_IN : VERB_ACCEPT;
}

int queue_view_open(struct table **table_out, bool has_holders)
{
	int err = table_open(table_out);
	if (err < 0)
		return err;
	table_column(*table_out, _("LEFT"), TABLE_RIGHT);
	table_column(*table_out, _("COLOUR"), 0);
	table_column(*table_out, _("TO DO"), 0);
	table_column(*table_out, _("ID"), 0);
	if (has_holders)
		table_column(*table_out, _("HOLDER"), TABLE_CUT);
	table_column(*table_out, _("ITEM"), TABLE_CUT);
	table_column(*table_out, _("TITLE"), TABLE_CUT);
	table_column(*table_out, _("DUE"), 0);
	return 0;
}

static void cell_left(
    struct table *table, const struct cli *cli, int64_t due_ms)
{
	char text[QUEUE_LEFT_TEXT];
	int64_t now_ms = clock_now_ms(&cli->clock);
	enum table_paint paint = PAINT_NONE;
	if (due_ms && due_ms < now_ms)
		paint = PAINT_BAD;
	else if (due_ms && due_ms - now_ms < SOON_MS)
		paint = PAINT_WARN;
	table_cell_painted(table, queue_view_left(text, due_ms, now_ms), paint);
}

void queue_view_row(struct table *table, struct cli *cli,
    const struct wire_ticket_row *row, bool has_holders)
{
	const struct ticket *ticket = &row->ticket;
	int64_t due_ms = ticket_next_due_ms(ticket);
	char text[UNIT_NAME_TEXT];
	char time[STORY_TIME_TEXT];
	table_row(table);
	cell_left(table, cli, due_ms);
	table_cell_painted(table, words_of(WORD_COLOUR, ticket->colour),
	    table_paint_of((enum colour)ticket->colour));
	table_cell(table, words_of(WORD_VERB, to_do(ticket)));
	table_cell(table, id_format(text, &ticket->id));
	if (has_holders)
		table_cell(table, unit_name(text, cli->org, &ticket->holder));
	table_cell(table, session_item_name(cli, ticket->item));
	table_cell(table, row->title);
	story_time(time, due_ms);
	if (strlen(time) > STORY_MINUTE_CHARS)
		time[STORY_MINUTE_CHARS] = '\0';
	table_cell(table, time);
}

json_t *queue_view_json(
    const struct cli *cli, const struct wire_ticket_row *row)
{
	json_t *object = ticket_json_row(cli, row);
	int64_t due_ms = ticket_next_due_ms(&row->ticket);
	int64_t left_ms = due_ms - clock_now_ms(&cli->clock);
	json_object_set_new(object, "due", json_time(due_ms));
	json_object_set_new(object, "left_s",
	    due_ms ? json_integer(left_ms / 1000) : json_null());
	json_object_set_new(
	    object, "to_do", json_word(WORD_VERB, to_do(&row->ticket)));
	return object;
}
