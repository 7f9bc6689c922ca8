#include "rule_text.h"

#include <stdio.h>
#include <string.h>
#include "lang.h"

/* What the holder's node writes (engine/times.c, catalogue/deadlines.c);
 * codes, lengths of time and numbers between them stay as they are. */
static const struct {
	const char *said;
	const char *text;
} phrases[] = {
	{ "item ", NC_("rule", "item ") },
	{ "colour red", NC_("rule", "colour red") },
	{ "colour yellow", NC_("rule", "colour yellow") },
	{ "colour blue", NC_("rule", "colour blue") },
	{ "accept ", NC_("rule", "accept ") },
	{ "check in ", NC_("rule", "check in ") },
	{ "resolve ", NC_("rule", "resolve ") },
	{ "extended ", NC_("rule", "extended ") },
	{ "suspended for ", NC_("rule", "suspended for ") },
};

static size_t phrase_at(const char **text_out, const char *at)
{
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
		size_t len = strlen(phrases[i].said);
		if (strncmp(at, phrases[i].said, len) == 0) {
			*text_out = lang_word(phrases[i].text);
			return len;
		}
	}
	return 0;
}

/* Only where a word begins: an item's code may hold any of them. */
char *rule_text(char text_out[RULE_TEXT], const char *rule)
{
	size_t len = 0;
	bool is_start = true;
	text_out[0] = '\0';
	while (*rule && len < RULE_TEXT - 1) {
		const char *text;
		size_t said = is_start ? phrase_at(&text, rule) : 0;
		if (said == 0) {
			text_out[len++] = *rule;
			text_out[len] = '\0';
			is_start = *rule == ' ';
			rule++;
			continue;
		}
		snprintf(text_out + len, RULE_TEXT - len, "%s", text);
		len += strlen(text_out + len);
		is_start = false;
		rule += said;
	}
	return text_out;
}
