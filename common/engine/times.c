/*
 * The holder's times. Whoever gets custody has the item's time to accept,
 * and the catalogue's to return; the time to resolve is given once, and
 * again when the item changes or the ticket is reopened. Each event says
 * where its times come from.
 */
#include "engine/inside.h"

#include <stdio.h>
#include <string.h>

static int say_rule(struct turn *turn, struct event *event, const char *text)
{
	struct bytes copy;
	int rc = turn_copy(&copy, turn, bytes_of(text, strlen(text) + 1));

	if (!rc)
		event->what.rule = (const char *)copy.data;
	return rc;
}

/* How often it has been, and may be. No later than a time can be. */
static int extend(
    struct turn *turn, struct event *event, const struct ticket *ticket)
{
	const struct catalogue *catalogue = turn->engine->config.catalogue;
	char text[DEADLINE_RULE_TEXT];
	int64_t by_ms = catalogue_after(
	    catalogue, catalogue_extend(catalogue), ticket->resolve_by_ms);

	event->what.resolve_by_ms =
	    by_ms ? time_at_most(by_ms) : EVENT_TIME_MAX_MS;
	catalogue_extend_rule(
	    text, catalogue, ticket->extensions + 1U, ticket->resolve_by_ms);
	return say_rule(turn, event, text);
}

/* As people say it: nobody counts the minutes of days. */
static int64_t in_round_units(int64_t ms)
{
	const int64_t minute_ms = 60 * 1000, hour_ms = 60 * minute_ms;
	int64_t unit_ms = ms >= 24 * hour_ms ? hour_ms
			  : ms >= hour_ms    ? minute_ms
					     : 1;

	return ms - ms % unit_ms;
}

/* The clock has stood still. */
static int resume(
    struct turn *turn, struct event *event, const struct ticket *ticket)
{
	char length[DURATION_TEXT], text[DEADLINE_RULE_TEXT];

	event->what.resolve_by_ms =
	    ticket_resumed_by_ms(ticket, event->time_ms);
	if (!event->what.resolve_by_ms)
		return 0;
	snprintf(text, sizeof(text), "suspended for %s",
	    duration_format(
		length, in_round_units(event->time_ms - ticket->suspended_ms)));
	return say_rule(turn, event, text);
}

/* Does the verb give a time to accept, and one to resolve? */
static void choose(bool *accept_out, bool *resolve_out, enum verb verb,
    bool is_new_item, const struct ticket *ticket)
{
	switch (verb) {
	case VERB_OPEN:
	case VERB_REOPEN:
		*accept_out = *resolve_out = true;
		break;
	case VERB_FORWARD:
	case VERB_RULE:
		*accept_out = true;
		*resolve_out = is_new_item || !ticket->resolve_by_ms;
		break;
	case VERB_ACCEPT:
		*resolve_out = is_new_item;
		break;
	case VERB_RETURN:
	case VERB_TAKE_OVER:
		*accept_out = true;
		break;
	default:
		break;
	}
}

/* The times and, in `text`, the rule that gave them; "" when none did. */
static void by_catalogue(char text[DEADLINE_RULE_TEXT], struct turn *turn,
    struct event *event, const struct ticket *ticket)
{
	const struct catalogue *catalogue = turn->engine->config.catalogue;
	struct particulars *what = &event->what;
	bool is_new_item =
	    what->item[0] && strcmp(what->item, ticket->item) != 0;
	const struct item *item = catalogue_item(
	    catalogue, what->item[0] ? what->item : ticket->item);
	enum kind kind = ticket->seq ? ticket->kind : what->kind;
	enum colour colour = ticket->seq ? ticket->colour : what->colour;
	struct deadlines by =
	    deadlines_from(turn, what->item[0] ? what->item : ticket->item,
		kind, colour, event->time_ms);
	bool accept = false, resolve = false;

	text[0] = '\0';
	choose(&accept, &resolve, event->verb, is_new_item, ticket);
	what->accept_by_ms = accept ? by.accept_by_ms : 0;
	what->resolve_by_ms = resolve ? by.resolve_by_ms : 0;
	if (what->accept_by_ms || what->resolve_by_ms)
		catalogue_deadline_rule(text, catalogue, item, kind, colour,
		    event->time_ms, accept, resolve);
}

int64_t return_by_ms(const struct turn *turn, int64_t from_ms)
{
	const struct catalogue *catalogue = turn->engine->config.catalogue;

	return time_at_most(catalogue_after(
	    catalogue, catalogue_return_window(catalogue), from_ms));
}

static void set_return_window(char text[DEADLINE_RULE_TEXT],
    const struct turn *turn, struct event *event, const struct ticket *ticket)
{
	bool is_given = event->verb == VERB_FORWARD ||
			event->verb == VERB_RETURN ||
			event->verb == VERB_REOPEN;

	/* whoever opened it has nobody to return it to */
	if (ticket->seq && code_equal(&event->what.to, &ticket->origin))
		is_given = false;
	if (!is_given)
		return;
	event->what.return_by_ms = return_by_ms(turn, event->time_ms);
	if (event->what.return_by_ms)
		catalogue_return_rule(
		    text, turn->engine->config.catalogue, event->time_ms);
}

static int hand_over(
    struct turn *turn, struct event *event, const struct ticket *ticket)
{
	char text[DEADLINE_RULE_TEXT];

	by_catalogue(text, turn, event, ticket);
	set_return_window(text, turn, event, ticket);
	return text[0] ? say_rule(turn, event, text) : 0;
}

int times_set(
    struct turn *turn, struct event *event, const struct ticket *ticket)
{
	switch (event->verb) {
	case VERB_EXTEND:
		return extend(turn, event, ticket);
	case VERB_RESUME:
		return resume(turn, event, ticket);
	default:
		return hand_over(turn, event, ticket);
	}
}
