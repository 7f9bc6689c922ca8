#include "ticket_view.h"

#include <stdio.h>
#include <string.h>
#include "attach.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "story.h"
#include "ticket_head.h"
#include "unit_name.h"
#include "words.h"

int ticket_view_open(struct table **table_out)
{
	int err = table_open(table_out);
	if (err < 0)
		return err;
	table_column(*table_out, _("ID"), 0);
	table_column(*table_out, _("STATE"), 0);
	table_column(*table_out, _("HOLDER"), TABLE_CUT);
	table_column(*table_out, _("ITEM"), TABLE_CUT);
	table_column(*table_out, _("TITLE"), TABLE_CUT);
	table_column(*table_out, _("COLOUR"), 0);
	table_column(*table_out, _("LEFT"), TABLE_RIGHT);
	table_column(*table_out, C_("time", "OPENED"), 0);
	return 0;
}

static void cell_left(
    struct table *table, const struct cli *cli, const struct ticket *ticket)
{
	char text[STORY_LEFT_TEXT];
	bool is_late;
	story_left(text, &is_late, ticket_next_due_ms(ticket),
	    clock_now_ms(&cli->clock));
	table_cell_painted(table, text, is_late ? PAINT_BAD : PAINT_NONE);
}

static void cell_state(struct table *table, const struct ticket *ticket)
{
	enum table_paint paint = PAINT_NONE;
	if (ticket->state == STATE_CLOSED)
		paint = PAINT_GOOD;
	else if (ticket->state == STATE_OPEN)
		paint = PAINT_WARN;
	table_cell_painted(table, words_of(WORD_STATE, ticket->state), paint);
}

void ticket_view_row(
    struct table *table, struct cli *cli, const struct wire_ticket_row *row)
{
	const struct ticket *ticket = &row->ticket;
	char id[ID_TEXT];
	char unit[UNIT_NAME_TEXT];
	char time[STORY_TIME_TEXT];
	table_row(table);
	table_cell(table, id_format(id, &ticket->id));
	cell_state(table, ticket);
	table_cell(table, unit_name(unit, cli->org, &ticket->holder));
	table_cell(table, session_item_name(cli, ticket->item));
	table_cell(table, row->title);
	table_cell_painted(table, words_of(WORD_COLOUR, ticket->colour),
	    table_paint_of((enum colour)ticket->colour));
	cell_left(table, cli, ticket);
	/* To the minute: a list has little room. */
	story_time(time, ticket->opened_ms);
	if (strlen(time) > STORY_MINUTE_CHARS)
		time[STORY_MINUTE_CHARS] = '\0';
	table_cell(table, time);
}

/* ---- all of it ---- */

static void callout_row(struct table *table, const struct cli *cli,
    const struct wire_reply *reply, const struct callout *callout)
{
	const struct wire_ticket_row *row = ticket_log_callout(reply, callout);
	char text[UNIT_NAME_TEXT];
	table_row(table);
	table_cell(table, id_format(text, &callout->ticket));
	table_cell(table, unit_name(text, cli->org, &callout->department));
	table_cell(table, callout->lead ? _("leads") : _("assists"));
	if (!row) {
		table_cell(table, _("not known here"));
		return;
	}
	cell_state(table, &row->ticket);
	table_cell(table, words_of(WORD_COLOUR, row->ticket.colour));
	cell_left(table, cli, &row->ticket);
	table_cell(table,
	    words_of(WORD_SATISFACTION, row->ticket.rating.satisfaction));
}

static int callouts(const struct cli *cli, const struct wire_reply *reply,
    const struct ticket_log *log)
{
	struct table *table;
	int err = table_open(&table);
	if (err < 0)
		return err;
	table_column(table, _("ID"), 0);
	table_column(table, _("DEPARTMENT"), 0);
	table_column(table, _("PART"), 0);
	table_column(table, _("STATE"), 0);
	table_column(table, _("COLOUR"), 0);
	table_column(table, _("LEFT"), TABLE_RIGHT);
	table_column(table, _("RATING"), 0);
	for (size_t i = 0; i < log->ticket.callout_count; i++)
		callout_row(table, cli, reply, &log->ticket.callouts[i]);
	printf("\n%s\n", _("Departments called out:"));
	fflush(stdout);
	err = table_print(table);
	table_close(&table);
	return err;
}

static void file_rows(
    struct table *table, const struct cli *cli, const struct event *event)
{
	char text[UNIT_NAME_TEXT];
	char time[STORY_TIME_TEXT];
	char hash[ATTACH_HASH_TEXT];
	char size[ATTACH_SIZE_TEXT];
	for (size_t i = 0; i < event->what.attachment_count; i++) {
		const struct attachment *file = &event->what.attachments[i];
		table_row(table);
		table_cell(table, attach_hash(hash, file));
		table_cell(table, file->name);
		table_cell(table, word_name(WORD_FILE_TYPE, file->type));
		table_cell(table, attach_size(size, file->size));
		table_cell(table, words_of(WORD_VERB, event->verb));
		table_cell(table, unit_name(text, cli->org, &event->unit));
		table_cell(table, story_time(time, event->time_ms));
	}
}

static bool has_files(const struct ticket_log *log)
{
	for (size_t i = 0; i < log->count; i++)
		if (log->events[i].what.attachment_count)
			return true;
	return false;
}

static int files(const struct cli *cli, const struct ticket_log *log)
{
	struct table *table;
	int err = table_open(&table);
	if (err < 0)
		return err;
	table_column(table, _("HASH"), 0);
	table_column(table, C_("file", "NAME"), TABLE_CUT);
	table_column(table, _("TYPE"), 0);
	table_column(table, _("SIZE"), TABLE_RIGHT);
	table_column(table, C_("file", "WITH"), 0);
	table_column(table, C_("file", "BY"), TABLE_CUT);
	table_column(table, C_("file", "WHEN"), 0);
	for (size_t i = 0; i < log->count; i++)
		file_rows(table, cli, &log->events[i]);
	printf("\n%s\n", _("Attachments:"));
	fflush(stdout);
	err = table_print(table);
	table_close(&table);
	return err;
}

static void suggestion(struct cli *cli, const struct wire_suggestion *what)
{
	char name[UNIT_NAME_TEXT];
	unsigned verb;
	if (!*what->verb && !*what->reason)
		return;
	printf("\n%s%s", _("Suggestion: "), words_triage_reason(what->reason));
	if (*what->verb && word_parse(&verb, WORD_VERB, what->verb) == 0)
		printf(" → %s", words_of(WORD_VERB, verb));
	if (what->colour)
		printf(" %s", words_of(WORD_COLOUR, what->colour));
	if (!code_is_empty(&what->to))
		printf(" %s", unit_name(name, cli->org, &what->to));
	for (size_t i = 0; i < what->department_count; i++)
		printf("%s%s", i ? ", " : " ",
		    unit_name(name, cli->org, &what->departments[i]));
	if (*what->item)
		printf(
		    "; %s%s", _("Item: "), session_item_name(cli, what->item));
	if (!code_is_empty(&what->place))
		printf("; %s%s", _("Place: "),
		    unit_name(name, cli->org, &what->place));
	printf("\n");
}

int ticket_view_full(struct cli *cli, const struct wire_reply *reply,
    const struct ticket_log *log, bool wants_contact)
{
	const struct particulars *opening = ticket_log_opening(log);
	char id[ID_TEXT];
	int err = ticket_head(cli, reply, log, wants_contact);
	if (err < 0)
		return err;
	if (*opening->text) {
		printf("\n");
		say_text(stdout, opening->text, "  ");
	}
	if (log->ticket.callout_count > 0)
		err = callouts(cli, reply, log);
	if (err == 0 && has_files(log))
		err = files(cli, log);
	suggestion(cli, &reply->show.suggestion);
	if (log->stranded_count > 0)
		printf(ngettext("\n%zu event is stranded: done by a holder "
				"without whom the ticket was taken over, it "
				"does not count.\n",
			   "\n%zu events are stranded: done by a holder "
			   "without whom the ticket was taken over, they do "
			   "not count.\n",
			   log->stranded_count),
		    log->stranded_count);
	printf(
	    ngettext("\n%zu event; see “whistle ticket trace %s”.\n",
		"\n%zu events; see “whistle ticket trace %s”.\n", log->count),
	    log->count, id_format(id, &reply->show.row->ticket.id));
	fflush(stdout);
	return err;
}
