#include "gatewayd/call_body.h"

#include <jansson.h>
#include "base/clock.h"
#include "base/err.h"
#include "ticket/law.h"

static json_t *text(const char *value)
{
	return value && *value ? json_string(value) : json_null();
}

static json_t *word(enum word_list list, unsigned value)
{
	return value ? json_string(word_name(list, value)) : json_null();
}

static json_t *moment(int64_t time_ms)
{
	char said[TIME_TEXT];

	return text(time_format(said, time_ms));
}

static json_t *unit_name(const struct org *org, const struct unit_code *code)
{
	const struct unit *unit = org ? org_unit(org, code) : NULL;

	return unit ? json_string(unit->name) : json_null();
}

uint64_t call_mark(const struct event *event, struct bytes bytes)
{
	struct hash hash;
	uint64_t mark = 0;

	if (event->term == 1)
		return 0;
	hash_of(&hash, bytes);
	for (int i = 0; i < 8; i++)
		mark = mark << 8 | hash.b[i];
	return mark ? mark : 1;
}

static json_t *what_happened(
    const struct event *event, enum state state, const struct org *org)
{
	return json_pack("{s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "seq",
	    (int)event->seq, "term", (int)event->term, "time",
	    moment(event->time_ms), "verb", word(WORD_VERB, event->verb),
	    "state", word(WORD_STATE, state), "unit", text(event->unit.s),
	    "unit_name", unit_name(org, &event->unit), "to",
	    text(event->what.to.s), "text", text(event->what.text));
}

static json_t *files_of(const struct event *event)
{
	json_t *list = json_array();

	for (size_t i = 0; i < event->what.attachment_count; i++) {
		const struct attachment *file = &event->what.attachments[i];
		char hash[HASH_TEXT];

		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:I, s:o}", "hash",
			hash_format(hash, &file->hash), "name", file->name,
			"size", (json_int_t)file->size, "type",
			word(WORD_FILE_TYPE, file->type)));
	}
	return list;
}

static json_t *particulars(const struct event *event)
{
	const struct particulars *what = &event->what;
	bool is_rating = event->verb == VERB_RATE;

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "item",
	    text(what->item), "accept_by", moment(what->accept_by_ms),
	    "resolve_by", moment(what->resolve_by_ms), "outcome",
	    word(WORD_OUTCOME, what->outcome), "channel",
	    word(WORD_CHANNEL, what->channel), "satisfaction",
	    is_rating ? word(WORD_SATISFACTION, what->satisfaction)
		      : json_null(),
	    "deadline", word(WORD_DEADLINE, what->deadline), "attachments",
	    files_of(event));
}

static int render(char **text_out, const struct call *call,
    const struct wire_ticket_row *row, const struct event *event,
    enum state state, const struct org *org)
{
	char id[CALL_ID_TEXT], ticket[ID_TEXT];
	json_t *object = json_pack("{s:s, s:s, s:o}", "id",
	    call_id_format(id, call), "ticket",
	    id_format(ticket, &call->ticket), "number", text(row->external_id));
	json_t *happened = what_happened(event, state, org);
	json_t *more = particulars(event);
	char *body = NULL;

	if (object && json_object_update_missing(object, happened) == 0 &&
	    json_object_update_missing(object, more) == 0)
		body = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	json_decref(happened);
	json_decref(more);
	*text_out = body;
	return body ? 0 : ERR_NOMEM;
}

int call_body(char **text_out, struct call_fold *fold, const struct call *call,
    const struct wire_reply *shown, struct arena *arena, const struct org *org)
{
	struct event event;

	for (size_t i = 0; i < shown->show.event_count; i++) {
		int rc = wire_event_unpack(
		    &event, NULL, arena, shown->show.events[i]);

		if (rc)
			return rc;
		if (law_next(fold->state, event.verb))
			fold->state = law_next(fold->state, event.verb);
		fold->next = event.seq + 1;
		if (event.seq == call->seq &&
		    call_mark(&event, shown->show.events[i]) == call->mark)
			return render(text_out, call, shown->show.row, &event,
			    fold->state, org);
	}
	return ERR_NOT_FOUND;
}
