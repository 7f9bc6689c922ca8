#include "kit/tree.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ASK_MS = 60000, LOOK_US = 50000, WORDS = 24 };

static struct tree *running;

static void tree_fail(const char *what)
{
	for (size_t i = 0; running && i < running->count; i++)
		if (running->nodes[i].pid > 0)
			kill(running->nodes[i].pid, SIGKILL);
	bench_fail(what);
}

static pid_t run_quietly(char *const *argv, const char *log)
{
	pid_t parent = getpid(), pid = fork();

	if (pid == 0) {
		int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(127);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
		execv(argv[0], argv);
		_exit(127);
	}
	if (pid < 0)
		tree_fail("fork");
	return pid;
}

double tree_command(const struct tree *tree, const char *const *words)
{
	char program[BENCH_PATH * 2], log[BENCH_PATH * 2];
	char *argv[WORDS] = { program, NULL };
	int status, count = 1;
	int64_t start_us = bench_now_us();

	snprintf(program, sizeof(program), "%s/whistle", tree->bin);
	snprintf(log, sizeof(log), "%s/commands.log", tree->dir);
	while (*words && count + 1 < WORDS)
		argv[count++] = (char *)(uintptr_t)*words++;
	pid_t pid = run_quietly(argv, log);
	if (waitpid(pid, &status, 0) != pid || status != 0) {
		fprintf(stderr, "see %s\n", log);
		tree_fail(argv[2]);
	}
	return (double)(bench_now_us() - start_us) / 1000;
}

/* One city, two districts of two streets of three communities. */
static void make_up(const char *path)
{
	FILE *file = fopen(path, "w");

	if (!file)
		tree_fail("cannot write a list of divisions");
	fprintf(file, "code,name\n9901,试验市\n");
	for (int d = 1; d <= 2; d++) {
		fprintf(file, "9901%02d,试验%d区\n", d, d);
		for (int s = 1; s <= 2; s++) {
			fprintf(file, "9901%02d%03d,第%d%d街道\n", d, s, d, s);
			for (int c = 1; c <= 3; c++)
				fprintf(file, "9901%02d%03d%03d,第%d%d%d社区\n",
				    d, s, c, d, s, c);
		}
	}
	if (fclose(file))
		tree_fail("cannot write a list of divisions");
}

static void draft(const struct tree *tree, const struct tree_wish *wish)
{
	char made_up[BENCH_PATH * 2], from[BENCH_PATH * 2],
	    home[BENCH_PATH * 2];
	char grids[32], port[32];
	const char *words[WORDS] = { "city", "draft", from, "--like",
		SOURCE_DIR "/deploy/cities/ezhou", "--grids", grids,
		"--divisions", wish->divisions ? wish->divisions : made_up };
	size_t count = 9;

	snprintf(made_up, sizeof(made_up), "%s/divisions.csv", tree->dir);
	snprintf(from, sizeof(from), "%s/from", tree->dir);
	snprintf(home, sizeof(home), "%s/home", tree->dir);
	snprintf(grids, sizeof(grids), "%lld", (long long)wish->grids);
	snprintf(port, sizeof(port), "%lld", (long long)wish->port);
	if (!wish->divisions)
		make_up(made_up);
	if (wish->split) {
		words[count++] = "--split";
		words[count++] = wish->split;
	}
	if (wish->grid_operators)
		words[count++] = "--grid-operators";
	printf(
	    "%-34s %10.2f s\n", "city draft", tree_command(tree, words) / 1000);
	const char *init[] = { "city", "init", home, "--from", from, "--port",
		port, NULL };
	printf("%-34s %10.2f s\n", "city init (keys)",
	    tree_command(tree, init) / 1000);
	const char *check[] = { "city", "check", home, NULL };
	printf(
	    "%-34s %10.2f s\n", "city check", tree_command(tree, check) / 1000);
}

void tree_make(struct tree *tree, const struct tree_wish *wish)
{
	struct report report = { 0 };
	char home[BENCH_PATH * 2];

	memset(tree, 0, sizeof(*tree));
	ssize_t len = readlink("/proc/self/exe", tree->bin, BENCH_PATH - 16);
	tree->bin[len < 0 ? 0 : len] = '\0';
	strcpy(strrchr(tree->bin, '/'), "/../bin");
	snprintf(tree->dir, sizeof(tree->dir), "/tmp/whistle-bench-XXXXXX");
	if (!mkdtemp(tree->dir))
		tree_fail("cannot make a folder in /tmp");
	running = tree;
	draft(tree, wish);
	snprintf(home, sizeof(home), "%s/home", tree->dir);
	if (home_find(&tree->home, home) ||
	    org_load(&tree->org, &report, home, ORG_NEEDS_KEYS))
		tree_fail("the bench's city does not load");
	report_free(&report);
	tree->count = org_node_count(tree->org);
	tree->nodes = calloc(tree->count, sizeof(*tree->nodes));
	if (!tree->nodes)
		tree_fail("no memory");
	for (size_t i = 0; i < tree->count; i++)
		tree->nodes[i].node = org_node_at(tree->org, i);
}

static void start_one(const struct tree *tree, struct tree_node *at)
{
	char program[BENCH_PATH * 2], log[BENCH_PATH * 2];
	const struct node *node = at->node;

	snprintf(program, sizeof(program), "%s/%sd", tree->bin,
	    strcmp(node->level, "hotline") ? node->level : "gateway");
	snprintf(
	    log, sizeof(log), "%s/log/%s.log", tree->home.path, node->name);
	at->pid = run_quietly(
	    (char *[]){ program, "--home", (char *)(uintptr_t)tree->home.path,
		"--node", (char *)(uintptr_t)node->name, NULL },
	    log);
	if (client_open(&at->client, &tree->home, tree->org, "admin", node))
		tree_fail("cannot open a client");
}

void tree_status(struct wire_status *status_out, struct tree_node *node)
{
	struct wire_request request = { .kind = ASK_STATUS };
	struct wire_reply reply;

	request.id = client_id(node->client);
	if (client_ask(&reply, node->client, &request, ASK_MS) ||
	    !reply.has_body) {
		fprintf(stderr, "%s: ", node->node->name);
		tree_fail("a node does not answer");
	}
	*status_out = reply.status;
}

static bool is_up(struct tree_node *node)
{
	struct wire_status status;

	tree_status(&status, node);
	bool up = !strcmp(status.state, "running");
	for (size_t i = 0; i < status.link_count; i++)
		up = up && status.links[i].up;
	return up;
}

void tree_start(struct tree *tree)
{
	for (size_t i = 0; i < tree->count; i++)
		start_one(tree, &tree->nodes[i]);
	for (size_t i = 0; i < tree->count; i++)
		while (!is_up(&tree->nodes[i]))
			usleep(LOOK_US);
}

struct tree_node *tree_node(struct tree *tree, const char *name)
{
	for (size_t i = 0; i < tree->count; i++)
		if (!strcmp(tree->nodes[i].node->name, name))
			return &tree->nodes[i];
	tree_fail(name);
	return NULL;
}

void tree_settle(struct tree *tree)
{
	uint64_t before = UINT64_MAX;

	for (;;) {
		uint64_t events = 0, outbox = 0;
		for (size_t i = 0; i < tree->count; i++) {
			struct wire_status status;
			tree_status(&status, &tree->nodes[i]);
			events += status.events;
			outbox += status.outbox;
		}
		if (outbox == 0 && events == before)
			return;
		before = outbox == 0 ? events : UINT64_MAX;
		usleep(LOOK_US);
	}
}

/* "Pss:", which has the store's pages that are in memory, or "Anonymous:",
 * which has not. */
static long memory_kib(pid_t pid, const char *field)
{
	char path[64], line[256];
	size_t len = strlen(field);
	long kib = 0;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, field, len))
			kib = strtol(line + len, NULL, 10);
	if (file)
		fclose(file);
	return kib;
}

void tree_size(struct tree_size *size, struct tree *tree)
{
	memset(size, 0, sizeof(*size));
	for (size_t i = 0; i < tree->count; i++) {
		struct wire_status status;
		long kib = memory_kib(tree->nodes[i].pid, "Anonymous:");
		tree_status(&status, &tree->nodes[i]);
		size->pss_kib += memory_kib(tree->nodes[i].pid, "Pss:");
		size->own_kib += kib;
		if (kib > size->worst_own_kib)
			size->worst_own_kib = kib;
		size->store_bytes += status.store_bytes;
		size->tickets += status.tickets;
		size->events += status.events;
	}
}

void tree_end(struct tree *tree)
{
	char program[] = "/bin/rm";
	int status;

	for (size_t i = 0; i < tree->count; i++) {
		client_close(&tree->nodes[i].client);
		kill(tree->nodes[i].pid, SIGTERM);
	}
	for (size_t i = 0; i < tree->count; i++)
		waitpid(tree->nodes[i].pid, &status, 0);
	running = NULL;
	org_close(&tree->org);
	free(tree->nodes);
	pid_t pid = run_quietly(
	    (char *[]){ program, (char[]){ "-rf" }, tree->dir, NULL },
	    "/dev/null");
	waitpid(pid, &status, 0);
}
