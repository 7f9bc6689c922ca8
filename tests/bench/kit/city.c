#include "kit/city.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ASK_MS = 500, TRIES = 60 };

static struct bench_city *running;

void bench_fail(const char *what)
{
	fprintf(stderr, "bench: %s\n", what);
	for (size_t i = 0; running && i < running->count; i++)
		kill(running->pids[i], SIGKILL);
	exit(1);
}

int64_t bench_now_us(void)
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
		bench_fail(argv[0]);
}

static void find_programs(struct bench_city *city)
{
	ssize_t len = readlink("/proc/self/exe", city->bin, BENCH_PATH - 16);

	city->bin[len < 0 ? 0 : len] = '\0';
	if (!strrchr(city->bin, '/'))
		bench_fail("where am I?");
	strcpy(strrchr(city->bin, '/'), "/../bin");
}

void bench_city_make(struct bench_city *city, int64_t port)
{
	char program[BENCH_PATH * 2], text[32];
	char from[] = SOURCE_DIR "/deploy/cities/ezhou";
	struct report report = { 0 };

	memset(city, 0, sizeof(*city));
	running = city;
	find_programs(city);
	snprintf(city->dir, sizeof(city->dir), "/tmp/whistle-bench-XXXXXX");
	if (!mkdtemp(city->dir))
		bench_fail("cannot make a folder in /tmp");
	snprintf(program, sizeof(program), "%s/whistle", city->bin);
	snprintf(text, sizeof(text), "%lld", (long long)port);
	run_program((char *[]){ program, "city", "init", city->dir, "--from",
	    from, "--port", text, NULL });
	if (home_find(&city->home, city->dir) ||
	    org_load(&city->org, &report, city->dir, ORG_NEEDS_KEYS))
		bench_fail("the bench's city does not load");
	report_free(&report);
}

static pid_t start_daemon(const struct bench_city *city, const char *name)
{
	char program[BENCH_PATH * 2], log[BENCH_PATH * 2];
	pid_t pid;

	snprintf(program, sizeof(program), "%s/%s", city->bin, name);
	snprintf(log, sizeof(log), "%s/log/%s.log", city->dir, name);
	pid = fork();
	if (pid == 0) {
		int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(fd, STDERR_FILENO);
		execl(program, program, "--home", city->dir, (char *)NULL);
		_exit(127);
	}
	if (pid < 0)
		bench_fail("fork");
	return pid;
}

static void wait_until_running(struct bench_city *city, const char *name)
{
	struct wire_request request = { .kind = ASK_STATUS };
	struct client *client = NULL;
	struct wire_reply reply;

	if (client_open(&client, &city->home, city->org, "admin",
		org_node(city->org, name)))
		bench_fail("cannot open a client");
	for (int i = 0; i < TRIES; i++) {
		request.id = client_id(client);
		if (!client_ask(&reply, client, &request, ASK_MS) &&
		    reply.has_body && !strcmp(reply.status.state, "running")) {
			client_close(&client);
			return;
		}
	}
	bench_fail("a daemon does not run: see its log");
}

void bench_city_start(struct bench_city *city, const char *name)
{
	city->names[city->count] = name;
	city->pids[city->count++] = start_daemon(city, name);
	wait_until_running(city, name);
}

void bench_city_end(struct bench_city *city)
{
	int status;

	while (city->count > 0) {
		pid_t pid = city->pids[--city->count];
		kill(pid, SIGTERM);
		waitpid(pid, &status, 0);
	}
	org_close(&city->org);
	run_program((char *[]){ "/bin/rm", "-rf", city->dir, NULL });
}

static pid_t pid_of(const struct bench_city *city, const char *name)
{
	for (size_t i = 0; i < city->count; i++)
		if (!strcmp(city->names[i], name))
			return city->pids[i];
	bench_fail("no such daemon");
	return -1;
}

static FILE *open_about(
    const struct bench_city *city, const char *name, const char *what)
{
	char path[64];
	FILE *file;

	snprintf(
	    path, sizeof(path), "/proc/%d/%s", (int)pid_of(city, name), what);
	file = fopen(path, "r");
	if (!file)
		bench_fail("a daemon has ended: see its log");
	return file;
}

long bench_memory_kib(const struct bench_city *city, const char *name)
{
	FILE *file = open_about(city, name, "status");
	char line[256];
	long kib = -1;

	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, "RssAnon:", 8))
			kib = strtol(line + 8, NULL, 10);
	fclose(file);
	return kib;
}

long bench_cpu_ms(const struct bench_city *city, const char *name)
{
	FILE *file = open_about(city, name, "stat");
	unsigned long user = 0, kernel = 0;

	if (fscanf(file,
		"%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
		"%lu %lu",
		&user, &kernel) != 2)
		bench_fail("what is in /proc?");
	fclose(file);
	return (long)(user + kernel) * 1000 / sysconf(_SC_CLK_TCK);
}
