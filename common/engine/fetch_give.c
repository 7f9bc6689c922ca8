/*
 * Files as neighbours ask for them: a piece to who shares a ticket that names
 * the file, when no rows are on their way; a word to who asked in vain, when
 * it is here. Asking is fetch.c's.
 */
#include "engine/inside.h"

#include <stdio.h>
#include "base/log.h"

enum {
	/* So short that a slow link says its pings in time. */
	PIECE_BYTES = 32 * 1024,
	TICKETS_LOOKED = 16,
};

void fetch_problem(const struct turn *turn, const struct neighbour *from,
    const struct hash *hash, const char *problem)
{
	char text[HASH_TEXT], subject[128];

	snprintf(
	    subject, sizeof(subject), "%s/file/%s", from->node->name, problem);
	if (log_is_due(subject, turn->now_ms, 60 * 1000))
		log_line(LOG_ERROR, "link=%s file=%s problem=%s",
		    from->node->name, hash_format(text, hash), problem);
}

int fetch_is_for(bool *is_so_out, struct turn *turn,
    const struct neighbour *neighbour, const struct hash *hash)
{
	struct ticket ticket;
	struct id id = { { 0 } };

	*is_so_out = false;
	for (int i = 0; !*is_so_out && i < TICKETS_LOOKED; i++) {
		int rc = attached_next_ticket(&id, turn->txn, hash);
		if (!rc)
			rc = tickets_get(&ticket, turn->txn, &id);
		if (rc)
			return rc == ERR_NOT_FOUND ? 0 : rc;
		*is_so_out = is_shared(turn, neighbour, &ticket);
	}
	return 0;
}

static int say_chunk(struct turn *turn, struct neighbour *to,
    const struct hash *hash, uint64_t offset, uint64_t size, struct bytes data)
{
	struct wire_frame frame = {
		.session = to->link.session,
		.kind = FRAME_CHUNK,
		.chunk = { *hash, offset, size, data },
	};

	return to->link.is_up ? say_frame(turn, to, &frame) : 0;
}

static int say_absent(struct turn *turn, struct neighbour *to)
{
	struct serving *serving = &to->serving;

	serving->told[serving->told_count++ % TOLD_MAX] = serving->hash;
	return say_chunk(
	    turn, to, &serving->hash, serving->offset, 0, bytes_of(NULL, 0));
}

int fetch_tell(struct turn *turn, const struct hash *hash, uint64_t size)
{
	struct engine *engine = turn->engine;
	int rc = 0;

	for (size_t i = 0; !rc && i < engine->neighbour_count; i++) {
		struct neighbour *to = &engine->neighbours[i];
		for (int k = 0; !rc && k < TOLD_MAX; k++) {
			if (!hash_equal(&to->serving.told[k], hash))
				continue;
			to->serving.told[k] = (struct hash){ { 0 } };
			rc = say_chunk(
			    turn, to, hash, 0, size, bytes_of(NULL, 0));
		}
	}
	return rc;
}

static int give_piece(struct turn *turn, struct neighbour *to)
{
	const struct serving *serving = &to->serving;
	uint8_t *piece = turn_alloc(turn, PIECE_BYTES);
	uint64_t size = 0;
	size_t len = 0;
	int rc;

	if (!piece)
		return ERR_NOMEM;
	rc = files_read(&len, &size, turn->engine->config.files, to->node->name,
	    &serving->hash, serving->offset, piece, PIECE_BYTES);
	if (!rc)
		return say_chunk(turn, to, &serving->hash, serving->offset,
		    size, bytes_of(piece, len));
	if (rc == ERR_INVALID) /* it has as much as there is */
		return say_chunk(
		    turn, to, &serving->hash, 0, size, bytes_of(NULL, 0));
	if (rc == ERR_CORRUPT || rc == ERR_NOT_FOUND)
		rc = file_damaged(turn, &serving->hash, rc);
	else
		fetch_problem(turn, to, &serving->hash, "unreadable");
	return rc == ERR_NOMEM || rc == ERR_CORRUPT ? rc : say_absent(turn, to);
}

int fetch_give(struct turn *turn, struct neighbour *to)
{
	struct serving *serving = &to->serving;
	struct file_record record;
	bool is_so;

	if (!serving->is_asked || to->link.flight_bytes >= LINK_FRAME_BYTES)
		return 0;
	serving->is_asked = false;
	int rc = fetch_is_for(&is_so, turn, to, &serving->hash);
	if (!rc && is_so)
		rc = attached_get(&record, turn->txn, &serving->hash);
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (rc || !is_so || record.state != FILE_HERE)
		return say_absent(turn, to);
	return give_piece(turn, to);
}
