/*
 * Wishes by the hundred, each said again and again until it is answered,
 * whoever is dead or cut off meanwhile: what a load is made of that must
 * come through.
 */
#ifndef WHISTLE_FLOW_FLOWS_H
#define WHISTLE_FLOW_FLOWS_H

#include "harness/city.h"

enum { FLOWS_MS = 5 * 60 * 1000 };

/* One wish: said until it is answered. */
struct work {
	struct id request, ticket;
	struct id about;   /* a note: of this ticket */
	const char *place; /* an appeal: for this grid */
	bool is_sent, is_done;
	int64_t said_ms;
};

struct flow {
	const char *operator;
	struct work *work;
	size_t count, next, done, under_way;
	size_t oldest; /* all before it are answered */
	size_t quota; /* may be said by now */
	void (*fill)(struct wire_request *request, const struct work *work);
};

/* Each flow may say its share of `until` wishes of all. */
void flows_allow(struct flow *flows, size_t count, size_t until);
/* Says what may be said and hears what has come, once. */
void flows_go_on(struct flow *flows, size_t count, struct city *city);
/* Until `until` of all their wishes are answered. */
void flows_run(
    struct flow *flows, size_t count, struct city *city, size_t until);
/* Wishes answered so far. */
size_t flows_done(const struct flow *flows, size_t count);

/* An appeal that only a department of the city settles; one that goes down
 * to its grid; a note. */
void fill_for_the_city(struct wire_request *request, const struct work *work);
void fill_for_a_grid(struct wire_request *request, const struct work *work);
void fill_note(struct wire_request *request, const struct work *work);

/* The acknowledged tickets in the order of their ids, none twice, and
 * exactly these at `node`. Release with free. */
struct id *flows_acknowledged(
    size_t *count_out, const struct flow *flows, size_t count);
void flows_are_there_once(struct city *city, const char *node,
    const struct flow *flows, size_t count);

#endif
