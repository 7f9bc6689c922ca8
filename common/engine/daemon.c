#include "engine/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/log.h"
#include "base/options.h"
#include "client/client.h"

enum {
	EXIT_USAGE = 2,
	EXIT_FAILED = 5,
	TURN_WAIT_MS = 1000,
	PATH_SIZE = 1200,
};

static volatile sig_atomic_t must_stop, must_reload;

struct daemon {
	const struct level *level;
	const struct daemon_side *side;
	void *side_state;
	struct home home;
	const char *home_option, *node_option, *store_option;
	int64_t store_limit_mib, reserve_mib;
	bool wants_help, wants_version;
	char store_dir[PATH_SIZE];
	struct net_key key;
	struct org *org;
	struct catalogue *catalogue;
	const struct node *node;
	struct store store;
	bool is_founding;
	struct net *net;
	struct engine *engine;
};

/* Why this daemon does not start: one sentence, with what to do. */
static int give_reason(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

static int give_reason(const char *format, ...)
{
	char text[2048], *c = text;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	for (; *c; c++)
		if (*c == '"')
			*c = '\'';
	log_line(LOG_ERROR, "start=failed problem=\"%s\"", text);
	return EXIT_FAILED;
}

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
		    "which node of nodes.yaml this is (default: the only one "
		    "of this level)" },
		{ "store", OPTION_TEXT, &daemon->store_option, 0, 0, "DIR",
		    "where the store is (default: HOME/data/NODE)" },
		{ "store-limit-mib", OPTION_NUMBER, &daemon->store_limit_mib, 1,
		    16 * 1024 * 1024, "N", "the store grows no larger" },
		{ "reserve-mib", OPTION_NUMBER, &daemon->reserve_mib, 0,
		    1024 * 1024, "N",
		    "with less room than this no new tickets are taken" },
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

static int read_city(struct daemon *daemon)
{
	struct report report = { 0 };
	int rc;

	if (home_find(&daemon->home, daemon->home_option))
		return give_reason("no city here: %s holds no units.csv; say "
				   "--home DIR, or make a city with 'whistle "
				   "city init'",
		    daemon->home.path[0] ? daemon->home.path : "./run");
	rc = org_load(&daemon->org, &report, daemon->home.path, ORG_NEEDS_KEYS);
	if (!rc)
		rc = catalogue_load(&daemon->catalogue, &report,
		    daemon->home.path, daemon->org);
	if (rc) {
		report_print(&report, stderr);
		give_reason("the city folder %s has %zu problems (above); "
			    "mend them and try 'whistle city check'",
		    daemon->home.path, report.count + report.dropped);
	}
	report_free(&report);
	return rc ? EXIT_FAILED : 0;
}

static int find_node(struct daemon *daemon)
{
	const char *level = daemon->level->level;
	size_t found = 0;

	for (size_t i = 0; i < org_node_count(daemon->org); i++) {
		const struct node *node = org_node_at(daemon->org, i);
		if (strcmp(node->level, level) != 0 ||
		    (daemon->node_option &&
			strcmp(node->name, daemon->node_option) != 0))
			continue;
		daemon->node = node;
		found++;
	}
	if (found == 1)
		return 0;
	if (found > 1)
		return give_reason("nodes.yaml has %zu nodes of level %s: say "
				   "which with --node NAME",
		    found, level);
	return give_reason("nodes.yaml has no node%s%s of level %s",
	    daemon->node_option ? " " : "",
	    daemon->node_option ? daemon->node_option : "", level);
}

static int read_key(struct daemon *daemon)
{
	char path[PATH_SIZE];

	home_node_key(path, sizeof(path), &daemon->home, daemon->node->name);
	switch (net_key_load(&daemon->key, path)) {
	case 0:
		break;
	case ERR_NOT_FOUND:
		return give_reason("the key file %s is missing; 'whistle city "
				   "init' makes the keys of a city",
		    path);
	case ERR_ACCESS:
		return give_reason("the key file %s must be readable by its "
				   "owner alone: chmod 600",
		    path);
	default:
		return give_reason("%s is not a key file", path);
	}
	if (strcmp(daemon->key.public_key, daemon->node->public_key) != 0)
		return give_reason("the key in %s is not the one that "
				   "nodes.yaml has for %s",
		    path, daemon->node->name);
	return 0;
}

/* Left by 'whistle city init' where the store is to be: it is the first. */
static bool take_founding_mark(const char *store_dir)
{
	char path[PATH_SIZE + 16];

	snprintf(path, sizeof(path), "%s/founding", store_dir);
	return unlink(path) == 0;
}

static bool has_founding_mark(const char *store_dir)
{
	char path[PATH_SIZE + 16];

	snprintf(path, sizeof(path), "%s/founding", store_dir);
	return access(path, F_OK) == 0;
}

static int open_store(struct daemon *daemon)
{
	struct id_maker maker = { .entropy = entropy_system() };
	struct clock clock = clock_system();
	struct kv_config config = {
		.limit_bytes = (uint64_t)daemon->store_limit_mib << 20,
	};
	const char *dir = daemon->store_dir;

	if (daemon->store_option)
		snprintf(
		    daemon->store_dir, PATH_SIZE, "%s", daemon->store_option);
	else
		snprintf(daemon->store_dir, PATH_SIZE, "%s/data/%s",
		    daemon->home.path, daemon->node->name);
	daemon->is_founding = has_founding_mark(dir);
	int rc = store_open(&daemon->store, dir, &config, daemon->node->name,
	    &maker, clock_now_ms(&clock));
	switch (rc) {
	case 0:
		return 0;
	case ERR_BUSY:
		return give_reason("another process has the store %s; stop it "
				   "first",
		    dir);
	case ERR_ACCESS:
		return give_reason("the store folder %s cannot be written by "
				   "this user",
		    dir);
	case ERR_NOT_FOUND:
		return give_reason("the folder above the store %s does not "
				   "exist",
		    dir);
	case ERR_FULL:
		return give_reason("no room for the store %s: free some of "
				   "its disk, or raise --store-limit-mib",
		    dir);
	case ERR_VERSION:
		return give_reason("the store %s was made by a newer version "
				   "or for another node; it was not touched",
		    dir);
	case ERR_CORRUPT:
		return give_reason("the store %s is damaged; move it away and "
				   "the neighbours give back what they share",
		    dir);
	default:
		return give_reason(
		    "the store %s cannot be opened: %s", dir, err_text(rc));
	}
}

/* Children, and everybody with a key to the city. */
static const char **allowed_keys(size_t *count_out, const struct daemon *daemon)
{
	size_t nodes = org_node_count(daemon->org);
	size_t operators = org_operator_count(daemon->org), count = 0;
	const char **keys = calloc(nodes + operators + 1, sizeof(*keys));

	for (size_t i = 0; keys && i < nodes; i++) {
		const struct node *node = org_node_at(daemon->org, i);
		if (node->parent == daemon->node)
			keys[count++] = node->public_key;
	}
	for (size_t i = 0; keys && i < operators; i++)
		keys[count++] = org_operator_at(daemon->org, i)->public_key;
	*count_out = count;
	return keys;
}

static int open_net(struct daemon *daemon)
{
	const struct node *parent = daemon->node->parent;
	struct net_config config = {
		.endpoint = daemon->node->endpoint,
		.key = daemon->key,
		.parent_endpoint = parent ? parent->endpoint : NULL,
		.parent_key = parent ? parent->public_key : NULL,
		.local_name = daemon->side ? daemon->node->name : NULL,
	};
	const char **keys = allowed_keys(&config.allowed_count, daemon);

	if (!keys)
		return give_reason("%s", err_text(ERR_NOMEM));
	config.allowed = keys;
	int rc = net_open(&daemon->net, &config);
	free(keys);
	switch (rc) {
	case 0:
		return 0;
	case ERR_BUSY:
		return give_reason("%s is taken by another process; stop it, "
				   "or change the endpoint in nodes.yaml",
		    config.endpoint);
	case ERR_ACCESS:
		return give_reason(
		    "%s may not be used by this user", config.endpoint);
	default:
		return give_reason(
		    "%s cannot be opened: %s", config.endpoint, err_text(rc));
	}
}

static int open_engine(struct daemon *daemon, const struct level *const *levels)
{
	struct engine_config config = {
		.city_dir = daemon->home.path,
		.node = daemon->node->name,
		.level = daemon->level,
		.levels = levels,
		.secret_key = daemon->key.secret_key,
		.org = daemon->org,
		.catalogue = daemon->catalogue,
		.store = daemon->store,
		.is_founding = daemon->is_founding,
		.reserve_bytes = (uint64_t)daemon->reserve_mib << 20,
		.clock = clock_system(),
		.entropy = entropy_system(),
		.post = post_net(daemon->net),
	};
	int rc = engine_open(&daemon->engine, &config);

	daemon->catalogue = NULL;
	daemon->store.kv = NULL;
	if (rc)
		return give_reason(
		    "the engine does not start: %s", err_text(rc));
	if (daemon->is_founding)
		take_founding_mark(daemon->store_dir);
	return 0;
}

static int start(struct daemon *daemon, const struct level *const *levels)
{
	int code = read_city(daemon);

	if (!code)
		code = find_node(daemon);
	if (!code)
		log_setup(daemon->node->name, LOG_INFO);
	if (!code)
		code = read_key(daemon);
	if (!code)
		code = open_store(daemon);
	if (!code)
		code = open_net(daemon);
	if (!code)
		code = open_engine(daemon, levels);
	if (!code && daemon->side &&
	    daemon->side->start(&daemon->side_state, daemon->home.path,
		daemon->org, daemon->node, daemon->net, daemon->node->name))
		code = EXIT_FAILED;
	if (!code)
		log_line(LOG_INFO, "state=started endpoint=%s pid=%ld",
		    daemon->node->endpoint, (long)getpid());
	return code;
}

static int run(struct daemon *daemon)
{
	int rc = 0;

	while (!rc && !must_stop) {
		rc = engine_turn(daemon->engine, TURN_WAIT_MS);
		if (engine_wants_reload(daemon->engine))
			must_reload = 1;
		if (!rc && must_reload) {
			must_reload = 0;
			engine_reload(daemon->engine);
			if (daemon->side)
				daemon->side->reload(daemon->side_state);
		}
	}
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
	return rc ? EXIT_FAILED : 0;
}

static void finish(struct daemon *daemon)
{
	if (daemon->side_state)
		daemon->side->stop(daemon->side_state);
	engine_close(&daemon->engine);
	net_close(&daemon->net);
	store_close(&daemon->store);
	catalogue_close(&daemon->catalogue);
	org_close(&daemon->org);
	explicit_bzero(&daemon->key, sizeof(daemon->key));
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
	umask(077);
	raise_descriptors();
	log_setup(level->daemon, LOG_INFO);
	catch_signals();
	code = start(&daemon, levels);
	if (!code)
		code = run(&daemon);
	finish(&daemon);
	return code;
}
