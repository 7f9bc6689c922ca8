#include "attach.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/err.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "ticket/attachment.h"

/* ---- reading ---- */

static enum cli_exit read_all(
    struct buf *bytes, FILE *file, const char *path, uint64_t size)
{
	uint8_t *room;
	int err = buf_grow(&room, bytes, (size_t)size);
	if (err < 0)
		return say_failure(err, path);
	if (fread(room, 1, (size_t)size, file) != size)
		return say_failure(ERR_IO, path);
	return CLI_DONE;
}

static enum cli_exit open_and_read(struct buf *bytes, const char *path)
{
	struct stat stat;
	enum cli_exit exit = CLI_USAGE;
	FILE *file = fopen(path, "rb");
	if (!file || fstat(fileno(file), &stat) || !S_ISREG(stat.st_mode)) {
		say_error(_("%s cannot be read."), path);
		exit = CLI_NOT_FOUND;
	} else if (stat.st_size == 0) {
		say_error(_("%s is empty."), path);
	} else if (stat.st_size > FILE_MAX_BYTES) {
		say_error(_("%s is larger than %d MiB."), path,
		    FILE_MAX_BYTES / (1024 * 1024));
	} else {
		exit = read_all(bytes, file, path, (uint64_t)stat.st_size);
	}
	if (file)
		fclose(file);
	return exit;
}

/* The node looks too; here it is said before anything is sent. */
static enum cli_exit check_type(struct bytes bytes, const char *path)
{
	enum file_type type = attachment_sniff(bytes);
	if (type == FILE_TEXT && !attachment_is_text(bytes))
		type = FILE_NONE;
	if (type != FILE_NONE)
		return CLI_DONE;
	say_error(_("%s is of no type that is taken: pictures (JPEG, PNG, "
		    "GIF, WebP, HEIC), PDF, plain UTF-8 text up to 1 MiB, "
		    "video (MP4, MOV) and sound (M4A, MP3, WAV, AMR)."),
	    path);
	return CLI_USAGE;
}

static enum cli_exit read_one(
    struct attachment *file, struct buf *bytes, const char *path)
{
	const char *slash = strrchr(path, '/');
	file->name = slash ? slash + 1 : path;
	if (!attachment_name_is_valid(file->name)) {
		say_error(_("“%s” cannot be the name of an attachment: at "
			    "most %d bytes of UTF-8, no dot at its beginning "
			    "and none of / \\ : * ? \" < > |."),
		    file->name, FILE_NAME_MAX - 1);
		return CLI_USAGE;
	}
	enum cli_exit exit = open_and_read(bytes, path);
	if (exit != CLI_DONE)
		return exit;
	hash_of(&file->hash, bytes_of(bytes->data, bytes->len));
	return check_type(bytes_of(bytes->data, bytes->len), path);
}

enum cli_exit attach_read(struct particulars *what, struct attach *attach)
{
	for (size_t i = 0; i < attach->paths.count; i++) {
		enum cli_exit exit = read_one(&attach->files[i],
		    &attach->bytes[i], attach->paths.items[i]);
		if (exit != CLI_DONE)
			return exit;
	}
	what->attachments = attach->files;
	what->attachment_count = attach->paths.count;
	return CLI_DONE;
}

void attach_free(struct attach *attach)
{
	for (size_t i = 0; i < EVENT_FILES_MAX; i++)
		buf_free(&attach->bytes[i]);
}

/* ---- sending ---- */

/* One piece; *have_out is how far the node is then. */
static enum cli_exit send_piece(uint64_t *have_out, bool *is_whole_out,
    struct cli *cli, const struct attachment *file, struct bytes bytes)
{
	struct wire_request request = { .kind = ASK_PUT };
	struct wire_reply reply;
	size_t left = bytes.len - (size_t)*have_out;
	request.put.hash = file->hash;
	request.put.size = bytes.len;
	request.put.offset = *have_out;
	request.put.data = bytes_of(bytes.data + *have_out,
	    left < FILE_CHUNK_BYTES ? left : FILE_CHUNK_BYTES);
	enum cli_exit exit = session_ask(&reply, cli, &request, file->name);
	if (exit != CLI_DONE)
		return exit;
	if (reply.result == RESULT_REFUSED)
		return say_result(cli, &reply, file->name);
	if (!reply.has_body || reply.kind != ASK_PUT ||
	    reply.put.have > bytes.len) {
		say_error(
		    _("%s: the node's answer makes no sense."), file->name);
		return CLI_FAILED;
	}
	*have_out = reply.put.have;
	*is_whole_out = reply.put.is_whole;
	return CLI_DONE;
}

/* Somebody else may be sending the same in our name: then it goes back. */
static enum cli_exit send_one(
    struct cli *cli, const struct attachment *file, struct bytes bytes)
{
	enum { STEPS_MAX = 4 * FILE_MAX_BYTES / FILE_CHUNK_BYTES };
	uint64_t have = 0;
	bool is_whole = false;
	enum cli_exit exit = CLI_DONE;
	for (int i = 0; i < STEPS_MAX && exit == CLI_DONE && !is_whole; i++)
		exit = send_piece(&have, &is_whole, cli, file, bytes);
	if (exit != CLI_DONE || is_whole)
		return exit;
	say_error(_("%s could not be sent."), file->name);
	return CLI_FAILED;
}

enum cli_exit attach_send(struct attach *attach, struct cli *cli)
{
	enum cli_exit exit = CLI_DONE;
	for (size_t i = 0; exit == CLI_DONE && i < attach->paths.count; i++)
		exit = send_one(cli, &attach->files[i],
		    bytes_of(attach->bytes[i].data, attach->bytes[i].len));
	return exit;
}

/* ---- telling ---- */

char *attach_size(char text_out[ATTACH_SIZE_TEXT], uint64_t size)
{
	if (size < 1024)
		snprintf(text_out, ATTACH_SIZE_TEXT, "%d B", (int)size);
	else if (size < 1024 * 1024)
		snprintf(text_out, ATTACH_SIZE_TEXT, "%.1f KiB",
		    (double)size / 1024);
	else
		snprintf(text_out, ATTACH_SIZE_TEXT, "%.1f MiB",
		    (double)size / (1024 * 1024));
	return text_out;
}

char *attach_hash(
    char text_out[ATTACH_HASH_TEXT], const struct attachment *attachment)
{
	char text[HASH_TEXT];
	snprintf(text_out, ATTACH_HASH_TEXT, "%s",
	    hash_format(text, &attachment->hash));
	return text_out;
}

char *attach_tell(
    char text_out[ATTACH_TEXT], const struct attachment *attachment)
{
	char size[ATTACH_SIZE_TEXT];
	char hash[ATTACH_HASH_TEXT];
	snprintf(text_out, ATTACH_TEXT, _("%s (%s, %s, %s)"), attachment->name,
	    word_name(WORD_FILE_TYPE, attachment->type),
	    attach_size(size, attachment->size), attach_hash(hash, attachment));
	return text_out;
}

json_t *attach_json(const struct particulars *what)
{
	json_t *list = json_array();
	for (size_t i = 0; i < what->attachment_count; i++) {
		const struct attachment *file = &what->attachments[i];
		json_array_append_new(list,
		    json_pack("{s:o,s:o,s:I,s:o}", "hash",
			json_hash(&file->hash), "name", json_text(file->name),
			"size", (json_int_t)file->size, "type",
			json_word(WORD_FILE_TYPE, file->type)));
	}
	return list;
}
