/*
 * Tickets from a grid up to the city through the five real daemons: CURVE
 * on, every acknowledgement after its sync. Two cases: as many as fit, and
 * 50 a second. Prints tickets a second, latency, disk and memory, beside
 * what one synced write costs on the same disk in the same run.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/options.h"
#include "client/client.h"

enum {
	DAEMONS = 5,
	WINDOW = 4096,
	ASK_MS = 10000,
	WARM_SECONDS = 2,
	LOW_RATE = 50,
	SAMPLES_MAX = 100000,
	PATH_SIZE = 1024,
};

static const char *const daemons[DAEMONS] = { "cityd", "districtd", "streetd",
	"communityd", "gridd" };

struct bench {
	char dir[PATH_SIZE];
	char bin[PATH_SIZE];
	pid_t pids[DAEMONS];
	struct home home;
	struct org *org;
	struct client *worker; /* opens at the grid */
	struct client *admin;  /* looks at the city */
	int64_t port;
	int64_t seconds;
	uint64_t sent, answered;
};

static void fail(const char *what)
{
	fprintf(stderr, "chain: %s\n", what);
	exit(1);
}

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void run_program(char *const argv[])
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execv(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		fail(argv[0]);
}

static pid_t start_daemon(const struct bench *bench, const char *name)
{
	char program[PATH_SIZE * 2], log[PATH_SIZE * 2];
	pid_t pid;

	snprintf(program, sizeof(program), "%s/%s", bench->bin, name);
	snprintf(log, sizeof(log), "%s/log/%s.log", bench->dir, name);
	pid = fork();
	if (pid == 0) {
		int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(fd, STDERR_FILENO);
		execl(program, program, "--home", bench->dir, (char *)NULL);
		_exit(127);
	}
	if (pid < 0)
		fail("fork");
	return pid;
}

static void make_city(struct bench *bench)
{
	char program[PATH_SIZE * 2], port[32];
	char from[] = SOURCE_DIR "/tests/bench/city";
	struct report report = { 0 };

	snprintf(bench->dir, sizeof(bench->dir), "/tmp/whistle-bench-XXXXXX");
	if (!mkdtemp(bench->dir))
		fail("cannot make a folder in /tmp");
	snprintf(program, sizeof(program), "%s/whistle", bench->bin);
	snprintf(port, sizeof(port), "%lld", (long long)bench->port);
	run_program((char *[]){ program, "city", "init", bench->dir, "--from",
	    from, "--port", port, NULL });
	if (home_find(&bench->home, bench->dir) ||
	    org_load(&bench->org, &report, bench->dir, ORG_NEEDS_KEYS))
		fail("the bench's city does not load");
	for (int i = 0; i < DAEMONS; i++)
		bench->pids[i] = start_daemon(bench, daemons[i]);
}

static struct client *client_for(
    struct bench *bench, const char *operator, const char * node)
{
	struct client *client = NULL;

	if (client_open(&client, &bench->home, bench->org, operator,
		org_node(bench->org, node)))
		fail("cannot open a client");
	return client;
}

static void ask_status(struct wire_status *status_out, struct client *client)
{
	struct wire_request request = { .kind = ASK_STATUS };
	struct wire_reply reply;

	if (client_ask(&reply, client, &request, ASK_MS) || !reply.has_body)
		fail("a node does not answer");
	*status_out = reply.status;
}

static void wait_until_running(struct bench *bench)
{
	struct wire_status status;

	for (int i = 0; i < DAEMONS; i++) {
		struct client *client = client_for(bench, "admin", daemons[i]);
		bool is_up = false;
		while (!is_up) {
			ask_status(&status, client);
			is_up = !strcmp(status.state, "running");
			for (size_t k = 0; k < status.link_count; k++)
				is_up = is_up && status.links[k].up;
			usleep(20000);
		}
		client_close(&client);
	}
}

static void send_one(struct bench *bench)
{
	struct wire_request request = { .kind = ASK_COMMAND };
	struct particulars *what = &request.command.what;

	request.id = client_id(bench->worker);
	request.command.verb = VERB_OPEN;
	particulars_clear(what);
	what->kind = KIND_APPEAL;
	what->source = SOURCE_PATROL;
	what->item = "bench.up";
	code_set(&what->place, "420704001001001");
	what->title = "凤凰社区第一网格楼道渗水";
	what->text = "三单元一楼楼道顶板渗水已有一周，雨天更厉害，墙皮大片"
		     "脱落，老人进出怕滑倒。网格员上门看过，怀疑是公共管道老"
		     "化，维修资金需要上级协调，请逐级上报。";
	what->address = "凤凰街道凤凰社区第一网格三单元";
	if (client_send(bench->worker, &request))
		usleep(1000);
	else
		bench->sent++;
}

static void take_replies(struct bench *bench, int timeout_ms)
{
	struct wire_reply reply;

	while (!client_take(&reply, bench->worker, timeout_ms)) {
		if (reply.result != RESULT_DONE)
			fail("a ticket was refused");
		bench->answered++;
		timeout_ms = 0;
	}
}

static uint64_t held_by_city(struct bench *bench)
{
	struct wire_status status;

	ask_status(&status, bench->admin);
	return status.held;
}

static void saturate(struct bench *bench)
{
	int64_t start_us = now_us(), from_us = 0, look_us = 0;
	int64_t end_us = start_us + (WARM_SECONDS + bench->seconds) * 1000000;
	uint64_t base = held_by_city(bench), from = 0, held = 0;

	bench->sent = bench->answered = 0;
	while (now_us() < end_us) {
		while (bench->sent - bench->answered < WINDOW &&
		       bench->sent - held < 4 * WINDOW)
			send_one(bench);
		take_replies(bench, 1);
		if (now_us() - look_us < 50000)
			continue;
		look_us = now_us();
		held = held_by_city(bench) - base;
		if (!from_us && look_us - start_us > WARM_SECONDS * 1000000) {
			from_us = look_us;
			from = held;
		}
	}
	held = held_by_city(bench) - base;
	printf("saturation   %8.0f tickets/s at the city, %llu in %lld s\n",
	    (double)(held - from) * 1e6 / (double)(now_us() - from_us),
	    (unsigned long long)(held - from), (long long)bench->seconds);
	for (int i = 0; i < 600 && held < bench->sent; i++) {
		take_replies(bench, 50);
		held = held_by_city(bench) - base;
	}
	printf("             %llu sent, %llu acknowledged, %llu at the city\n",
	    (unsigned long long)bench->sent,
	    (unsigned long long)bench->answered, (unsigned long long)held);
	if (held != bench->sent || bench->answered != bench->sent)
		fail("some did not arrive");
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* From sending to the city's commit, as seen by asking the city all the
 * time: up to a millisecond too much. */
static void at_low_rate(struct bench *bench)
{
	static int64_t samples[SAMPLES_MAX], births[SAMPLES_MAX];
	uint64_t base = held_by_city(bench), sent = 0, seen = 0;
	int64_t start_us = now_us();
	int64_t count = LOW_RATE * bench->seconds;

	while ((int64_t)seen < count) {
		int64_t due_us =
		    start_us + (int64_t)sent * (1000000 / LOW_RATE);
		if ((int64_t)sent < count && now_us() >= due_us) {
			births[sent++] = now_us();
			send_one(bench);
		}
		take_replies(bench, 0);
		uint64_t held = held_by_city(bench) - base;
		for (; seen < held; seen++)
			samples[seen] = now_us() - births[seen];
		if (seen == sent)
			usleep(500);
	}
	while (bench->answered < bench->sent)
		take_replies(bench, 50);
	qsort(samples, seen, sizeof(*samples), by_size);
	printf("at %d/s      p50 %.1f ms, p99 %.1f ms, worst %.1f ms\n",
	    LOW_RATE, (double)samples[seen / 2] / 1000,
	    (double)samples[seen * 99 / 100] / 1000,
	    (double)samples[seen - 1] / 1000);
}

static long memory_kib(pid_t pid, const char *field)
{
	char path[64], line[256];
	long kib = -1;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, field, strlen(field)))
			kib = strtol(line + strlen(field) + 1, NULL, 10);
	if (file)
		fclose(file);
	return kib;
}

static double cpu_seconds(pid_t pid)
{
	char path[64], text[1024];
	unsigned long user = 0, system = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	FILE *file = fopen(path, "r");
	size_t len = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
	if (file)
		fclose(file);
	text[len] = 0;
	char *at = strrchr(text, ')');
	if (at)
		sscanf(at + 1,
		    " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
		    "%lu %lu",
		    &user, &system);
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static void print_costs(struct bench *bench)
{
	printf("%-12s %10s %12s %9s %9s %8s\n", "daemon", "B/ticket",
	    "private MiB", "commits", "events/c", "cpu s");
	for (int i = 0; i < DAEMONS; i++) {
		struct client *client = client_for(bench, "admin", daemons[i]);
		struct wire_status status;
		ask_status(&status, client);
		printf("%-12s %10.0f %12.1f %9llu %9.1f %8.1f\n", daemons[i],
		    (double)status.store_bytes / (double)status.tickets,
		    (double)memory_kib(bench->pids[i], "RssAnon:") / 1024,
		    (unsigned long long)status.commits,
		    (double)status.events / (double)status.commits,
		    cpu_seconds(bench->pids[i]));
		client_close(&client);
	}
}

/* What the disk charges for one synced 4 KiB write. */
static void print_yardstick(const struct bench *bench)
{
	char path[PATH_SIZE * 2], block[4096] = { 1 };
	enum { WRITES = 500 };

	snprintf(path, sizeof(path), "%s/yardstick", bench->dir);
	int fd = open(path, O_CREAT | O_RDWR, 0600);
	int64_t start_us = now_us();
	for (int i = 0; i < WRITES; i++)
		if (pwrite(fd, block, sizeof(block), 0) < 0 || fdatasync(fd))
			fail("the disk does not sync");
	printf("yardstick    one synced 4 KiB write %.2f ms\n",
	    (double)(now_us() - start_us) / 1000 / WRITES);
	close(fd);
}

static void clean_up(struct bench *bench)
{
	int status;

	client_close(&bench->worker);
	client_close(&bench->admin);
	org_close(&bench->org);
	for (int i = DAEMONS - 1; i >= 0; i--) {
		kill(bench->pids[i], SIGTERM);
		waitpid(bench->pids[i], &status, 0);
	}
	run_program((char *[]){ "/bin/rm", "-rf", bench->dir, NULL });
}

int main(int argc, char **argv)
{
	struct bench bench = { .port = 9701, .seconds = 10 };
	struct option_row rows[] = {
		{ "seconds", OPTION_NUMBER, &bench.seconds, 1, 600, "N",
		    "how long each case runs" },
		{ "port", OPTION_NUMBER, &bench.port, 1024, 60000, "N",
		    "the first of the ports used" },
	};
	char message[256];
	int words = 0;

	if (options_parse(&words, argv + 1, message, sizeof(message), rows, 2,
		argc - 1, argv + 1))
		fail(message);
	ssize_t len = readlink("/proc/self/exe", bench.bin, PATH_SIZE - 1);
	bench.bin[len < 0 ? 0 : len] = 0;
	strcpy(strrchr(bench.bin, '/'), "/../bin");
	make_city(&bench);
	wait_until_running(&bench);
	bench.worker = client_for(&bench, "worker", "gridd");
	bench.admin = client_for(&bench, "admin", "cityd");
	print_yardstick(&bench);
	/* first: what saturation leaves for the disk to write is no part of it */
	at_low_rate(&bench);
	saturate(&bench);
	print_costs(&bench);
	clean_up(&bench);
	return 0;
}
