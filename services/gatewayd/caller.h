/*
 * Tells the hotline of every change of its tickets: reads the node's own
 * journal, keeps what is to be told in a queue on disk, and posts it, signed
 * like what the hotline sends, in order for each ticket, until it is taken.
 * A thread of its own: a hotline that does not answer slows nobody.
 */
#ifndef WHISTLE_GATEWAYD_CALLER_H
#define WHISTLE_GATEWAYD_CALLER_H

#include "gatewayd/call_config.h"
#include "gatewayd/call_queue.h"
#include "net/net.h"
#include "org/org.h"

struct caller;

/* What it has done; for people and for monitoring. */
struct caller_state {
	bool is_on;
	bool is_calm; /* the hotline does not answer; waits before the next */
	uint64_t taken, refused, failed, given_up;
	long last_status; /* of the last try; 0: no answer */
};

/* ERR_* as of call_config_load, kv_open and net_client_open_local; said in
 * the log. `folder` is the node's. */
int caller_open(struct caller **caller_out, const char *home,
    const char *folder, const struct org *org, struct net *net,
    const char *door);
/* Read hotline.yaml and the key again, soon; a bad one leaves the old. */
void caller_reload(struct caller *caller);
void caller_close(struct caller **caller);

/* From any thread. */
struct caller_state caller_state(struct caller *caller);
struct call_queue *caller_queue(struct caller *caller);

#endif
