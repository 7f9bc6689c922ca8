/*
 * People with keys who ask nodes over the operator protocol.
 */
#ifndef WHISTLE_FLOW_ASK_H
#define WHISTLE_FLOW_ASK_H

#include "harness/city.h"

/* Connected once, kept until the city closes. `node` NULL: the one that
 * serves the operator's unit. */
struct client *city_client(
    struct city *city, const char *operator_name, const char *node);

/* All strings "" and everything else zero. */
void request_clear(struct wire_request *request_out, enum ask_kind kind);

/* Asks and waits for the answer of whoever decides; fails the test when
 * there is none. The reply lives until the same asks again. */
void ask(struct wire_reply *reply_out, struct city *city,
    const char *operator_name, const char *node, struct wire_request *request);

/* A new wish. Set its verb's fields, then wish_do or wish_refused. */
struct wish {
	struct wire_request request;
	struct particulars *what; /* of the command */
};
void wish_start(struct wish *wish_out, enum verb verb, const struct id *ticket);
/* Must be done; returns the ticket. */
struct id wish_do(
    struct city *city, const char *operator_name, struct wish *wish);
/* Must be refused, and for that reason. `node` may be NULL. */
void wish_refused(struct city *city, const char *operator_name,
    const char *node, struct wish *wish, const char *refusal);

struct unit_code unit_code(const char *text);

/*
 * What a ticket is, folded by us from the log that a node shows, with each
 * event's hash checked. seq 0: the node does not know it.
 */
void see(struct ticket *ticket_out, struct city *city, const char *node,
    const struct id *ticket);
/* From the reply to a show. */
void see_reply(struct ticket *ticket_out, const struct wire_reply *reply);
/* Waits until the holder's node sees the ticket held there, in that state. */
void wait_held(struct city *city, const struct id *ticket, const char *holder,
    enum state state);

struct node_status {
	char state[16];
	char store[ID_TEXT];
	uint64_t tickets, held, outbox, events, store_bytes;
	unsigned links, links_down;
};
/* False when it does not answer soon. */
bool node_status(
    struct node_status *status_out, struct city *city, const char *node);

/* What the node has counted, of all units, as one hash. */
struct hash node_scores(struct city *city, const char *node);

#endif
