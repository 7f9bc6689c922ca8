/*
 * What a refusal is about, for the words that a person gets: who has the
 * ticket, which unit it has been with, whose role it takes, until when it
 * could have been returned.
 */
#include "engine/inside.h"

#include <stdio.h>
#include <string.h>

enum { ROLES_TEXT = 128 };

/* "dispatcher,supervisor"; "" when there is no room for it. */
static const char *roles_that_may(struct turn *turn, enum verb verb)
{
	char *text = turn_alloc(turn, ROLES_TEXT);
	size_t len = 0;

	if (!text)
		return "";
	text[0] = '\0';
	for (unsigned role = ROLE_NONE + 1; role < ROLE_COUNT; role++) {
		if (role == ROLE_ENGINEER || !role_may((enum role)role, verb))
			continue;
		int put = snprintf(text + len, ROLES_TEXT - len, "%s%s",
		    len ? "," : "", word_name(WORD_ROLE, role));
		if (put < 0 || (size_t)put >= ROLES_TEXT - len)
			break;
		len += (size_t)put;
	}
	return text;
}

static const char *time_text(struct turn *turn, int64_t time_ms)
{
	char *text = turn_alloc(turn, TIME_TEXT);

	return text ? time_format(text, time_ms) : "";
}

/* The first that is called twice, here or by a whistle before. */
static const char *called_already(
    const struct ticket *ticket, const struct particulars *what)
{
	for (size_t i = 0; i < what->callout_count; i++) {
		const struct unit_code *department =
		    &what->callouts[i].department;
		for (size_t k = 0; k < ticket->callout_count; k++)
			if (code_equal(
				&ticket->callouts[k].department, department))
				return department->s;
	}
	return "";
}

const char *refusal_detail(struct turn *turn, enum refusal refusal,
    const struct ticket *ticket, const struct command *command)
{
	const struct unit *unit =
	    org_unit(turn->engine->config.org, &command->unit);

	if (refusal == REFUSAL_NOT_HOLDER)
		return ticket->holder.s;
	if (refusal == REFUSAL_NO_ROLE)
		return roles_that_may(
		    turn, command->what.resident ? VERB_EXTEND : command->verb);
	if (refusal == REFUSAL_WHISTLE_KIND)
		return word_name(WORD_WHISTLE,
		    whistle_kind_of(turn->engine, &command->what));
	/* the rest is for those who may know of the ticket */
	if (!unit || !relation_of(turn->engine, ticket, unit))
		return "";
	switch (refusal) {
	case REFUSAL_NOT_ORIGIN:
		return ticket->origin.s;
	case REFUSAL_NOT_ABOVE:
		return ticket->holder.s;
	case REFUSAL_WRONG_STATE:
		return word_name(WORD_STATE, ticket->state);
	case REFUSAL_VISITED:
	case REFUSAL_BAD_TARGET:
	case REFUSAL_NOT_ADMITTED:
		return command->what.to.s;
	case REFUSAL_CALLED_ALREADY:
		return called_already(ticket, &command->what);
	case REFUSAL_RETURN_WINDOW:
		return time_text(turn, ticket->return_by_ms);
	default:
		return "";
	}
}
