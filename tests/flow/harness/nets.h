/*
 * A network for each node of a city: a namespace with an address of its own,
 * a wire to its parent's and one to us, who are the people at their desks.
 * What goes from one node to another goes along the tree and by no other
 * way, so that wires can be cut, filtered and made to lose packets.
 *
 * Nothing has a name outside of this process, and all of it goes with it.
 */
#ifndef WHISTLE_FLOW_NETS_H
#define WHISTLE_FLOW_NETS_H

#include <stdbool.h>
#include <stdint.h>
#include "harness/city.h"

enum { NETS_PORT = 8300, NETS_PARENT_NONE = -1 };

/*
 * Leaves the machine's network for one of our own, before anything is
 * started. False, with a sentence on standard error, where that cannot be
 * done: then the test is skipped.
 */
bool nets_enter(void);
/* "tcp://10.77.0.N:8300" of node `index`; static storage. `place` is 0, or
 * another address that it may move to. */
const char *nets_endpoint(unsigned index, unsigned place);
const char *nets_http(unsigned index);

/* One network for each node; `parents` by index, NETS_PARENT_NONE for the
 * root. Daemons that are started from then on run in theirs. */
void nets_open(struct city *city, const int *parents);
/* The wire of a node to its parent. */
void nets_cut(unsigned node);
void nets_mend(unsigned node);
enum nets_way { NETS_UP = 1, NETS_DOWN = 2, NETS_BOTH = 3 };
/* Packets of that way vanish: `percent` of them. 0: none, and forget. */
void nets_drop(unsigned node, enum nets_way way, unsigned percent);
/* Packets that have vanished so since nets_drop. */
uint64_t nets_dropped(unsigned node, enum nets_way way);
/* The node's machine is moved to another address; the old one is gone. */
void nets_move(unsigned node, unsigned place);
void nets_close(void);

#endif
