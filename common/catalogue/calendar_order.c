/*
 * Which of two limits is over first, whenever they start: a question for the
 * checker. Where the answer can change is known, so only those moments are
 * tried.
 */
#include "base/err.h"
#include "catalogue/calendar_inside.h"

struct order {
	struct calendar calendar; /* with weeks only */
	struct time_limit first, second;
	int64_t wrong_ms; /* a start for which the order is wrong */
};

/* Tries a moment and its neighbours: a deadline jumps there. */
static bool holds_at(struct order *order, int64_t local_ms)
{
	for (int64_t step = -1; step <= 1; step++) {
		int64_t from = local_ms - order->calendar.zone_ms + step;
		int64_t first, second;

		if (calendar_add(
			&first, &order->calendar, from, order->first) == 0 &&
		    calendar_add(
			&second, &order->calendar, from, order->second) == 0 &&
		    first <= second)
			continue;
		order->wrong_ms = from;
		return false;
	}
	return true;
}

/* The moments from which a limit would be over at this work time: where its
 * end jumps over a break or a night. */
static bool holds_before(
    struct order *order, int64_t work_ms, struct time_limit limit)
{
	const struct calendar *calendar = &order->calendar;
	int64_t day_ms = calendar->day_ms;
	int64_t week_ms = day_ms * calendar->week.count;
	int64_t days;

	if (limit.unit != TIME_LIMIT_WORK_HOUR)
		return true;
	work_ms -= limit.amount * HOUR_MS % week_ms;
	if (work_ms < 0)
		work_ms += week_ms;
	days = work_ms / day_ms;
	for (size_t i = 0; i < calendar->hour_count; i++) {
		const struct opening *at = &calendar->hours[i];
		int64_t in = work_ms - days * day_ms - at->before;
		int64_t day = 4 + calendar->week.of[days];

		if (in >= 0 && in <= at->close - at->open &&
		    !holds_at(order, day * DAY_MS + at->open + in))
			return false;
	}
	return true;
}

static bool holds_in_week(struct order *order)
{
	const struct calendar *calendar = &order->calendar;

	for (unsigned day = 0; day < calendar->week.count; day++) {
		/* Day 4 was a Monday. */
		int64_t at_ms = (4 + calendar->week.of[day]) * DAY_MS;

		for (size_t i = 0; i < calendar->hour_count; i++) {
			const struct opening *at = &calendar->hours[i];
			int64_t work_ms = day * calendar->day_ms + at->before;

			if (!holds_at(order, at_ms + at->open) ||
			    !holds_at(order, at_ms + at->close) ||
			    !holds_before(order, work_ms, order->first) ||
			    !holds_before(order, work_ms, order->second))
				return false;
		}
	}
	return true;
}

bool calendar_keeps_order(int64_t *from_out, const struct calendar *calendar,
    struct time_limit first, struct time_limit second)
{
	struct order order = { .first = first, .second = second };
	bool holds;

	*from_out = 0;
	if (!time_limit_is_working(first) && !time_limit_is_working(second))
		return time_limit_ms(first) <= time_limit_ms(second);
	if (calendar == NULL)
		return false;
	order.calendar = *calendar;
	order.calendar.first = order.calendar.end = 0;
	order.calendar.count = 0;
	holds = holds_in_week(&order);
	*from_out = order.wrong_ms;
	return holds;
}
