/*
 * whistle-demo: the demonstration. The hotline sends its complaints through
 * the gateway; a troupe of acting staff, each with a key of its own, accepts,
 * whistles, checks in, returns, resolves, verifies and rates. It speaks the
 * operator protocol and HTTP and knows nothing else of the city's nodes.
 */
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include "base/clock.h"
#include "base/err.h"
#include "base/options.h"
#include "board.h"
#include "deeds.h"
#include "hotline.h"
#include "speak.h"
#include "story.h"

enum {
	EXIT_USAGE = 2,
	EXIT_FAILED = 5,
	TURN_MS = 10,
	AGAIN_MS = 400,
	TRIES_MAX = 8,
	QUIET_MS = 1500, /* nothing to do for so long: it is over */
};

struct demo {
	const char *home_option, *complaints, *lang;
	int64_t seed, seconds;
	bool wants_help;
	struct home home;
	struct org *org;
	struct catalogue *catalogue;
	struct staff *staff;
	struct hotline *hotline;
	struct cases cases;
	struct stage stage;
	struct clock clock;
	size_t given_up;
};

static volatile sig_atomic_t must_stop;

static void on_signal(int number)
{
	(void)number;
	must_stop = 1;
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

static int read_options(struct demo *demo, int argc, char **argv)
{
	const struct option_row rows[] = {
		{ "home", OPTION_TEXT, &demo->home_option, 0, 0, "DIR",
		    "the city folder (default: $WHISTLE_HOME, then ./run)" },
		{ "complaints", OPTION_TEXT, &demo->complaints, 0, 0, "FILE",
		    "the hotline's complaints, a CSV file" },
		{ "seed", OPTION_NUMBER, &demo->seed, 0, INT32_MAX, "N",
		    "the luck of the acting staff" },
		{ "seconds", OPTION_NUMBER, &demo->seconds, 1, 3600, "N",
		    "it ends after so long at the latest" },
		{ "lang", OPTION_TEXT, &demo->lang, 0, 0, "zh|en",
		    "the language" },
		{ "help", OPTION_FLAG, &demo->wants_help, 0, 0, NULL,
		    "show this" },
	};
	size_t count = sizeof(rows) / sizeof(*rows);
	char message[256] = "";
	int words = 0;
	int rc = options_parse(&words, argv + 1, message, sizeof(message), rows,
	    count, argc - 1, argv + 1);

	if (demo->wants_help) {
		printf("usage: whistle-demo --complaints FILE [OPTION]...\n\n");
		options_help(stdout, rows, count, NULL);
		return 0;
	}
	if (!rc && !words && demo->complaints && speak_set(demo->lang))
		return 0;
	fprintf(stderr, "whistle-demo: %s\n",
	    message[0] ? message : "try whistle-demo --help");
	return ERR_INVALID;
}

static int complain(const char *what, int rc)
{
	fprintf(stderr, "whistle-demo: %s: %s\n", what, err_text(rc));
	return rc;
}

static int read_city(struct demo *demo)
{
	struct report report = { 0 };
	int rc = home_find(&demo->home, demo->home_option);

	if (rc)
		return complain("--home", rc);
	rc = org_load(&demo->org, &report, demo->home.path, ORG_NEEDS_KEYS);
	if (!rc)
		rc = catalogue_load(
		    &demo->catalogue, &report, demo->home.path, demo->org);
	report_print(&report, stderr);
	report_free(&report);
	return rc ? complain(demo->home.path, rc) : 0;
}

static int open_all(struct demo *demo)
{
	int rc = read_city(demo);

	if (rc)
		return rc;
	rc = staff_open(&demo->staff, &demo->home, demo->org);
	if (rc)
		return complain("keys/operators", rc);
	rc = hotline_open(
	    &demo->hotline, &demo->home, demo->org, demo->complaints);
	if (!rc)
		rc = cases_open(&demo->cases);
	demo->clock = clock_system();
	demo->stage = (struct stage){ demo->staff, demo->org, demo->catalogue,
		demo->seed };
	return rc;
}

static int follow(struct demo *demo)
{
	struct client *client;
	bool is_more = true;
	int rc = staff_supervisor(&client, demo->staff);

	while (!rc && is_more)
		rc = cases_follow(
		    &is_more, &demo->cases, client, hotline_has, demo->hotline);
	return rc ? complain(speak("following the city", "读取市级日志"), rc)
		  : 0;
}

static void plan(struct demo *demo, struct demo_case *row)
{
	struct plan plan =
	    plan_next(row, demo->org, demo->seed, clock_now_ms(&demo->clock));
	bool is_deed =
	    plan.intent != INTENT_NOTHING && plan.intent != INTENT_LEAVE;

	row->is_changed = false;
	row->is_left = plan.intent == INTENT_LEAVE;
	row->due_ms = is_deed ? plan.at_ms : 0;
	row->tries = 0;
}

static void give_up(struct demo *demo, const struct demo_case *row, int rc,
    const struct deed *deed)
{
	demo->given_up++;
	fprintf(stderr, "whistle-demo: %s: %s: %s\n", row->key,
	    word_name(WORD_VERB, deed->verb),
	    rc ? err_text(rc) : deed->refusal);
}

/* Custody may be on its way still: whoever is refused tries again soon. */
static int act(struct demo *demo, struct demo_case *row, int64_t now_ms)
{
	struct deed deed;
	struct plan plan = plan_next(row, demo->org, demo->seed, now_ms);
	int rc = deed_do(&deed, &demo->stage, row, plan.intent);

	row->due_ms = 0;
	if (rc && rc != ERR_NOT_FOUND && rc != ERR_TIMEOUT)
		return complain(row->key, rc);
	if (!rc && deed.result == RESULT_DONE)
		return 0;
	if (++row->tries < TRIES_MAX)
		row->due_ms = now_ms + AGAIN_MS;
	else
		give_up(demo, row, rc, &deed);
	return 0;
}

/* Everybody whose moment has come; *next_ms_out is the next one's. */
static int act_all(int64_t *next_ms_out, struct demo *demo)
{
	int rc = 0;

	*next_ms_out = INT64_MAX;
	for (size_t i = 0; !rc && !must_stop && i < demo->cases.count; i++) {
		struct demo_case *row = &demo->cases.rows[i];
		int64_t now_ms = clock_now_ms(&demo->clock);

		if (row->is_changed)
			plan(demo, row);
		else if (row->due_ms && row->due_ms <= now_ms)
			rc = act(demo, row, now_ms);
		if (row->due_ms && row->due_ms < *next_ms_out)
			*next_ms_out = row->due_ms;
	}
	return rc;
}

/* Every order that was taken is known to the city. */
static bool have_arrived(
    const struct demo *demo, const struct board_counts *counts)
{
	const struct hotline_tally *tally = hotline_tally(demo->hotline);

	return counts->appeals >= tally->taken + tally->existed;
}

static void rest(void)
{
	struct timespec pause = { .tv_nsec = TURN_MS * 1000 * 1000 };

	nanosleep(&pause, NULL);
}

static int play(struct demo *demo)
{
	int64_t started_ms = clock_now_ms(&demo->clock);
	int64_t now_ms = started_ms, busy_ms = started_ms;
	struct board_counts counts = { 0 };
	int64_t next_ms = INT64_MAX;
	int rc = 0, sending = 1;

	while (!rc && !must_stop && now_ms - busy_ms < QUIET_MS &&
	       now_ms - started_ms < demo->seconds * 1000) {
		if (sending > 0)
			sending = hotline_send(demo->hotline, TURN_MS);
		else
			rest();
		rc = sending < 0 ? complain("HTTP", sending) : follow(demo);
		if (!rc)
			rc = act_all(&next_ms, demo);
		now_ms = clock_now_ms(&demo->clock);
		board_count(&counts, &demo->cases);
		if (sending > 0 || next_ms != INT64_MAX ||
		    !have_arrived(demo, &counts))
			busy_ms = now_ms;
		board_show(&counts, started_ms, now_ms, false);
	}
	board_show(&counts, started_ms, now_ms, true);
	if (!rc && !must_stop)
		board_sum(&counts, staff_count(demo->staff));
	return rc;
}

static int finish(struct demo *demo)
{
	const struct hotline_tally *tally = hotline_tally(demo->hotline);
	int rc;

	if (tally->refused)
		printf(speak("%zu complaints were refused by the gateway.\n",
			   "网关拒收 %zu 件。\n"),
		    tally->refused);
	if (demo->given_up)
		printf(speak("%zu deeds were refused and left at that.\n",
			   "有 %zu 次操作被拒绝。\n"),
		    demo->given_up);
	rc = story_note(&demo->home, &demo->cases, demo->staff);
	return rc ? complain("demo.done", rc) : 0;
}

static void close_all(struct demo *demo)
{
	cases_close(&demo->cases);
	hotline_close(&demo->hotline);
	staff_close(&demo->staff);
	catalogue_close(&demo->catalogue);
	org_close(&demo->org);
}

int main(int argc, char **argv)
{
	struct demo demo = { .seed = 20261121, .seconds = 90 };
	int rc;

	if (read_options(&demo, argc, argv))
		return EXIT_USAGE;
	if (demo.wants_help)
		return 0;
	catch_signals();
	rc = open_all(&demo);
	if (!rc)
		rc = play(&demo);
	if (!rc && !must_stop)
		rc = finish(&demo);
	close_all(&demo);
	return rc || must_stop ? EXIT_FAILED : 0;
}
