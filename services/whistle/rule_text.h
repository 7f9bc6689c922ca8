/*
 * The rule that gave a deadline, in the reader's language. The log has it in
 * a few fixed words (engine/times.c, catalogue/deadlines.c), so that it says
 * the same to everybody.
 */
#ifndef WHISTLE_CLI_RULE_TEXT_H
#define WHISTLE_CLI_RULE_TEXT_H

#include "cli.h"

enum { RULE_TEXT = 1024 };

/* Which of a rule's parts: they may be added up. */
enum {
	RULE_ACCEPT = 1,
	RULE_RESOLVE = 2,
	RULE_RETURN = 4,
	RULE_OTHER = 8, /* what the calendar does not know, and the rest */
	RULE_ALL = 15,
};

/* What is not one of the fixed words is left as it is. */
char *rule_text(char text_out[RULE_TEXT], struct cli *cli, const char *rule,
    unsigned parts);

/* "3 work days", "30 minutes"; "" for none. */
char *rule_limit(char text_out[RULE_TEXT], struct time_limit limit);

#endif
