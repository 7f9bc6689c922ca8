#include "ticket_json.h"

#include "attach.h"
#include "catalogue/triage.h"

static json_t *rating_json(const struct rating *rating)
{
	if (!rating->is_given)
		return json_null();
	return json_pack("{s:b,s:b,s:o}", "responded", rating->responded,
	    "resolved", rating->resolved, "satisfaction",
	    json_word(WORD_SATISFACTION, rating->satisfaction));
}

static const char *name_in(const struct cli *cli, const struct unit_code *code)
{
	const struct unit *unit = cli->org ? org_unit(cli->org, code) : NULL;
	return unit ? unit->name : "";
}

static void add_words(json_t *object, const struct ticket *ticket)
{
	json_object_set_new(
	    object, "state", json_word(WORD_STATE, ticket->state));
	json_object_set_new(object, "kind", json_word(WORD_KIND, ticket->kind));
	json_object_set_new(
	    object, "colour", json_word(WORD_COLOUR, ticket->colour));
	json_object_set_new(
	    object, "source", json_word(WORD_SOURCE, ticket->source));
	json_object_set_new(
	    object, "outcome", json_word(WORD_OUTCOME, ticket->outcome));
	json_object_set_new(
	    object, "channel", json_word(WORD_CHANNEL, ticket->channel));
	json_object_set_new(
	    object, "finding", json_word(WORD_FINDING, ticket->finding));
}

static void add_units(
    json_t *object, const struct cli *cli, const struct ticket *ticket)
{
	json_object_set_new(object, "holder", json_unit(&ticket->holder));
	json_object_set_new(
	    object, "holder_name", json_text(name_in(cli, &ticket->holder)));
	json_object_set_new(object, "origin", json_unit(&ticket->origin));
	json_object_set_new(
	    object, "origin_name", json_text(name_in(cli, &ticket->origin)));
	json_object_set_new(object, "sender", json_unit(&ticket->sender));
	json_object_set_new(object, "resolver", json_unit(&ticket->resolver));
	json_object_set_new(object, "place", json_unit(&ticket->place));
	json_object_set_new(object, "ruled", json_unit(&ticket->ruled));
}

static void add_times(json_t *object, const struct ticket *ticket)
{
	const struct {
		const char *key;
		int64_t time_ms;
	} times[] = {
		{ "opened", ticket->opened_ms },
		{ "updated", ticket->updated_ms },
		{ "accepted", ticket->accepted_ms },
		{ "resolved", ticket->resolved_ms },
		{ "closed", ticket->closed_ms },
		{ "accept_by", ticket->accept_by_ms },
		{ "resolve_by", ticket->resolve_by_ms },
		{ "return_by", ticket->return_by_ms },
		{ "suspended", ticket->suspended_ms },
		{ "until", ticket->until_ms },
	};
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		json_object_set_new(
		    object, times[i].key, json_time(times[i].time_ms));
}

static void add_counts(json_t *object, const struct ticket *ticket)
{
	json_object_set_new(object, "reopens", json_integer(ticket->reopens));
	json_object_set_new(object, "returns", json_integer(ticket->returns));
	json_object_set_new(
	    object, "extensions", json_integer(ticket->extensions));
	json_object_set_new(
	    object, "escalation", json_integer(ticket_escalation(ticket)));
	json_object_set_new(object, "seq", json_integer(ticket->seq));
	json_object_set_new(
	    object, "urgent", json_boolean(ticket->flags & TICKET_URGENT));
	json_object_set_new(
	    object, "lead", json_boolean(ticket->flags & TICKET_IS_LEAD));
	json_object_set_new(object, "awaits_resident",
	    json_boolean(ticket->flags & TICKET_AWAITS));
	json_object_set_new(object, "late_accept",
	    json_boolean(ticket->flags & TICKET_LATE_ACCEPT));
	json_object_set_new(object, "late_resolve",
	    json_boolean(ticket->flags & TICKET_LATE_RESOLVE));
}

/* Which deadline is past by the clock, whether the holder's node has said so
 * or not. */
static void add_overdue(
    json_t *object, const struct cli *cli, const struct ticket *ticket)
{
	bool is_open = ticket->state == STATE_OPEN;
	bool is_at_work = is_open || ticket->state == STATE_ACCEPTED ||
			  ticket->state == STATE_WAITING;
	int64_t now_ms = clock_now_ms(&cli->clock);
	enum deadline which = DEADLINE_NONE;
	if (is_open && ticket->accept_by_ms && ticket->accept_by_ms < now_ms)
		which = ticket->kind == KIND_CALLOUT ? DEADLINE_CHECK_IN
						     : DEADLINE_ACCEPT;
	if (is_at_work && ticket->resolve_by_ms &&
	    ticket->resolve_by_ms < now_ms)
		which = DEADLINE_RESOLVE;
	json_object_set_new(object, "overdue", json_word(WORD_DEADLINE, which));
}

json_t *ticket_json_row(
    const struct cli *cli, const struct wire_ticket_row *row)
{
	json_t *object = json_object();
	json_object_set_new(object, "id", json_id(&row->ticket.id));
	json_object_set_new(object, "external_id", json_text(row->external_id));
	json_object_set_new(object, "title", json_text(row->title));
	json_object_set_new(object, "item", json_text(row->ticket.item));
	json_object_set_new(object, "parent", json_id(&row->ticket.parent));
	add_words(object, &row->ticket);
	add_units(object, cli, &row->ticket);
	add_times(object, &row->ticket);
	add_counts(object, &row->ticket);
	add_overdue(object, cli, &row->ticket);
	json_object_set_new(object, "rating", rating_json(&row->ticket.rating));
	return object;
}

static void set_text(json_t *object, const char *key, const char *text)
{
	if (*text)
		json_object_set_new(object, key, json_text(text));
}

static void set_unit(
    json_t *object, const char *key, const struct unit_code *code)
{
	if (!code_is_empty(code))
		json_object_set_new(object, key, json_unit(code));
}

static void set_word(
    json_t *object, const char *key, enum word_list list, unsigned value)
{
	if (value)
		json_object_set_new(object, key, json_word(list, value));
}

static void set_time(json_t *object, const char *key, int64_t time_ms)
{
	if (time_ms)
		json_object_set_new(object, key, json_time(time_ms));
}

static void set_flag(json_t *object, const char *key, bool is_set)
{
	if (is_set)
		json_object_set_new(object, key, json_true());
}

static void set_callouts(json_t *object, const struct particulars *what)
{
	if (what->callout_count == 0)
		return;
	json_t *list = json_array();
	for (size_t i = 0; i < what->callout_count; i++)
		json_array_append_new(
		    list, json_pack("{s:o,s:o,s:b}", "id",
			      json_id(&what->callouts[i].ticket), "department",
			      json_unit(&what->callouts[i].department), "lead",
			      what->callouts[i].lead));
	json_object_set_new(object, "callouts", list);
}

static void set_opening(json_t *object, const struct particulars *what)
{
	set_word(object, "kind", WORD_KIND, what->kind);
	set_word(object, "source", WORD_SOURCE, what->source);
	set_text(object, "external_id", what->external_id);
	set_text(object, "title", what->title);
	set_text(object, "address", what->address);
	if (!id_is_zero(&what->parent))
		json_object_set_new(object, "parent", json_id(&what->parent));
	set_flag(object, "lead", what->lead);
	set_flag(object, "urgent", what->urgent);
	set_flag(object, "confidential", what->confidential);
	set_flag(object, "callback", what->callback);
	set_flag(object, "has_contact", what->contact_hash.len > 0);
}

static void set_particulars(json_t *object, const struct event *event)
{
	const struct particulars *what = &event->what;
	set_unit(object, "to", &what->to);
	set_text(object, "text", what->text);
	set_text(object, "item", what->item);
	set_unit(object, "place", &what->place);
	set_word(object, "colour", WORD_COLOUR, what->colour);
	set_time(object, "accept_by", what->accept_by_ms);
	set_time(object, "resolve_by", what->resolve_by_ms);
	set_opening(object, what);
	set_word(object, "whistle_kind", WORD_WHISTLE, what->whistle);
	set_text(object, "situation", what->situation);
	set_text(object, "meet_at", what->meet_at);
	set_time(object, "meet", what->meet_ms);
	set_callouts(object, what);
	set_text(object, "basis", what->basis);
	set_word(object, "outcome", WORD_OUTCOME, what->outcome);
	set_word(object, "channel", WORD_CHANNEL, what->channel);
	if (event->verb == VERB_RATE) {
		json_object_set_new(
		    object, "responded", json_boolean(what->responded));
		json_object_set_new(
		    object, "resolved", json_boolean(what->resolved));
	}
	set_word(object, "satisfaction", WORD_SATISFACTION, what->satisfaction);
	set_word(object, "deadline", WORD_DEADLINE, what->deadline);
	set_time(object, "due", what->due_ms);
	if (what->step)
		json_object_set_new(object, "step", json_integer(what->step));
	set_time(object, "until", what->until_ms);
	set_flag(object, "resident", what->resident);
	set_time(object, "return_by", what->return_by_ms);
	set_text(object, "rule", what->rule);
	if (!id_is_zero(&what->master))
		json_object_set_new(object, "master", json_id(&what->master));
	set_word(object, "finding", WORD_FINDING, what->finding);
	set_time(object, "contacted", what->contacted_ms);
	set_text(object, "measures", what->measures);
	if (what->attachment_count)
		json_object_set_new(object, "attachments", attach_json(what));
}

/* The last word of whoever resolved it; null before. */
static json_t *closing_json(const struct ticket_log *log)
{
	const struct event *event = ticket_log_closing(log);
	if (!event)
		return json_null();
	const struct particulars *what = &event->what;
	json_t *object = json_object();
	json_object_set_new(object, "seq", json_integer(event->seq));
	json_object_set_new(object, "time", json_time(event->time_ms));
	json_object_set_new(object, "unit", json_unit(&event->unit));
	json_object_set_new(
	    object, "outcome", json_word(WORD_OUTCOME, what->outcome));
	json_object_set_new(
	    object, "channel", json_word(WORD_CHANNEL, what->channel));
	json_object_set_new(
	    object, "finding", json_word(WORD_FINDING, what->finding));
	json_object_set_new(object, "contacted", json_time(what->contacted_ms));
	json_object_set_new(object, "measures", json_text(what->measures));
	json_object_set_new(object, "reply", json_text(what->text));
	json_object_set_new(object, "attachments", attach_json(what));
	return object;
}

/* All that the log names, in its order. */
static json_t *all_attachments(const struct ticket_log *log)
{
	json_t *all = json_array();
	for (size_t i = 0; i < log->count; i++) {
		const struct event *event = &log->events[i];
		json_t *list = attach_json(&event->what);
		json_t *file;
		size_t k;
		json_array_foreach(list, k, file)
		{
			json_object_set_new(
			    file, "seq", json_integer(event->seq));
			json_object_set_new(
			    file, "unit", json_unit(&event->unit));
			json_array_append(all, file);
		}
		json_decref(list);
	}
	return all;
}

json_t *ticket_json_event(const struct event *event, const struct hash *hash)
{
	json_t *object = json_object();
	json_object_set_new(object, "seq", json_integer(event->seq));
	json_object_set_new(object, "term", json_integer(event->term));
	json_object_set_new(object, "time", json_time(event->time_ms));
	json_object_set_new(object, "verb", json_word(WORD_VERB, event->verb));
	json_object_set_new(object, "unit", json_unit(&event->unit));
	json_object_set_new(object, "operator", json_text(event->operator));
	json_object_set_new(object, "hash", json_hash(hash));
	json_object_set_new(object, "prev_hash", json_hash(&event->prev));
	set_particulars(object, event);
	return object;
}

/* A department that was called, and how far it is; state and the rest are
 * null when the node does not know the callout. */
static json_t *callout_json(
    const struct wire_reply *reply, const struct callout *callout)
{
	static const struct ticket unknown;
	const struct wire_ticket_row *row = ticket_log_callout(reply, callout);
	const struct ticket *ticket = row ? &row->ticket : &unknown;
	json_t *object = json_object();
	json_object_set_new(object, "id", json_id(&callout->ticket));
	json_object_set_new(
	    object, "department", json_unit(&callout->department));
	json_object_set_new(object, "lead", json_boolean(callout->lead));
	add_words(object, ticket);
	add_times(object, ticket);
	json_object_set_new(object, "rating", rating_json(&ticket->rating));
	return object;
}

static json_t *suggestion_json(const struct wire_suggestion *suggestion)
{
	if (!*suggestion->verb && !*suggestion->reason)
		return json_null();
	json_t *departments = json_array();
	for (size_t i = 0; i < suggestion->department_count; i++)
		json_array_append_new(
		    departments, json_unit(&suggestion->departments[i]));
	json_t *object = json_object();
	json_object_set_new(object, "verb", json_text(suggestion->verb));
	json_object_set_new(object, "reason", json_text(suggestion->reason));
	json_object_set_new(object, "item", json_text(suggestion->item));
	json_object_set_new(object, "place", json_unit(&suggestion->place));
	json_object_set_new(object, "to", json_unit(&suggestion->to));
	json_object_set_new(
	    object, "colour", json_word(WORD_COLOUR, suggestion->colour));
	json_object_set_new(object, "departments", departments);
	return object;
}

static void add_contact(json_t *object, const struct wire_reply *reply)
{
	const struct wire_contact *contact = &reply->show.contact;
	json_object_set_new(object, "contact",
	    reply->show.has_contact
		? json_pack("{s:o,s:o,s:b}", "name", json_text(contact->name),
		      "phone", json_text(contact->phone), "masked",
		      (int)reply->show.is_contact_masked)
		: json_null());
}

json_t *ticket_json_stranded(const struct ticket_log *log)
{
	json_t *events = json_array();
	for (size_t i = 0; i < log->stranded_count; i++)
		json_array_append_new(
		    events, ticket_json_event(
				&log->stranded[i], &log->stranded_hashes[i]));
	return events;
}

json_t *ticket_json_full(const struct cli *cli, const struct wire_reply *reply,
    const struct ticket_log *log)
{
	const struct particulars *opening = ticket_log_opening(log);
	json_t *object = ticket_json_row(cli, reply->show.row);
	json_t *callouts = json_array();
	json_t *events = json_array();
	for (size_t i = 0; i < log->ticket.callout_count; i++)
		json_array_append_new(
		    callouts, callout_json(reply, &log->ticket.callouts[i]));
	for (size_t i = 0; i < log->count; i++)
		json_array_append_new(events,
		    ticket_json_event(&log->events[i], &log->hashes[i]));
	json_object_set_new(object, "text", json_text(opening->text));
	json_object_set_new(object, "address", json_text(opening->address));
	json_object_set_new(
	    object, "confidential", json_boolean(opening->confidential));
	json_object_set_new(
	    object, "callback", json_boolean(opening->callback));
	add_contact(object, reply);
	json_object_set_new(
	    object, "suggestion", suggestion_json(&reply->show.suggestion));
	json_object_set_new(object, "callouts", callouts);
	json_object_set_new(object, "closing", closing_json(log));
	json_object_set_new(object, "attachments", all_attachments(log));
	json_object_set_new(object, "log_problem", json_text(log->problem));
	json_object_set_new(object, "events", events);
	json_object_set_new(object, "stranded", ticket_json_stranded(log));
	return object;
}
