/*
 * The thread of the HTTP side: it waits for whatever comes first, a reply
 * of the engine, a byte of a client or the bell, and then lets libmicrohttpd
 * have its turn.
 */
#ifndef WHISTLE_GATEWAYD_LOOP_H
#define WHISTLE_GATEWAYD_LOOP_H

#include <stdatomic.h>
#include "gatewayd/gateway.h"

enum { FOLDER_BYTES = 1200 };

struct loop {
	struct gateway gateway;
	char home[FOLDER_BYTES];
	/* Raised by another thread, which then rings. */
	atomic_bool is_stopping, is_reloading, must_drain;
	atomic_bool is_drained; /* by this one: nothing is under way */
	int bell;		/* an eventfd */
	int ready; /* an epoll of the bell and of libmicrohttpd's own */
};

/* Opens bell and ready, for a gateway whose http is there. ERR_IO. */
int loop_open(struct loop *loop);
void loop_ring(struct loop *loop);
/* The keys and the catalogue as they are in the city's folder now; all or,
 * when something is wrong with one of them, none. Says what in the log. */
int loop_load(struct keys *keys_out, struct keys *api_keys_out,
    struct catalogue **catalogue_out, const struct loop *loop);
/* gateway.yaml, and what it names, as it is now: for a start. */
int loop_offer(struct loop *loop);
/* Until is_stopping is raised; then those who wait are told, and http is
 * stopped. Returns NULL; as a thread's function. */
void *loop_run(void *loop);
void loop_close(struct loop *loop);

/* libmicrohttpd's, of connections; the context is the gateway. */
enum MHD_Result loop_admit(
    void *context, const struct sockaddr *address, socklen_t len);
void loop_on_connection(void *context, struct MHD_Connection *connection,
    void **own, enum MHD_ConnectionNotificationCode what);

#endif
