#include "harness/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "harness/nets.h"

/*
 * Node N has 10.77.0.N+1 on its lo, or 10.77.1.N+1 when it has moved; "up"
 * is its wire to its parent, who calls the other end "dN"; "m" is its wire to
 * our desk, which is 10.78.0.1 and has the other ends as "mN". Nobody
 * forwards: a node's only ways are these.
 */
enum { SCRIPT = 32 * 1024, PLACES = 2, SAID = 4096 };
#define DESK "10.78.0.1"

static struct {
	int fds[CITY_NODES_MAX];
	int parents[CITY_NODES_MAX];
	unsigned places[CITY_NODES_MAX];
	unsigned count;
} nets;

static const char *const ip_batch[] = { "ip", "-batch", "-", NULL };
static const char *const nft_batch[] = { "nft", "-f", "-", NULL };

/* ---- programs in a network ---- */

static _Noreturn void become(
    const char *const *argv, int net_fd, int in, int out)
{
	dup2(in, STDIN_FILENO);
	if (out >= 0)
		dup2(out, STDOUT_FILENO);
	if (net_fd > 0 && setns(net_fd, CLONE_NEWNET) != 0)
		_exit(126);
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* `script` is less than a pipe holds; so is what it says, if asked for. */
static bool run_in(char said_out[SAID], int net_fd, const char *const *argv,
    const char *script)
{
	size_t len = strlen(script);
	int in[2], out[2], status = -1;

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	assert_int_equal(write(in[1], script, len), len);
	close(in[1]);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		become(argv, net_fd, in[0], said_out ? out[1] : -1);
	close(in[0]);
	close(out[1]);
	if (said_out) {
		ssize_t got, have = 0;
		while (have < SAID - 1 && (got = read(out[0], said_out + have,
					       (size_t)(SAID - 1 - have))) > 0)
			have += got;
		said_out[have] = '\0';
	}
	close(out[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void must_run(int net_fd, const char *const *argv, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

static void must_run(
    int net_fd, const char *const *argv, const char *format, ...)
{
	char script[SCRIPT];
	va_list list;

	va_start(list, format);
	vsnprintf(script, sizeof(script), format, list);
	va_end(list);
	if (!run_in(NULL, net_fd, argv, script))
		fail_msg("%s cannot do: %s", argv[0], script);
}

/* ---- leaving the machine's network ---- */

static bool write_map(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool is_written =
	    fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return is_written;
}

/* Whoever is not root is, in a world of users of its own. */
static bool become_root(void)
{
	char users[64], groups[64];

	if (geteuid() == 0)
		return true;
	snprintf(users, sizeof(users), "0 %u 1", geteuid());
	snprintf(groups, sizeof(groups), "0 %u 1", getegid());
	return unshare(CLONE_NEWUSER) == 0 &&
	       write_map("/proc/self/uid_map", users) &&
	       write_map("/proc/self/setgroups", "deny") &&
	       write_map("/proc/self/gid_map", groups);
}

bool nets_enter(void)
{
	const char *missing = NULL;

	if (!become_root() || unshare(CLONE_NEWNET) != 0)
		missing = "no namespaces of our own are allowed here";
	else if (!run_in(NULL, 0, ip_batch,
		     "link set dev lo up\n"
		     "link add v type veth peer name w\nlink del v\n"))
		missing = "ip (iproute2) cannot make a veth here";
	else if (!run_in(NULL, 0, nft_batch,
		     "table inet try {\nchain x {\ntype filter hook input "
		     "priority 0;\nnumgen random mod 100 < 1 counter "
		     "drop\n}\n}\ndelete table inet try\n"))
		missing = "nft (nftables) cannot filter here";
	if (missing)
		fprintf(stderr, "skipped: %s\n", missing);
	return !missing;
}

/* ---- networks ---- */

const char *nets_endpoint(unsigned index, unsigned place)
{
	static char texts[CITY_NODES_MAX][PLACES][48];

	snprintf(texts[index][place], sizeof(texts[index][place]),
	    "tcp://10.77.%u.%u:%d", place, index + 1, NETS_PORT);
	return texts[index][place];
}

const char *nets_http(unsigned index)
{
	static char text[48];

	snprintf(text, sizeof(text), "10.77.0.%u:%d", index + 1, NETS_PORT + 1);
	return text;
}

static int new_net(int ours)
{
	int fd;

	assert_int_equal(unshare(CLONE_NEWNET), 0);
	fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	assert_true(fd > 0);
	assert_int_equal(setns(ours, CLONE_NEWNET), 0);
	return fd;
}

static void wire_to_desk(unsigned node)
{
	long pid = (long)getpid();

	must_run(0, ip_batch,
	    "link add name m%u type veth peer name m netns /proc/%ld/fd/%d\n"
	    "link set dev m%u up\n"
	    "route add 10.77.0.%u/32 dev m%u\nroute add 10.77.1.%u/32 dev "
	    "m%u\n",
	    node, pid, nets.fds[node], node, node + 1, node, node + 1, node);
	must_run(nets.fds[node], ip_batch,
	    "link set dev lo up\nlink set dev m up\naddr add 10.77.0.%u/32 dev "
	    "lo\n"
	    "route add " DESK "/32 dev m\n",
	    node + 1);
}

static void route_up(unsigned node)
{
	unsigned parent = (unsigned)nets.parents[node];

	must_run(nets.fds[node], ip_batch,
	    "link set dev up up\nroute add 10.77.0.%u/32 dev up\n"
	    "route add 10.77.1.%u/32 dev up\n",
	    parent + 1, parent + 1);
}

static void wire_to_parent(unsigned node)
{
	unsigned parent = (unsigned)nets.parents[node];

	must_run(nets.fds[parent], ip_batch,
	    "link add name d%u type veth peer name up netns /proc/%ld/fd/%d\n"
	    "link set dev d%u up\nroute add 10.77.0.%u/32 dev d%u\n"
	    "route add 10.77.1.%u/32 dev d%u\n",
	    node, (long)getpid(), nets.fds[node], node, node + 1, node,
	    node + 1, node);
	route_up(node);
}

void nets_open(struct city *city, const int *parents)
{
	int ours = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	assert_true(ours > 0);
	nets.count = (unsigned)city->daemon_count;
	for (unsigned i = 0; i < nets.count; i++) {
		nets.fds[i] = new_net(ours);
		nets.parents[i] = parents[i];
		nets.places[i] = 0;
		city->daemons[i].net_fd = nets.fds[i];
	}
	close(ours);
	must_run(0, ip_batch, "addr add " DESK "/32 dev lo\n");
	for (unsigned i = 0; i < nets.count; i++) {
		wire_to_desk(i);
		if (parents[i] != NETS_PARENT_NONE)
			wire_to_parent(i);
	}
}

void nets_close(void)
{
	for (unsigned i = 0; i < nets.count; i++)
		close(nets.fds[i]);
	nets.count = 0;
}

/* ---- what befalls them ---- */

void nets_cut(unsigned node)
{
	must_run(nets.fds[node], ip_batch, "link set dev up down\n");
}

void nets_mend(unsigned node)
{
	route_up(node);
}

void nets_drop(unsigned node, enum nets_way way, unsigned percent)
{
	char some[64] = "";

	must_run(nets.fds[node], nft_batch, "flush ruleset\n");
	if (percent == 0)
		return;
	if (percent < 100)
		snprintf(
		    some, sizeof(some), "numgen random mod 100 < %u", percent);
	must_run(nets.fds[node], nft_batch,
	    "table inet faults {\n"
	    "chain up { type filter hook output priority 0;\n"
	    "%s %s %s counter drop\n}\n"
	    "chain down { type filter hook input priority 0;\n"
	    "%s %s %s counter drop\n}\n"
	    "}\n",
	    "oifname", way & NETS_UP ? "up" : "none", some, "iifname",
	    way & NETS_DOWN ? "up" : "none", some);
}

uint64_t nets_dropped(unsigned node, enum nets_way way)
{
	const char *const list[] = { "nft", "list", "chain", "inet", "faults",
		way == NETS_UP ? "up" : "down", NULL };
	char said[SAID];

	if (!run_in(said, nets.fds[node], list, ""))
		return 0;
	const char *packets = strstr(said, "counter packets ");
	return packets ? strtoull(packets + 16, NULL, 10) : 0;
}

void nets_move(unsigned node, unsigned place)
{
	must_run(nets.fds[node], ip_batch,
	    "addr add 10.77.%u.%u/32 dev lo\naddr del 10.77.%u.%u/32 dev lo\n",
	    place, node + 1, nets.places[node], node + 1);
	nets.places[node] = place;
}
