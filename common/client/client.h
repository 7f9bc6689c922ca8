/*
 * A person's program asks a node: one request, one reply, with the retries
 * that make "no answer" safe (the same request id is one wish). Used by the
 * CLI, the import, the demo's staff and the benches. Also finds the city
 * folder, the operator's key and the node to ask.
 */
#ifndef WHISTLE_CLIENT_CLIENT_H
#define WHISTLE_CLIENT_CLIENT_H

#include "net/net.h"
#include "org/org.h"
#include "wire/wire.h"

struct client;

/* A city folder: HOME/units.csv … HOME/keys/operators/NAME.key,
 * HOME/keys/nodes/NAME.key, HOME/data/NODE/ (stores), HOME/log/. */
struct home {
	char path[1024];
};

/* `option` (--home), else $WHISTLE_HOME, else ./run. ERR_NOT_FOUND when it
 * holds no units.csv. */
int home_find(struct home *home_out, const char *option);
/* HOME/keys/operators/NAME.key */
void home_operator_key(char *path_out, size_t size, const struct home *home,
    const char *operator_name);
void home_node_key(char *path_out, size_t size, const struct home *home,
    const char *node_name);

/* Where the store of a node is that runs here: $WHISTLE_STORE, as its daemon
 * has it, else HOME/data/NAME. */
void home_store_dir(char *path_out, size_t size, const struct home *home,
    const char *node_name);

/* Opens a conversation of `operator` with `node`. ERR_NOT_FOUND,
 * ERR_ACCESS, ERR_INVALID: the operator's key file. `org` must live longer.
 */
int client_open(struct client **client_out, const struct home *home,
    const struct org *org, const char *operator_name, const struct node *node);

/*
 * Opens a conversation with `node` by its own key, in the file `key_path`,
 * which may ask for its status and for nothing else. Errors as above.
 */
int client_open_self(
    struct client **client_out, const char *key_path, const struct node *node);

/*
 * Asks and waits, sending again every second with the same id (a random one
 * when request->id is zero), up to `timeout_ms`. The reply lives until the
 * next call. ERR_TIMEOUT when the node did not answer; ERR_INVALID when what
 * it said makes no sense.
 */
int client_ask(struct wire_reply *reply_out, struct client *client,
    struct wire_request *request, int timeout_ms);

/* The log of a ticket that one answer does not hold. Zero-initialise. */
struct client_log {
	struct buf bytes;
	size_t *lengths;
	size_t count;
	struct bytes *events;
};

/*
 * client_ask for ASK_SHOW, again and again until the log is whole: the last
 * answer, with all events. They live in `log` or like the reply; free the
 * log after.
 */
int client_show(struct wire_reply *reply_out, struct client_log *log,
    struct client *client, struct wire_request *request, int timeout_ms);
void client_log_free(struct client_log *log);

/* For many at once: send without waiting, take replies as they come. The
 * reply lives until the next client_take. ERR_TIMEOUT. */
int client_send(struct client *client, const struct wire_request *request);
int client_take(
    struct wire_reply *reply_out, struct client *client, int timeout_ms);
/* A new request id. */
struct id client_id(struct client *client);
void client_close(struct client **client);

#endif
