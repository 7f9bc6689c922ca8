/*
 * Store-and-forward over one link. It numbers, sends within a window,
 * acknowledges after commit, starts again where the neighbour is, and
 * notices a neighbour (or itself) whose store is another one. It carries
 * rows and knows nothing of tickets: what a row loads, and what arriving
 * rows mean, are the caller's functions.
 *
 * Each side asks with a HELLO, which begins a session of what it sends, and
 * goes by the answer alone: the answer is younger than the question, so
 * nothing that was on its way before can be mistaken for it. Rows and
 * acknowledgements of any other session are not looked at.
 *
 * Nothing here sends. Frames to be sent are appended to a list by `emit`
 * and released by the caller once the transaction is durable.
 */
#ifndef WHISTLE_RELAY_LINK_H
#define WHISTLE_RELAY_LINK_H

#include "store/outbox.h"
#include "wire/wire.h"

enum {
	LINK_HELLO_MS = 1000,	/* say who we are this often until answered */
	LINK_PING_MS = 2000,	/* at most this long without a word */
	LINK_SILENT_MS = 10000, /* then the neighbour is down */
	LINK_RESEND_MS = 5000,	/* no progress on what was sent: again */
	LINK_TRIM_MS = 200,	/* acknowledged rows stay at most this long */
	LINK_FRAMES_MAX = 64,	/* in flight */
};

struct link {
	struct link_record record; /* as of the running transaction */
	bool is_dirty;		   /* record differs from the store */
	bool is_up;		   /* it has answered: we know where it is */
	bool is_asking;		   /* its answer is still to come */
	/* What the peer said that it speaks, 0 as long as it has not; and what
	 * the link does, 0: there is no version that both know. */
	uint32_t peer_oldest, peer_newest, version;
	/* In which version the city writes, by what the peer has read of it:
	 * another than ours, and the link is down as well. */
	uint32_t peer_speaks;
	bool must_ack;
	bool must_say_again;
	uint64_t session;      /* of what we send: our last question */
	uint64_t peer_session; /* of what we take: its last question */
	uint64_t sent;	       /* last row given out in this session */
	uint64_t acked;	       /* acknowledged; the rows go with the next
				  commit that there is a reason for */
	int64_t heard_ms, said_ms, hello_ms, progress_ms, trimmed_ms;
	/* what is in flight: the last row of each frame, and its size */
	struct {
		uint64_t last;
		size_t bytes;
	} frames[LINK_FRAMES_MAX];
	unsigned frame_first, frame_count;
	size_t flight_bytes;
};

/* What the engine lends to the relay. Each returns 0 or ERR_*. */
struct link_ops {
	/* The row as it goes on the wire; memory of the turn. */
	int (*load)(void *context, struct wire_row *row_out,
	    const struct outbox_row *row);
	/* One row has arrived, in order, never twice. ERR_BUSY: not now; it
	 * and what is behind it will be sent again. */
	int (*arrived)(
	    void *context, struct link *link, const struct wire_row *row);
	/* A frame about files, of a session that goes on. NULL: dropped. */
	int (*file)(
	    void *context, struct link *link, const struct wire_frame *frame);
	/* A frame to be sent once the transaction is durable. */
	int (*emit)(
	    void *context, struct link *link, const struct wire_frame *frame);
	/* The neighbour's store is another one than before: offer it all. */
	int (*met)(void *context, struct link *link);
	/* Our own store is older than what the neighbour has seen of us, and
	 * can prove. */
	int (*we_are_old)(void *context, struct link *link);
	/* The neighbour says how nodes are. ERR_INVALID: not its to say. */
	int (*news)(
	    void *context, struct link *link, const struct wire_frame *frame);
	void *context;
};

struct link_turn {
	struct kv_txn *txn;
	const struct store *store;
	const struct link_ops *ops;
	const char *node; /* our name */
	const struct wire_versions *versions;
	uint32_t speaks; /* the version in which the city writes */
	struct entropy *entropy;
	bool is_recovering;
	int64_t now_ms;
};

/* Finds or makes the record of `peer`. */
int link_open(struct link *link, struct kv_txn *txn, const char *peer);
/* The transaction was aborted: take the record as it is stored, and send
 * again from there. */
int link_reload(struct link *link, struct kv_txn *txn);

/*
 * One frame from the neighbour. ERR_INVALID: it makes no sense; ERR_ACCESS: it
 * claims rows that were never sent to it; nothing changed. ERR_VERSION: it
 * speaks no version that we do, or its city writes in another than ours, and
 * the link is down until that has changed. Other errors end the turn.
 */
int link_heard(struct link *link, const struct link_turn *turn,
    const struct wire_frame *frame);
/* What we say of ourselves has changed: it is down until both have said
 * again what they speak. */
void link_renew(struct link *link);
/* Queue a row for the neighbour. */
int link_put(
    struct link *link, struct kv_txn *txn, const struct outbox_row *row);
/*
 * Write the record if it changed: the number of the last row queued is in
 * it, and a row without it would be written over after a restart. At the end
 * of each turn, for whoever is not pumped.
 */
int link_save(struct link *link, struct kv_txn *txn);
/* Emit what the window has room for, then what is due by time, then the
 * acknowledgement. At the end of each turn; writes the record. */
int link_pump(struct link *link, const struct link_turn *turn);
/* Milliseconds until link_pump has something to say by time alone. */
int64_t link_due_ms(const struct link *link, int64_t now_ms);

#endif
