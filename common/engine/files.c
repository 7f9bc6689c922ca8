/*
 * Files that events name: which are here, which are wanted, and reading them
 * piece by piece, for those who may see the ticket. The files of a
 * confidential ticket are for units that hold it or have held it, as the
 * caller's details are.
 */
#include "engine/inside.h"

#include <stdio.h>
#include <string.h>
#include "base/log.h"

enum { TICKETS_LOOKED = 64 };

void file_part(char part_out[PART_NAME_MAX], const struct hash *hash)
{
	char text[HASH_TEXT];

	snprintf(part_out, PART_NAME_MAX, "f%s", hash_format(text, hash));
}

int files_named(struct turn *turn, const struct event *event)
{
	for (size_t i = 0; i < event->what.attachment_count; i++) {
		int rc = attached_name(turn->txn,
		    &event->what.attachments[i].hash, &event->ticket);
		if (rc)
			return rc;
	}
	fetch_wake(turn->engine);
	return 0;
}

int file_here(struct turn *turn, const struct hash *hash, uint64_t size,
    enum file_type type, int64_t until_ms)
{
	char part[PART_NAME_MAX];
	int rc = attached_here(turn->txn, hash, size, type, until_ms);

	file_part(part, hash);
	files_drop(turn->engine->config.files, part);
	return rc ? rc : fetch_tell(turn, hash, size);
}

int file_damaged(struct turn *turn, const struct hash *hash, int problem)
{
	char text[HASH_TEXT];

	log_line(LOG_ERROR, "file=%s problem=%s action=wanted_again",
	    hash_format(text, hash),
	    problem == ERR_CORRUPT ? "damaged" : "missing");
	files_remove(turn->engine->config.files, hash);
	fetch_wake(turn->engine);
	return attached_lost(turn->txn, hash);
}

/* ---- asking for a piece ---- */

static bool may_open(const struct actor *actor, const struct ticket *ticket)
{
	if (actor->role == ROLE_READER)
		return false;
	return !(ticket->flags & TICKET_CONFIDENTIAL) ||
	       ticket_stay(ticket, &actor->unit->code);
}

/*
 * A ticket that names the file: this one, or any that the asker may see.
 * ERR_NOT_FOUND; ERR_ACCESS: there are such, and their files are sealed.
 */
static int find_ticket(struct turn *turn, const struct actor *actor,
    const struct wire_request *request)
{
	const struct hash *hash = &request->get.hash;
	struct id id = request->get.ticket;
	bool is_one = !id_is_zero(&id);
	struct ticket ticket;
	int found = ERR_NOT_FOUND;

	for (int i = 0; i < (is_one ? 1 : TICKETS_LOOKED); i++) {
		int rc = is_one ? attached_is_named(turn->txn, hash, &id)
				: attached_next_ticket(&id, turn->txn, hash);
		if (rc)
			return rc == ERR_NOT_FOUND ? found : rc;
		rc = tickets_get(&ticket, turn->txn, &id);
		if (rc && rc != ERR_NOT_FOUND)
			return rc;
		if (rc || !may_see(turn, actor, &ticket))
			continue;
		if (may_open(actor, &ticket))
			return 0;
		found = ERR_ACCESS;
	}
	return found;
}

/* Not here yet: it is asked for before all others. */
static void say_wanted(
    struct wire_reply *reply, struct turn *turn, const struct hash *hash)
{
	const struct neighbour *asked = NULL;

	reply->get.size = 0;
	reply->get.data = bytes_of(NULL, 0);
	reply->get.type = FILE_NONE;
	if (!turn->is_full)
		asked = fetch_now(turn, hash);
	reply->get.asked = asked ? asked->node->name : "";
}

static int read_piece(struct wire_reply *reply, struct turn *turn,
    const struct actor *actor, const struct wire_request *request)
{
	uint8_t *piece = turn_alloc(turn, FILE_CHUNK_BYTES);
	size_t len = 0;
	int rc;

	if (!piece)
		return ERR_NOMEM;
	rc = files_read(&len, &reply->get.size, turn->engine->config.files,
	    actor->operator, & request->get.hash, request->get.offset, piece,
	    FILE_CHUNK_BYTES);
	reply->get.data = bytes_of(piece, len);
	return rc;
}

static int answer(struct wire_reply *reply, struct turn *turn,
    const struct actor *actor, const struct wire_request *request)
{
	const struct hash *hash = &request->get.hash;
	struct file_record record;
	int rc = attached_get(&record, turn->txn, hash);

	if (rc)
		return rc;
	reply->get.type = (enum file_type)record.type;
	if (record.state == FILE_HERE)
		rc = read_piece(reply, turn, actor, request);
	else if (record.state == FILE_REFUSED)
		return ERR_NOT_FOUND;
	if (rc == ERR_CORRUPT || rc == ERR_NOT_FOUND) {
		rc = file_damaged(turn, hash, rc);
		record.state = FILE_WANTED;
	}
	if (!rc && record.state == FILE_WANTED)
		say_wanted(reply, turn, hash);
	return rc;
}

int get_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request)
{
	struct wire_reply reply = {
		.id = request->id,
		.result = RESULT_DONE,
		.refusal = "",
		.detail = "",
		.has_body = true,
		.kind = ASK_GET,
		.get = { .asked = "" },
	};
	int rc = ERR_NOT_FOUND;

	if (actor->unit)
		rc = find_ticket(turn, actor, request);
	if (!rc)
		rc = answer(&reply, turn, actor, request);
	if (!rc)
		return say(turn, route, &reply);
	reply.has_body = false;
	reply.result = RESULT_NOT_FOUND;
	if (rc == ERR_ACCESS)
		return say_refused(
		    turn, route, &request->id, REFUSAL_FILE_SEALED, "");
	if (rc == ERR_INVALID) {
		reply.result = RESULT_INVALID;
		reply.detail = "offset";
	} else if (rc == ERR_IO) {
		reply.result = RESULT_FAILED;
		reply.detail = "disk";
	} else if (rc != ERR_NOT_FOUND) {
		return rc;
	}
	return say(turn, route, &reply);
}
