/* What a verb says, as it comes in: each reader gives NULL, or says what is
 * wrong. */
#include "wire/particulars.h"

#include <stdio.h>
#include "base/err.h"
#include "wire/field.h"

static const char *common_read(
    struct particulars *what, const Whistle__Particulars *message)
{
	if (!field_read_code(&what->to, message->to))
		return "to: not a unit's code";
	if (!field_read_code(&what->place, message->place))
		return "place: not a unit's code";
	if (message->colour >= COLOUR_COUNT)
		return "colour: not in the list";
	if (message->outcome >= OUTCOME_COUNT)
		return "outcome: not in the list";
	if (message->channel >= CHANNEL_COUNT)
		return "channel: not in the list";
	if (message->deadline >= DEADLINE_COUNT)
		return "deadline: not in the list";
	if (!field_read_time(&what->accept_by_ms, message->accept_by_ms))
		return "accept_by_ms: not a time";
	if (!field_read_time(&what->resolve_by_ms, message->resolve_by_ms))
		return "resolve_by_ms: not a time";
	if (!field_read_time(&what->due_ms, message->due_ms))
		return "due_ms: not a time";
	if (!field_read_time(&what->until_ms, message->until_ms))
		return "until_ms: not a time";
	if (!field_read_time(&what->return_by_ms, message->return_by_ms))
		return "return_by_ms: not a time";
	if (!field_read_id(&what->master, message->master))
		return "master: not an id";
	if (!field_read_bytes(
		&what->contact_key, message->contact_key, CONTACT_KEY_MAX))
		return "contact_key: too long";
	what->text = message->text;
	what->item = message->item;
	what->basis = message->basis;
	what->rule = message->rule;
	what->resident = message->resident;
	what->step = message->step;
	what->colour = (enum colour)message->colour;
	what->outcome = (enum outcome)message->outcome;
	what->channel = (enum channel)message->channel;
	what->deadline = (enum deadline)message->deadline;
	return NULL;
}

static const char *opening_read(
    struct particulars *what, const Whistle__Opening *opening)
{
	struct hash hash;

	if (opening->kind >= KIND_COUNT)
		return "kind: not in the list";
	if (opening->source >= SOURCE_COUNT)
		return "source: not in the list";
	if (!field_read_id(&what->parent, opening->parent))
		return "parent: not an id";
	if (!field_read_hash(&hash, opening->contact_hash))
		return "contact_hash: not a hash";
	what->kind = (enum kind)opening->kind;
	what->source = (enum source)opening->source;
	what->external_id = opening->external_id;
	what->title = opening->title;
	what->address = opening->address;
	what->lead = opening->lead;
	what->urgent = opening->urgent;
	what->confidential = opening->confidential;
	what->callback = opening->callback;
	what->contact_hash =
	    bytes_of(opening->contact_hash.data, opening->contact_hash.len);
	return NULL;
}

static const char *callouts_read(
    struct callout *callouts, const Whistle__Call *call)
{
	for (size_t i = 0; i < call->n_callouts; i++) {
		const Whistle__Callout *from = call->callouts[i];
		struct callout *to = &callouts[i];

		if (!field_read_id(&to->ticket, from->ticket))
			return "callouts: a ticket that is not an id";
		if (!field_read_code(&to->department, from->department))
			return "callouts: not a department's code";
		to->lead = from->lead;
	}
	return NULL;
}

static const char *call_read(struct particulars *what, struct callout *callouts,
    const Whistle__Call *call)
{
	if (call->kind >= WHISTLE_COUNT)
		return "whistle: not in the list";
	if (!field_read_time(&what->meet_ms, call->meet_ms))
		return "meet_ms: not a time";
	if (!callouts)
		return "callouts: too many";
	what->whistle = (enum whistle_kind)call->kind;
	what->situation = call->situation;
	what->meet_at = call->meet_at;
	what->callouts = callouts;
	what->callout_count = call->n_callouts;
	return callouts_read(callouts, call);
}

static const char *verdict_read(
    struct particulars *what, const Whistle__Verdict *verdict)
{
	if (verdict->satisfaction >= SATISFACTION_COUNT)
		return "satisfaction: not in the list";
	what->responded = verdict->responded;
	what->resolved = verdict->resolved;
	what->satisfaction = (enum satisfaction)verdict->satisfaction;
	return NULL;
}

static const char *closing_read(
    struct particulars *what, const Whistle__Closing *closing)
{
	if (closing->finding >= FINDING_COUNT)
		return "finding: not in the list";
	if (!field_read_time(&what->contacted_ms, closing->contacted_ms))
		return "contacted_ms: not a time";
	what->finding = (enum truth)closing->finding;
	what->measures = closing->measures;
	return closing_is_said(what) ? NULL : "closing: is empty";
}

static const char *attachments_read(struct particulars *what,
    struct attachment *attachments, const Whistle__Particulars *message)
{
	if (message->n_attachments && !attachments)
		return "attachments: too many";
	for (size_t i = 0; i < message->n_attachments; i++) {
		const Whistle__Attachment *from = message->attachments[i];

		if (!field_read_hash(&attachments[i].hash, from->hash))
			return "attachments: not a hash";
		if (from->type >= FILE_TYPE_COUNT)
			return "attachments: a type that is not in the list";
		attachments[i].name = from->name;
		attachments[i].size = from->size;
		attachments[i].type = (enum file_type)from->type;
	}
	what->attachments = attachments;
	what->attachment_count = message->n_attachments;
	return NULL;
}

static const char *parts_read(struct particulars *what,
    struct callout *callouts, const Whistle__Particulars *message,
    enum verb verb)
{
	const char *problem = common_read(what, message);

	if (problem)
		return problem;
	if ((verb == VERB_OPEN) != (message->opening != NULL))
		return "opening: with open, and with open only";
	if ((verb == VERB_WHISTLE) != (message->call != NULL) &&
	    verb != VERB_OPEN)
		return "call: with whistle, and else with open only";
	if ((verb == VERB_RATE) != (message->verdict != NULL))
		return "verdict: with rate, and with rate only";
	if (message->closing && verb != VERB_RESOLVE)
		return "closing: with resolve only";
	if (message->closing)
		problem = closing_read(what, message->closing);
	if (message->opening)
		problem = opening_read(what, message->opening);
	if (!problem && message->call)
		problem = call_read(what, callouts, message->call);
	if (!problem && message->verdict)
		problem = verdict_read(what, message->verdict);
	if (!problem && verb == VERB_OPEN && message->call &&
	    !call_is_said(what))
		problem = "call: is empty";
	return problem;
}

/* NULL also for more callouts than a ticket can have. */
static int callouts_room(struct callout **callouts_out, struct arena *arena,
    const Whistle__Particulars *message)
{
	const Whistle__Call *call = message->call;

	*callouts_out = NULL;
	if (!call || call->n_callouts > TICKET_CALLOUTS_MAX)
		return 0;
	*callouts_out =
	    arena_alloc(arena, call->n_callouts * sizeof(**callouts_out));
	return *callouts_out ? 0 : ERR_TOO_LARGE;
}

/* NULL also for more files than an event can name. */
static int attachments_room(struct attachment **attachments_out,
    struct arena *arena, const Whistle__Particulars *message)
{
	*attachments_out = NULL;
	if (!message->n_attachments || message->n_attachments > EVENT_FILES_MAX)
		return 0;
	*attachments_out = arena_alloc(
	    arena, message->n_attachments * sizeof(**attachments_out));
	return *attachments_out ? 0 : ERR_TOO_LARGE;
}

static const char *check_phrase(
    struct arena *arena, const char *field, const char *problem)
{
	char phrase[256];
	const char *copy;
	int len = snprintf(phrase, sizeof(phrase), "%s: %s", field, problem);

	if (len < 0 || (size_t)len >= sizeof(phrase))
		return problem;
	copy = arena_text(arena, phrase, (size_t)len);
	return copy ? copy : problem;
}

int particulars_read(struct particulars *what_out, const char **problem_out,
    struct arena *arena, const Whistle__Particulars *message, enum verb verb,
    bool is_command)
{
	struct particulars what;
	struct callout *callouts;
	struct attachment *attachments;
	const char *field, *problem;

	*problem_out = "what: is missing";
	if (!message)
		return ERR_INVALID;
	*problem_out = "callouts: no room for them";
	if (callouts_room(&callouts, arena, message))
		return ERR_TOO_LARGE;
	*problem_out = "attachments: no room for them";
	if (attachments_room(&attachments, arena, message))
		return ERR_TOO_LARGE;
	particulars_clear(&what);
	*problem_out = parts_read(&what, callouts, message, verb);
	if (!*problem_out)
		*problem_out = attachments_read(&what, attachments, message);
	if (*problem_out)
		return ERR_INVALID;
	if (particulars_check(&field, &problem, &what, verb, is_command)) {
		*problem_out = check_phrase(arena, field, problem);
		return ERR_INVALID;
	}
	*what_out = what;
	return 0;
}
