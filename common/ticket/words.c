#include "ticket/words.h"

#include <stddef.h>
#include <string.h>

#include "base/err.h"

#define X(name, text) text,
static const char *const states[] = { TICKET_STATES(X) };
static const char *const verbs[] = { TICKET_VERBS(X) };
static const char *const kinds[] = { TICKET_KINDS(X) };
static const char *const colours[] = { TICKET_COLOURS(X) };
static const char *const outcomes[] = { TICKET_OUTCOMES(X) };
static const char *const channels[] = { TICKET_CHANNELS(X) };
static const char *const satisfactions[] = { TICKET_SATISFACTIONS(X) };
static const char *const deadlines[] = { TICKET_DEADLINES(X) };
static const char *const sources[] = { TICKET_SOURCES(X) };
static const char *const whistles[] = { WHISTLE_KINDS(X) };
static const char *const roles[] = { OPERATOR_ROLES(X) };
static const char *const findings[] = { TICKET_FINDINGS(X) };
static const char *const file_types[] = { FILE_TYPES(X) };
#undef X

#define LIST(names)                                                            \
	{                                                                      \
		names, sizeof(names) / sizeof(names[0])                        \
	}

static const struct {
	const char *const *names;
	unsigned count;
} lists[WORD_LIST_COUNT] = {
	[WORD_STATE] = LIST(states),
	[WORD_VERB] = LIST(verbs),
	[WORD_KIND] = LIST(kinds),
	[WORD_COLOUR] = LIST(colours),
	[WORD_OUTCOME] = LIST(outcomes),
	[WORD_CHANNEL] = LIST(channels),
	[WORD_SATISFACTION] = LIST(satisfactions),
	[WORD_DEADLINE] = LIST(deadlines),
	[WORD_SOURCE] = LIST(sources),
	[WORD_WHISTLE] = LIST(whistles),
	[WORD_ROLE] = LIST(roles),
	[WORD_FINDING] = LIST(findings),
	[WORD_FILE_TYPE] = LIST(file_types),
};

unsigned word_count(enum word_list list)
{
	return (unsigned)list < WORD_LIST_COUNT ? lists[list].count : 0;
}

const char *word_name(enum word_list list, unsigned value)
{
	return value < word_count(list) ? lists[list].names[value] : "?";
}

int word_parse(unsigned *value_out, enum word_list list, const char *name)
{
	/* 0 is "none", which nobody may say. */
	for (unsigned value = 1; value < word_count(list); value++) {
		if (strcmp(lists[list].names[value], name) == 0) {
			*value_out = value;
			return 0;
		}
	}
	return ERR_INVALID;
}
