/*
 * The holder's times. Whoever gets custody has the item's time to accept,
 * and the catalogue's to return; the time to resolve is given once, and
 * again when the item changes or the ticket is reopened. Each event says
 * where its times come from.
 */
#include "engine/inside.h"

#include <stdio.h>
#include <string.h>

enum { RULE_TEXT = 256 };

static int say_rule(struct turn *turn, struct event *event, const char *text)
{
	struct bytes copy;
	int rc = turn_copy(&copy, turn, bytes_of(text, strlen(text) + 1));

	if (!rc)
		event->what.rule = (const char *)copy.data;
	return rc;
}

/* How often it has been, and may be. */
static int extend(
    struct turn *turn, struct event *event, const struct ticket *ticket)
{
	const struct catalogue *catalogue = turn->engine->config.catalogue;
	char length[DURATION_TEXT], text[RULE_TEXT];

	event->what.resolve_by_ms = time_at_most(
	    ticket->resolve_by_ms + catalogue_extend_ms(catalogue));
	snprintf(text, sizeof(text), "extended %s (%u of %u)",
	    duration_format(length, catalogue_extend_ms(catalogue)),
	    ticket->extensions + 1U, catalogue_extensions_max(catalogue));
	return say_rule(turn, event, text);
}

/* The clock has stood still. */
static int resume(
    struct turn *turn, struct event *event, const struct ticket *ticket)
{
	char length[DURATION_TEXT], text[RULE_TEXT];

	event->what.resolve_by_ms =
	    ticket_resumed_by_ms(ticket, event->time_ms);
	if (!event->what.resolve_by_ms)
		return 0;
	snprintf(text, sizeof(text), "suspended for %s",
	    duration_format(length, event->time_ms - ticket->suspended_ms));
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

static int by_catalogue(
    struct turn *turn, struct event *event, const struct ticket *ticket)
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
	char text[DEADLINE_RULE_TEXT];

	choose(&accept, &resolve, event->verb, is_new_item, ticket);
	what->accept_by_ms = accept ? by.accept_by_ms : 0;
	what->resolve_by_ms = resolve ? by.resolve_by_ms : 0;
	if (!what->accept_by_ms && !what->resolve_by_ms)
		return 0;
	catalogue_deadline_rule(text, catalogue, item, kind, colour,
	    event->time_ms, accept, resolve);
	return say_rule(turn, event, text);
}

static void set_return_window(
    const struct turn *turn, struct event *event, const struct ticket *ticket)
{
	int64_t window_ms =
	    catalogue_return_window_ms(turn->engine->config.catalogue);
	bool is_given =
	    event->verb == VERB_FORWARD || event->verb == VERB_RETURN ||
	    event->verb == VERB_REOPEN ||
	    (event->verb == VERB_OPEN && event->what.kind == KIND_CALLOUT);

	/* whoever opened it has nobody to return it to */
	if (ticket->seq && code_equal(&event->what.to, &ticket->origin))
		is_given = false;
	if (is_given && window_ms)
		event->what.return_by_ms =
		    time_at_most(event->time_ms + window_ms);
}

int times_set(
    struct turn *turn, struct event *event, const struct ticket *ticket)
{
	set_return_window(turn, event, ticket);
	switch (event->verb) {
	case VERB_EXTEND:
		return extend(turn, event, ticket);
	case VERB_RESUME:
		return resume(turn, event, ticket);
	default:
		return by_catalogue(turn, event, ticket);
	}
}
