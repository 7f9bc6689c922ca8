/*
 * A city of a test's own: the sample city's files in a fresh folder, keys
 * made by `whistle city init`, nodes on sockets in that folder, the gateway's
 * HTTP on a free port of the loopback.
 *
 *	city_prepare -> edit the files in city.from -> city_found -> city_start
 *
 * or city_open for all of it.
 */
#ifndef WHISTLE_FLOW_CITY_H
#define WHISTLE_FLOW_CITY_H

#include <stdbool.h>
#include <sys/types.h>
#include "client/client.h"

enum {
	CITY_PATH = 256,
	CITY_NODES = 6, /* unless a test has nodes of its own */
	CITY_NODES_MAX = 32,
	CITY_CLIENTS = 96,
};

/* How long a daemon may take to come up, to settle, to end. Only a broken
 * one ever takes so long. */
enum { PATIENCE_MS = 60 * 1000 };

struct daemon {
	const char *name; /* of the node; the level's word and "d" run it */
	pid_t pid;	  /* 0: not running */
	unsigned kills;
	int net_fd;	     /* of the network it runs in; 0: ours */
	const char *bin_dir; /* of another build; NULL: of this one */
};

/* A node of a test's own. */
struct city_node {
	const char *name, *level;
	const char *serves;   /* codes with commas */
	const char *endpoint; /* NULL: a socket in the city's folder */
	const char *http;     /* of a gateway; NULL: the loopback */
};

struct asker {
	const char *operator;
	const struct node *node;
	struct client *client;
};

struct city {
	char dir[CITY_PATH];  /* everything of this city */
	char from[CITY_PATH]; /* what it is made of */
	struct home home;
	int http_port;
	struct org *org; /* once founded */
	struct daemon daemons[CITY_NODES_MAX];
	size_t daemon_count;
	struct asker askers[CITY_CLIENTS];
	unsigned asker_count;
};

void city_prepare(struct city *city);
/* … of the files of another folder, with all that city_found needs. In its
 * nodes.yaml DIR is the city's own folder and PORT that of its HTTP. */
void city_prepare_from(struct city *city, const char *folder);
/* With these nodes, the root first; their texts outlive the city. */
void city_prepare_with(
    struct city *city, const struct city_node *nodes, size_t count);
void city_found(struct city *city);
/* Before that: a worker of `unit` more, unless the city's files have him. */
void city_hire(const struct city *city, const char *login, const char *unit);
/* All daemons, and waits until they run and their links are up. */
void city_start(struct city *city);
void city_open(struct city *city);
/* Ends what runs and removes the folder. */
void city_close(struct city *city);
/*
 * For the end of main: closes the cities that a failed test left open, shows
 * their logs, and returns `failed`. WHISTLE_FLOW_KEEP=1 keeps the folders.
 */
int flow_end(int failed);

struct daemon *city_daemon(struct city *city, const char *node);
/* As it is started by hand; `options` (NULL: none) ends with NULL. */
void daemon_start(
    struct city *city, const char *node, const char *const *options);
/* Fails the test unless it is running. */
void daemon_signal(struct city *city, const char *node, int number);
/* SIGKILL; fails the test unless it was alive. */
void daemon_kill(struct city *city, const char *node);
/* Reads the city's files again, and asks everybody where it is now. */
void city_meet_again(struct city *city);
/* SIGTERM; returns the exit code. */
int daemon_stop(struct city *city, const char *node);
/* Runs one that is expected to end by itself; returns the exit code. Its
 * words are in the log. */
int daemon_fails(
    struct city *city, const char *node, const char *const *options);
void city_stop(struct city *city);
/* Fails the test when a daemon has ended that nobody ended. */
void city_check_alive(struct city *city);

/* DIR/NAME of the city's home; static storage, of the last hundred
 * or so. */
const char *city_path(const struct city *city, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
const char *city_log(const struct city *city, const char *node);
/* Waits until a node's log has said `text` (more than `before` times). */
void city_wait_log(const struct city *city, const char *node, const char *text,
    unsigned before);

/* Waits until the node answers and is `state`. */
void city_wait_state(struct city *city, const char *node, const char *state);
/* Waits until all nodes are running and all links up. */
void city_wait_up(struct city *city);
/* … and nothing is on its way any more. */
void city_wait_quiet(struct city *city);

/* A port of the loopback that nobody has. */
int free_port(void);

#endif
