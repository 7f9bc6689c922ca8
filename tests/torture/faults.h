/*
 * What is done to a city, at random moments to random nodes, and undone a
 * while later. A fault counts when it was felt, not when it was meant.
 */
#ifndef WHISTLE_TORTURE_FAULTS_H
#define WHISTLE_TORTURE_FAULTS_H

#include "dice.h"
#include "harness/city.h"
#include "links.h"

#define FAULT_LIST(X)                                                          \
	X(KILL, "kill", "SIGKILL, and started again")                          \
	X(STOP, "stop", "SIGSTOP, and SIGCONT")                                \
	X(CUT, "cut", "connections closed, and refused for a while")           \
	X(TEAR, "tear", "a connection ends in the middle of a piece")          \
	X(HOLD, "hold", "connected, and nothing moves, one way or both")       \
	X(SLOW, "slow", "every piece is late")                                 \
	X(SYNC, "sync", "a sync of the store fails")                           \
	X(WRITE, "write", "a write to the store fails, or is short")           \
	X(HEAD, "head", "the write that decides a commit fails")               \
	X(FULL, "full", "the disk is full")                                    \
	X(DRAG, "drag", "the disk is slow")                                    \
	X(POWER, "power", "the power is cut: what was not synced is lost")     \
	X(CLOCK, "clock", "the time of day jumps, forth or back")              \
	X(LOST, "lost", "a node's store is deleted")                           \
	X(OLD, "old", "a node's store is restored from an old backup")

#define X(name, word, text) FAULT_##name,
enum fault { FAULT_LIST(X) FAULT_COUNT };
#undef X
const char *fault_word(enum fault fault);
const char *fault_text(enum fault fault);

struct faults;
struct people;

void faults_open(struct faults **faults_out, struct city *city,
    struct links *links, struct dice *dice);
/* Starts a node as this city's nodes are. */
void faults_start_node(struct faults *faults, size_t at);
/*
 * Between two cycles, when all is quiet: some nodes lose their stores, and one
 * gets an old one back, all at once. Only such as have handed on all that they
 * had: what never left a node is lost with it, and nobody promises otherwise.
 */
void faults_lose(struct faults *faults, struct people *people);
/* What is due: new faults, and the ends of old ones. */
void faults_work(struct faults *faults);
/* All is mended: every node runs, every way is open, every disk is sound. */
void faults_heal(struct faults *faults);
/* Whoever ended because its disk failed is started again; whoever ended for
 * another reason fails the test. */
void faults_mind(struct faults *faults);
/* Why there can be no fault of that kind here; NULL when there can. */
const char *faults_missing(enum fault fault);
/* Everybody's power at once; nobody is started again. */
void faults_black_out(struct faults *faults);
/* … how often it was felt. */
unsigned faults_felt(const struct faults *faults, enum fault fault);
void faults_close(struct faults **faults);

#endif
