#include "play.h"

#include <stdio.h>
#include <time.h>
#include "base/clock.h"
#include "base/err.h"
#include "board.h"
#include "speak.h"

enum {
	TURN_MS = 10,
	AGAIN_MS = 400,
	TRIES_MAX = 8,
	QUIET_MS = 1500, /* nothing to do for so long: it is over */
};

static int64_t now_ms(void)
{
	struct clock clock = clock_system();

	return clock_now_ms(&clock);
}

static int complain(const char *what, int rc)
{
	fprintf(stderr, "whistle-demo: %s: %s\n", what, err_text(rc));
	return rc;
}

/* The city's node may be away: then nothing new is seen. */
static int follow(struct play *play)
{
	bool is_more = true;
	int rc = 0;

	while (!rc && is_more)
		rc = cases_follow(&is_more, &play->cases, play->eye, TURN_MS);
	if (!rc) {
		play->unseen_ms = 0;
		return 0;
	}
	if (rc == ERR_TIMEOUT && !play->unseen_ms)
		play->unseen_ms = now_ms();
	if (rc == ERR_TIMEOUT &&
	    now_ms() - play->unseen_ms <= play->patience_ms)
		return 0;
	return complain(speak("following the city", "读取市级日志"), rc);
}

static void plan(struct play *play, struct demo_case *row)
{
	struct plan plan =
	    plan_next(row, play->stage.org, play->stage.seed, now_ms());
	bool is_deed =
	    plan.intent != INTENT_NOTHING && plan.intent != INTENT_LEAVE;

	row->is_changed = false;
	row->is_left = plan.intent == INTENT_LEAVE;
	row->due_ms = is_deed ? plan.at_ms : 0;
	row->tries = 0;
}

static void give_up(struct play *play, const struct demo_case *row, int rc,
    const struct deed *deed)
{
	play->given_up++;
	fprintf(stderr, "whistle-demo: %s: %s: %s\n", row->key,
	    word_name(WORD_VERB, deed->verb),
	    rc ? err_text(rc) : deed->refusal);
}

/* Custody may be on its way still: whoever is refused tries again soon. */
static int act(struct play *play, struct demo_case *row, int64_t time_ms)
{
	const struct unit *holder = org_unit(play->stage.org, &row->now.holder);
	int64_t until_ms =
	    holder ? staff_silent_until(play->stage.staff, holder) : 0;
	struct plan next =
	    plan_next(row, play->stage.org, play->stage.seed, time_ms);
	struct deed deed;
	int rc;

	row->due_ms = time_ms < until_ms ? until_ms : 0;
	if (row->due_ms)
		return 0;
	rc = deed_do(&deed, &play->stage, row, next.intent);
	if (rc == ERR_TIMEOUT)
		row->due_ms = time_ms + AGAIN_MS;
	else if (rc && rc != ERR_NOT_FOUND)
		return complain(holder ? holder->node->name : row->key, rc);
	else if ((rc || deed.result != RESULT_DONE) && ++row->tries < TRIES_MAX)
		row->due_ms = time_ms + AGAIN_MS;
	else if (rc || deed.result != RESULT_DONE)
		give_up(play, row, rc, &deed);
	return 0;
}

/* Everybody whose moment has come; *next_ms_out is the next one's. */
static int act_all(int64_t *next_ms_out, struct play *play)
{
	int rc = 0;

	*next_ms_out = INT64_MAX;
	for (size_t i = 0; !rc && !*play->must_stop && i < play->cases.count;
	     i++) {
		struct demo_case *row = &play->cases.rows[i];
		int64_t time_ms = now_ms();

		if (row->is_changed && !row->wish)
			plan(play, row);
		else if (row->due_ms && row->due_ms <= time_ms)
			rc = act(play, row, time_ms);
		if (row->due_ms && row->due_ms < *next_ms_out)
			*next_ms_out = row->due_ms;
	}
	return rc;
}

static void rest(void)
{
	struct timespec pause = { .tv_nsec = TURN_MS * 1000 * 1000 };

	nanosleep(&pause, NULL);
}

/* One turn; *is_busy_out while there is something to wait for. */
static int turn(
    bool *is_busy_out, struct board_counts *counts_out, struct play *play)
{
	struct hotline_tally tally;
	int64_t next_ms = INT64_MAX;
	int rc, sending;

	if (*play->is_evening)
		hotline_end_day(play->hotline);
	sending = hotline_state(&tally, play->hotline);
	rest();
	rc = sending < 0 ? complain("HTTP", sending) : follow(play);
	if (!rc)
		rc = act_all(&next_ms, play);
	board_count(counts_out, &play->cases);
	*is_busy_out = sending > 0 || next_ms != INT64_MAX || play->unseen_ms ||
		       counts_out->appeals < tally.taken + tally.existed;
	return rc;
}

static int play_on(struct board_counts *counts, struct play *play)
{
	int64_t started_ms = now_ms();
	int64_t time_ms = started_ms, busy_ms = started_ms;
	bool is_busy = true;
	int rc = 0;

	while (!rc && !*play->must_stop && time_ms - busy_ms < QUIET_MS &&
	       time_ms - started_ms < play->limit_ms) {
		rc = turn(&is_busy, counts, play);
		time_ms = now_ms();
		if (is_busy)
			busy_ms = time_ms;
		board_show(counts, started_ms, time_ms, false);
	}
	board_show(counts, started_ms, time_ms, true);
	return rc;
}

int play_all(struct play *play)
{
	struct board_counts counts = { 0 };
	int rc = hotline_start(play->hotline);

	if (!rc)
		rc = play_on(&counts, play);
	for (size_t i = 0; i < play->cases.count; i++)
		deed_forget(&play->stage, &play->cases.rows[i]);
	if (!rc && !*play->must_stop)
		board_sum(&counts, staff_count(play->stage.staff));
	return rc;
}
