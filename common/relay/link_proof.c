/*
 * What shows that a row was sent. Only a store with the secret makes it: this
 * one, or a later state of it that this is an old copy of. The store's id is
 * in it, for a store that was renewed answers for its own rows alone.
 */
#include "relay/link_inside.h"

#include <string.h>

void link_prove(struct proof *proof_out, const struct link *link,
    const struct link_turn *turn, uint64_t seq)
{
	uint8_t said[ID_BYTES + 8 + NAME_MAX_BYTES];
	size_t len = strnlen(link->record.peer, NAME_MAX_BYTES);

	memcpy(said, turn->store->id.b, ID_BYTES);
	store_be64(said + ID_BYTES, seq);
	memcpy(said + ID_BYTES + 8, link->record.peer, len);
	proof_of(
	    proof_out, turn->store->secret, bytes_of(said, ID_BYTES + 8 + len));
}

bool link_is_proved(const struct link *link, const struct link_turn *turn,
    const struct proof *proof, uint64_t seq)
{
	struct proof ours;

	link_prove(&ours, link, turn, seq);
	return proof_equal(&ours, proof);
}
