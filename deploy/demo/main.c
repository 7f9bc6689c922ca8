/*
 * whistle-demo: the demonstration. The hotline sends its complaints through
 * the gateway; a troupe of acting staff, each with a key of its own, accepts,
 * whistles, checks in, returns, resolves, verifies and rates. It speaks the
 * operator protocol and HTTP and knows nothing else of the city's nodes,
 * wherever they run.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "base/options.h"
#include "play.h"
#include "proof.h"
#include "speak.h"
#include "story.h"

enum {
	ROWS_MAX = 16,
	EXIT_USAGE = 2,
	EXIT_FAILED = 5,
	SECONDS_MAX = 7 * 24 * 3600,
	SECONDS = 90, /* of the short form */
};

struct demo {
	const char *home_option, *complaints, *http, *record, *check, *lang;
	int64_t seed, seconds, day, patience;
	bool wants_help;
	struct home home;
	struct org *org;
	struct catalogue *catalogue;
	struct staff *staff;
	struct record *lines;
	struct play play;
};

static volatile sig_atomic_t must_stop, is_evening;

static void on_signal(int number)
{
	if (number == SIGUSR1)
		is_evening = 1;
	else
		must_stop = 1;
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGUSR1, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

/* In the language that is set. */
static size_t name_rows(struct option_row *out, struct demo *demo)
{
	const struct option_row rows[] = {
		{ "home", OPTION_TEXT, &demo->home_option, 0, 0, "DIR",
		    speak("the city folder (default: $WHISTLE_HOME, then "
			  "./run)",
			"城市文件夹（默认：$WHISTLE_HOME，其次 ./run）") },
		{ "complaints", OPTION_TEXT, &demo->complaints, 0, 0, "FILE",
		    speak("the hotline's complaints, a CSV file",
			"热线诉求，CSV 文件") },
		{ "http", OPTION_TEXT, &demo->http, 0, 0, "HOST:PORT",
		    speak("where the gateway takes orders (default: as in "
			  "nodes.yaml)",
			"网关接收诉求的地址（默认按 nodes.yaml）") },
		{ "day", OPTION_NUMBER, &demo->day, 1, SECONDS_MAX, "SECONDS",
		    speak("a day of that length, and another after it, until "
			  "SIGUSR1 says that it is evening",
			"一天的时长，一天接着一天，直到收到 SIGUSR1 收工") },
		{ "record", OPTION_TEXT, &demo->record, 0, 0, "FILE",
		    speak("write down there what was acknowledged",
			"把得到确认的每一件都记到这个文件") },
		{ "check", OPTION_TEXT, &demo->check, 0, 0, "FILE",
		    speak("when all is quiet: is all that was written down "
			  "there, once, and the same on all nodes?",
			"收工以后核对：记下的是否都在、都只有一次，各节点是否"
			"一致") },
		{ "patience", OPTION_NUMBER, &demo->patience, 1, 3600,
		    "SECONDS",
		    speak("how long a node may be silent (20)",
			"节点可以多久没有应答（20）") },
		{ "seed", OPTION_NUMBER, &demo->seed, 0, INT32_MAX, "N",
		    speak("the luck of the acting staff", "人员的运气") },
		{ "seconds", OPTION_NUMBER, &demo->seconds, 1, SECONDS_MAX, "N",
		    speak("it ends after so long at the latest (90; with --day "
			  "only if said)",
			"最多进行多久（90；有 --day 时不限）") },
		{ "lang", OPTION_TEXT, &demo->lang, 0, 0, "zh|en",
		    speak("the language", "语言") },
		{ "help", OPTION_FLAG, &demo->wants_help, 0, 0, NULL,
		    speak("show this", "显示本说明") },
	};
	size_t count = sizeof(rows) / sizeof(*rows);

	memcpy(out, rows, sizeof(rows));
	return count;
}

static const char *as_it_is(const char *text)
{
	return text;
}

static void show_help(struct demo *demo)
{
	struct option_row rows[ROWS_MAX];
	size_t count = name_rows(rows, demo);

	printf("%s whistle-demo --complaints FILE [OPTION]...\n"
	       "       whistle-demo --check FILE [OPTION]...\n\n",
	    speak("usage:", "用法："));
	options_help(stdout, rows, count, as_it_is);
}

static int read_options(struct demo *demo, int argc, char **argv)
{
	struct option_row rows[ROWS_MAX];
	char message[256] = "";
	int words = 0;
	size_t count = name_rows(rows, demo);
	int rc = options_parse(&words, argv + 1, message, sizeof(message), rows,
	    count, argc - 1, argv + 1);

	if (!rc && !words && speak_set(demo->lang)) {
		if (demo->wants_help)
			show_help(demo);
		if (demo->wants_help || demo->complaints || demo->check)
			return 0;
	}
	fprintf(stderr, "whistle-demo: %s\n",
	    message[0]
		? message
		: speak("try whistle-demo --help", "请看 whistle-demo --help"));
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
	if (rc)
		return complain(demo->home.path, rc);
	rc = staff_open(
	    &demo->staff, &demo->home, demo->org, demo->patience * 1000);
	return rc ? complain("keys/operators", rc) : 0;
}

static int open_hotline(struct demo *demo)
{
	struct hotline_config config = {
		.home = &demo->home,
		.org = demo->org,
		.complaints = demo->complaints,
		.http = demo->http,
		.day_ms = demo->day * 1000,
		.patience_ms = demo->patience * 1000,
		.record = demo->lines,
	};

	return hotline_open(&demo->play.hotline, &config);
}

static int open_play(struct demo *demo)
{
	struct play *play = &demo->play;
	int64_t seconds = demo->seconds;
	int rc = record_open(&demo->lines, demo->record);

	if (rc)
		return complain(demo->record ? demo->record : "--record", rc);
	if (!seconds)
		seconds = demo->day ? SECONDS_MAX : SECONDS;
	*play = (struct play){
		.stage = { demo->staff, demo->org, demo->catalogue, demo->lines,
		    demo->seed },
		.limit_ms = seconds * 1000,
		.patience_ms = demo->patience * 1000,
		.must_stop = &must_stop,
		.is_evening = &is_evening,
	};
	rc = open_hotline(demo);
	if (!rc)
		rc = staff_supervisor(&play->eye, demo->staff, NULL);
	if (rc)
		return rc;
	struct cases_watcher watcher = { hotline_has, NULL, play->hotline };
	return cases_open(&play->cases, &watcher);
}

/* A day is nobody's first look at a city: there is no story to be shown. */
static int finish(struct demo *demo)
{
	struct hotline_tally tally;
	int rc = 0;

	hotline_state(&tally, demo->play.hotline);
	if (tally.refused)
		printf(speak("%zu complaints were refused by the gateway.\n",
			   "网关拒收 %zu 件。\n"),
		    tally.refused);
	if (demo->play.given_up)
		printf(speak("%zu deeds were refused and left at that.\n",
			   "有 %zu 次操作被拒绝。\n"),
		    demo->play.given_up);
	if (!demo->day)
		rc = story_note(&demo->home, &demo->play.cases, demo->staff);
	return rc ? complain("demo.done", rc) : 0;
}

static int perform(struct demo *demo)
{
	int rc = open_play(demo);

	if (!rc)
		rc = play_all(&demo->play);
	if (!rc && !must_stop)
		rc = finish(demo);
	return rc;
}

static int close_all(struct demo *demo)
{
	hotline_close(&demo->play.hotline);
	cases_close(&demo->play.cases);
	client_close(&demo->play.eye);
	staff_close(&demo->staff);
	catalogue_close(&demo->catalogue);
	org_close(&demo->org);
	int rc = record_close(&demo->lines);
	return rc ? complain("--record", rc) : 0;
}

int main(int argc, char **argv)
{
	struct demo demo = { .seed = 20261121, .patience = 20 };
	int rc, closed;

	if (read_options(&demo, argc, argv))
		return EXIT_USAGE;
	if (demo.wants_help)
		return 0;
	catch_signals();
	rc = read_city(&demo);
	if (!rc)
		rc = demo.check ? proof(demo.staff, demo.org, demo.check,
				      demo.patience * 1000)
				: perform(&demo);
	closed = close_all(&demo);
	return rc || closed || must_stop ? EXIT_FAILED : 0;
}
