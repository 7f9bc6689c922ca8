/*
 * People at work while everything breaks. Each case is a ticket's way through
 * the levels, step by step, and whoever has the next step says it until it is
 * done, under the same number, also after a refusal.
 * Beside their steps they note, remind, rate twice
 * and say again what was done long ago.
 */
#ifndef WHISTLE_TORTURE_PEOPLE_H
#define WHISTLE_TORTURE_PEOPLE_H

#include "dice.h"
#include "harness/city.h"
#include "ledger.h"

struct people;

struct people_sums {
	unsigned opened, finished;
	unsigned acknowledged; /* wishes done */
	unsigned refused;
	unsigned said_again;  /* for want of an answer */
	unsigned repeated;    /* said again long after: the same answer */
	unsigned rated_twice; /* tried, and refused */
};

void people_open(struct people **people_out, struct city *city,
    struct ledger *ledger, struct dice *dice);
/* Begin so many cases more. */
void people_begin(struct people *people, unsigned cases);
/* Say and hear what there is, without waiting. */
void people_work(struct people *people);
/* Is every case at its end, and no wish without an answer? */
bool people_are_done(const struct people *people);
/* Nothing old is said again any more. */
void people_rest(struct people *people);
/* … what is not, in a line for whoever looks for it. */
void people_explain(const struct people *people);
/* What was said to this node before is forgotten with its store. */
void people_store_lost(struct people *people, const char *node);
struct people_sums people_sums(const struct people *people);
void people_close(struct people **people);

#endif
