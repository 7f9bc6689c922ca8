#include "catalogue/triage.h"

#include <string.h>

const char *triage_reason_name(enum triage_reason reason)
{
	static const char *const names[] = {
#define X(name, text) [TRIAGE_##name] = text,
		TRIAGE_REASONS(X)
#undef X
	};

	return (unsigned)reason < TRIAGE_REASON_COUNT ? names[reason] : "?";
}

static bool has_power(const struct triage_case *the_case, uint64_t power)
{
	return (the_case->powers & power) == power;
}

static bool has_held(
    const struct triage_case *the_case, const struct unit *unit)
{
	return ticket_stay(the_case->ticket, &unit->code) != NULL;
}

static const struct item *find_item(const struct triage_case *the_case)
{
	const struct ticket *ticket = the_case->ticket;

	if (ticket->item[0] != '\0')
		return catalogue_item(the_case->catalogue, ticket->item);
	return catalogue_classify(
	    NULL, the_case->catalogue, the_case->title, the_case->text);
}

/* The area where the trouble is; *hint_out what a person may start from. */
static const struct unit *find_place(
    const struct unit **hint_out, const struct triage_case *the_case)
{
	const struct unit *place = NULL;
	const struct unit *hint = NULL;

	*hint_out = NULL;
	if (!code_is_empty(&the_case->ticket->place)) {
		place = org_unit(the_case->org, &the_case->ticket->place);
		while (place != NULL && place->kind != UNIT_AREA)
			place = place->parent;
		return place;
	}
	place = address_find(hint_out, the_case->places, the_case->address,
	    the_case->text, NULL);
	if (place != NULL)
		return place;
	/* The title rarely says more than the text, but at times it does. */
	place = address_find(
	    &hint, the_case->places, the_case->address, the_case->title, NULL);
	if (*hint_out == NULL)
		*hint_out = hint;
	return place;
}

/* Sends the ticket to `to`, unless it was there or we may not. */
static void forward(struct decision *decision,
    const struct triage_case *the_case, const struct unit *to, uint64_t power)
{
	if (to == NULL || !has_power(the_case, power))
		return;
	if (has_held(the_case, to)) {
		decision->reason = TRIAGE_NOT_ROUTINE;
		decision->is_suggestion = true;
		return;
	}
	decision->verb = VERB_FORWARD;
	decision->to = to;
}

static void go_up(struct decision *decision, const struct triage_case *the_case)
{
	decision->reason = TRIAGE_ABOVE_US;
	forward(decision, the_case, the_case->unit->parent, POWER(FORWARD_UP));
}

static bool is_below(const struct unit *place, const struct unit *unit)
{
	return place != NULL && place != unit && unit_is_within(place, unit);
}

/* Down, toward the place: to the competent level at once if the item may
 * skip the levels between, else to the next; as deep as the place is known. */
static void go_down(struct decision *decision,
    const struct triage_case *the_case, const struct unit *hint)
{
	const struct unit *unit = the_case->unit;
	const struct item *item = decision->item;
	const struct unit *place = decision->place;
	unsigned depth = item->direct ? item->competent : unit->depth + 1;

	decision->reason = TRIAGE_BELOW_US;
	if (!is_below(place, unit)) {
		decision->reason = TRIAGE_UNKNOWN_PLACE;
		decision->is_suggestion = true;
		place = is_below(hint, unit) ? hint : NULL;
	}
	if (place == NULL)
		return;
	if (place->depth < depth)
		depth = place->depth;
	forward(
	    decision, the_case, unit_at_depth(place, depth), POWER(DISPATCH));
}

/* The department of that name at the unit or the nearest one above. */
static const struct unit *nearest_department(
    const struct triage_case *the_case, const char *name)
{
	const struct unit *host = the_case->unit;

	for (; host != NULL; host = host->parent) {
		const struct unit *department =
		    org_department(the_case->org, host, name);

		if (department != NULL)
			return department;
	}
	return NULL;
}

static void call(struct decision *decision, const struct triage_case *the_case,
    const char *name, bool is_lead)
{
	const struct unit *department = nearest_department(the_case, name);
	struct callout *callout;

	if (department == NULL)
		return;
	callout = &decision->callouts[decision->callout_count++];
	memset(callout, 0, sizeof(*callout));
	callout->department = department->code;
	callout->lead = is_lead;
}

/* The whistle for the item's departments; none without the lead. */
static void whistle(
    struct decision *decision, const struct triage_case *the_case)
{
	const struct item *item = decision->item;
	enum colour colour = (enum colour)the_case->ticket->colour;

	call(decision, the_case, item->lead, true);
	if (decision->callout_count == 0)
		return;
	for (size_t i = 0; i < item->assist_count; i++)
		call(decision, the_case, item->assist[i], false);
	decision->verb = VERB_WHISTLE;
	decision->reason = TRIAGE_SITUATION;
	decision->is_suggestion |= item->whistle == ITEM_WHISTLE_ASK;
	decision->colour = colour > item->colour ? colour : item->colour;
}

/* The holder is of the competent level: it calls departments, hands over to
 * a department of its own, or settles it. */
static void settle_here(
    struct decision *decision, const struct triage_case *the_case)
{
	const struct item *item = decision->item;
	const struct unit *department;

	decision->reason = TRIAGE_COMPETENT;
	if (item->lead[0] == '\0' || the_case->ticket->callout_count > 0)
		return;
	if (item->whistle != ITEM_WHISTLE_NO &&
	    has_power(the_case, POWER(WHISTLE_OUT))) {
		whistle(decision, the_case);
		return;
	}
	department = org_department(the_case->org, the_case->unit, item->lead);
	if (department == NULL || !has_power(the_case, POWER(DISPATCH)))
		return;
	decision->reason = TRIAGE_DEPARTMENT;
	forward(decision, the_case, department, POWER(DISPATCH));
}

/* Without an item nobody knows who is competent; a person may send it
 * nearer to the place all the same. */
static void without_item(struct decision *decision,
    const struct triage_case *the_case, const struct unit *hint)
{
	const struct unit *unit = the_case->unit;
	const struct unit *place =
	    decision->place != NULL ? decision->place : hint;

	decision->reason = TRIAGE_UNKNOWN_ITEM;
	decision->is_suggestion = true;
	if (is_below(place, unit))
		forward(decision, the_case,
		    unit_at_depth(place, unit->depth + 1), POWER(DISPATCH));
}

static void by_levels(struct decision *decision,
    const struct triage_case *the_case, const struct unit *hint)
{
	const struct unit *unit = the_case->unit;

	if (unit->kind == UNIT_HOTLINE &&
	    has_power(the_case, POWER(FORWARD_UP)))
		go_up(decision, the_case);
	else if (decision->item == NULL)
		without_item(decision, the_case, hint);
	else if (unit->kind != UNIT_AREA)
		decision->reason = TRIAGE_COMPETENT;
	else if (unit->depth > decision->item->competent)
		go_up(decision, the_case);
	else if (unit->depth < decision->item->competent)
		go_down(decision, the_case, hint);
	else
		settle_here(decision, the_case);
}

/* Has a person to look, whatever the catalogue says? */
static bool is_special(const struct ticket *ticket)
{
	return ticket->kind == KIND_CALLOUT || ticket->reopens > 0 ||
	       ticket->returns > 0 || !code_is_empty(&ticket->ruled) ||
	       (ticket->flags & (TICKET_WAS_RETURNED | TICKET_TAKEN_OVER)) != 0;
}

struct decision triage_default(const struct triage_case *the_case)
{
	struct decision decision = { .verb = VERB_NONE };
	const struct unit *hint;

	decision.item = find_item(the_case);
	decision.place = find_place(&hint, the_case);
	by_levels(&decision, the_case, hint);
	if (is_special(the_case->ticket)) {
		decision.is_suggestion = true;
		decision.reason = TRIAGE_NOT_ROUTINE;
	}
	return decision;
}
