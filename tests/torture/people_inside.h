/* What the two files of people.h share. */
#ifndef WHISTLE_TORTURE_PEOPLE_INSIDE_H
#define WHISTLE_TORTURE_PEOPLE_INSIDE_H

#include "people.h"
#include "stories.h"

enum { SAID_MAX = 256, OLD_WISHES = 64 };

struct a_case {
	struct a_case *next;
	const struct story *story;
	const char *grid;
	unsigned step;
	struct id ticket, callouts[2];
	bool is_done;
};

/* A wish under way. */
struct said {
	bool is_used;
	struct a_case *about;
	enum who who, to;
	enum verb verb;
	struct id ticket, request;
	char mark[MARK_TEXT];
	bool is_step;	/* of the case: tried until it is done */
	bool must_fail; /* a second rating */
	bool is_repeat; /* of what was done: the answer must be the same */
	struct id first_ticket;
	uint32_t first_seq;
	int64_t said_ms, not_before_ms;
	unsigned refusals;
	char refusal[24]; /* the last one */
};

struct old {
	struct said said;
	struct id ticket;
	uint32_t seq;
};

struct people {
	struct city *city;
	struct ledger *ledger;
	struct dice *dice;
	struct a_case *cases;
	struct said said[SAID_MAX];
	struct old old[OLD_WISHES];
	unsigned old_next, marks;
	bool repeats;
	struct people_sums sums;
};

struct unit_code unit_of(const struct a_case *a_case, enum who who);
/* The request, but for its number. */
void said_fill(struct wire_request *request_out, const struct said *said);

#endif
