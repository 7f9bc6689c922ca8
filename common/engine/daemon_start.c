/* What a daemon needs before its first turn, and how it ends. */
#include "engine/daemon_inside.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "engine/repair.h"

int daemon_reason(const char *format, ...)
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

/* Whoever reads a log line or a page does so in the city. */
static void take_zone(const struct calendar *calendar)
{
	if (calendar)
		time_zone_default(calendar_zone_minutes(calendar));
}

static int read_city(struct daemon *daemon)
{
	struct report report = { 0 };
	int rc;

	if (home_find(&daemon->home, daemon->home_option))
		return daemon_reason("no city here: %s holds no units.csv; say "
				     "--home DIR, or make a city with 'whistle "
				     "city init'",
		    daemon->home.path[0] ? daemon->home.path : "./run");
	rc = org_load(&daemon->org, &report, daemon->home.path, ORG_NEEDS_KEYS);
	if (!rc)
		rc = catalogue_load(&daemon->catalogue, &report,
		    daemon->home.path, daemon->org);
	if (!rc)
		take_zone(catalogue_calendar(daemon->catalogue));
	if (rc) {
		report_print(&report, stderr);
		daemon_reason("the city folder %s has %zu problems (above); "
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
		return daemon_reason(
		    "nodes.yaml has %zu nodes of level %s: say "
		    "which with --node NAME",
		    found, level);
	return daemon_reason("nodes.yaml has no node%s%s of level %s",
	    daemon->node_option ? " " : "",
	    daemon->node_option ? daemon->node_option : "", level);
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
		home_store_dir(daemon->store_dir, PATH_SIZE, &daemon->home,
		    daemon->node->name);
	daemon->is_founding = has_founding_mark(dir);
	int rc = store_open(&daemon->store, dir, &config, daemon->node->name,
	    &maker, clock_now_ms(&clock));
	switch (rc) {
	case 0:
		return 0;
	case ERR_BUSY:
		return daemon_reason(
		    "another process has the store %s; stop it "
		    "first",
		    dir);
	case ERR_ACCESS:
		return daemon_reason("the store folder %s cannot be written by "
				     "this user",
		    dir);
	case ERR_NOT_FOUND:
		return daemon_reason("the folder above the store %s does not "
				     "exist",
		    dir);
	case ERR_FULL:
		return daemon_reason("no room for the store %s: free some of "
				     "its disk, or raise --store-limit-mib",
		    dir);
	case ERR_VERSION:
		return daemon_reason("the store %s was made by a newer version "
				     "or for another node; it was not touched",
		    dir);
	case ERR_CORRUPT:
		return daemon_reason(
		    "the store %s is damaged; move it away and "
		    "the neighbours give back what they share",
		    dir);
	default:
		return daemon_reason(
		    "the store %s cannot be opened: %s", dir, err_text(rc));
	}
}

/* Before anything is said or taken: what this program cannot read must not
 * reach it, and what the city has begun to write it writes for good. */
static int check_speaks(const struct daemon *daemon)
{
	unsigned says = org_speaks(daemon->org);
	struct kv_txn *txn = NULL;
	uint32_t spoken;
	int rc = kv_begin(&txn, daemon->store.kv, false);

	if (!rc)
		rc = store_spoken(&spoken, txn);
	kv_abort(&txn);
	if (rc)
		return daemon_reason("the store %s cannot be read: %s",
		    daemon->store_dir, err_text(rc));
	switch (speaks_problem(daemon->org, spoken)) {
	case SPEAKS_UNREADABLE:
		return daemon_reason("the city writes in version %u of the "
				     "wire (speaks: in nodes.yaml), and this "
				     "program reads up to %u; install the "
				     "newer program",
		    says, wire_versions.newest);
	case SPEAKS_TOO_LITTLE:
		return daemon_reason(
		    "nodes.yaml says speaks: %u, and the store "
		    "%s has what was written in version %u; "
		    "the city does not go back: say speaks: "
		    "%u again",
		    says, daemon->store_dir, spoken, spoken);
	default:
		return 0;
	}
}

static int open_files(struct daemon *daemon)
{
	char dir[PATH_SIZE + 16];

	snprintf(dir, sizeof(dir), "%s/files", daemon->store_dir);
	int rc = files_open(&daemon->files, dir);
	if (!rc)
		return 0;
	return daemon_reason(
	    "the folder of files %s cannot be used: %s", dir, err_text(rc));
}

/* Damage was met in it when it was last used. */
static int repair(struct daemon *daemon, const struct level *const *levels)
{
	struct report report = { 0 };
	int rc = daemon_repair(daemon, levels);

	if (rc)
		return daemon_reason(
		    "the store %s is damaged, and could not be "
		    "repaired: %s; try 'whistle store repair', "
		    "or move it away and the neighbours give "
		    "back what they share",
		    daemon->store_dir, err_text(rc));
	rc = catalogue_load(
	    &daemon->catalogue, &report, daemon->home.path, daemon->org);
	report_free(&report);
	if (rc)
		return daemon_reason("the catalogue has just become bad; try "
				     "'whistle city check'");
	int code = open_store(daemon);
	return code ? code : open_files(daemon);
}

static int split(struct daemon *daemon, const struct level *const *levels)
{
	int rc = ERR_EXISTS;

	if (daemon->store.is_new)
		rc = daemon_split(daemon, levels);
	switch (rc) {
	case 0:
		return 0;
	case ERR_EXISTS:
		return daemon_reason(
		    "%s holds a store already", daemon->store_dir);
	case ERR_NOT_FOUND:
		return daemon_reason("%s holds no store, or nodes.yaml does "
				     "not say what %s was a part of",
		    daemon->split_option, daemon->node->name);
	case ERR_VERSION:
		return daemon_reason("the store in %s is not that of the node "
				     "that %s was a part of",
		    daemon->split_option, daemon->node->name);
	case ERR_CORRUPT:
		return daemon_reason("the store in %s is damaged: 'whistle "
				     "store repair' it first",
		    daemon->split_option);
	default:
		return daemon_reason("the store of %s cannot be made: %s",
		    daemon->node->name, err_text(rc));
	}
}

static int open_net(struct daemon *daemon)
{
	const struct node *parent = daemon->node->parent;
	struct net_config config = {
		.endpoint = daemon->listen_option ? daemon->listen_option
						  : daemon->node->endpoint,
		.key = daemon->own.key,
		.parent_endpoint = parent ? parent->endpoint : NULL,
		.parent_key = parent ? parent->public_key : NULL,
		.local_name = daemon->side ? daemon->node->name : NULL,
	};
	const char **keys = daemon_allowed(&config.allowed_count, daemon);

	daemon->own_endpoint = daemon->node->endpoint;
	daemon->parent_endpoint = config.parent_endpoint;
	if (!keys)
		return daemon_reason("%s", err_text(ERR_NOMEM));
	config.allowed = keys;
	int rc = net_open(&daemon->net, &config);
	free(keys);
	switch (rc) {
	case 0:
		return 0;
	case ERR_BUSY:
		return daemon_reason("%s is taken by another process; stop it, "
				     "or change the endpoint in nodes.yaml",
		    config.endpoint);
	case ERR_ACCESS:
		return daemon_reason(
		    "%s may not be used by this user", config.endpoint);
	case ERR_INVALID:
		return daemon_reason("%s is no place to listen at; say "
				     "tcp://ADDRESS:PORT or ipc://PATH",
		    config.endpoint);
	default:
		return daemon_reason(
		    "%s cannot be opened: %s", config.endpoint, err_text(rc));
	}
}

struct engine_config daemon_engine_config(
    const struct daemon *daemon, const struct level *const *levels)
{
	return (struct engine_config){
		.city_dir = daemon->home.path,
		.node = daemon->node->name,
		.level = daemon->level,
		.levels = levels,
		.secret_key = daemon->own.key.secret_key,
		.org = daemon->org,
		.catalogue = daemon->catalogue,
		.store = daemon->store,
		.files = daemon->files,
		.is_founding = daemon->is_founding,
		.wants_news = daemon->side != NULL,
		.reserve_bytes = (uint64_t)daemon->reserve_mib << 20,
		.clock = clock_system(),
		.entropy = entropy_system(),
	};
}

static int open_engine(struct daemon *daemon, const struct level *const *levels)
{
	struct engine_config config = daemon_engine_config(daemon, levels);

	config.post = post_net(daemon->net);
	int rc = engine_open(&daemon->engine, &config);

	daemon->catalogue = NULL;
	daemon->store.kv = NULL;
	daemon->files = NULL;
	if (rc)
		return daemon_reason(
		    "the engine does not start: %s", err_text(rc));
	if (daemon->is_founding)
		take_founding_mark(daemon->store_dir);
	return daemon_use_keys(daemon)
		   ? daemon_reason("the node's keys cannot be used")
		   : 0;
}

static int start_side(struct daemon *daemon)
{
	const struct daemon_side_config config = {
		.home = daemon->home.path,
		.store_dir = daemon->store_dir,
		.org = daemon->org,
		.node = daemon->node,
		.net = daemon->net,
		.door = daemon->node->name,
	};

	return daemon->side->start(&daemon->side_state, &config) ? EXIT_FAILED
								 : 0;
}

int daemon_start(struct daemon *daemon, const struct level *const *levels)
{
	int code = read_city(daemon);

	if (!code)
		code = find_node(daemon);
	if (!code)
		log_setup(daemon->node->name, LOG_INFO);
	if (!code)
		code = daemon_read_keys(daemon);
	if (!code)
		code = open_store(daemon);
	if (!code)
		code = check_speaks(daemon);
	if (!code)
		code = open_files(daemon);
	if (!code &&
	    (daemon->wants_repair || repair_is_wanted(daemon->store_dir)))
		code = repair(daemon, levels);
	if (!code && daemon->split_option)
		code = split(daemon, levels);
	if (code || daemon->wants_repair || daemon->split_option)
		return code;
	code = open_net(daemon);
	if (!code)
		code = open_engine(daemon, levels);
	if (!code && daemon->side)
		code = start_side(daemon);
	if (!code)
		log_line(LOG_INFO, "state=started endpoint=%s pid=%ld",
		    daemon->node->endpoint, (long)getpid());
	return code;
}

void daemon_finish(struct daemon *daemon)
{
	if (daemon->side_state)
		daemon->side->stop(daemon->side_state);
	daemon->side_state = NULL;
	engine_close(&daemon->engine);
	net_close(&daemon->net);
	files_close(&daemon->files);
	store_close(&daemon->store);
	catalogue_close(&daemon->catalogue);
	org_close(&daemon->org);
	explicit_bzero(&daemon->own, sizeof(daemon->own));
}
