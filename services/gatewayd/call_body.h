/*
 * What a callback says: one event of a ticket. Pure. Never who called.
 */
#ifndef WHISTLE_GATEWAYD_CALL_BODY_H
#define WHISTLE_GATEWAYD_CALL_BODY_H

#include "gatewayd/call_queue.h"
#include "org/org.h"
#include "wire/wire.h"

/* The state of a ticket before an event, from its log so far. */
struct call_fold {
	enum state state;
	uint32_t next; /* the event that comes next; 0: none did yet */
};

/* Tells events apart of which one stands, or stood, in the other's place. */
uint64_t call_mark(const struct event *event, struct bytes bytes);

/*
 * Goes through one page of the log. When `call`'s event is in it, *text_out
 * is the JSON, malloc'd. ERR_NOT_FOUND: it is not in this page (nor in the
 * log, if another stands in its place), and
 * fold->state holds what the page did. ERR_INVALID, ERR_NOMEM.
 */
int call_body(char **text_out, struct call_fold *fold, const struct call *call,
    const struct wire_reply *shown, struct arena *arena, const struct org *org);

#endif
