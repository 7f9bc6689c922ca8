/* What a verb says, on its way out. particulars_read.c is the way in. */
#include "wire/particulars.h"

#include "base/err.h"
#include "wire/field.h"

/* The contract and the lists of words number alike. */
_Static_assert(
    (int)VERB_OPEN == (int)WHISTLE__VERB__OPEN &&
	(int)VERB_WHISTLE == (int)WHISTLE__VERB__WHISTLE &&
	(int)VERB_RESOLVE == (int)WHISTLE__VERB__RESOLVE &&
	(int)VERB_ERASE_CONTACT == (int)WHISTLE__VERB__ERASE_CONTACT &&
	(int)VERB_COUNT == (int)WHISTLE__VERB__ERASE_CONTACT + 1,
    "event.proto and words.h differ in their verbs");

static void opening_fill(
    Whistle__Opening *opening, const struct particulars *what)
{
	whistle__opening__init(opening);
	opening->kind = what->kind;
	opening->source = what->source;
	opening->external_id = field_text(what->external_id);
	opening->title = field_text(what->title);
	opening->address = field_text(what->address);
	opening->parent = field_id(&what->parent);
	opening->lead = what->lead;
	opening->urgent = what->urgent;
	opening->confidential = what->confidential;
	opening->callback = what->callback;
	opening->contact_hash = field_bytes(what->contact_hash);
}

static bool is_said(const char *text)
{
	return text && text[0];
}

bool call_is_said(const struct particulars *what)
{
	return what->whistle || is_said(what->situation) ||
	       is_said(what->meet_at) || what->meet_ms || what->callout_count;
}

static int call_fill(
    struct particulars_message *message, const struct particulars *what)
{
	Whistle__Call *call = &message->call;

	if (what->callout_count > TICKET_CALLOUTS_MAX)
		return ERR_TOO_LARGE;
	whistle__call__init(call);
	call->kind = what->whistle;
	call->situation = field_text(what->situation);
	call->meet_at = field_text(what->meet_at);
	call->meet_ms = (uint64_t)what->meet_ms;
	for (size_t i = 0; i < what->callout_count; i++) {
		Whistle__Callout *callout = &message->callouts[i];

		whistle__callout__init(callout);
		callout->ticket = field_id(&what->callouts[i].ticket);
		callout->department =
		    field_text(what->callouts[i].department.s);
		callout->lead = what->callouts[i].lead;
		message->callout_list[i] = callout;
	}
	call->callouts = message->callout_list;
	call->n_callouts = what->callout_count;
	message->what.call = call;
	return 0;
}

static void common_fill(
    Whistle__Particulars *message, const struct particulars *what)
{
	whistle__particulars__init(message);
	message->to = field_text(what->to.s);
	message->text = field_text(what->text);
	message->item = field_text(what->item);
	message->place = field_text(what->place.s);
	message->colour = what->colour;
	message->accept_by_ms = (uint64_t)what->accept_by_ms;
	message->resolve_by_ms = (uint64_t)what->resolve_by_ms;
	message->contact_key = field_bytes(what->contact_key);
	message->basis = field_text(what->basis);
	message->outcome = what->outcome;
	message->channel = what->channel;
	message->deadline = what->deadline;
	message->due_ms = (uint64_t)what->due_ms;
	message->step = what->step;
	message->until_ms = (uint64_t)what->until_ms;
	message->resident = what->resident;
	message->master = field_id(&what->master);
	message->return_by_ms = (uint64_t)what->return_by_ms;
	message->rule = field_text(what->rule);
}

bool closing_is_said(const struct particulars *what)
{
	return what->finding || what->contacted_ms || is_said(what->measures);
}

static void closing_fill(
    struct particulars_message *message, const struct particulars *what)
{
	if (!closing_is_said(what))
		return;
	whistle__closing__init(&message->closing);
	message->closing.finding = what->finding;
	message->closing.contacted_ms = (uint64_t)what->contacted_ms;
	message->closing.measures = field_text(what->measures);
	message->what.closing = &message->closing;
}

static int attachments_fill(
    struct particulars_message *message, const struct particulars *what)
{
	if (what->attachment_count > EVENT_FILES_MAX)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < what->attachment_count; i++) {
		const struct attachment *from = &what->attachments[i];
		Whistle__Attachment *to = &message->attachments[i];

		whistle__attachment__init(to);
		to->hash = field_hash(&from->hash);
		to->name = field_text(from->name);
		to->size = from->size;
		to->type = from->type;
		message->attachment_list[i] = to;
	}
	message->what.attachments = message->attachment_list;
	message->what.n_attachments = what->attachment_count;
	return 0;
}

/* The parts that belong to the verb alone. */
static int own_fill(struct particulars_message *message,
    const struct particulars *what, enum verb verb)
{
	switch (verb) {
	case VERB_OPEN:
		opening_fill(&message->opening, what);
		message->what.opening = &message->opening;
		return call_is_said(what) ? call_fill(message, what) : 0;
	case VERB_WHISTLE:
		return call_fill(message, what);
	case VERB_RESOLVE:
		closing_fill(message, what);
		return 0;
	case VERB_RATE:
		whistle__verdict__init(&message->verdict);
		message->verdict.responded = what->responded;
		message->verdict.resolved = what->resolved;
		message->verdict.satisfaction = what->satisfaction;
		message->what.verdict = &message->verdict;
		return 0;
	default:
		return 0;
	}
}

int particulars_fill(struct particulars_message *message,
    const struct particulars *what, enum verb verb)
{
	int rc;

	common_fill(&message->what, what);
	rc = attachments_fill(message, what);
	return rc ? rc : own_fill(message, what, verb);
}
