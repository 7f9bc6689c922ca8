/*
 * What the two halves of engine/daemon.h share: daemon.c has the options,
 * signals and loop, daemon_start.c what must be there before the first turn.
 */
#ifndef WHISTLE_ENGINE_DAEMON_INSIDE_H
#define WHISTLE_ENGINE_DAEMON_INSIDE_H

#include "client/client.h"
#include "engine/daemon.h"

enum { EXIT_FAILED = 5, PATH_SIZE = 1200 };

/* The node's key, and those that it had, oldest first. */
struct own_keys {
	struct net_key key;
	struct net_key old[NODE_OLD_KEYS_MAX + NODE_RETIRED_KEYS_MAX];
	size_t old_count;
};

struct daemon {
	const struct level *level;
	const struct daemon_side *side;
	void *side_state;
	struct home home;
	const char *home_option, *node_option, *store_option;
	const char *key_option, *listen_option, *split_option;
	int64_t store_limit_mib, reserve_mib;
	bool wants_help, wants_version, wants_repair;
	char store_dir[PATH_SIZE];
	struct own_keys own;
	struct org *org;
	struct catalogue *catalogue;
	const struct node *node;
	struct store store;
	struct files *files;
	bool is_founding;
	struct net *net;
	/* as of the start, and as of the last call */
	const char *own_endpoint, *parent_endpoint;
	uint64_t strangers_said;
	struct engine *engine;
};

/* Why this daemon does not start: one sentence, with what to do. Returns
 * EXIT_FAILED. */
int daemon_reason(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* 0, or an exit code; why is in the log: one sentence, with what to do. */
int daemon_start(struct daemon *daemon, const struct level *const *levels);
/* What the engine gets of all that; the store, the files and the catalogue are
 * the engine's from then on. */
struct engine_config daemon_engine_config(
    const struct daemon *daemon, const struct level *const *levels);
/*
 * Makes a store anew in which damage was met. It, the files and the catalogue
 * are closed then, and to be opened again. 0 or ERR_*.
 */
int daemon_repair(struct daemon *daemon, const struct level *const *levels);
/* Fills the empty store of a node that was a part of another from that one's.
 * Like daemon_repair. */
int daemon_split(struct daemon *daemon, const struct level *const *levels);
/* Its key file and those of the keys that it had; 0 or an exit code. */
int daemon_read_keys(struct daemon *daemon);
/* What has been read is used, by engine and net. */
int daemon_use_keys(struct daemon *daemon);
/* Children, everybody with a key to the city, and we ourselves: whoever
 * watches over this daemon asks how it is by its own key. To be freed; NULL:
 * no memory. */
const char **daemon_allowed(size_t *count_out, const struct daemon *daemon);
/* The node's own keys, as the city's files name them now. Negative: nobody
 * can connect any more, and the daemon must stop. */
int daemon_rekey(struct daemon *daemon);
/* Lets in whoever the city's files name now; the log says why not. */
void daemon_allow(struct daemon *daemon);
/* Goes where nodes.yaml has the parent now; the log says when this node
 * itself is to be elsewhere, which takes a restart. */
void daemon_follow(struct daemon *daemon);
/* Tells the net where the children are, who find its door open while others
 * find it shut. */
void daemon_expect(struct daemon *daemon);
/* Says once a minute that there are too many strangers. */
void daemon_watch_door(struct daemon *daemon);
/* Gives everything back, whatever daemon_start came to. */
void daemon_finish(struct daemon *daemon);

#endif
