#include "wire/ticket_row.h"

#include <string.h>
#include "base/err.h"
#include "base/limits.h"
#include "wire/field.h"

/* ---- out ---- */

static void words_fill(Whistle__TicketRow *message, const struct ticket *ticket)
{
	message->state = field_word(WORD_STATE, ticket->state);
	message->kind = field_word(WORD_KIND, ticket->kind);
	message->colour = field_word(WORD_COLOUR, ticket->colour);
	message->source = field_word(WORD_SOURCE, ticket->source);
	message->outcome = field_word(WORD_OUTCOME, ticket->outcome);
	message->channel = field_word(WORD_CHANNEL, ticket->channel);
	message->finding = field_word(WORD_FINDING, ticket->finding);
}

static void times_fill(Whistle__TicketRow *message, const struct ticket *ticket)
{
	message->opened_ms = (uint64_t)ticket->opened_ms;
	message->updated_ms = (uint64_t)ticket->updated_ms;
	message->accept_by_ms = (uint64_t)ticket->accept_by_ms;
	message->resolve_by_ms = (uint64_t)ticket->resolve_by_ms;
	message->closed_ms = (uint64_t)ticket->closed_ms;
	message->accepted_ms = (uint64_t)ticket->accepted_ms;
	message->resolved_ms = (uint64_t)ticket->resolved_ms;
	message->suspended_ms = (uint64_t)ticket->suspended_ms;
	message->until_ms = (uint64_t)ticket->until_ms;
	message->return_by_ms = (uint64_t)ticket->return_by_ms;
}

static void verdict_fill(Whistle__TicketRow *message, Whistle__Verdict *verdict,
    const struct rating *rating)
{
	if (!rating->is_given)
		return;
	whistle__verdict__init(verdict);
	verdict->responded = rating->responded != 0;
	verdict->resolved = rating->resolved != 0;
	verdict->satisfaction = rating->satisfaction;
	message->rating = verdict;
}

static void row_fill(Whistle__TicketRow *message, Whistle__Verdict *verdict,
    const struct wire_ticket_row *row)
{
	const struct ticket *ticket = &row->ticket;

	whistle__ticket_row__init(message);
	words_fill(message, ticket);
	times_fill(message, ticket);
	verdict_fill(message, verdict, &ticket->rating);
	message->id = field_id(&ticket->id);
	message->parent = field_id(&ticket->parent);
	message->holder = field_text(ticket->holder.s);
	message->origin = field_text(ticket->origin.s);
	message->sender = field_text(ticket->sender.s);
	message->resolver = field_text(ticket->resolver.s);
	message->place = field_text(ticket->place.s);
	message->ruled = field_text(ticket->ruled.s);
	message->item = field_text(ticket->item);
	message->title = field_text(row->title);
	message->external_id = field_text(row->external_id);
	message->late_accept = (ticket->flags & TICKET_LATE_ACCEPT) != 0;
	message->late_resolve = (ticket->flags & TICKET_LATE_RESOLVE) != 0;
	message->urgent = (ticket->flags & TICKET_URGENT) != 0;
	message->confidential = (ticket->flags & TICKET_CONFIDENTIAL) != 0;
	message->lead = (ticket->flags & TICKET_IS_LEAD) != 0;
	message->seq = ticket->seq;
	message->reopens = ticket->reopens;
	message->returns = ticket->returns;
	message->extensions = ticket->extensions;
	message->escalation = ticket_escalation(ticket);
}

int ticket_rows_fill(Whistle__TicketRow ***messages_out, struct arena *arena,
    const struct wire_ticket_row *rows, size_t count)
{
	struct {
		Whistle__TicketRow row;
		Whistle__Verdict verdict;
	} *messages = arena_alloc(arena, count * sizeof(*messages));
	Whistle__TicketRow **list = arena_alloc(arena, count * sizeof(*list));

	if (!messages || !list)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < count; i++) {
		row_fill(&messages[i].row, &messages[i].verdict, &rows[i]);
		list[i] = &messages[i].row;
	}
	*messages_out = list;
	return 0;
}

/* ---- in: false when something is not what it should be ---- */

static bool word_read(uint8_t *value_out, enum word_list list, const char *text)
{
	unsigned value;

	if (!field_read_word(&value, list, text))
		return false;
	*value_out = (uint8_t)value;
	return true;
}

static bool words_read(struct ticket *ticket, const Whistle__TicketRow *message)
{
	return word_read(&ticket->state, WORD_STATE, message->state) &&
	       word_read(&ticket->kind, WORD_KIND, message->kind) &&
	       word_read(&ticket->colour, WORD_COLOUR, message->colour) &&
	       word_read(&ticket->source, WORD_SOURCE, message->source) &&
	       word_read(&ticket->outcome, WORD_OUTCOME, message->outcome) &&
	       word_read(&ticket->channel, WORD_CHANNEL, message->channel) &&
	       word_read(&ticket->finding, WORD_FINDING, message->finding);
}

static bool times_read(struct ticket *ticket, const Whistle__TicketRow *message)
{
	return field_read_time(&ticket->opened_ms, message->opened_ms) &&
	       field_read_time(&ticket->updated_ms, message->updated_ms) &&
	       field_read_time(&ticket->accept_by_ms, message->accept_by_ms) &&
	       field_read_time(
		   &ticket->resolve_by_ms, message->resolve_by_ms) &&
	       field_read_time(&ticket->closed_ms, message->closed_ms) &&
	       field_read_time(&ticket->accepted_ms, message->accepted_ms) &&
	       field_read_time(&ticket->resolved_ms, message->resolved_ms) &&
	       field_read_time(&ticket->suspended_ms, message->suspended_ms) &&
	       field_read_time(&ticket->until_ms, message->until_ms) &&
	       field_read_time(&ticket->return_by_ms, message->return_by_ms);
}

static bool codes_read(struct ticket *ticket, const Whistle__TicketRow *message)
{
	return field_read_code(&ticket->holder, message->holder) &&
	       field_read_code(&ticket->origin, message->origin) &&
	       field_read_code(&ticket->sender, message->sender) &&
	       field_read_code(&ticket->resolver, message->resolver) &&
	       field_read_code(&ticket->place, message->place) &&
	       field_read_code(&ticket->ruled, message->ruled);
}

static bool rating_read(struct rating *rating, const Whistle__Verdict *verdict)
{
	if (!verdict)
		return true;
	if (verdict->satisfaction >= SATISFACTION_COUNT)
		return false;
	rating->is_given = 1;
	rating->responded = verdict->responded != 0;
	rating->resolved = verdict->resolved != 0;
	rating->satisfaction = (uint8_t)verdict->satisfaction;
	return true;
}

/* Which of its deadlines went that far is in its log. */
static uint32_t raised_read(const Whistle__TicketRow *message)
{
	if (message->escalation < 2)
		return 0;
	return message->late_resolve ? TICKET_RAISED_RESOLVE
				     : TICKET_RAISED_ACCEPT;
}

static uint32_t flags_read(const Whistle__TicketRow *message)
{
	return (message->late_accept ? TICKET_LATE_ACCEPT : 0u) |
	       (message->late_resolve ? TICKET_LATE_RESOLVE : 0u) |
	       (message->urgent ? TICKET_URGENT : 0u) |
	       (message->confidential ? TICKET_CONFIDENTIAL : 0u) |
	       (message->lead ? TICKET_IS_LEAD : 0u) | raised_read(message);
}

static bool row_read(
    struct wire_ticket_row *row, const Whistle__TicketRow *message)
{
	struct ticket *ticket = &row->ticket;

	memset(row, 0, sizeof(*row));
	if (!words_read(ticket, message) || !times_read(ticket, message) ||
	    !codes_read(ticket, message) ||
	    !rating_read(&ticket->rating, message->rating) ||
	    !field_read_id(&ticket->id, message->id) ||
	    !field_read_id(&ticket->parent, message->parent))
		return false;
	if (id_is_zero(&ticket->id) || message->reopens > UINT8_MAX ||
	    message->returns > UINT8_MAX || message->extensions > UINT8_MAX ||
	    strlen(message->item) >= sizeof(ticket->item))
		return false;
	memcpy(ticket->item, message->item, strlen(message->item));
	ticket->flags = flags_read(message);
	if (message->escalation != ticket_escalation(ticket))
		return false;
	ticket->seq = message->seq;
	ticket->reopens = (uint8_t)message->reopens;
	ticket->returns = (uint8_t)message->returns;
	ticket->extensions = (uint8_t)message->extensions;
	return field_read_text(
		   &row->title, message->title, TITLE_MAX_BYTES + 1) &&
	       field_read_text(
		   &row->external_id, message->external_id, EXTERNAL_ID_MAX);
}

int ticket_rows_read(const struct wire_ticket_row **rows_out,
    struct arena *arena, Whistle__TicketRow *const *messages, size_t count)
{
	struct wire_ticket_row *rows =
	    arena_alloc(arena, count * sizeof(*rows));

	if (!rows)
		return ERR_TOO_LARGE;
	for (size_t i = 0; i < count; i++) {
		if (!row_read(&rows[i], messages[i]))
			return ERR_INVALID;
	}
	*rows_out = rows;
	return 0;
}
