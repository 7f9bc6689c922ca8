#include "engine/daemon_inside.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include "base/log.h"
#include "base/options.h"
#include "engine/repair.h"

enum {
	EXIT_USAGE = 2,
	TURN_WAIT_MS = 1000,
	SIDE_WAIT_MS = 20,
	SIDE_DRAIN_MS = 5000,
	REPAIRS_MAX = 3,
};

static volatile sig_atomic_t must_stop, must_reload;

static void on_signal(int number)
{
	if (number == SIGHUP)
		must_reload = 1;
	else
		must_stop = 1;
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
}

/* The daemons speak English only: their reader is the engineer. */
static const char *as_it_is(const char *text)
{
	return text;
}

static int read_options(struct daemon *daemon, int argc, char **argv)
{
	const struct option_row rows[] = {
		{ "home", OPTION_TEXT, &daemon->home_option, 0, 0, "DIR",
		    "the city folder (default: $WHISTLE_HOME, then ./run)" },
		{ "node", OPTION_TEXT, &daemon->node_option, 0, 0, "NAME",
		    "which node of nodes.yaml this is (default: $WHISTLE_NODE, "
		    "then the only one of this level)" },
		{ "key", OPTION_TEXT, &daemon->key_option, 0, 0, "FILE",
		    "the node's key (default: $WHISTLE_KEY, then "
		    "HOME/keys/nodes/NODE.key)" },
		{ "listen", OPTION_TEXT, &daemon->listen_option, 0, 0,
		    "ENDPOINT",
		    "where to listen (default: $WHISTLE_LISTEN, then the "
		    "node's endpoint)" },
		{ "store", OPTION_TEXT, &daemon->store_option, 0, 0, "DIR",
		    "where the store is (default: $WHISTLE_STORE, then "
		    "HOME/data/NODE)" },
		{ "store-limit-mib", OPTION_NUMBER, &daemon->store_limit_mib, 1,
		    16 * 1024 * 1024, "N", "the store grows no larger" },
		{ "reserve-mib", OPTION_NUMBER, &daemon->reserve_mib, 0,
		    1024 * 1024, "N",
		    "with less room than this no new tickets are taken" },
		{ "repair", OPTION_FLAG, &daemon->wants_repair, 0, 0, NULL,
		    "make the store whole again, and end" },
		{ "split-from", OPTION_TEXT, &daemon->split_option, 0, 0, "DIR",
		    "make the store of what is this node's in that of the node "
		    "that it was a part of, and end" },
		{ "help", OPTION_FLAG, &daemon->wants_help, 0, 0, NULL,
		    "show this" },
		{ "version", OPTION_FLAG, &daemon->wants_version, 0, 0, NULL,
		    "show the version" },
	};
	size_t count = sizeof(rows) / sizeof(*rows);
	char message[256];
	int words = 0;

	if (options_parse(&words, argv + 1, message, sizeof(message), rows,
		count, argc - 1, argv + 1) ||
	    words > 0) {
		fprintf(stderr, "%s: %s\n", daemon->level->daemon,
		    words > 0 ? "takes no words, only options" : message);
		return EXIT_USAGE;
	}
	if (daemon->wants_help) {
		printf("usage: %s [OPTION]...\n\n", daemon->level->daemon);
		options_help(stdout, rows, count, as_it_is);
	}
	if (daemon->wants_version)
		printf("%s %s\n", daemon->level->daemon, WHISTLE_VERSION);
	return 0;
}

/* An option that was not given is what the environment says, if it does. */
static void read_environment(struct daemon *daemon)
{
	const struct {
		const char **option;
		const char *name;
	} rows[] = {
		{ &daemon->node_option, "WHISTLE_NODE" },
		{ &daemon->key_option, "WHISTLE_KEY" },
		{ &daemon->listen_option, "WHISTLE_LISTEN" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *value = getenv(rows[i].name);
		if (!*rows[i].option && value && value[0])
			*rows[i].option = value;
	}
}

static int reload(struct daemon *daemon)
{
	int rc = 0;

	if (!engine_reload(daemon->engine)) {
		daemon_allow(daemon);
		daemon_expect(daemon);
		daemon_follow(daemon);
		rc = daemon_rekey(daemon);
	}
	if (daemon->side)
		daemon->side->reload(daemon->side_state);
	return rc;
}

/* What has been taken in is finished first: who waits for an answer gets
 * it from an engine that still decides. */
static int drain_side(struct daemon *daemon)
{
	struct clock clock = clock_system();
	int64_t since_ms = clock_now_ms(&clock);
	int rc = 0;

	while (
	    !rc && daemon->side && !daemon->side->drain(daemon->side_state)) {
		int64_t now_ms = clock_now_ms(&clock);
		if (now_ms < since_ms || now_ms - since_ms > SIDE_DRAIN_MS)
			break;
		rc = engine_turn(daemon->engine, SIDE_WAIT_MS);
	}
	return rc;
}

/* ERR_CORRUPT: it is to be repaired, and started again. */
static int run(struct daemon *daemon)
{
	int rc = 0;

	daemon_expect(daemon);
	sd_notify(0, "READY=1");
	while (!rc && !must_stop) {
		rc = engine_turn(daemon->engine, TURN_WAIT_MS);
		if (!rc)
			sd_notify(0, "WATCHDOG=1");
		daemon_watch_door(daemon);
		if (engine_wants_reload(daemon->engine))
			must_reload = 1;
		if (!rc && must_reload) {
			must_reload = 0;
			rc = reload(daemon);
		}
	}
	if (rc == ERR_CORRUPT && !must_stop)
		return rc;
	sd_notify(0, "STOPPING=1");
	if (!rc)
		rc = drain_side(daemon);
	while (!rc && !engine_drain(daemon->engine))
		rc = engine_turn(daemon->engine, TURN_WAIT_MS / 10);
	if (rc)
		log_line(LOG_ERROR, "state=stopped problem=\"%s\" do=\"%s\"",
		    err_text(rc),
		    rc == ERR_COMMIT
			? "start again: the store says what became of it"
			: "look at the disk, then start again");
	else
		log_line(LOG_INFO, "state=stopped");
	return rc;
}

/*
 * Damage that was met while it ran is repaired as often as it may be chance:
 * a disk that damages more than that is to be looked at.
 */
static bool may_repair(const struct daemon *daemon, int rc, unsigned repairs)
{
	if (rc != ERR_CORRUPT || must_stop)
		return false;
	if (repairs < REPAIRS_MAX && !repair_want(daemon->store_dir)) {
		log_line(LOG_ERROR, "store=damaged action=repairing");
		return true;
	}
	log_line(LOG_ERROR, "state=stopped problem=\"%s\" do=\"%s\"",
	    err_text(rc), "look at the disk, then 'whistle store repair'");
	return false;
}

static int start_and_run(
    struct daemon *daemon, const struct level *const *levels)
{
	unsigned repairs = 0;
	int code, rc;

	do {
		rc = 0;
		code = daemon_start(daemon, levels);
		if (!code && !daemon->wants_repair && !daemon->split_option)
			rc = run(daemon);
		daemon_finish(daemon);
		/* the node's own name is gone with the city */
		log_setup(daemon->level->daemon, LOG_INFO);
	} while (!code && may_repair(daemon, rc, repairs++));
	return rc ? EXIT_FAILED : code;
}

/* As many connections as the system lets us have: a child or an operator
 * takes one each. */
static void raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int daemon_main(const struct level *level, const struct level *const *levels,
    const struct daemon_side *side, int argc, char **argv)
{
	struct daemon daemon = {
		.level = level,
		.side = side,
		.store_limit_mib = 64 * 1024,
		.reserve_mib = 64,
	};
	int code = read_options(&daemon, argc, argv);

	if (code || daemon.wants_help || daemon.wants_version)
		return code;
	read_environment(&daemon);
	umask(077);
	raise_descriptors();
	log_setup(level->daemon, LOG_INFO);
	catch_signals();
	return start_and_run(&daemon, levels);
}
