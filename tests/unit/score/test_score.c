#include "../ticket/wander.h"
#include "score/rates.h"

/* A story that keeps the deltas of its last event. */
struct count {
	struct story story;
	struct score_delta deltas[SCORE_DELTAS_MAX];
	size_t delta_count;
};

static struct count count_new(void)
{
	struct count count = { .story = story_new() };

	return count;
}

static void tell(struct count *count, const struct event *event)
{
	struct ticket before = count->story.ticket;

	story_must(&count->story, event);
	count->delta_count =
	    score_deltas(count->deltas, &before, &count->story.ticket, event);
	assert_in_range(count->delta_count, 0, SCORE_DELTAS_MAX);
}

static void tell_verb(struct count *count, enum verb verb)
{
	struct event event =
	    story_event(&count->story, verb, count->story.ticket.holder.s);

	tell(count, &event);
}

static void tell_to(struct count *count, enum verb verb, const char *to)
{
	struct event event =
	    sending(&count->story, verb, count->story.ticket.holder.s, to);

	tell(count, &event);
}

static void tell_late(struct count *count, enum deadline deadline)
{
	struct event event = timing(
	    &count->story, VERB_SUPERVISE, deadline, count->story.now_ms);

	tell(count, &event);
}

static void tell_resolved(struct count *count)
{
	struct event event = resolving(&count->story);

	tell(count, &event);
}

static struct count opened(
    const char *unit, int64_t accept_in_ms, int64_t resolve_in_ms)
{
	struct count count = count_new();
	struct event event = opening(&count.story, unit);

	event.what.accept_by_ms = count.story.now_ms + accept_in_ms;
	event.what.resolve_by_ms = count.story.now_ms + resolve_in_ms;
	tell(&count, &event);
	return count;
}

/* "unit:count unit:count …", in the order of the deltas, is what the last
 * event counted, and nothing else. */
static void assert_counted(const struct count *count, const char *expected)
{
	char text[2048] = "";
	size_t len = 0;

	for (size_t i = 0; i < count->delta_count; i++) {
		const struct score_delta *delta = &count->deltas[i];

		assert_int_equal(delta->by, 1);
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s%s:%s", i ? " " : "", delta->unit.s,
		    score_count_name(delta->count));
		assert_true(len < sizeof(text));
	}
	assert_string_equal(text, expected);
}

/* ---- each event ---- */

static void opening_counts_for_the_origin(void **state)
{
	struct count count = opened(GRID, HOUR_MS, HOUR_MS);

	(void)state;
	assert_counted(&count, GRID ":opened");
}

static void a_callout_is_received_by_its_department(void **state)
{
	struct count count = count_new();
	struct event event = calling(&count.story, STREET, ZJJ);

	(void)state;
	tell(&count, &event);
	assert_counted(&count, ZJJ ":received");
}

static void going_up_is_received_going_down_is_pushed_too(void **state)
{
	struct count count = opened(COMMUNITY, HOUR_MS, HOUR_MS);

	(void)state;
	tell_to(&count, VERB_FORWARD, STREET);
	assert_counted(&count, STREET ":received");
	tell_to(&count, VERB_FORWARD, DISTRICT);
	tell_to(&count, VERB_FORWARD, "420704002");
	assert_counted(&count, "420704002:received 420704002:pushed");
	tell_to(&count, VERB_FORWARD, DISTRICT);
	tell_to(&count, VERB_FORWARD, ZJJ);
	assert_counted(&count, ZJJ ":received " ZJJ ":pushed");
}

static void what_only_looks_alike_is_not_below(void **state)
{
	struct count count = opened(HOTLINE, HOUR_MS, HOUR_MS);

	(void)state;
	tell_to(&count, VERB_FORWARD, CITY);
	assert_counted(&count, CITY ":received");
	tell_to(&count, VERB_FORWARD, STREET); /* past a level: still down */
	assert_counted(&count, STREET ":received " STREET ":pushed");
	tell_to(&count, VERB_FORWARD, ZJJ); /* of the unit above */
	assert_counted(&count, ZJJ ":received");
	tell_to(&count, VERB_FORWARD, "420704-zjj2");
	assert_counted(&count, "420704-zjj2:received 420704-zjj2:pushed");
}

static void accepting_in_time_or_late(void **state)
{
	struct count in_time = opened(GRID, MINUTE_MS, HOUR_MS);
	struct count late = opened(GRID, MINUTE_MS - 1, HOUR_MS);

	(void)state;
	tell_verb(&in_time, VERB_ACCEPT);
	assert_counted(&in_time, GRID ":accepted_in_time");
	tell_verb(&late, VERB_ACCEPT);
	assert_counted(&late, GRID ":accepted_late");
}

static void checking_in_counts_for_the_department(void **state)
{
	struct count count = count_new();
	struct event event = calling(&count.story, STREET, ZJJ);

	(void)state;
	event.what.accept_by_ms = count.story.now_ms + HOUR_MS;
	tell(&count, &event);
	tell_verb(&count, VERB_CHECK_IN);
	assert_counted(&count, ZJJ ":accepted_in_time");
}

static void without_a_deadline_nothing_is_in_time_or_late(void **state)
{
	struct count count = count_new();
	struct event event = opening(&count.story, GRID);

	(void)state;
	tell(&count, &event);
	tell_verb(&count, VERB_ACCEPT);
	assert_counted(&count, "");
	tell_resolved(&count);
	assert_counted(&count, GRID ":solved " GRID ":immediate");
}

static void a_late_acceptance_counts_once(void **state)
{
	struct count count = opened(GRID, MINUTE_MS, HOUR_MS);

	(void)state;
	tell_late(&count, DEADLINE_ACCEPT);
	assert_counted(&count, GRID ":accepted_late");
	tell_late(&count, DEADLINE_ACCEPT); /* reported again */
	assert_counted(&count, "");
	tell_verb(&count, VERB_ACCEPT);
	assert_counted(&count, "");
}

static void a_late_resolution_counts_once_for_who_held_it(void **state)
{
	struct count count = opened(GRID, HOUR_MS, HOUR_MS);

	(void)state;
	tell_late(&count, DEADLINE_RESOLVE);
	assert_counted(&count, GRID ":resolved_late");
	tell_to(&count, VERB_FORWARD, COMMUNITY);
	tell_resolved(&count);
	assert_counted(&count, COMMUNITY ":solved");
}

static void resolving_after_the_deadline_is_late(void **state)
{
	struct count count = opened(GRID, HOUR_MS, MINUTE_MS);

	(void)state;
	tell_verb(&count, VERB_ACCEPT);
	tell_resolved(&count);
	assert_counted(
	    &count, GRID ":resolved_late " GRID ":solved " GRID ":immediate");
}

static void settling_at_once_is_accepting_too(void **state)
{
	struct count count = opened(GRID, HOUR_MS, HOUR_MS);

	(void)state;
	tell_resolved(&count);
	assert_counted(&count,
	    GRID ":accepted_in_time " GRID ":resolved_in_time " GRID
		 ":solved " GRID ":immediate");
}

static void only_what_nobody_else_touched_is_immediate(void **state)
{
	struct count count = opened(GRID, HOUR_MS, HOUR_MS);

	(void)state;
	tell_to(&count, VERB_FORWARD, COMMUNITY);
	tell_to(&count, VERB_RETURN, GRID);
	tell_resolved(&count);
	assert_counted(&count, GRID ":resolved_in_time " GRID ":solved");
	count = opened(GRID, HOUR_MS, HOUR_MS);
	tell_resolved(&count);
	tell_to(&count, VERB_REOPEN, GRID);
	tell_resolved(&count);
	assert_counted(&count, GRID ":solved");
}

static void an_explanation_is_no_solution(void **state)
{
	struct count count = opened(GRID, HOUR_MS, HOUR_MS);
	struct event event;

	(void)state;
	tell_to(&count, VERB_FORWARD, COMMUNITY);
	event = resolving(&count.story);
	event.what.outcome = OUTCOME_EXPLAINED;
	event.what.channel = CHANNEL_NONE;
	event.what.text = "cannot be";
	tell(&count, &event);
	assert_counted(
	    &count, COMMUNITY ":resolved_in_time " COMMUNITY ":explained");
}

static void returning_counts_for_who_gave_back(void **state)
{
	struct count count = opened(GRID, HOUR_MS, HOUR_MS);

	(void)state;
	tell_to(&count, VERB_FORWARD, COMMUNITY);
	tell_to(&count, VERB_RETURN, GRID);
	assert_counted(&count, COMMUNITY ":returned " GRID ":received");
}

static void a_whistle_counts_for_caller_and_called(void **state)
{
	static const char *const departments[] = { ZJJ, CGJ };
	struct count count = opened(STREET, HOUR_MS, HOUR_MS);
	struct event event = whistling(&count.story, 2, departments);

	(void)state;
	tell(&count, &event);
	assert_counted(&count,
	    STREET ":accepted_in_time " STREET ":whistles " ZJJ ":called " CGJ
		   ":called");
}

static void the_longest_whistle_fits(void **state)
{
	const char *departments[TICKET_CALLOUTS_MAX];
	char text[TICKET_CALLOUTS_MAX][UNIT_CODE_MAX];
	struct count count = opened(STREET, HOUR_MS, HOUR_MS);
	struct event event;

	(void)state;
	for (unsigned i = 0; i < TICKET_CALLOUTS_MAX; i++) {
		snprintf(text[i], UNIT_CODE_MAX, "420704-d%u", i);
		departments[i] = text[i];
	}
	event = whistling(&count.story, TICKET_CALLOUTS_MAX, departments);
	tell(&count, &event);
	assert_int_equal(count.delta_count, TICKET_CALLOUTS_MAX + 2);
}

static void reopening_counts_against_the_resolver(void **state)
{
	struct count count = opened(GRID, HOUR_MS, HOUR_MS);

	(void)state;
	tell_to(&count, VERB_FORWARD, COMMUNITY);
	tell_resolved(&count);
	tell_to(&count, VERB_REOPEN, COMMUNITY);
	assert_counted(&count, COMMUNITY ":reopened " COMMUNITY ":received");
	tell_resolved(&count);
	tell_to(&count, VERB_REOPEN, STREET); /* one higher */
	assert_counted(&count, COMMUNITY ":reopened " STREET ":received");
}

static void the_verdict_is_on_the_resolver(void **state)
{
	static const struct {
		bool responded, resolved;
		enum satisfaction satisfaction;
		const char *counted;
	} rows[] = {
		{ true, true, SATISFACTION_SATISFIED,
		    COMMUNITY ":rated " COMMUNITY ":rated_responded " COMMUNITY
			      ":rated_resolved " COMMUNITY ":rated_satisfied" },
		{ false, true, SATISFACTION_MOSTLY,
		    COMMUNITY ":rated " COMMUNITY ":rated_resolved " COMMUNITY
			      ":rated_mostly_satisfied" },
		{ true, false, SATISFACTION_DISSATISFIED,
		    COMMUNITY ":rated " COMMUNITY ":rated_responded " COMMUNITY
			      ":rated_dissatisfied" },
		{ false, false, SATISFACTION_NOT_RATED,
		    COMMUNITY ":rated " COMMUNITY ":rated_without_verdict" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct count count = opened(GRID, HOUR_MS, HOUR_MS);
		struct event event;

		tell_to(&count, VERB_FORWARD, COMMUNITY);
		tell_resolved(&count);
		event = rating(&count.story);
		event.what.responded = rows[i].responded;
		event.what.resolved = rows[i].resolved;
		event.what.satisfaction = rows[i].satisfaction;
		tell(&count, &event);
		assert_counted(&count, rows[i].counted);
	}
}

static void notes_and_reminders_count_for_nobody(void **state)
{
	struct count count = opened(GRID, HOUR_MS, HOUR_MS);
	struct event event;

	(void)state;
	event = story_event(&count.story, VERB_NOTE, GRID);
	event.what.text = "seen";
	tell(&count, &event);
	assert_counted(&count, "");
	event = timing(&count.story, VERB_REMIND, DEADLINE_RESOLVE, 1);
	tell(&count, &event);
	assert_counted(&count, "");
}

/* ---- rates ---- */

static void a_rate_of_nothing_is_none(void **state)
{
	const uint64_t counts[SCORE_COUNT] = { [SCORE_OPENED] = 5 };
	struct score_rates rates = score_rates(counts, MOSTLY_FULL);

	(void)state;
	assert_int_equal(rates.of[RATE_RESPONSE].permille, -1);
	assert_int_equal(rates.of[RATE_COMPLETION].permille, -1);
	assert_int_equal(rates.of[RATE_SATISFACTION].permille, -1);
	assert_int_equal(rates.of[RATE_RESPONSE].of, 0);
}

static void the_rates_divide_what_they_say(void **state)
{
	const uint64_t counts[SCORE_COUNT] = {
		[SCORE_ACCEPTED_IN_TIME] = 2,
		[SCORE_ACCEPTED_LATE] = 1,
		[SCORE_RATED] = 8,
		[SCORE_RATED_RESOLVED] = 7,
		[SCORE_RATED_RESPONDED] = 1,
		[SCORE_RATED_SATISFIED] = 3,
		[SCORE_RATED_MOSTLY] = 1,
		[SCORE_RATED_DISSATISFIED] = 1,
		[SCORE_RATED_NONE] = 3,
	};
	struct score_rates rates = score_rates(counts, MOSTLY_FULL);

	(void)state;
	assert_int_equal(rates.of[RATE_RESPONSE].permille, 666);
	assert_int_equal(rates.of[RATE_RESPONSE].halves, 4);
	assert_int_equal(rates.of[RATE_RESPONSE].of, 3);
	assert_int_equal(rates.of[RATE_COMPLETION].permille, 875);
	assert_int_equal(rates.of[RATE_SATISFACTION].permille, 800);
	assert_int_equal(rates.of[RATE_SATISFACTION].halves, 8);
	assert_int_equal(rates.of[RATE_SATISFACTION].of, 5);
}

static void a_rate_never_leaves_its_range(void **state)
{
	const uint64_t huge[SCORE_COUNT] = {
		[SCORE_ACCEPTED_IN_TIME] = UINT64_MAX / 2,
		[SCORE_ACCEPTED_LATE] = UINT64_MAX / 2,
		[SCORE_RATED] = 1,
		[SCORE_RATED_RESOLVED] = UINT64_MAX,
		[SCORE_RATED_SATISFIED] = UINT64_MAX,
		[SCORE_RATED_MOSTLY] = 2,
		[SCORE_RATED_DISSATISFIED] = UINT64_MAX,
	};
	struct score_rates rates = score_rates(huge, MOSTLY_FULL);

	(void)state;
	assert_in_range(rates.of[RATE_RESPONSE].permille, 499, 500);
	assert_int_equal(rates.of[RATE_COMPLETION].permille, 1000);
	assert_in_range(rates.of[RATE_SATISFACTION].permille + 1, 0, 1001);
}

static void mostly_satisfied_counts_as_it_is_told(void **state)
{
	const uint64_t counts[SCORE_COUNT] = {
		[SCORE_RATED_SATISFIED] = 1,
		[SCORE_RATED_MOSTLY] = 1,
		[SCORE_RATED_DISSATISFIED] = 2,
	};
	static const int permille[] = { 250, 375, 500 };

	(void)state;
	for (unsigned i = MOSTLY_NONE; i <= MOSTLY_FULL; i++) {
		struct score_rate rate =
		    score_rates(counts, (enum score_mostly)i)
			.of[RATE_SATISFACTION];

		assert_int_equal(rate.permille, permille[i]);
		assert_int_equal(rate.halves, 2 + i);
		assert_int_equal(rate.of, 4);
	}
}

static void a_share_can_be_more_than_the_whole(void **state)
{
	const uint64_t counts[SCORE_COUNT] = {
		[SCORE_OPENED] = 1, [SCORE_RECEIVED] = 1, [SCORE_WHISTLES] = 3
	};

	(void)state;
	assert_int_equal(score_share(counts, SHARE_WHISTLES).permille, 1500);
	assert_int_equal(score_share(counts, SHARE_RETURNS).permille, 0);
	assert_int_equal(score_share(counts, SHARE_REOPENS).permille, -1);
}

/* ---- one number ---- */

static const struct score_formula weighed = { .is_given = true,
	.weights = { 30, 40, 30 },
	.mostly = MOSTLY_FULL,
	.raters_part = 40,
	.raters = "x" };

static const uint64_t rated[SCORE_COUNT] = {
	[SCORE_ACCEPTED_IN_TIME] = 1,
	[SCORE_ACCEPTED_LATE] = 1,
	[SCORE_RATED] = 10,
	[SCORE_RATED_RESPONDED] = 10,
	[SCORE_RATED_RESOLVED] = 9,
	[SCORE_RATED_SATISFIED] = 8,
	[SCORE_RATED_DISSATISFIED] = 2,
};

static void an_area_is_the_mean_of_its_rates(void **state)
{
	struct score_whole whole = score_whole(&weighed, rated, NULL);

	(void)state;
	/* (30 * 500 + 40 * 900 + 30 * 800) / 100 */
	assert_int_equal(whole.lack, LACK_NOTHING);
	assert_int_equal(whole.permille, 750);
}

static void what_the_raters_say_is_their_part_of_a_department(void **state)
{
	const uint64_t by_raters[SCORE_COUNT] = {
		[SCORE_RATED] = 2,
		[SCORE_RATED_RESPONDED] = 2,
		[SCORE_RATED_RESOLVED] = 1,
		[SCORE_RATED_DISSATISFIED] = 2,
	};
	const uint64_t nobody_responded[SCORE_COUNT] = {
		[SCORE_RATED] = 2,
		[SCORE_RATED_DISSATISFIED] = 2,
	};
	struct score_whole whole = score_whole(&weighed, rated, by_raters);

	(void)state;
	/* 40 % of 1000 and 60 % of the clock's 500 */
	assert_int_equal(whole.parts[RATE_RESPONSE].mixed, 700);
	/* 40 % of 500, 60 % of 8/8 */
	assert_int_equal(whole.parts[RATE_COMPLETION].mixed, 800);
	/* 40 % of 0, 60 % of 8/8 */
	assert_int_equal(whole.parts[RATE_SATISFACTION].mixed, 600);
	assert_int_equal(
	    whole.permille, (30 * 700 + 40 * 800 + 30 * 600) / 100);
	/* whatever the others say: at most what is left */
	whole = score_whole(&weighed, rated, nobody_responded);
	assert_true(whole.permille <= 600);
}

static void a_department_that_the_raters_have_not_rated_has_no_score(
    void **state)
{
	static const uint64_t nothing[SCORE_COUNT];
	struct score_whole whole = score_whole(&weighed, rated, nothing);

	(void)state;
	assert_int_equal(whole.lack, LACK_RATERS);
	assert_int_equal(whole.permille, -1);
}

static void where_nobody_else_rated_the_raters_stand_for_all(void **state)
{
	uint64_t counts[SCORE_COUNT];
	struct score_whole whole;

	(void)state;
	memcpy(counts, rated, sizeof(counts));
	counts[SCORE_ACCEPTED_IN_TIME] = counts[SCORE_ACCEPTED_LATE] = 0;
	whole = score_whole(&weighed, counts, counts);
	assert_int_equal(whole.parts[RATE_RESPONSE].mixed, 1000);
	assert_int_equal(whole.parts[RATE_COMPLETION].mixed, 900);
	assert_int_equal(whole.parts[RATE_SATISFACTION].mixed, 800);
}

static void without_a_denominator_or_weights_there_is_no_score(void **state)
{
	static const uint64_t nothing[SCORE_COUNT];
	struct score_formula none = { .mostly = MOSTLY_FULL };
	struct score_formula response_only = {
		.is_given = true, .weights = { 1, 0, 0 }, .mostly = MOSTLY_FULL
	};

	(void)state;
	assert_int_equal(
	    score_whole(&weighed, nothing, NULL).lack, LACK_COUNTS);
	assert_int_equal(score_whole(&none, rated, NULL).lack, LACK_FORMULA);
	assert_int_equal(
	    score_whole(&response_only, rated, NULL).permille, 500);
}

static void the_sides_of_a_rate_are_its_counts(void **state)
{
	struct score_events in, missed;

	(void)state;
	in = score_events(RATE_SATISFACTION, SIDE_IN, MOSTLY_HALF);
	assert_true(
	    in.any == (SCORE_BIT(RATED_SATISFIED) | SCORE_BIT(RATED_MOSTLY)));
	in = score_events(RATE_SATISFACTION, SIDE_IN, MOSTLY_NONE);
	assert_true(in.any == SCORE_BIT(RATED_SATISFIED));
	missed = score_events(RATE_SATISFACTION, SIDE_MISSED, MOSTLY_NONE);
	assert_true(missed.any ==
		    (SCORE_BIT(RATED_DISSATISFIED) | SCORE_BIT(RATED_MOSTLY)));
	missed = score_events(RATE_COMPLETION, SIDE_MISSED, MOSTLY_FULL);
	assert_true(missed.any == SCORE_BIT(RATED));
	assert_true(missed.none == SCORE_BIT(RATED_RESOLVED));
}

/* ---- periods ---- */

static void a_month_begins_at_midnight_in_china(void **state)
{
	static const struct {
		int64_t time_ms;
		const char *period;
	} rows[] = {
		/* 2026-10-31T15:59:59.999Z and a millisecond later */
		{ INT64_C(1793462399999), "2026-10" },
		{ INT64_C(1793462400000), "2026-11" },
		{ INT64_C(1795000000000), "2026-11" },
		/* 2027-12-31T16:00Z is next year in China */
		{ INT64_C(1830268799999), "2027-12" },
		{ INT64_C(1830268800000), "2028-01" },
		{ 0, "1970-01" },
		{ -1, "1970-01" },
		{ INT64_MIN, "1970-01" },
		{ EVENT_TIME_MAX_MS, "9999-12" },
		{ INT64_MAX, "9999-12" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char period[SCORE_PERIOD_TEXT];

		score_period(period, rows[i].time_ms);
		assert_string_equal(period, rows[i].period);
	}
}

static void counts_have_names(void **state)
{
	(void)state;
	assert_string_equal(score_count_name(SCORE_OPENED), "opened");
	assert_string_equal(
	    score_count_name(SCORE_RATED_NONE), "rated_without_verdict");
	assert_string_equal(score_count_name(SCORE_COUNT), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opening_counts_for_the_origin),
		cmocka_unit_test(a_callout_is_received_by_its_department),
		cmocka_unit_test(going_up_is_received_going_down_is_pushed_too),
		cmocka_unit_test(what_only_looks_alike_is_not_below),
		cmocka_unit_test(accepting_in_time_or_late),
		cmocka_unit_test(checking_in_counts_for_the_department),
		cmocka_unit_test(without_a_deadline_nothing_is_in_time_or_late),
		cmocka_unit_test(a_late_acceptance_counts_once),
		cmocka_unit_test(a_late_resolution_counts_once_for_who_held_it),
		cmocka_unit_test(resolving_after_the_deadline_is_late),
		cmocka_unit_test(settling_at_once_is_accepting_too),
		cmocka_unit_test(only_what_nobody_else_touched_is_immediate),
		cmocka_unit_test(an_explanation_is_no_solution),
		cmocka_unit_test(returning_counts_for_who_gave_back),
		cmocka_unit_test(a_whistle_counts_for_caller_and_called),
		cmocka_unit_test(the_longest_whistle_fits),
		cmocka_unit_test(reopening_counts_against_the_resolver),
		cmocka_unit_test(the_verdict_is_on_the_resolver),
		cmocka_unit_test(notes_and_reminders_count_for_nobody),
		cmocka_unit_test(a_rate_of_nothing_is_none),
		cmocka_unit_test(the_rates_divide_what_they_say),
		cmocka_unit_test(mostly_satisfied_counts_as_it_is_told),
		cmocka_unit_test(a_share_can_be_more_than_the_whole),
		cmocka_unit_test(an_area_is_the_mean_of_its_rates),
		cmocka_unit_test(
		    what_the_raters_say_is_their_part_of_a_department),
		cmocka_unit_test(
		    a_department_that_the_raters_have_not_rated_has_no_score),
		cmocka_unit_test(
		    where_nobody_else_rated_the_raters_stand_for_all),
		cmocka_unit_test(
		    without_a_denominator_or_weights_there_is_no_score),
		cmocka_unit_test(the_sides_of_a_rate_are_its_counts),
		cmocka_unit_test(a_rate_never_leaves_its_range),
		cmocka_unit_test(a_month_begins_at_midnight_in_china),
		cmocka_unit_test(counts_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
