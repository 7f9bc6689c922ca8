/*
 * What the two halves of engine/daemon.h share: daemon.c has the options,
 * signals and loop, daemon_start.c what must be there before the first turn.
 */
#ifndef WHISTLE_ENGINE_DAEMON_INSIDE_H
#define WHISTLE_ENGINE_DAEMON_INSIDE_H

#include "client/client.h"
#include "engine/daemon.h"

enum { EXIT_FAILED = 5, PATH_SIZE = 1200 };

struct daemon {
	const struct level *level;
	const struct daemon_side *side;
	void *side_state;
	struct home home;
	const char *home_option, *node_option, *store_option;
	const char *key_option, *listen_option;
	int64_t store_limit_mib, reserve_mib;
	bool wants_help, wants_version, wants_repair;
	char store_dir[PATH_SIZE];
	struct net_key key;
	struct org *org;
	struct catalogue *catalogue;
	const struct node *node;
	struct store store;
	struct files *files;
	bool is_founding;
	struct net *net;
	/* as of the start, and as of the last call */
	const char *own_endpoint, *parent_endpoint;
	struct engine *engine;
};

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
/* Lets in whoever the city's files name now; the log says why not. */
void daemon_allow(struct daemon *daemon);
/* Goes where nodes.yaml has the parent now; the log says when this node
 * itself is to be elsewhere, which takes a restart. */
void daemon_follow(struct daemon *daemon);
/* Gives everything back, whatever daemon_start came to. */
void daemon_finish(struct daemon *daemon);

#endif
