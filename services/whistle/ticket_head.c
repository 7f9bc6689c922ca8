#include "ticket_head.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include "attach.h"
#include "lang.h"
#include "rule_text.h"
#include "session.h"
#include "story.h"
#include "table.h"
#include "unit_name.h"
#include "words.h"

static void pair(struct table *table, const char *label, const char *value)
{
	if (!*value)
		return;
	table_row(table);
	table_cell(table, label);
	table_cell(table, value);
}

static void pair_unit(struct table *table, const struct cli *cli,
    const char *label, const struct unit_code *code)
{
	char name[UNIT_NAME_TEXT];
	if (!code_is_empty(code))
		pair(table, label, unit_name(name, cli->org, code));
}

static void pair_word(
    struct table *table, const char *label, enum word_list list, unsigned value)
{
	if (value)
		pair(table, label, words_of(list, value));
}

static void pair_time(struct table *table, const char *label, int64_t time_ms)
{
	char text[STORY_TIME_TEXT];
	if (time_ms)
		pair(table, label, story_time(text, time_ms));
}

/* "2026-11-21 13:30:00 (2h05m)"; the time left only while it matters. */
static void pair_due(struct table *table, const struct cli *cli,
    const char *label, int64_t due_ms, bool is_next, bool was_late)
{
	char time[STORY_TIME_TEXT];
	char left[STORY_LEFT_TEXT];
	char text[STORY_TIME_TEXT + 2 * STORY_LEFT_TEXT];
	if (due_ms == 0)
		return;
	story_left(left, NULL, due_ms, clock_now_ms(&cli->clock));
	story_time(time, due_ms);
	if (is_next)
		snprintf(text, sizeof(text), _("%s (left: %s)"), time, left);
	else if (was_late)
		snprintf(text, sizeof(text), _("%s (was missed)"), time);
	else
		snprintf(text, sizeof(text), "%s", time);
	pair(table, label, text);
}

static void pair_rating(struct table *table, const struct rating *rating)
{
	char text[160];
	if (!rating->is_given)
		return;
	snprintf(text, sizeof(text), _("%s, %s, %s"),
	    rating->responded ? _("responded") : _("not responded"),
	    rating->resolved ? C_("rating", "resolved") : _("not resolved"),
	    words_of(WORD_SATISFACTION, rating->satisfaction));
	pair(table, _("Rating"), text);
}

static void who_has_it(
    struct table *table, const struct cli *cli, const struct ticket *ticket)
{
	char id[ID_TEXT];
	pair_word(table, _("State"), WORD_STATE, ticket->state);
	pair_word(table, _("Kind"), WORD_KIND, ticket->kind);
	if (!id_is_zero(&ticket->parent))
		pair(table,
		    ticket->kind == KIND_CALLOUT ? _("Called for")
						 : _("Merged into"),
		    id_format(id, &ticket->parent));
	pair_unit(table, cli, _("Holder"), &ticket->holder);
	pair_unit(table, cli, _("Origin"), &ticket->origin);
	pair_unit(table, cli, _("Sent by"), &ticket->sender);
	pair_unit(table, cli, _("Resolved by"), &ticket->resolver);
	pair_unit(table, cli, _("Ruled to be for"), &ticket->ruled);
}

static void what_it_is(struct table *table, struct cli *cli,
    const struct wire_ticket_row *row, const struct particulars *opening)
{
	const struct ticket *ticket = &row->ticket;
	pair_word(table, _("Source"), WORD_SOURCE, ticket->source);
	pair(table, _("Number"), row->external_id);
	if (ticket->item[0])
		pair(table, _("Item"), session_item_name(cli, ticket->item));
	pair_word(table, _("Colour"), WORD_COLOUR, ticket->colour);
	if (ticket->flags & TICKET_URGENT)
		pair(table, _("Urgent"), _("yes"));
	if (opening->confidential)
		pair(table, _("Confidential"), _("yes"));
	pair_unit(table, cli, _("Place"), &ticket->place);
	pair(table, _("Address"), opening->address);
}

/* The rule of the newest event that gave the ticket this time, which is a
 * member of its particulars. */
static void pair_rule(struct table *table, struct cli *cli,
    const struct ticket_log *log, size_t member, int64_t time_ms, unsigned part)
{
	char text[RULE_TEXT];
	for (size_t i = log->count; time_ms && i-- > 0;) {
		const struct particulars *what = &log->events[i].what;
		int64_t given_ms;
		memcpy(
		    &given_ms, (const char *)what + member, sizeof(given_ms));
		if (given_ms != time_ms)
			continue;
		pair(table, _("By the rule"),
		    rule_text(text, cli, what->rule, part | RULE_OTHER));
		return;
	}
}

static void may_be_returned(
    struct table *table, struct cli *cli, const struct ticket_log *log)
{
	const struct ticket *ticket = &log->ticket;
	if (ticket->state != STATE_OPEN)
		return;
	pair_time(table, _("May be returned until"), ticket->return_by_ms);
	pair_rule(table, cli, log, offsetof(struct particulars, return_by_ms),
	    ticket->return_by_ms, RULE_RETURN);
}

/* The rest of the closing form; of a ticket that was opened again, what was
 * said before. */
static void how_it_ended(struct table *table, const struct ticket_log *log)
{
	const struct event *closing = ticket_log_closing(log);
	if (!closing)
		return;
	const struct particulars *what = &closing->what;
	pair_word(table, _("Found"), WORD_FINDING, what->finding);
	pair_time(table, _("Spoken to"), what->contacted_ms);
	pair(table, _("Measures"), what->measures);
	pair(table, C_("closing", "Reply"), what->text);
	for (size_t i = 0; i < what->attachment_count; i++) {
		char text[ATTACH_TEXT];
		pair(table, i == 0 ? _("Proof") : "",
		    attach_tell(text, &what->attachments[i]));
	}
}

static void when_it_was(struct table *table, struct cli *cli,
    const struct ticket *ticket, const struct ticket_log *log)
{
	int64_t next_ms = ticket_next_due_ms(ticket);
	bool to_accept = ticket->state == STATE_OPEN;
	pair_time(table, _("Opened"), ticket->opened_ms);
	pair_due(table, cli,
	    ticket->kind == KIND_CALLOUT ? _("Check in by") : _("Accept by"),
	    ticket->accept_by_ms, to_accept && next_ms != 0,
	    ticket->flags & TICKET_LATE_ACCEPT);
	pair_rule(table, cli, log, offsetof(struct particulars, accept_by_ms),
	    ticket->accept_by_ms, RULE_ACCEPT);
	pair_time(table,
	    ticket->kind == KIND_CALLOUT ? _("Checked in") : _("Accepted"),
	    ticket->accepted_ms);
	pair_due(table, cli, _("Resolve by"), ticket->resolve_by_ms,
	    !to_accept && next_ms != 0, ticket->flags & TICKET_LATE_RESOLVE);
	pair_rule(table, cli, log, offsetof(struct particulars, resolve_by_ms),
	    ticket->resolve_by_ms, RULE_RESOLVE);
	may_be_returned(table, cli, log);
	pair_time(table,
	    ticket->flags & TICKET_AWAITS ? _("Waits for the resident since")
					  : _("Suspended"),
	    ticket->suspended_ms);
	pair_time(table, _("Waits until"), ticket->until_ms);
	if (ticket_escalation(ticket) > 1)
		pair(table, _("Raised"), _("two levels above are told"));
	pair_time(table, _("Resolved"), ticket->resolved_ms);
	pair_word(table, _("Outcome"), WORD_OUTCOME, ticket->outcome);
	pair_word(table, _("Channel"), WORD_CHANNEL, ticket->channel);
	how_it_ended(table, log);
	pair_time(table, _("Closed"), ticket->closed_ms);
	pair_rating(table, &ticket->rating);
}

/* Whoever fences gets no key from the one who has it, nor does anybody that
 * the ticket goes to from there. */
static bool is_locked_out(const struct cli *cli, const struct ticket_log *log)
{
	return log->ticket.flags & TICKET_HAS_CONTACT && log->ticket.term > 1 &&
	       ticket_stay(&log->ticket, &cli->operator->unit->code) != NULL;
}

static bool is_erased(const struct ticket_log *log)
{
	const struct particulars *opening = ticket_log_opening(log);
	return opening->contact_hash.len &&
	       !(log->ticket.flags & TICKET_HAS_CONTACT);
}

static void caller(struct table *table, const struct cli *cli,
    const struct wire_reply *reply, const struct ticket_log *log,
    bool wants_contact)
{
	if (reply->show.has_contact) {
		pair(table, _("Caller"), reply->show.contact.name);
		pair(table, _("Phone"), reply->show.contact.phone);
		if (reply->show.is_contact_masked)
			pair(table, "",
			    _("in part: whole only for who works on it"));
	} else if (is_erased(log)) {
		pair(table, _("Caller"), _("erased"));
	} else if (wants_contact && is_locked_out(cli, log)) {
		pair(table, _("Caller"),
		    _("is on record, but sealed: the ticket was taken over "
		      "without its holder, so this unit has no key to it. Ask "
		      "a unit that had the ticket before."));
	} else if (wants_contact) {
		pair(table, _("Caller"),
		    _("not known, or not for this unit to see"));
	}
}

int ticket_head(struct cli *cli, const struct wire_reply *reply,
    const struct ticket_log *log, bool wants_contact)
{
	const struct wire_ticket_row *row = reply->show.row;
	struct table *table;
	char id[ID_TEXT];
	int err = table_open(&table);
	if (err < 0)
		return err;
	table_bare(table);
	table_column(table, "", 0);
	table_column(table, "", TABLE_WRAP);
	pair(table, _("Ticket"), id_format(id, &row->ticket.id));
	pair(table, _("Title"), row->title);
	who_has_it(table, cli, &row->ticket);
	what_it_is(table, cli, row, ticket_log_opening(log));
	caller(table, cli, reply, log, wants_contact);
	when_it_was(table, cli, &row->ticket, log);
	err = table_print(table);
	table_close(&table);
	return err;
}
