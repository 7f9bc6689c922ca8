/* What the makers of several parts check alike. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "catalogue/inside.h"
#include "org/shown.h"

void complain(const struct making *making, const char *list, unsigned index,
    const char *field, const char *format, ...)
{
	char text[REPORT_TEXT_MAX];
	va_list args;
	long line =
	    yaml_line(making->catalogue->yaml, "%s[%u].%s", list, index, field);

	va_start(args, format);
	vsnprintf(text, sizeof(text), report_language(format), args);
	va_end(args);
	report_add(making->report, making->path, line, "%s", text);
}

bool code_is_fit(const char *code)
{
	size_t len = strlen(code);

	return len >= 1 && len < ITEM_CODE_MAX &&
	       strspn(code,
		   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		   "0123456789._-") == len;
}

struct time_limit parse_limit(const struct making *making, const char *list,
    unsigned index, const char *field, const char *code, const char *text)
{
	struct time_limit limit;

	if (time_limit_parse(&limit, text) != 0) {
		complain(making, list, index, field,
		    "%s: %s \"%s\" is not a time; write 30m, 24h, 7d, 4wh "
		    "(work hours) or 3wd (work days)",
		    code, field, SHOWN(text));
		return (struct time_limit){ 0 };
	}
	if (time_limit_is_working(limit) && !making->has_calendar) {
		complain(making, list, index, field,
		    "%s: %s %s needs a calendar; put calendar.yaml beside this "
		    "file, or write plain hours (24h) or days (7d)",
		    code, field, text);
		return (struct time_limit){ 0 };
	}
	return limit;
}

void parse_head_limit(struct time_limit *limit_out, const struct making *making,
    const char *key, const char *text)
{
	long line = yaml_line(making->catalogue->yaml, "%s", key);
	struct time_limit limit;

	if (text == NULL)
		return;
	if (time_limit_parse(&limit, text) != 0)
		report_add(making->report, making->path, line,
		    "%s: \"%s\" is not a time; write 2h, 3d, 4wh (work "
		    "hours) or 3wd (work days)",
		    key, SHOWN(text));
	else if (time_limit_is_working(limit) && !making->has_calendar)
		report_add(making->report, making->path, line,
		    "%s: %s needs a calendar; put calendar.yaml beside this "
		    "file, or write plain hours (24h) or days (7d)",
		    key, text);
	else
		*limit_out = limit;
}

bool limits_keep_order(char when_out[TIME_TEXT], const struct making *making,
    struct time_limit first, struct time_limit second)
{
	const struct calendar *calendar = making->catalogue->calendar;
	bool is_working =
	    time_limit_is_working(first) || time_limit_is_working(second);
	char weekday[TIME_TEXT];
	int64_t from_ms;

	when_out[0] = '\0';
	if (first.amount == 0 || second.amount == 0 ||
	    (is_working && calendar == NULL) ||
	    calendar_keeps_order(&from_ms, calendar, first, second))
		return true;
	if (is_working)
		snprintf(when_out, TIME_TEXT, " from %s",
		    calendar_weekday(weekday, calendar, from_ms));
	return false;
}

int take_code(bool *is_fit_out, struct table *table,
    const struct making *making, const char *what, unsigned index,
    const char *code)
{
	int err;

	*is_fit_out = code_is_fit(code);
	if (!*is_fit_out) {
		complain(making, what, index, "code",
		    "\"%s\" cannot be a code: letters, digits, . _ and -, %d "
		    "at most",
		    SHOWN(code), ITEM_CODE_MAX - 1);
		return 0;
	}
	err = table_put(table, code, strlen(code), index);
	if (err != ERR_EXISTS)
		return err;
	complain(making, what, index, "code",
	    "%s stands twice in %s; give one another code", code, what);
	return 0;
}

enum colour parse_colour(const struct making *making, const char *what,
    unsigned index, const char *code, const char *colour)
{
	unsigned value;

	if (word_parse(&value, WORD_COLOUR, colour) == 0)
		return (enum colour)value;
	complain(making, what, index, "colour",
	    "%s: colour \"%s\" is none of red, yellow, blue", code,
	    SHOWN(colour));
	return COLOUR_NONE;
}

static void check_department(const struct making *making, const char *what,
    unsigned index, const char *field, const char *code, const char *name)
{
	const struct named_list *known = &making->catalogue->departments;
	uint32_t at;

	if (!table_get(&at, &known->by_code, name, strlen(name)))
		complain(making, what, index, field,
		    "%s: department \"%s\" is not in departments; add it or "
		    "correct it",
		    code, SHOWN(name));
}

void check_departments(const struct making *making, const char *what,
    unsigned index, const char *code, const char *lead, char *const *assist,
    unsigned assist_count)
{
	if (lead[0] != '\0')
		check_department(making, what, index, "lead", code, lead);
	else if (assist_count > 0)
		complain(making, what, index, "assist",
		    "%s: departments assist but none leads; name the lead",
		    code);
	if (assist_count > ITEM_ASSIST_MAX)
		complain(making, what, index, "assist",
		    "%s: %u departments assist; %d at most", code, assist_count,
		    ITEM_ASSIST_MAX);
	for (unsigned i = 0; i < assist_count; i++) {
		bool is_twice = strcmp(assist[i], lead) == 0;

		check_department(
		    making, what, index, "assist", code, assist[i]);
		for (unsigned j = 0; j < i; j++)
			is_twice |= strcmp(assist[i], assist[j]) == 0;
		if (is_twice)
			complain(making, what, index, "assist",
			    "%s: department %s is named twice; remove one",
			    code, SHOWN(assist[i]));
	}
}
