/*
 * Everybody: a person of each role at each place, each with a key, and what
 * they ask, all at once.
 */
#ifndef WHISTLE_FLOW_POWERS_PEOPLE_H
#define WHISTLE_FLOW_POWERS_PEOPLE_H

#include "harness/harness.h"
#include "powers/table.h"

enum { ANSWER_MAX = 48 };

struct question {
	const struct scene *scene;
	enum ask ask;
	enum role role;
	enum place place;
	struct id ticket, master; /* whom a merge is into */
	struct unit_code to; /* of a step in making a scene; else by the ask */
	bool with_file;	     /* open: names the file */
	const char *number;  /* open: the source's own; NULL: a new one */
	struct id id;	     /* of the request */
	char answer[ANSWER_MAX]; /* "" until it is there */
	struct id opened;	 /* the ticket that a command was about */
};

/* Before the city is founded: operators.csv. */
void people_write(const struct city *city);
/* Once it runs: everybody connects. */
void people_come(struct city *city);
void people_go(void);

/* Asks all, each person its own in their order, and waits for every answer. */
void people_ask(struct question *questions, size_t count);
/* … and again those that are refused, until all is done: for steps that
 * follow what is still on its way. */
void people_do(struct question *questions, size_t count);

#endif
