/*
 * The rule that gave a deadline, in the reader's language. The log has it in
 * a few fixed words, so that it says the same to everybody.
 */
#ifndef WHISTLE_CLI_RULE_TEXT_H
#define WHISTLE_CLI_RULE_TEXT_H

enum { RULE_TEXT = 1024 };

/* What is not one of those words is left as it is. */
char *rule_text(char text_out[RULE_TEXT], const char *rule);

#endif
