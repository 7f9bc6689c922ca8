#include "harness/harness.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const copied[] = { "units.csv", "operators.csv",
	"catalogue.yaml", "calendar.yaml" };

/* The root first. */
static const struct city_node usual[CITY_NODES] = {
	{ "cityd", "city", "4207", NULL, NULL },
	{ "districtd", "district", "4207", NULL, NULL },
	{ "streetd", "street", "4207", NULL, NULL },
	{ "communityd", "community", "4207", NULL, NULL },
	{ "gridd", "grid", "4207", NULL, NULL },
	{ "gatewayd", "hotline", "4207-12345", NULL, NULL },
};

enum { OPEN_MAX = 16, PATHS = 128 };
static struct city *open_cities[OPEN_MAX];
static unsigned open_count;

/* WHISTLE_FLOW_ONLY=refuses_* runs the tests of that name alone. */
__attribute__((constructor)) static void choose_tests(void)
{
	const char *pattern = getenv("WHISTLE_FLOW_ONLY");

	if (pattern)
		cmocka_set_test_filter(pattern);
}

int free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(
	    bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	close(fd);
	return ntohs(address.sin_port);
}

static void write_node(
    FILE *file, const struct city *city, const struct city_node *node)
{
	char place[CITY_PATH + 64];

	snprintf(place, sizeof(place), "ipc://%s/%s", city->dir, node->name);
	fprintf(file,
	    "  - name: %s\n    level: %s\n    serves: [%s]\n"
	    "    endpoint: %s\n    public_key: \"\"\n",
	    node->name, node->level, node->serves,
	    node->endpoint ? node->endpoint : place);
	if (node->http)
		fprintf(file, "    http: %s\n", node->http);
	else if (!strcmp(node->level, "hotline"))
		fprintf(file, "    http: 127.0.0.1:%d\n", city->http_port);
}

static void write_nodes(
    const struct city *city, const struct city_node *nodes, size_t count)
{
	char path[CITY_PATH + 32];

	snprintf(path, sizeof(path), "%s/nodes.yaml", city->from);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "city: 鄂州市\nnodes:\n");
	for (size_t i = 0; i < count; i++)
		write_node(file, city, &nodes[i]);
	assert_int_equal(fclose(file), 0);
}

static void make_folders(struct city *city)
{
	const char *tmp = getenv("TMPDIR");

	memset(city, 0, sizeof(*city));
	assert_true(open_count < OPEN_MAX);
	open_cities[open_count++] = city;
	snprintf(city->dir, sizeof(city->dir), "%.40s/whistle-flow-XXXXXX",
	    tmp && tmp[0] ? tmp : "/tmp");
	assert_non_null(mkdtemp(city->dir));
	snprintf(city->from, sizeof(city->from), "%.200s/from", city->dir);
	snprintf(city->home.path, CITY_PATH, "%.200s/home", city->dir);
	assert_int_equal(mkdir(city->from, 0700), 0);
	city->http_port = free_port();
}

static void copy_files(const struct city *city, const char *folder)
{
	char from[2 * CITY_PATH], to[CITY_PATH + 32];

	for (size_t i = 0; i < sizeof(copied) / sizeof(*copied); i++) {
		snprintf(from, sizeof(from), "%s/%s", folder, copied[i]);
		snprintf(to, sizeof(to), "%s/%s", city->from, copied[i]);
		if (file_exists(from)) /* a calendar may be missing */
			file_copy(to, from);
	}
}

void city_prepare_with(
    struct city *city, const struct city_node *nodes, size_t count)
{
	assert_true(count <= CITY_NODES_MAX);
	make_folders(city);
	copy_files(city, SOURCE_DIR "/deploy/cities/ezhou");
	write_nodes(city, nodes, count);
	city->daemon_count = count;
	for (size_t i = 0; i < count; i++)
		city->daemons[i].name = nodes[i].name;
}

void city_prepare(struct city *city)
{
	city_prepare_with(city, usual, CITY_NODES);
}

void city_prepare_from(struct city *city, const char *folder)
{
	char from[2 * CITY_PATH], to[CITY_PATH + 32], port[16];

	make_folders(city);
	copy_files(city, folder);
	snprintf(from, sizeof(from), "%s/nodes.yaml", folder);
	snprintf(to, sizeof(to), "%s/nodes.yaml", city->from);
	file_copy(to, from);
	snprintf(port, sizeof(port), "%d", city->http_port);
	file_edit(to, "DIR", city->dir);
	file_edit(to, "PORT", port);
}

/* Those of nodes.yaml, the parents first, as it has them. */
static void name_daemons(struct city *city)
{
	size_t count = org_node_count(city->org);

	assert_true(count <= CITY_NODES_MAX);
	city->daemon_count = count;
	for (size_t i = 0; i < count; i++)
		city->daemons[i].name = org_node_at(city->org, i)->name;
}

void city_hire(const struct city *city, const char *login, const char *unit)
{
	char path[CITY_PATH + 32];
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "%s/operators.csv", city->from);
	char *text = file_read(&len, path);
	if (!strstr(text, login)) {
		file = fopen(path, "a");
		assert_non_null(file);
		fprintf(file, "%s,%s,worker,\n", login, unit);
		assert_int_equal(fclose(file), 0);
	}
	free(text);
}

void city_found(struct city *city)
{
	const char *argv[] = { BIN_DIR "/whistle", "city", "init",
		city->home.path, "--from", city->from, NULL };
	struct report report = { 0 };
	struct run run;

	run_program(&run, argv, PATIENCE_MS);
	if (run.code != 0)
		fail_msg("city init: %d %s", run.code, run_text(&run.err));
	run_free(&run);
	int rc = org_load(&city->org, &report, city->home.path, ORG_NEEDS_KEYS);
	report_print(&report, stderr);
	report_free(&report);
	assert_int_equal(rc, 0);
	if (!city->daemon_count)
		name_daemons(city);
}

void city_start(struct city *city)
{
	for (size_t i = 0; i < city->daemon_count; i++)
		daemon_start(city, city->daemons[i].name, NULL);
	city_wait_up(city);
}

void city_open(struct city *city)
{
	city_prepare(city);
	city_found(city);
	city_start(city);
}

const char *city_path(const struct city *city, const char *format, ...)
{
	static char texts[PATHS][2 * CITY_PATH];
	static unsigned next;
	char *text = texts[next++ % PATHS];
	int len = snprintf(text, CITY_PATH, "%.200s/", city->home.path);
	va_list list;

	va_start(list, format);
	vsnprintf(text + len, CITY_PATH, format, list);
	va_end(list);
	return text;
}

const char *city_log(const struct city *city, const char *node)
{
	return city_path(city, "log/%s.log", node);
}

/* ---- daemons ---- */

struct daemon *city_daemon(struct city *city, const char *node)
{
	for (size_t i = 0; i < city->daemon_count; i++)
		if (!strcmp(city->daemons[i].name, node))
			return &city->daemons[i];
	fail_msg("no node %s", node);
	return NULL;
}

static pid_t launch(
    struct city *city, const char *node, const char *const *options)
{
	const char *argv[ARGUMENTS_MAX] = { NULL, "--home", city->home.path,
		"--node", node };
	const char *level = org_node(city->org, node)->level;
	char binary[CITY_PATH];
	size_t count = 5;

	const struct daemon *daemon = city_daemon(city, node);

	snprintf(binary, sizeof(binary), "%.200s/%.20sd",
	    daemon->bin_dir ? daemon->bin_dir : BIN_DIR,
	    strcmp(level, "hotline") ? level : "gateway");
	argv[0] = binary;
	while (options && *options)
		argv[count++] = *options++;
	return process_start_in(argv, city_log(city, node), daemon->net_fd);
}

void daemon_start(
    struct city *city, const char *node, const char *const *options)
{
	struct daemon *daemon = city_daemon(city, node);

	assert_int_equal(daemon->pid, 0);
	daemon->pid = launch(city, node, options);
}

void daemon_signal(struct city *city, const char *node, int number)
{
	struct daemon *daemon = city_daemon(city, node);

	/* 0 would be all of us */
	if (daemon->pid <= 0)
		fail_msg("%s is not running", node);
	assert_int_equal(kill(daemon->pid, number), 0);
}

void daemon_kill(struct city *city, const char *node)
{
	struct daemon *daemon = city_daemon(city, node);

	daemon_signal(city, node, SIGKILL);
	if (!process_kill(daemon->pid))
		fail_msg("%s had ended before it was killed", node);
	daemon->pid = 0;
	daemon->kills++;
}

int daemon_stop(struct city *city, const char *node)
{
	struct daemon *daemon = city_daemon(city, node);

	daemon_signal(city, node, SIGTERM);
	int status = process_wait(daemon->pid, PATIENCE_MS);
	daemon->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int daemon_fails(
    struct city *city, const char *node, const char *const *options)
{
	int status = process_wait(launch(city, node, options), PATIENCE_MS);

	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* Daemons that the city still has are those of before. */
static void keep_daemons(
    struct city *city, const struct daemon *before, size_t count)
{
	memset(city->daemons, 0, sizeof(city->daemons));
	name_daemons(city);
	for (size_t i = 0; i < city->daemon_count; i++)
		for (size_t k = 0; k < count; k++) {
			const char *name = city->daemons[i].name;
			if (strcmp(before[k].name, name) != 0)
				continue;
			city->daemons[i] = before[k];
			city->daemons[i].name = name;
		}
}

void city_meet_again(struct city *city)
{
	struct daemon before[CITY_NODES_MAX];
	struct report report = { 0 };
	struct org *old = city->org;
	size_t count = city->daemon_count;

	memcpy(before, city->daemons, sizeof(before));
	for (unsigned i = 0; i < city->asker_count; i++)
		client_close(&city->askers[i].client);
	city->asker_count = 0;
	int rc = org_load(&city->org, &report, city->home.path, ORG_NEEDS_KEYS);
	report_print(&report, stderr);
	report_free(&report);
	assert_int_equal(rc, 0);
	keep_daemons(city, before, count);
	org_close(&old);
}

void city_stop(struct city *city)
{
	for (size_t i = 0; i < city->daemon_count; i++)
		if (city->daemons[i].pid)
			daemon_stop(city, city->daemons[i].name);
}

void city_check_alive(struct city *city)
{
	int status;

	for (size_t i = 0; i < city->daemon_count; i++)
		if (city->daemons[i].pid &&
		    !process_lives(&status, city->daemons[i].pid)) {
			city->daemons[i].pid = 0;
			fail_msg(
			    "%s has ended: %d", city->daemons[i].name, status);
		}
}

/* ---- the end ---- */

/* The last lines, without those of routine. */
static void show_log(const struct city *city, const char *node)
{
	enum { SHOWN_BYTES = 200 * 1000, LINES_MAX = 40 };
	size_t len, lines = 0;
	char *text = file_read(&len, city_log(city, node)), *rest;
	char *line =
	    text && len > SHOWN_BYTES ? text + len - SHOWN_BYTES : text;

	fprintf(stderr, "---- %s.log\n", node);
	for (line = line ? strtok_r(line, "\n", &rest) : NULL;
	     line && lines < LINES_MAX; line = strtok_r(NULL, "\n", &rest)) {
		if (strstr(line, " info ") && strstr(line, " ticket="))
			continue;
		fprintf(stderr, "%s\n", line);
		lines++;
	}
	free(text);
}

static void forget(const struct city *city)
{
	for (unsigned i = 0; i < open_count; i++)
		if (open_cities[i] == city)
			open_cities[i] = open_cities[--open_count];
}

void city_close(struct city *city)
{
	for (unsigned i = 0; i < city->asker_count; i++)
		client_close(&city->askers[i].client);
	for (size_t i = 0; i < city->daemon_count; i++)
		if (city->daemons[i].pid)
			process_kill(city->daemons[i].pid);
	if (city->org)
		org_close(&city->org);
	if (getenv("WHISTLE_FLOW_KEEP"))
		fprintf(stderr, "kept: %s\n", city->dir);
	else
		folder_remove(city->dir);
	forget(city);
	memset(city, 0, sizeof(*city));
}

int flow_end(int failed)
{
	while (open_count > 0) {
		struct city *city = open_cities[0];
		for (size_t i = 0; failed && i < city->daemon_count; i++)
			show_log(city, city->daemons[i].name);
		city_close(city);
	}
	return failed;
}
