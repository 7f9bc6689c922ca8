#include "catalogue/duration.h"

#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "catalogue/calendar_inside.h"

static const struct {
	const char *text, *word;
} units[] = {
#define X(name, unit_text, unit_word)                                          \
	[DURATION_##name] = { unit_text, unit_word },
	DURATION_UNITS(X)
#undef X
};

static int64_t amount_max(enum duration_unit unit)
{
	const int64_t plain_ms = (int64_t)3650 * DAY_MS;

	switch (unit) {
	case DURATION_SECOND:
		return plain_ms / 1000;
	case DURATION_MINUTE:
		return plain_ms / MINUTE_MS;
	case DURATION_HOUR:
		return plain_ms / HOUR_MS;
	case DURATION_DAY:
		return plain_ms / DAY_MS;
	case DURATION_WORK_HOUR:
		return DURATION_WORK_HOURS_MAX;
	case DURATION_WORK_DAY:
		return DURATION_WORK_DAYS_MAX;
	default:
		return 0;
	}
}

bool duration_is_sound(struct duration duration)
{
	return duration.amount >= 1 &&
	       duration.amount <= amount_max(duration.unit);
}

int duration_parse(struct duration *duration_out, const char *text)
{
	struct duration duration = { 0 };

	for (; *text >= '0' && *text <= '9'; text++) {
		duration.amount = duration.amount * 10 + (*text - '0');
		if (duration.amount > amount_max(DURATION_SECOND))
			return ERR_INVALID;
	}
	for (; duration.unit < DURATION_UNIT_COUNT; duration.unit++) {
		if (strcmp(text, units[duration.unit].text) != 0)
			continue;
		if (!duration_is_sound(duration))
			return ERR_INVALID;
		*duration_out = duration;
		return 0;
	}
	return ERR_INVALID;
}

char *duration_format(char text_out[DURATION_TEXT], struct duration duration)
{
	text_out[0] = '\0';
	if (duration_is_sound(duration))
		snprintf(text_out, DURATION_TEXT, "%d%s", (int)duration.amount,
		    units[duration.unit].text);
	return text_out;
}

char *duration_words(char text_out[DURATION_TEXT], struct duration duration)
{
	text_out[0] = '\0';
	if (duration_is_sound(duration))
		snprintf(text_out, DURATION_TEXT, "%d %s%s",
		    (int)duration.amount, units[duration.unit].word,
		    duration.amount == 1 ? "" : "s");
	return text_out;
}

bool duration_is_working(struct duration duration)
{
	return duration.unit == DURATION_WORK_HOUR ||
	       duration.unit == DURATION_WORK_DAY;
}

int64_t duration_ms(struct duration duration)
{
	switch (duration.unit) {
	case DURATION_SECOND:
		return duration.amount * 1000;
	case DURATION_MINUTE:
		return duration.amount * MINUTE_MS;
	case DURATION_HOUR:
		return duration.amount * HOUR_MS;
	case DURATION_DAY:
		return duration.amount * DAY_MS;
	default:
		return 0;
	}
}
