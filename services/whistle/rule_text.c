#include "rule_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lang.h"
#include "session.h"
#include "words.h"

enum { WORD_TEXT = 128, SOURCE_TEXT = 512 };

/* ---- lengths of time ---- */

char *rule_limit(char text_out[RULE_TEXT], struct time_limit limit)
{
	unsigned long count = (unsigned long)limit.amount;
	const char *texts[TIME_LIMIT_UNIT_COUNT] = {
		[TIME_LIMIT_SECOND] =
		    ngettext("%lu second", "%lu seconds", count),
		[TIME_LIMIT_MINUTE] =
		    ngettext("%lu minute", "%lu minutes", count),
		[TIME_LIMIT_HOUR] = ngettext("%lu hour", "%lu hours", count),
		[TIME_LIMIT_DAY] = ngettext("%lu day", "%lu days", count),
		[TIME_LIMIT_WORK_HOUR] =
		    ngettext("%lu work hour", "%lu work hours", count),
		[TIME_LIMIT_WORK_DAY] =
		    ngettext("%lu work day", "%lu work days", count),
	};
	text_out[0] = '\0';
	if (time_limit_is_sound(limit))
		snprintf(text_out, RULE_TEXT, texts[limit.unit], count);
	return text_out;
}

/* A length as the log has it; as it is when it is none. */
static void say_length(char out[RULE_TEXT], const char *text)
{
	struct time_limit limit;
	if (time_limit_parse(&limit, text) == 0)
		rule_limit(out, limit);
	else
		snprintf(out, RULE_TEXT, "%s", text);
}

/* ---- what is said of it ---- */

struct telling {
	char *out; /* RULE_TEXT bytes */
	struct cli *cli;
	unsigned parts;
	const char *source; /* in words, before its first clause; or "" */
	size_t len;
};

static void add(struct telling *telling, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void add(struct telling *telling, const char *format, ...)
{
	va_list args;
	if (telling->len >= RULE_TEXT - 1)
		return;
	va_start(args, format);
	vsnprintf(telling->out + telling->len, RULE_TEXT - telling->len, format,
	    args);
	va_end(args);
	telling->len += strlen(telling->out + telling->len);
}

/* Before a clause: what parts it from the one before, and its source. */
static void begin(struct telling *telling)
{
	if (telling->len > 0)
		add(telling, "%s",
		    *telling->source ? C_("rule", "; ") : C_("rule", ", "));
	add(telling, "%s", telling->source);
	telling->source = "";
}

/* Clauses that are a word and a length of time. */
static const struct {
	const char *said;
	const char *text;
	unsigned part;
} clauses[] = {
	{ "accept ", NC_("rule", "accept within %s"), RULE_ACCEPT },
	{ "check in ", NC_("rule", "check in within %s"), RULE_ACCEPT },
	{ "resolve ", NC_("rule", "resolve within %s"), RULE_RESOLVE },
	{ "return ", NC_("rule", "may be returned within %s"), RULE_RETURN },
	{ "suspended for ", NC_("rule", "was suspended for %s"), RULE_RESOLVE },
};

static bool tell_length(struct telling *telling, const char *clause)
{
	for (size_t i = 0; i < sizeof(clauses) / sizeof(clauses[0]); i++) {
		size_t len = strlen(clauses[i].said);
		char length[RULE_TEXT];
		if (strncmp(clause, clauses[i].said, len) != 0)
			continue;
		if (!(telling->parts & clauses[i].part))
			return true;
		say_length(length, clause + len);
		begin(telling);
		add(telling, lang_word(clauses[i].text), length);
		return true;
	}
	return false;
}

/* "extended 3wd (1 of 3)" */
static bool tell_extension(struct telling *telling, const char *clause)
{
	char said[WORD_TEXT], length[RULE_TEXT];
	unsigned count, max;
	if (sscanf(clause, "extended %127s (%u of %u)", said, &count, &max) !=
	    3)
		return false;
	if (!(telling->parts & RULE_RESOLVE))
		return true;
	say_length(length, said);
	begin(telling);
	add(telling, _("extended by %s, time %u of at most %u"), length, count,
	    max);
	return true;
}

static bool tell_unknown_year(struct telling *telling, const char *clause)
{
	unsigned year;
	if (sscanf(clause, "the calendar lacks the holidays of %u", &year) != 1)
		return false;
	if (telling->parts & RULE_OTHER) {
		telling->source = "";
		begin(telling);
		add(telling, _("the calendar does not know the holidays of %u"),
		    year);
	}
	return true;
}

static void tell_clause(struct telling *telling, const char *clause)
{
	if (tell_length(telling, clause) || tell_extension(telling, clause) ||
	    tell_unknown_year(telling, clause) ||
	    !(telling->parts & RULE_OTHER))
		return;
	begin(telling);
	add(telling, "%s", clause);
}

/* "item lamp: " or "colour red: " at its beginning; what stands behind. */
static char *take_source(
    char source_out[SOURCE_TEXT], struct cli *cli, char *rule)
{
	char *end = strstr(rule, ": ");
	unsigned colour;
	source_out[0] = '\0';
	if (!end)
		return rule;
	if (strncmp(rule, "item ", 5) == 0) {
		*end = '\0';
		snprintf(source_out, SOURCE_TEXT, _("item %s (%s): "),
		    session_item_name(cli, rule + 5), rule + 5);
		return end + 2;
	}
	if (strncmp(rule, "colour ", 7) == 0) {
		*end = '\0';
		bool is_known = word_parse(&colour, WORD_COLOUR, rule + 7) == 0;
		snprintf(source_out, SOURCE_TEXT, _("colour %s: "),
		    is_known ? words_of(WORD_COLOUR, colour) : rule + 7);
		return end + 2;
	}
	return rule;
}

/* The next piece before `mark`, or the rest; NULL at the end. */
static char *next_piece(char **rest, const char *mark)
{
	char *piece = *rest;
	char *end = piece ? strstr(piece, mark) : NULL;
	if (end)
		*end = '\0';
	*rest = end ? end + strlen(mark) : NULL;
	return piece;
}

char *rule_text(
    char text_out[RULE_TEXT], struct cli *cli, const char *rule, unsigned parts)
{
	struct telling telling = {
		.out = text_out, .cli = cli, .parts = parts, .source = ""
	};
	char copy[RULE_TEXT];
	char *rest = copy;
	char *sentence;
	snprintf(copy, sizeof(copy), "%s", rule);
	text_out[0] = '\0';
	while (*copy && (sentence = next_piece(&rest, "; ")) != NULL) {
		char source[SOURCE_TEXT];
		char *clauses_left = take_source(source, cli, sentence);
		char *clause;
		telling.source = source;
		while ((clause = next_piece(&clauses_left, ", ")) != NULL)
			tell_clause(&telling, clause);
		telling.source = "";
	}
	return text_out;
}
