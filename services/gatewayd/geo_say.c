/* How a ticket looks to a client. */
#include "gatewayd/geo.h"

#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "gatewayd/geo_text.h"

#define CHANNEL_OPERATOR "gateway"

static json_t *text(const char *value)
{
	return value && *value ? json_string(value) : json_null();
}

static json_t *moment(int64_t time_ms)
{
	char said[TIME_TEXT];

	return text(time_format(said, time_ms));
}

const char *geo_state_words(enum state state, bool is_chinese)
{
	static const struct {
		const char *en, *zh;
	} words[STATE_COUNT] = {
		[STATE_NONE] = { "", "" },
		[STATE_OPEN] = { "Passed on, not accepted yet",
		    "已派发，待受理" },
		[STATE_ACCEPTED] = { "Being worked on", "办理中" },
		[STATE_WAITING] = { "Several departments are at work on it",
		    "多部门协同办理中" },
		[STATE_SUSPENDED] = { "Needs longer; work goes on by plan",
		    "需较长时间，按计划推进" },
		[STATE_RESOLVED] = { "Reported done, waits for verification",
		    "已办结，待回访" },
		[STATE_CLOSED] = { "Closed", "已结案" },
		[STATE_EXCLUDED] = { "Out of scope", "不属受理范围" },
		[STATE_MERGED] = { "Handled with an earlier request",
		    "已并入此前的同一诉求" },
	};

	if ((unsigned)state >= STATE_COUNT)
		return "";
	return is_chinese ? words[state].zh : words[state].en;
}

static const char *unit_name(
    const struct geo_city *city, const struct unit_code *code)
{
	const struct unit *unit = org_unit(city->org, code);

	return unit ? unit->name : code->s;
}

/* The text that answers the resident: the last one that resolved it. */
static const char *answer_of(
    const struct wire_reply *shown, struct arena *arena, struct event *opening)
{
	const char *answer = "";
	struct event event;

	*opening = (struct event){ .seq = 0 };
	particulars_clear(&opening->what);
	for (size_t i = 0; i < shown->show.event_count; i++) {
		if (wire_event_unpack(
			&event, NULL, arena, shown->show.events[i]))
			continue;
		if (event.verb == VERB_OPEN)
			*opening = event;
		if (event.verb == VERB_RESOLVE)
			answer = event.what.text;
		if (event.verb == VERB_REOPEN)
			answer = "";
	}
	return answer;
}

static const char *status_word(enum state state)
{
	return geo_status(state) == GEO_CLOSED ? "closed" : "open";
}

static json_t *where(const struct ticket *ticket, const char *address)
{
	struct geo_place place;

	geo_place_read(&place, address);
	return json_pack("{s:o, s:o, s:n, s:o, s:o}", "address",
	    place.address_len ? json_stringn(address, place.address_len)
			      : json_null(),
	    "address_id", text(ticket->place.s), "zipcode", "lat",
	    place.has_point ? json_real(place.latitude) : json_null(), "long",
	    place.has_point ? json_real(place.longitude) : json_null());
}

static json_t *what(const struct ticket *ticket, const char *answer,
    const struct geo_city *city, bool is_chinese)
{
	const struct item *item = catalogue_item(city->catalogue, ticket->item);
	enum state state = (enum state)ticket->state;
	char number[ID_TEXT];

	return json_pack("{s:s, s:s, s:s, s:o, s:o}", "service_request_id",
	    id_format(number, &ticket->id), "status", status_word(state),
	    "status_notes",
	    answer[0] ? answer : geo_state_words(state, is_chinese),
	    "service_name",
	    text(item ? (is_chinese ? item->zh : item->en) : ""),
	    "service_code", text(ticket->item));
}

static json_t *rest(
    const struct ticket *ticket, const char *said, const struct geo_city *city)
{
	size_t len;
	const char *url;

	geo_text_read(&len, &url, said);
	return json_pack("{s:o, s:s, s:n, s:o, s:o, s:o, s:o}", "description",
	    len ? json_stringn(said, len) : json_null(), "agency_responsible",
	    unit_name(city, &ticket->holder), "service_notice",
	    "requested_datetime", moment(ticket->opened_ms), "updated_datetime",
	    moment(ticket->updated_ms), "expected_datetime",
	    moment(ticket->resolve_by_ms), "media_url", text(url));
}

json_t *geo_request(const struct wire_reply *shown, struct arena *arena,
    const struct geo_city *city, bool is_chinese)
{
	const struct ticket *ticket = &shown->show.row->ticket;
	struct event opening;
	const char *answer = answer_of(shown, arena, &opening);
	json_t *object = what(ticket, answer, city, is_chinese);
	json_t *more = rest(ticket, opening.what.text, city);
	json_t *place = where(ticket, opening.what.address);

	if (!object || json_object_update_missing(object, more) != 0 ||
	    json_object_update_missing(object, place) != 0) {
		json_decref(object);
		object = NULL;
	}
	json_decref(more);
	json_decref(place);
	return object;
}

/* ---- updates ---- */

bool geo_tells_of_another(const struct event *event)
{
	static const char words[] = "merged: ";
	struct id id;

	return event->verb == VERB_NOTE && event->what.text &&
	       strncmp(event->what.text, words, sizeof(words) - 1) == 0 &&
	       id_parse(&id, event->what.text + sizeof(words) - 1) == 0;
}

/* What units say among themselves is not shown. */
const char *geo_told(
    const struct event *event, const struct ticket *ticket, bool is_chinese)
{
	bool by_resident = strcmp(event->operator, CHANNEL_OPERATOR) == 0 &&
			   code_equal(&event->unit, &ticket->origin);

	switch (event->verb) {
	case VERB_OPEN:
		return is_chinese ? "已受理登记" : "Received";
	case VERB_ACCEPT:
	case VERB_CHECK_IN:
		return is_chinese ? "已接单，开始办理"
				  : "Accepted, work begins";
	case VERB_FORWARD:
	case VERB_RETURN:
		return is_chinese ? "已转派" : "Passed on";
	case VERB_WHISTLE:
		return is_chinese ? "已召集有关部门协同办理"
				  : "Departments were called to work on it";
	case VERB_RESOLVE:
		if (event->what.text[0])
			return event->what.text;
		return is_chinese ? "已办结" : "Reported done";
	case VERB_REOPEN:
		if (by_resident)
			return event->what.text;
		return is_chinese ? "已重新办理" : "Opened again";
	case VERB_RATE:
		if (by_resident && event->what.text[0])
			return event->what.text;
		return is_chinese ? "已回访结案" : "Verified and closed";
	case VERB_NOTE:
		if (geo_tells_of_another(event))
			return is_chinese
				   ? "又有市民反映同一问题"
				   : "Somebody else has reported the same";
		return by_resident ? event->what.text : NULL;
	default:
		return NULL;
	}
}

static json_t *update(const struct event *event, const struct ticket *ticket,
    enum state state, const char *words)
{
	char number[ID_TEXT];
	size_t len;
	const char *url;

	id_format(number, &ticket->id);
	geo_text_read(&len, &url, words);
	return json_pack("{s:o, s:s, s:s, s:o, s:o, s:o}", "update_id",
	    json_sprintf("%s-%u", number, event->seq), "service_request_id",
	    number, "status", status_word(state), "updated_datetime",
	    moment(event->time_ms), "description", json_stringn(words, len),
	    "media_url", text(url));
}

int geo_updates(json_t *array, const struct wire_reply *shown,
    struct arena *arena, const struct geo_city *city, bool is_chinese,
    int64_t start_ms, int64_t end_ms)
{
	const struct ticket *ticket = &shown->show.row->ticket;
	enum state state = STATE_NONE;
	struct event event;

	(void)city;
	for (size_t i = 0; i < shown->show.event_count; i++) {
		const char *words;

		if (wire_event_unpack(
			&event, NULL, arena, shown->show.events[i]))
			continue;
		if (law_next(state, event.verb))
			state = law_next(state, event.verb);
		words = geo_told(&event, ticket, is_chinese);
		if (!words || event.time_ms < start_ms ||
		    event.time_ms >= end_ms)
			continue;
		if (json_array_append_new(
			array, update(&event, ticket, state, words)) != 0)
			return ERR_NOMEM;
	}
	return 0;
}
