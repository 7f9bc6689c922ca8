/*
 * A node that lies: speaks the link protocol to a node with the key of one
 * of its children, in place of the real one, which must not be running.
 */
#ifndef WHISTLE_FLOW_PEER_H
#define WHISTLE_FLOW_PEER_H

#include "harness/city.h"

struct peer {
	struct net_client *net;
	struct arena *arena;
	const char *name; /* whose key it is */
	struct id store;  /* a made-up one */
	uint64_t session; /* of what we send */
	uint64_t their_session;
	uint64_t next; /* row to send */
	uint64_t acked;
	struct id their_store;
	/* What it says in its HELLOs that it has of theirs. */
	struct id claimed_store;
	uint64_t claimed;
	struct proof claimed_proof;
};

/* Connects, says HELLO and waits for the answer. */
void peer_open(
    struct peer *peer, struct city *city, const char *name, const char *to);
/* One row, and waits until it is acknowledged: whatever was to become of it
 * has become of it. */
void peer_send_row(struct peer *peer, const struct wire_row *row);
void peer_send_event(struct peer *peer, const struct event *event);
void peer_send_order(
    struct peer *peer, const struct command *command, const char *from);
/* Begins another session, as after a restart, and waits for the answer. */
void peer_again(struct peer *peer);
/* A row under that session and number, whatever is right; does not wait. */
void peer_send_as(struct peer *peer, uint64_t session, uint64_t number,
    const struct wire_row *row);
/* … and now all that was sent has been looked at. */
void peer_settle(struct peer *peer);
/* Any frame; does not wait. */
void peer_send_frame(struct peer *peer, const struct wire_frame *frame);
/* Bytes as they are; does not wait. */
void peer_send_bytes(struct peer *peer, struct bytes bytes);
void peer_close(struct peer *peer);

/* The event that would come next in a ticket's log, as `unit` would say it. */
void event_next(struct event *event_out, const struct ticket *ticket,
    enum verb verb, const char *unit);

#endif
