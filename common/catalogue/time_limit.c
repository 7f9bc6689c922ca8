#include "catalogue/time_limit.h"

#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "catalogue/calendar_inside.h"

static const struct {
	const char *text, *word;
} units[] = {
#define X(name, unit_text, unit_word)                                          \
	[TIME_LIMIT_##name] = { unit_text, unit_word },
	TIME_LIMIT_UNITS(X)
#undef X
};

static int64_t amount_max(enum time_limit_unit unit)
{
	const int64_t plain_ms = (int64_t)3650 * DAY_MS;

	switch (unit) {
	case TIME_LIMIT_SECOND:
		return plain_ms / 1000;
	case TIME_LIMIT_MINUTE:
		return plain_ms / MINUTE_MS;
	case TIME_LIMIT_HOUR:
		return plain_ms / HOUR_MS;
	case TIME_LIMIT_DAY:
		return plain_ms / DAY_MS;
	case TIME_LIMIT_WORK_HOUR:
		return TIME_LIMIT_WORK_HOURS_MAX;
	case TIME_LIMIT_WORK_DAY:
		return TIME_LIMIT_WORK_DAYS_MAX;
	default:
		return 0;
	}
}

bool time_limit_is_sound(struct time_limit limit)
{
	return limit.amount >= 1 && limit.amount <= amount_max(limit.unit);
}

int time_limit_parse(struct time_limit *limit_out, const char *text)
{
	struct time_limit limit = { 0 };

	for (; *text >= '0' && *text <= '9'; text++) {
		limit.amount = limit.amount * 10 + (*text - '0');
		if (limit.amount > amount_max(TIME_LIMIT_SECOND))
			return ERR_INVALID;
	}
	for (; limit.unit < TIME_LIMIT_UNIT_COUNT; limit.unit++) {
		if (strcmp(text, units[limit.unit].text) != 0)
			continue;
		if (!time_limit_is_sound(limit))
			return ERR_INVALID;
		*limit_out = limit;
		return 0;
	}
	return ERR_INVALID;
}

char *time_limit_format(char text_out[TIME_LIMIT_TEXT], struct time_limit limit)
{
	text_out[0] = '\0';
	if (time_limit_is_sound(limit))
		snprintf(text_out, TIME_LIMIT_TEXT, "%d%s", (int)limit.amount,
		    units[limit.unit].text);
	return text_out;
}

char *time_limit_words(char text_out[TIME_LIMIT_TEXT], struct time_limit limit)
{
	text_out[0] = '\0';
	if (time_limit_is_sound(limit))
		snprintf(text_out, TIME_LIMIT_TEXT, "%d %s%s",
		    (int)limit.amount, units[limit.unit].word,
		    limit.amount == 1 ? "" : "s");
	return text_out;
}

bool time_limit_is_working(struct time_limit limit)
{
	return limit.unit == TIME_LIMIT_WORK_HOUR ||
	       limit.unit == TIME_LIMIT_WORK_DAY;
}

int64_t time_limit_ms(struct time_limit limit)
{
	switch (limit.unit) {
	case TIME_LIMIT_SECOND:
		return limit.amount * 1000;
	case TIME_LIMIT_MINUTE:
		return limit.amount * MINUTE_MS;
	case TIME_LIMIT_HOUR:
		return limit.amount * HOUR_MS;
	case TIME_LIMIT_DAY:
		return limit.amount * DAY_MS;
	default:
		return 0;
	}
}
