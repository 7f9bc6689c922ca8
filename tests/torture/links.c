#include "links.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "harness/harness.h"

enum {
	CONNS_MAX = 512,
	PIECE_BYTES = 64 * 1024,
	SLOW_MS = 120,
	IDLE_MS = 20,
};

/* One direction of a connection. */
struct pipe {
	int from, to;
	uint8_t *bytes;
	size_t at, len;
	int64_t since_ms; /* when the piece came */
};

struct conn {
	size_t child, node;
	struct pipe up, down;
};

struct links {
	struct city *city;
	pthread_t thread;
	atomic_bool must_end;
	int doors[CITY_NODES_MAX];
	atomic_int modes[CITY_NODES_MAX + 1][CITY_NODES_MAX];
	/* since it was last set */
	atomic_bool felt[CITY_NODES_MAX + 1][CITY_NODES_MAX];
	struct conn conns[CONNS_MAX];
	size_t conn_count;
	atomic_uint cut, held, slowed, torn;
};

static struct sockaddr_un address_of(
    const struct city *city, size_t node, const char *end)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "%.60s/%s%s",
	    city->dir, city->daemons[node].name, end);
	return address;
}

static int open_door(const struct city *city, size_t node)
{
	struct sockaddr_un address = address_of(city, node, "");
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	assert_int_equal(
	    bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 64), 0);
	return fd;
}

static enum way_mode mode_of(const struct links *links, const struct conn *conn)
{
	return (enum way_mode)atomic_load(
	    &links->modes[conn->child][conn->node]);
}

/* Once each time that a way is set. */
static void feel(
    struct links *links, const struct conn *conn, atomic_uint *count)
{
	if (!atomic_exchange(&links->felt[conn->child][conn->node], true))
		atomic_fetch_add(count, 1);
}

/* ---- one connection ---- */

/* A daemon, or LINKS_PEOPLE. */
static size_t who_is(const struct city *city, int fd)
{
	struct ucred other;
	socklen_t len = sizeof(other);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &other, &len))
		return LINKS_PEOPLE;
	for (size_t i = 0; i < city->daemon_count; i++)
		if (__atomic_load_n(&city->daemons[i].pid, __ATOMIC_RELAXED) ==
		    other.pid)
			return i;
	return LINKS_PEOPLE;
}

static int reach(const struct city *city, size_t node)
{
	struct sockaddr_un address = address_of(city, node, ".own");
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd >= 0 &&
	    connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static void pipe_open(struct pipe *pipe, int from, int to)
{
	*pipe = (struct pipe){ .from = from, .to = to };
	pipe->bytes = malloc(PIECE_BYTES);
	if (!pipe->bytes)
		abort();
}

static void take_one(struct links *links, size_t node)
{
	int fd = accept4(
	    links->doors[node], NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct conn *conn = &links->conns[links->conn_count];
	int own;

	if (fd < 0)
		return;
	*conn = (struct conn){ who_is(links->city, fd), node, { 0 }, { 0 } };
	if (mode_of(links, conn) == WAY_CUT) {
		feel(links, conn, &links->cut);
		close(fd);
		return;
	}
	own = links->conn_count < CONNS_MAX ? reach(links->city, node) : -1;
	if (own < 0) {
		close(fd);
		return;
	}
	pipe_open(&conn->up, fd, own);
	pipe_open(&conn->down, own, fd);
	links->conn_count++;
}

static void conn_end(struct links *links, size_t at)
{
	struct conn *conn = &links->conns[at];

	close(conn->up.from);
	close(conn->up.to);
	free(conn->up.bytes);
	free(conn->down.bytes);
	*conn = links->conns[--links->conn_count];
}

static bool may_move(enum way_mode mode, bool is_up)
{
	return mode == WAY_OPEN || mode == WAY_SLOW || mode == WAY_TEAR ||
	       (mode == WAY_UP && is_up) || (mode == WAY_DOWN && !is_up);
}

/* False when the connection has ended. */
static bool fill(struct pipe *pipe)
{
	ssize_t got;

	if (pipe->len)
		return true;
	got = read(pipe->from, pipe->bytes, PIECE_BYTES);
	if (got < 0)
		return errno == EAGAIN || errno == EINTR;
	pipe->at = 0;
	pipe->len = (size_t)got;
	pipe->since_ms = now_ms();
	return got > 0;
}

static bool drain(struct pipe *pipe)
{
	ssize_t sent;

	if (!pipe->len)
		return true;
	sent = send(pipe->to, pipe->bytes + pipe->at, pipe->len, MSG_NOSIGNAL);
	if (sent < 0)
		return errno == EAGAIN || errno == EINTR;
	pipe->at += (size_t)sent;
	pipe->len -= (size_t)sent;
	return true;
}

/* False when the connection has ended, or is to. */
static bool move(
    struct links *links, struct conn *conn, struct pipe *pipe, bool is_up)
{
	enum way_mode mode = mode_of(links, conn);
	int whole = WAY_TEAR;

	if (!fill(pipe))
		return false;
	if (!may_move(mode, is_up)) {
		if (pipe->len)
			feel(links, conn, &links->held);
		return true;
	}
	if (mode == WAY_SLOW && pipe->len) {
		feel(links, conn, &links->slowed);
		if (now_ms() - pipe->since_ms < SLOW_MS)
			return true;
	}
	if (mode == WAY_TEAR && pipe->len > 1 &&
	    atomic_compare_exchange_strong(
		&links->modes[conn->child][conn->node], &whole, WAY_OPEN)) {
		pipe->len /= 2;
		drain(pipe);
		atomic_fetch_add(&links->torn, 1);
		return false;
	}
	return drain(pipe);
}

static void serve(struct links *links)
{
	for (size_t i = 0; i < links->conn_count;) {
		struct conn *conn = &links->conns[i];
		bool lives = mode_of(links, conn) != WAY_CUT;

		if (!lives)
			feel(links, conn, &links->cut);
		lives = lives && move(links, conn, &conn->up, true) &&
			move(links, conn, &conn->down, false);
		if (lives)
			i++;
		else
			conn_end(links, i);
	}
}

/* ---- the thread ---- */

static void wait_for(struct links *links)
{
	struct pollfd fds[CITY_NODES_MAX + 2 * CONNS_MAX];
	nfds_t count = 0;

	for (size_t i = 0; i < links->city->daemon_count; i++)
		fds[count++] = (struct pollfd){ links->doors[i], POLLIN, 0 };
	for (size_t i = 0; i < links->conn_count; i++) {
		const struct conn *conn = &links->conns[i];
		/* what is full waits to be sent, and for its mode to change */
		if (!conn->up.len)
			fds[count++] =
			    (struct pollfd){ conn->up.from, POLLIN, 0 };
		if (!conn->down.len)
			fds[count++] =
			    (struct pollfd){ conn->down.from, POLLIN, 0 };
	}
	poll(fds, count, IDLE_MS);
	for (size_t i = 0; i < links->city->daemon_count; i++)
		if (fds[i].revents & POLLIN)
			take_one(links, i);
}

static void *run(void *context)
{
	struct links *links = context;

	while (!atomic_load(&links->must_end)) {
		wait_for(links);
		serve(links);
	}
	return NULL;
}

void links_open(struct links **links_out, struct city *city)
{
	struct links *links = calloc(1, sizeof(*links));

	assert_non_null(links);
	links->city = city;
	for (size_t i = 0; i < city->daemon_count; i++)
		links->doors[i] = open_door(city, i);
	assert_int_equal(pthread_create(&links->thread, NULL, run, links), 0);
	*links_out = links;
}

void links_close(struct links **links)
{
	struct links *old = *links;

	if (!old)
		return;
	atomic_store(&old->must_end, true);
	pthread_join(old->thread, NULL);
	while (old->conn_count)
		conn_end(old, 0);
	for (size_t i = 0; i < old->city->daemon_count; i++)
		close(old->doors[i]);
	free(old);
	*links = NULL;
}

void links_set(
    struct links *links, size_t child, size_t node, enum way_mode mode)
{
	atomic_store(&links->felt[child][node], false);
	atomic_store(&links->modes[child][node], (int)mode);
}

void links_heal(struct links *links)
{
	for (size_t i = 0; i <= CITY_NODES_MAX; i++)
		for (size_t k = 0; k < CITY_NODES_MAX; k++)
			atomic_store(&links->modes[i][k], WAY_OPEN);
}

struct way_effects links_effects(const struct links *links)
{
	return (struct way_effects){
		.cut = atomic_load(&links->cut),
		.held = atomic_load(&links->held),
		.slowed = atomic_load(&links->slowed),
		.torn = atomic_load(&links->torn),
	};
}
