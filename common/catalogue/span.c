/* Spans of time as the files write them. */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "catalogue/calendar_inside.h"

static const struct {
	const char *text, *word;
} units[] = {
#define X(name, unit_text, unit_word) [SPAN_##name] = { unit_text, unit_word },
	SPAN_UNITS(X)
#undef X
};

static int64_t amount_max(enum span_unit unit)
{
	const int64_t plain_ms = (int64_t)3650 * DAY_MS;

	switch (unit) {
	case SPAN_SECOND:
		return plain_ms / 1000;
	case SPAN_MINUTE:
		return plain_ms / MINUTE_MS;
	case SPAN_HOUR:
		return plain_ms / HOUR_MS;
	case SPAN_DAY:
		return plain_ms / DAY_MS;
	case SPAN_WORK_HOUR:
		return SPAN_WORK_HOURS_MAX;
	case SPAN_WORK_DAY:
		return SPAN_WORK_DAYS_MAX;
	default:
		return 0;
	}
}

bool span_is_sound(struct span span)
{
	return span.amount >= 1 && span.amount <= amount_max(span.unit);
}

int span_parse(struct span *span_out, const char *text)
{
	struct span span = { 0 };

	for (; *text >= '0' && *text <= '9'; text++) {
		span.amount = span.amount * 10 + (*text - '0');
		if (span.amount > amount_max(SPAN_SECOND))
			return ERR_INVALID;
	}
	for (; span.unit < SPAN_UNIT_COUNT; span.unit++) {
		if (strcmp(text, units[span.unit].text) != 0)
			continue;
		if (!span_is_sound(span))
			return ERR_INVALID;
		*span_out = span;
		return 0;
	}
	return ERR_INVALID;
}

char *span_format(char text_out[SPAN_TEXT], struct span span)
{
	text_out[0] = '\0';
	if (span_is_sound(span))
		snprintf(text_out, SPAN_TEXT, "%d%s", (int)span.amount,
		    units[span.unit].text);
	return text_out;
}

char *span_words(char text_out[SPAN_TEXT], struct span span)
{
	text_out[0] = '\0';
	if (span_is_sound(span))
		snprintf(text_out, SPAN_TEXT, "%d %s%s", (int)span.amount,
		    units[span.unit].word, span.amount == 1 ? "" : "s");
	return text_out;
}

bool span_is_working(struct span span)
{
	return span.unit == SPAN_WORK_HOUR || span.unit == SPAN_WORK_DAY;
}

int64_t span_ms(struct span span)
{
	switch (span.unit) {
	case SPAN_SECOND:
		return span.amount * 1000;
	case SPAN_MINUTE:
		return span.amount * MINUTE_MS;
	case SPAN_HOUR:
		return span.amount * HOUR_MS;
	case SPAN_DAY:
		return span.amount * DAY_MS;
	default:
		return 0;
	}
}
