/*
 * What the parts of relay/link.h share: link.c listens, link_pump.c speaks,
 * link_proof.c proves.
 */
#ifndef WHISTLE_RELAY_LINK_INSIDE_H
#define WHISTLE_RELAY_LINK_INSIDE_H

#include "relay/link.h"

/* A clock that was set back must not stop a link for that long. */
bool link_is_past(int64_t *since_ms, int64_t now_ms, int64_t span_ms);
/* Asks the neighbour where it is; not more than once a second, whatever
 * makes us ask. */
int link_ask(struct link *link, const struct link_turn *turn);

/* That our store has sent the neighbour a row of that number. */
void link_prove(struct proof *proof_out, const struct link *link,
    const struct link_turn *turn, uint64_t seq);
bool link_is_proved(const struct link *link, const struct link_turn *turn,
    const struct proof *proof, uint64_t seq);

#endif
