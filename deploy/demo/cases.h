/*
 * Every ticket of the demonstration, as the city's log tells it: a fold over
 * the events that the city's node has. Tickets that somebody else opened are
 * folded as well, but are nobody's business here.
 */
#ifndef WHISTLE_DEMO_CASES_H
#define WHISTLE_DEMO_CASES_H

#include "client/client.h"

enum { CASE_KEY_MAX = 2 * EXTERNAL_ID_MAX };

struct demo_case {
	struct ticket now;
	bool is_ours;
	/* The complaint's number, for a callout with its department: the same
	 * in every run, which ids are not. */
	char key[CASE_KEY_MAX];
	unsigned notes;
	int64_t due_ms;	   /* its next deed; 0: nobody has anything to do */
	unsigned tries;	   /* of that deed, refused */
	struct wish *wish; /* of that deed: said, and not answered yet */
	bool is_left;	   /* on purpose, for whoever wants to try */
	bool is_changed;   /* since it was last planned */
};

/* Who looks on. */
struct cases_watcher {
	/* Is that the number of one of our complaints? */
	bool (*is_ours)(const void *context, const char *number);
	/* Each event, after it was folded. May be NULL. */
	void (*see)(void *context, const struct demo_case *row,
	    const struct event *event);
	void *context;
};

struct cases {
	struct demo_case *rows;
	size_t count, room;
	uint32_t *slots; /* by id: index + 1, 0 free */
	size_t slot_count;
	uint64_t last; /* of the node's journal */
	struct cases_watcher watcher;
	struct id asked; /* zero: nothing */
	int64_t asked_ms;
};

int cases_open(struct cases *cases_out, const struct cases_watcher *watcher);
/*
 * Takes what has happened since the last time, waiting for it no longer than
 * that; *more_out when there may be more at once. `client` is for nothing
 * else. ERR_TIMEOUT: no answer yet; it is asked for again by itself.
 */
int cases_follow(
    bool *more_out, struct cases *cases, struct client *client, int wait_ms);
/* NULL when it is not known. */
struct demo_case *cases_find(const struct cases *cases, const struct id *id);
void cases_close(struct cases *cases);

#endif
