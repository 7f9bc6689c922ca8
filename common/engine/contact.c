/*
 * The caller's name and phone, readable by the nodes of units that hold or
 * held the ticket and by nobody on the way. The contact is sealed once
 * under a key of its own; that key travels in the event that passes
 * custody, in a box from the writer's node to the next holder's.
 */
#include "engine/inside.h"

#include <sodium.h>
#include <string.h>

enum {
	SEALED_MORE = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES,
	BOXED_KEY = crypto_box_NONCEBYTES + crypto_box_MACBYTES +
		    crypto_secretbox_KEYBYTES,
};

_Static_assert(CONTACT_KEY_BYTES == crypto_secretbox_KEYBYTES,
    "a contact's key is a secretbox key");

static void fill_random(struct engine *engine, uint8_t *out, size_t len)
{
	engine->config.entropy.fill(engine->config.entropy.context, out, len);
}

/* The key in a box that only `to`'s node can open. */
static int box_key(struct bytes *boxed_out, struct turn *turn,
    const uint8_t key[CONTACT_KEY_BYTES], const struct unit *to)
{
	uint8_t public_key[crypto_box_PUBLICKEYBYTES];
	uint8_t *boxed = turn_alloc(turn, BOXED_KEY);

	if (!boxed)
		return ERR_NOMEM;
	if (net_key_bytes(public_key, to->node->public_key))
		return ERR_INVALID;
	fill_random(turn->engine, boxed, crypto_box_NONCEBYTES);
	if (crypto_box_easy(boxed + crypto_box_NONCEBYTES, key,
		CONTACT_KEY_BYTES, boxed, public_key,
		turn->engine->secret_keys[0]))
		return ERR_INVALID;
	*boxed_out = bytes_of(boxed, BOXED_KEY);
	return 0;
}

int contact_seal(struct bytes *sealed_out, struct bytes *key_out,
    struct hash *hash_out, struct turn *turn, struct bytes contact,
    const struct unit *to)
{
	uint8_t key[CONTACT_KEY_BYTES];
	size_t len = contact.len + SEALED_MORE;
	uint8_t *sealed = turn_alloc(turn, len);

	if (!sealed)
		return ERR_NOMEM;
	fill_random(turn->engine, key, sizeof(key));
	fill_random(turn->engine, sealed, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(sealed + crypto_secretbox_NONCEBYTES,
	    contact.data, contact.len, sealed, key);
	int rc = box_key(key_out, turn, key, to);
	sodium_memzero(key, sizeof(key));
	if (rc)
		return rc;
	*sealed_out = bytes_of(sealed, len);
	hash_of(hash_out, *sealed_out);
	return 0;
}

/* Who held the ticket before event `seq`, and so wrote it. */
static int writer_of(
    struct unit_code *writer_out, struct turn *turn, const struct event *event)
{
	struct event before;
	int rc = 0;

	*writer_out = event->unit;
	if (event->verb != VERB_RULE && event->verb != VERB_TAKE_OVER)
		return 0;
	for (uint32_t seq = event->seq - 1; !rc && seq > 0; seq--) {
		rc = event_load(&before, turn, &event->ticket, seq);
		/* who fenced wrote it himself */
		if (rc || (seq == event->seq - 1 && before.term < event->term))
			break;
		*writer_out = before.unit;
		if (!code_is_empty(&before.what.to)) {
			*writer_out = before.what.to;
			break;
		}
	}
	return rc;
}

/* By the key that was the writer's then, and whichever was ours. */
static int open_box(uint8_t key_out[CONTACT_KEY_BYTES],
    const struct engine *engine, struct bytes box, const char *writer_key)
{
	uint8_t public_key[crypto_box_PUBLICKEYBYTES];

	if (net_key_bytes(public_key, writer_key))
		return ERR_NOT_FOUND;
	for (size_t i = 0; i < engine->secret_count; i++)
		if (!crypto_box_open_easy(key_out,
			box.data + crypto_box_NONCEBYTES,
			box.len - crypto_box_NONCEBYTES, box.data, public_key,
			engine->secret_keys[i]))
			return 0;
	return ERR_NOT_FOUND;
}

/* Open a box that an event brought for a unit of ours. */
static int unbox_key(uint8_t key_out[CONTACT_KEY_BYTES], struct turn *turn,
    const struct event *event)
{
	const struct engine *engine = turn->engine;
	struct unit_code code;
	int rc = writer_of(&code, turn, event);
	if (rc)
		return rc;
	const struct unit *writer = org_unit(engine->config.org, &code);
	struct bytes box = event->what.contact_key;

	if (!writer || box.len != BOXED_KEY)
		return ERR_NOT_FOUND;
	const struct node *node = writer->node;
	rc = open_box(key_out, engine, box, node->public_key);
	for (unsigned i = 0; rc && i < node->old_count; i++)
		rc = open_box(key_out, engine, box, node->old_keys[i]);
	for (unsigned i = 0; rc && i < node->retired_count; i++)
		rc = open_box(key_out, engine, box, node->retired_keys[i]);
	return rc;
}

/* The newest event that gave custody to a unit of ours has our box. */
static int find_key(uint8_t key_out[CONTACT_KEY_BYTES], struct turn *turn,
    const struct ticket *ticket)
{
	struct event event;

	if (!(ticket->flags & TICKET_HAS_CONTACT))
		return ERR_NOT_FOUND;
	for (uint32_t seq = ticket->seq; seq > 0; seq--) {
		int rc = event_load(&event, turn, &ticket->id, seq);
		if (rc)
			return rc;
		if (!event.what.contact_key.len)
			continue;
		rc = unbox_key(key_out, turn, &event);
		if (rc != ERR_NOT_FOUND)
			return rc;
	}
	return ERR_NOT_FOUND;
}

int contact_open(
    struct bytes *contact_out, struct turn *turn, const struct ticket *ticket)
{
	uint8_t key[CONTACT_KEY_BYTES];
	struct bytes sealed;
	int rc = find_key(key, turn, ticket);

	if (!rc)
		rc = contacts_get(&sealed, turn->txn, &ticket->id);
	if (!rc && sealed.len < SEALED_MORE)
		rc = ERR_CORRUPT;
	if (rc)
		return rc;
	size_t len = sealed.len - SEALED_MORE;
	uint8_t *contact = turn_alloc(turn, len + 1);
	if (!contact)
		return ERR_NOMEM;
	if (crypto_secretbox_open_easy(contact,
		sealed.data + crypto_secretbox_NONCEBYTES,
		sealed.len - crypto_secretbox_NONCEBYTES, sealed.data, key))
		rc = ERR_CORRUPT;
	sodium_memzero(key, sizeof(key));
	*contact_out = bytes_of(contact, len);
	return rc;
}

int contact_pass(struct bytes *key_out, struct turn *turn,
    const struct ticket *ticket, const struct unit *to)
{
	uint8_t key[CONTACT_KEY_BYTES];
	int rc;

	*key_out = bytes_of(NULL, 0);
	if (!(ticket->flags & TICKET_HAS_CONTACT))
		return 0;
	rc = find_key(key, turn, ticket);
	if (rc == ERR_NOT_FOUND)
		return 0;
	if (!rc)
		rc = box_key(key_out, turn, key, to);
	sodium_memzero(key, sizeof(key));
	/* whose key is none cannot read it, and gets the ticket all the same */
	return rc == ERR_INVALID ? 0 : rc;
}

int contact_take(bool *is_its_out, struct turn *turn,
    const struct ticket *ticket, struct bytes sealed)
{
	struct bytes known;
	struct event opening;
	struct hash hash;
	bool may_keep;
	int rc = contacts_get(&known, turn->txn, &ticket->id);

	*is_its_out = true;
	if (rc != ERR_NOT_FOUND)
		return rc;
	/* from a neighbour that has not heard of it, or runs an old copy */
	rc = may_keep_contact(&may_keep, turn, ticket);
	if (rc || !may_keep)
		return rc;
	rc = event_load(&opening, turn, &ticket->id, 1);
	if (rc)
		return rc;
	hash_of(&hash, sealed);
	*is_its_out = bytes_equal(
	    opening.what.contact_hash, bytes_of(hash.b, sizeof(hash.b)));
	return *is_its_out ? contacts_put(turn->txn, &ticket->id, sealed) : 0;
}
