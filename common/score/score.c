#include "score/score.h"

#include <string.h>
#include <time.h>

#include "base/err.h"

#define X(name, text) text,
static const char *const names[] = { SCORE_COUNTS(X) };
#undef X

const char *score_count_name(enum score_count count)
{
	return (unsigned)count < SCORE_COUNT ? names[count] : "?";
}

enum score_count score_count_of(const char *name)
{
	unsigned count = 0;

	while (count < SCORE_COUNT && strcmp(names[count], name) != 0)
		count++;
	return (enum score_count)count;
}

struct deltas {
	struct score_delta *list;
	size_t count;
};

static void add_of(struct deltas *deltas, const struct unit_code *unit,
    const struct unit_code *other, enum score_count count)
{
	panic_if(deltas->count >= SCORE_DELTAS_MAX);
	deltas->list[deltas->count++] =
	    (struct score_delta){ *unit, *other, count, 1 };
}

static void add(
    struct deltas *deltas, const struct unit_code *unit, enum score_count count)
{
	static const struct unit_code nobody;

	add_of(deltas, unit, &nobody, count);
}

/* National codes: what is below a unit starts with its code, and so does a
 * department of it. */
static bool is_below(
    const struct unit_code *below, const struct unit_code *above)
{
	size_t len = strnlen(above->s, sizeof(above->s));

	return len > 0 && memcmp(below->s, above->s, len) == 0 &&
	       len < sizeof(below->s) && below->s[len] != '\0';
}

/* Who got the ticket without opening it, and from whom: whoever decided it,
 * unless it took it itself. */
static void count_custody(struct deltas *deltas, const struct ticket *before,
    const struct ticket *after, const struct event *event)
{
	const struct unit_code *from = code_equal(&event->unit, &after->holder)
					   ? &before->holder
					   : &event->unit;

	if (event->verb == VERB_RESOLVE ||
	    code_equal(&before->holder, &after->holder))
		return;
	add_of(deltas, &after->holder, from, SCORE_RECEIVED);
	if (event->verb != VERB_FORWARD ||
	    !is_below(&after->holder, &before->holder))
		return;
	add_of(deltas, &after->holder, from, SCORE_SENT_DOWN);
	if (event->what.basis[0])
		add_of(deltas, &after->holder, from, SCORE_SENT_BY_PERMIT);
}

static void count_opening(struct deltas *deltas, const struct ticket *after)
{
	/* a callout is counted as a whistle and as a call */
	if (after->kind == KIND_APPEAL)
		add(deltas, &after->origin, SCORE_OPENED);
	if (!code_equal(&after->origin, &after->holder))
		add_of(deltas, &after->holder, &after->origin, SCORE_RECEIVED);
}

/* Accepted by a word of its own, or by whistling or resolving at once. The
 * timer may have counted it as late before. */
static void count_acceptance(struct deltas *deltas, const struct ticket *before,
    const struct event *event)
{
	if (before->accepted_ms || !before->accept_by_ms ||
	    before->flags & TICKET_LATE_ACCEPT)
		return;
	add(deltas, &before->holder,
	    event->time_ms <= before->accept_by_ms ? SCORE_ACCEPTED_IN_TIME
						   : SCORE_ACCEPTED_LATE);
}

/* Settled by the unit that took it in, and by nobody else's help. */
static bool is_immediate(const struct ticket *before)
{
	return before->kind == KIND_APPEAL && before->stay_count == 1 &&
	       before->callout_count == 0 && before->reopens == 0;
}

static void count_resolution(struct deltas *deltas, const struct ticket *before,
    const struct event *event)
{
	const struct unit_code *resolver = &before->holder;

	count_acceptance(deltas, before, event);
	if (before->resolve_by_ms && !(before->flags & TICKET_LATE_RESOLVE))
		add(deltas, resolver,
		    event->time_ms <= before->resolve_by_ms
			? SCORE_RESOLVED_IN_TIME
			: SCORE_RESOLVED_LATE);
	add(deltas, resolver,
	    event->what.outcome == OUTCOME_SOLVED ? SCORE_SOLVED
						  : SCORE_EXPLAINED);
	if (is_immediate(before))
		add(deltas, resolver, SCORE_IMMEDIATE);
}

static void count_whistle(struct deltas *deltas, const struct ticket *before,
    const struct event *event)
{
	count_acceptance(deltas, before, event);
	add(deltas, &before->holder, SCORE_WHISTLES);
	for (size_t i = 0; i < event->what.callout_count; i++)
		add_of(deltas, &event->what.callouts[i].department,
		    &before->holder, SCORE_CALLED);
}

/* Once for each deadline, though it be reported again. */
static void count_lateness(struct deltas *deltas, const struct ticket *before,
    const struct ticket *after)
{
	uint32_t news = after->flags & ~before->flags;

	if (news & TICKET_LATE_ACCEPT)
		add(deltas, &before->holder, SCORE_ACCEPTED_LATE);
	if (news & TICKET_LATE_RESOLVE)
		add(deltas, &before->holder, SCORE_RESOLVED_LATE);
}

static void count_rating(struct deltas *deltas, const struct ticket *after,
    const struct event *event)
{
	static const enum score_count verdicts[SATISFACTION_COUNT] = {
		[SATISFACTION_NONE] = SCORE_RATED_NONE,
		[SATISFACTION_SATISFIED] = SCORE_RATED_SATISFIED,
		[SATISFACTION_MOSTLY] = SCORE_RATED_MOSTLY,
		[SATISFACTION_DISSATISFIED] = SCORE_RATED_DISSATISFIED,
		[SATISFACTION_NOT_RATED] = SCORE_RATED_NONE,
	};
	const struct rating *rating = &after->rating;
	const struct unit_code *of = &after->resolver, *by = &event->unit;

	add_of(deltas, of, by, SCORE_RATED);
	if (rating->responded)
		add_of(deltas, of, by, SCORE_RATED_RESPONDED);
	if (rating->resolved)
		add_of(deltas, of, by, SCORE_RATED_RESOLVED);
	if (rating->satisfaction < SATISFACTION_COUNT)
		add_of(deltas, of, by, verdicts[rating->satisfaction]);
}

size_t score_deltas(struct score_delta deltas_out[SCORE_DELTAS_MAX],
    const struct ticket *before, const struct ticket *after,
    const struct event *event)
{
	struct deltas deltas = { .list = deltas_out };

	switch (event->verb) {
	case VERB_OPEN:
		count_opening(&deltas, after);
		return deltas.count;
	case VERB_ACCEPT:
	case VERB_CHECK_IN:
		count_acceptance(&deltas, before, event);
		break;
	case VERB_WHISTLE:
		count_whistle(&deltas, before, event);
		break;
	case VERB_RETURN:
		add_of(
		    &deltas, &before->holder, &after->holder, SCORE_RETURNED);
		break;
	case VERB_SUPERVISE:
		count_lateness(&deltas, before, after);
		break;
	case VERB_RESOLVE:
		count_resolution(&deltas, before, event);
		break;
	case VERB_EXCLUDE:
		add(&deltas, &before->holder, SCORE_EXCLUDED);
		break;
	case VERB_REOPEN:
		add(&deltas, &before->resolver, SCORE_REOPENED);
		break;
	case VERB_RATE:
		count_rating(&deltas, after, event);
		break;
	default:
		break;
	}
	count_custody(&deltas, before, after, event);
	return deltas.count;
}

enum score_count score_if_excluded(enum score_count count)
{
	switch (count) {
	case SCORE_ACCEPTED_IN_TIME:
		return SCORE_LEFT_ACCEPTED_IN_TIME;
	case SCORE_ACCEPTED_LATE:
		return SCORE_LEFT_ACCEPTED_LATE;
	case SCORE_RESOLVED_IN_TIME:
		return SCORE_LEFT_RESOLVED_IN_TIME;
	case SCORE_RESOLVED_LATE:
		return SCORE_LEFT_RESOLVED_LATE;
	default:
		return count;
	}
}

static char digit(int number)
{
	return (char)('0' + number % 10);
}

void score_period(char period_out[SCORE_PERIOD_TEXT], int64_t time_ms)
{
	enum { CHINA_S = 8 * 60 * 60 };
	struct tm tm = { 0 };
	time_t seconds;
	int year, month;

	/* The last hours of 9999 must not become a fifth digit. */
	if (time_ms < 0)
		time_ms = 0;
	if (time_ms > EVENT_TIME_MAX_MS - CHINA_S * INT64_C(1000))
		time_ms = EVENT_TIME_MAX_MS - CHINA_S * INT64_C(1000);
	seconds = (time_t)(time_ms / 1000 + CHINA_S);
	gmtime_r(&seconds, &tm);
	year = tm.tm_year + 1900;
	month = tm.tm_mon + 1;
	memcpy(period_out,
	    (char[SCORE_PERIOD_TEXT]){ digit(year / 1000), digit(year / 100),
		digit(year / 10), digit(year), '-', digit(month / 10),
		digit(month), '\0' },
	    SCORE_PERIOD_TEXT);
}

bool score_is_period(const char *text)
{
	return strlen(text) == 7 && strspn(text, "0123456789") == 4 &&
	       text[4] == '-' && strspn(text + 5, "0123456789") == 2 &&
	       strcmp(text + 5, "01") >= 0 && strcmp(text + 5, "12") <= 0;
}
