/*
 * The callbacks that the hotline has not taken yet, in the order of the
 * node's journal, and how far the journal was read: a small store of its
 * own, so that the engine's never waits for it. A row is a reference to an
 * event, not a copy. Safe from several threads.
 */
#ifndef WHISTLE_GATEWAYD_CALL_QUEUE_H
#define WHISTLE_GATEWAYD_CALL_QUEUE_H

#include "base/id.h"

/* The journal of which store, and its last number that was read. */
struct call_position {
	struct id store;
	uint64_t last;
};

struct call {
	uint64_t number; /* in the journal */
	struct id ticket;
	uint32_t seq;
	uint64_t mark;	  /* of the event, as call_mark says; 0: of term 1 */
	uint32_t tries;	  /* that the hotline refused */
	uint32_t status;  /* its last answer; 0: none yet */
	int64_t due_ms;	  /* not before */
	int64_t first_ms; /* of the first refusal */
};

enum { CALL_ID_TEXT = ID_TEXT + 11 + 17 };

/* "01K…-7": what the hotline knows a callback by, however often it comes. An
 * event of a later term, which may stand where another stood, has its mark as
 * well: "01K…-7-0123456789abcdef". */
char *call_id_format(char out[CALL_ID_TEXT], const struct call *call);
/* Ticket, seq and mark of it. ERR_INVALID. */
int call_id_parse(struct call *call_out, const char *text);

struct call_queue;

/* As kv_open; the folder above must be there. */
int call_queue_open(struct call_queue **queue_out, const char *dir);
void call_queue_close(struct call_queue **queue);

/* All zero in a new store. */
int call_queue_position(
    struct call_position *position_out, struct call_queue *queue);
/* Adds rows and moves on, at once. */
int call_queue_add(struct call_queue *queue, const struct call *calls,
    size_t count, const struct call_position *position);
/* One again, behind all that are there. */
int call_queue_replay(struct call_queue *queue, const struct call *call);

/*
 * The first one that may go now: due, of none of the `busy` tickets, and
 * with none of its own ticket before it. ERR_NOT_FOUND.
 */
int call_queue_next(struct call *call_out, struct call_queue *queue,
    int64_t now_ms, const struct id *busy, size_t busy_count);
/*
 * Takes those off that are done, and writes down the others as they are.
 * What is given up is kept apart, the newest few thousand, to be seen and
 * sent again by hand.
 */
struct call_result {
	struct call call;
	bool is_done, is_given_up;
};
int call_queue_settle(
    struct call_queue *queue, const struct call_result *results, size_t count);

enum call_list { CALLS_WAITING, CALLS_REFUSED, CALLS_GIVEN_UP };

/* The first `max` rows; how many there are in all in *total_out, of those
 * that were refused as many as were looked at. */
int call_queue_list(struct call *calls_out, size_t *count_out,
    uint64_t *total_out, struct call_queue *queue, enum call_list list,
    size_t max);
/* Where one is: *list_out, and *call as it is there. ERR_NOT_FOUND: it does
 * not wait, or far behind others. */
int call_queue_find(
    enum call_list *list_out, struct call *call, struct call_queue *queue);

#endif
