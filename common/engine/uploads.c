/*
 * Files on their way from people: sent piece by piece to the node that they
 * ask, kept on its disk, and named by an event afterwards. Who names a file
 * must have sent it: to know its hash is not to have it.
 */
#include "engine/inside.h"

#include <stdio.h>
#include <string.h>
#include "base/log.h"
#include "ticket/attachment.h"

enum {
	UPLOAD_KEPT_MS = 24 * 3600 * 1000,
	/* named by a command, which may be on its way for long */
	NAMED_KEPT_DAYS = 30,
	UPLOADS_SWEPT = 64, /* at one time */
	ORPHAN_S = 24 * 3600,
};

static const int64_t named_kept_ms = (int64_t)NAMED_KEPT_DAYS * UPLOAD_KEPT_MS;

/* Each person's own, so that nobody goes on with another's. */
static void part_of(char part_out[PART_NAME_MAX], const char *operator_name,
    const struct hash *hash)
{
	uint8_t both[NAME_MAX_BYTES + HASH_BYTES];
	size_t len = strlen(operator_name);
	char text[HASH_TEXT];
	struct hash name;

	memcpy(both, operator_name, len);
	memcpy(both + len, hash->b, HASH_BYTES);
	hash_of(&name, bytes_of(both, len + HASH_BYTES));
	snprintf(part_out, PART_NAME_MAX, "u%s", hash_format(text, &name));
}

/* One piece, and what there is to say of it. */
struct putting {
	struct turn *turn;
	const char *operator_name;
	bool is_local_door;
	const struct hash *hash;
	uint64_t size, offset;
	struct bytes data;
	char part[PART_NAME_MAX];
	struct upload_record record;
	bool is_new; /* the record is to be written */
	uint64_t have;
	enum refusal refusal;
	enum file_type type;
};

/* May so much more be sent? A gateway sends for everybody: only what the
 * node can bear bounds it. */
static int check_quota(struct putting *putting)
{
	struct uploads_sum sum;
	int rc = uploads_sum(&sum, putting->turn->txn, putting->operator_name);

	if (rc)
		return rc;
	if (sum.all_bytes + putting->size > UPLOADS_NODE_BYTES)
		putting->refusal = REFUSAL_FILE_QUOTA;
	if (!putting->is_local_door &&
	    (sum.operator_count >= UPLOADS_OPERATOR_MAX ||
		sum.operator_bytes + putting->size > UPLOADS_OPERATOR_BYTES))
		putting->refusal = REFUSAL_FILE_QUOTA;
	return 0;
}

static int begin(struct putting *putting)
{
	files_drop(putting->turn->engine->config.files, putting->part);
	putting->is_new = true;
	putting->record = (struct upload_record){ .size = putting->size };
	if (putting->turn->is_full)
		putting->refusal = REFUSAL_STORE_FULL;
	return putting->refusal ? 0 : check_quota(putting);
}

/* Sent before, and here still? */
static int find_whole(bool *is_whole_out, struct putting *putting)
{
	struct file_record file;
	int rc = attached_get(&file, putting->turn->txn, putting->hash);

	*is_whole_out = !rc && putting->record.is_whole &&
			file.state == FILE_HERE && file.size == putting->size;
	if (*is_whole_out) {
		putting->have = putting->size;
		putting->type = (enum file_type)file.type;
	}
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

static int look(bool *is_whole_out, struct putting *putting)
{
	int rc = uploads_get(&putting->record, putting->turn->txn,
	    putting->operator_name, putting->hash);

	*is_whole_out = false;
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (!rc)
		rc = find_whole(is_whole_out, putting);
	if (*is_whole_out)
		return 0;
	if (rc == ERR_NOT_FOUND || putting->record.size != putting->size ||
	    putting->record.is_whole)
		return begin(putting);
	return rc ? rc
		  : files_have(&putting->have,
			putting->turn->engine->config.files, putting->part);
}

/* What it is shows in its first bytes; why wait for the rest? */
static void check_head(struct putting *putting)
{
	struct bytes data = putting->data;

	if (putting->offset || !data.len)
		return;
	enum file_type type = attachment_sniff(data);
	if (type == FILE_NONE)
		putting->refusal = REFUSAL_FILE_TYPE;
	if (type == FILE_TEXT && putting->size > FILE_TEXT_MAX_BYTES)
		putting->refusal = REFUSAL_FILE_TOO_LARGE;
}

/* What is there already is passed over; a gap is not filled. */
static int add(struct putting *putting)
{
	struct files *files = putting->turn->engine->config.files;
	uint64_t end = putting->offset + putting->data.len;

	if (putting->offset > putting->have || end <= putting->have)
		return 0;
	size_t known = (size_t)(putting->have - putting->offset);
	int rc = files_add(files, putting->part, putting->have,
	    bytes_of(putting->data.data + known, putting->data.len - known));
	if (rc == ERR_FULL)
		putting->refusal = REFUSAL_STORE_FULL;
	else if (!rc)
		putting->have = end;
	return rc == ERR_FULL ? 0 : rc;
}

static int finish(struct putting *putting)
{
	struct turn *turn = putting->turn;
	int rc = files_finish(&putting->type, turn->engine->config.files,
	    putting->part, putting->hash);

	if (rc == ERR_CORRUPT)
		putting->refusal = REFUSAL_FILE_WRONG;
	else if (rc == ERR_INVALID)
		putting->refusal = REFUSAL_FILE_TYPE;
	else if (rc == ERR_FULL)
		putting->refusal = REFUSAL_STORE_FULL;
	if (putting->refusal)
		return 0;
	putting->record.is_whole = 1;
	return rc ? rc
		  : file_here(turn, putting->hash, putting->size, putting->type,
			turn->now_ms + UPLOAD_KEPT_MS);
}

static int write_record(struct putting *putting)
{
	struct turn *turn = putting->turn;

	if (!putting->is_new && !putting->record.is_whole)
		return 0; /* nothing has changed but the part's length */
	if (!putting->record.is_named)
		putting->record.until_ms = turn->now_ms + UPLOAD_KEPT_MS;
	return uploads_put(
	    turn->txn, putting->operator_name, putting->hash, &putting->record);
}

static int put(struct putting *putting)
{
	bool is_whole;
	int rc = look(&is_whole, putting);

	if (rc || is_whole || putting->refusal)
		return rc;
	check_head(putting);
	if (!putting->refusal)
		rc = add(putting);
	if (!rc && !putting->refusal && putting->have == putting->size)
		rc = finish(putting);
	if (!rc && !putting->refusal)
		return write_record(putting);
	if (putting->refusal == REFUSAL_STORE_FULL)
		return rc; /* goes on when there is room */
	files_drop(putting->turn->engine->config.files, putting->part);
	return rc ? rc
		  : uploads_del(putting->turn->txn, putting->operator_name,
			putting->hash);
}

/* The disk does not do it: said to whoever sends, who may try again. */
static int say_put(const struct putting *putting, const struct net_route *route,
    const struct id *request, int rc)
{
	struct turn *turn = putting->turn;
	struct wire_reply reply = {
		.id = *request,
		.result = rc ? RESULT_FAILED : RESULT_DONE,
		.refusal = "",
		.detail = rc ? "disk" : "",
		.has_body = !rc,
		.kind = ASK_PUT,
		.put = {
			.have = putting->have,
			.is_whole = putting->record.is_whole,
			.type = putting->type,
		},
	};

	if (rc && rc != ERR_IO && rc != ERR_ACCESS && rc != ERR_NOT_FOUND &&
	    rc != ERR_INVALID)
		return rc; /* the store's */
	if (rc && log_is_due("upload", turn->now_ms, 60 * 1000))
		log_line(LOG_ERROR, "upload=failed error=\"%s\"", err_text(rc));
	return say(turn, route, &reply);
}

int put_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request)
{
	struct putting putting = {
		.turn = turn,
		.operator_name = actor->operator,
		.is_local_door = actor->is_local_door,
		.hash = &request->put.hash,
		.size = request->put.size,
		.offset = request->put.offset,
		.data = request->put.data,
	};
	int rc = 0;

	part_of(putting.part, actor->operator, putting.hash);
	if (actor->role == ROLE_ENGINEER || actor->role == ROLE_READER ||
	    !actor->unit)
		putting.refusal = REFUSAL_NO_ROLE;
	else if (turn->engine->is_draining)
		putting.refusal = REFUSAL_RECOVERING;
	else if (putting.size > FILE_MAX_BYTES)
		putting.refusal = REFUSAL_FILE_TOO_LARGE;
	else
		rc = put(&putting);
	if (putting.refusal)
		return say_refused(
		    turn, route, &request->id, putting.refusal, "");
	return say_put(&putting, route, &request->id, rc);
}

/* ---- naming ---- */

static int refuse_file(struct outcome_of *outcome, struct turn *turn,
    enum refusal refusal, const struct hash *hash)
{
	char *text = turn_alloc(turn, HASH_TEXT);

	if (!text)
		return ERR_NOMEM;
	outcome->refusal = refusal;
	outcome->detail = hash_format(text, hash);
	return 0;
}

/* Sent by this person, and on the disk as this is asked. */
static int ready(bool *is_so_out, struct attachment *file, struct turn *turn,
    const char *operator_name)
{
	struct upload_record upload;
	struct file_record record;
	uint64_t size;
	int rc = uploads_get(&upload, turn->txn, operator_name, &file->hash);

	*is_so_out = false;
	if (!rc)
		rc = attached_get(&record, turn->txn, &file->hash);
	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	if (!upload.is_whole || record.state != FILE_HERE)
		return 0;
	rc = files_size(&size, turn->engine->config.files, &file->hash);
	if (rc || size != record.size)
		return file_damaged(turn, &file->hash, rc ? rc : ERR_CORRUPT);
	file->size = record.size;
	file->type = (enum file_type)record.type;
	*is_so_out = true;
	return 0;
}

int uploads_ready(
    struct outcome_of *outcome, struct turn *turn, struct command *command)
{
	size_t count = command->what.attachment_count;
	struct attachment *files = turn_alloc(turn, count * sizeof(*files) + 1);

	if (!files)
		return ERR_NOMEM;
	for (size_t i = 0; i < count; i++) {
		bool is_ready;
		files[i] = command->what.attachments[i];
		int rc = ready(&is_ready, &files[i], turn, command->operator);
		if (rc)
			return rc;
		if (!is_ready)
			return refuse_file(outcome, turn, REFUSAL_FILE_MISSING,
			    &files[i].hash);
	}
	command->what.attachments = files;
	return 0;
}

int uploads_named(struct turn *turn, const struct command *command)
{
	int64_t until_ms = turn->now_ms + named_kept_ms;

	for (size_t i = 0; i < command->what.attachment_count; i++) {
		const struct attachment *file = &command->what.attachments[i];
		struct upload_record upload;
		int rc = uploads_get(
		    &upload, turn->txn, command->operator, & file->hash);
		upload.is_named = 1;
		upload.until_ms = until_ms;
		if (!rc)
			rc = uploads_put(turn->txn,
			    command->operator, & file->hash, &upload);
		if (!rc)
			rc = attached_here(turn->txn, &file->hash, file->size,
			    file->type, until_ms);
		if (rc)
			return rc;
	}
	return 0;
}

/* ---- what nobody has named ---- */

static int forget_one(
    struct turn *turn, const char *operator_name, const struct hash *hash)
{
	struct files *files = turn->engine->config.files;
	char part[PART_NAME_MAX];
	int rc = uploads_del(turn->txn, operator_name, hash);

	part_of(part, operator_name, hash);
	files_drop(files, part);
	if (!rc)
		rc = attached_forget(turn->txn, hash, turn->now_ms);
	if (!rc)
		files_remove(files, hash);
	return rc == ERR_EXISTS || rc == ERR_NOT_FOUND ? 0 : rc;
}

/* Written, and then the process ended before the store said so. */
static int remove_orphan(void *context, const struct hash *hash)
{
	struct turn *turn = context;
	struct file_record record;
	int rc = attached_get(&record, turn->txn, hash);

	if (rc == ERR_NOT_FOUND)
		files_remove(turn->engine->config.files, hash);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

int uploads_expire(struct turn *turn)
{
	struct engine *engine = turn->engine;
	char operator_name[NAME_MAX_BYTES];
	struct hash hash;
	int rc = 0;

	for (int i = 0; !rc && i < UPLOADS_SWEPT; i++) {
		rc = uploads_overdue(
		    &hash, operator_name, turn->txn, turn->now_ms);
		if (!rc)
			rc = forget_one(turn, operator_name, &hash);
	}
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	/* while logs come back their files may be here already */
	if (engine->mind.is_recovering)
		return 0;
	rc = files_each(engine->config.files,
	    engine->sweep_folder++ % FILES_FOLDERS, ORPHAN_S, remove_orphan,
	    turn);
	return rc == ERR_CORRUPT ? rc : 0;
}
