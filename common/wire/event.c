#include "wire/wire.h"

#include "base/err.h"
#include "base/limits.h"
#include "wire/field.h"
#include "wire/later.h"
#include "wire/message.h"
#include "wire/particulars.h"

/* What must hold of every event, whatever its verb; NULL when it does. The
 * writer is held to it too, so that no log gets what nobody will read. */
static const char *envelope_problem(const struct event *event)
{
	static const struct hash none;

	if (id_is_zero(&event->ticket))
		return "ticket: is missing";
	if (event->seq == 0)
		return "seq: is missing";
	if (event->term == 0)
		return "term: is missing";
	if ((event->seq == 1) != hash_equal(&event->prev, &none))
		return "prev: in every event but the first";
	if (event->time_ms <= 0 || event->time_ms > EVENT_TIME_MAX_MS)
		return "time_ms: not a time";
	if (event->verb <= VERB_NONE || event->verb >= VERB_COUNT)
		return "verb: not in the list";
	if (code_is_empty(&event->unit))
		return "unit: is missing";
	if (!operator_name_is_valid(event->operator, true))
		return "operator: not a name";
	return NULL;
}

/* Points into `particulars` and into the event. */
static int event_fill(Whistle__Event *message,
    struct particulars_message *particulars, const struct event *event)
{
	int rc = envelope_problem(event)
		     ? ERR_INVALID
		     : particulars_fill(particulars, &event->what, event->verb);

	if (rc)
		return rc;
	whistle__event__init(message);
	message->ticket = field_id(&event->ticket);
	message->seq = event->seq;
	message->term = event->term;
	message->prev = field_hash(&event->prev);
	message->time_ms = (uint64_t)event->time_ms;
	message->verb = (Whistle__Verb)event->verb;
	message->unit = field_text(event->unit.s);
	message->operator_ = field_text(event->operator);
	message->what = &particulars->what;
	message->command = field_id(&event->command);
	return 0;
}

int wire_event_pack(struct buf *out, const struct event *event)
{
	struct particulars_message particulars;
	Whistle__Event message;
	int rc = event_fill(&message, &particulars, event);

	return rc ? rc : message_pack(out, EVENT_MAX_BYTES, &message);
}

uint32_t wire_event_version(const struct event *event)
{
	struct particulars_message particulars;
	Whistle__Event message;

	if (!wire_later[0].message)
		return 1;
	return event_fill(&message, &particulars, event)
		   ? 1
		   : later_version(&message.base);
}

static const char *envelope_read(
    struct event *event, const Whistle__Event *message)
{
	if (!field_read_id(&event->ticket, message->ticket))
		return "ticket: not an id";
	if (!field_read_hash(&event->prev, message->prev))
		return "prev: not a hash";
	if (!field_read_id(&event->command, message->command))
		return "command: not an id";
	if (!field_read_time(&event->time_ms, message->time_ms))
		return "time_ms: not a time";
	if (!field_read_code(&event->unit, message->unit))
		return "unit: not a unit's code";
	event->seq = message->seq;
	event->term = message->term;
	event->verb = (enum verb)message->verb;
	event->operator= message->operator_;
	return envelope_problem(event);
}

int wire_event_unpack(struct event *event_out, const char **problem_out,
    struct arena *arena, struct bytes bytes)
{
	const char *problem = "event: not an event's bytes";
	Whistle__Event *message;
	struct event event;
	int rc = message_unpack(&message, arena, &whistle__event__descriptor,
	    EVENT_MAX_BYTES, GROWTH, bytes);

	if (!rc) {
		problem = envelope_read(&event, message);
		rc = problem ? ERR_INVALID
			     : particulars_read(&event.what, &problem, arena,
				   message->what, event.verb, false);
	}
	if (problem_out)
		*problem_out = rc ? problem : NULL;
	if (!rc)
		*event_out = event;
	return rc;
}
