/*
 * The common main of all daemons: options, keys, city folder, store, net,
 * signals, the loop. A daemon's own main is one call.
 */
#ifndef WHISTLE_ENGINE_DAEMON_H
#define WHISTLE_ENGINE_DAEMON_H

#include "engine/engine.h"

/* What it has to know; all borrowed, and there until it is stopped. */
struct daemon_side_config {
	const char *home;
	const char *store_dir; /* for what it keeps of its own */
	const struct org *org;
	const struct node *node;
	struct net *net;
	const char *door;
};

/* What a daemon may run beside its engine, in threads of its own that talk
 * to the engine through the local door like any operator. */
struct daemon_side {
	/* 0 or ERR_*, which ends the daemon; says why in the log. */
	int (*start)(void **side_out, const struct daemon_side_config *config);
	/* A reload was asked for. */
	void (*reload)(void *side);
	/* It is to take nothing new; said again and again, until it returns
	 * true because nothing is under way, or it has taken too long. The
	 * engine still answers. */
	bool (*drain)(void *side);
	void (*stop)(void *side);
};

/*
 * Exit code: 0 stopped by SIGTERM or SIGINT; 2 usage; 5 could not start or
 * had to stop, with one clear line in the log.
 */
int daemon_main(const struct level *level, const struct level *const *levels,
    const struct daemon_side *side, int argc, char **argv);

#endif
