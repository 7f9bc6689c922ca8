/*
 * Finds the unit that an address or a complaint's text names: real names of
 * areas, in full or without their endings (社区居委会, 村委会, 街道, 镇, 区 …),
 * longest match first, on a path that agrees with itself: of several places
 * named the deepest whose ancestors do not contradict the others. A name
 * that several units share counts only if the rest of the text, or
 * `within`, tells which. A name without its ending counts in an address, in
 * a text only where it cannot be another word. The text may go on from
 * where the address ends (吴都社区, then 第二网格), never elsewhere. Never
 * guesses: no agreement, no unit.
 */
#ifndef WHISTLE_ORG_ADDRESS_H
#define WHISTLE_ORG_ADDRESS_H

#include "org/org.h"

struct address_index;

/* Made once from an org, which must live longer. ERR_NOMEM. */
int address_index_open(struct address_index **index_out, const struct org *org);
void address_index_close(struct address_index **index);

/*
 * The unit named by `address`, else by `text` (either may be ""), under
 * `within` (NULL: anywhere). NULL when none or ambiguous; then *hint_out is
 * the deepest unit that all candidates share, doubtful ones too, or NULL.
 * *hint_out may be NULL. Reads at most the first 4,096 bytes of each.
 */
const struct unit *address_find(const struct unit **hint_out,
    const struct address_index *index, const char *address, const char *text,
    const struct unit *within);

#endif
