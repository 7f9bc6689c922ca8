/*
 * whistle ticket attachment: a file that an event of the ticket names, out of
 * whatever node is asked; checked against its hash before anybody gets it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "attach.h"
#include "base/err.h"
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "ticket_id.h"
#include "ticket_log.h"
#include "ticket_view.h"

enum { PATH_TEXT = 4096, AGAIN_NS = 300 * 1000 * 1000 };

static const char *output;

static const struct option_row file_rows[] = {
	{ "output", OPTION_TEXT, &output, 0, 0, "FILE",
	    N_("where to write it (-: standard output; else under its own "
	       "name, here)") },
};

/* ---- which ---- */

static bool is_meant(const struct attachment *file, const char *word)
{
	char text[HASH_TEXT];
	size_t len = strlen(word);
	hash_format(text, &file->hash);
	return !strcmp(file->name, word) ||
	       (len >= 6 && len < HASH_TEXT && !strncmp(text, word, len));
}

/* The same file may be named by several events: it is one. */
static size_t find(const struct attachment **found_out,
    const struct ticket_log *log, const char *word)
{
	size_t count = 0;
	for (size_t i = 0; i < log->count; i++) {
		const struct particulars *what = &log->events[i].what;
		for (size_t k = 0; k < what->attachment_count; k++) {
			const struct attachment *file = &what->attachments[k];
			if (word && !is_meant(file, word))
				continue;
			if (count &&
			    hash_equal(&(*found_out)->hash, &file->hash))
				continue;
			*found_out = file;
			count++;
		}
	}
	return count;
}

static enum cli_exit choose(const struct attachment **found_out,
    const struct ticket_log *log, const char *id, const char *word)
{
	size_t count = find(found_out, log, word);
	if (count == 1)
		return CLI_DONE;
	if (count > 1)
		say_error(word ? _("%s: several attachments are called that; "
				   "give the beginning of the hash. See "
				   "“whistle ticket show”.")
			       : _("%s has several attachments: say which, "
				   "by its name or the beginning of its "
				   "hash. See “whistle ticket show”."),
		    word ? word : id);
	else if (word)
		say_error(_("%s has no attachment %s. See “whistle ticket "
			    "show”."),
		    id, word);
	else
		say_error(_("%s has no attachment."), id);
	return count > 1 ? CLI_USAGE : CLI_NOT_FOUND;
}

/* ---- fetching ---- */

/* Not there yet: the node has asked on, and we ask again. */
static enum cli_exit wait_for_it(struct cli *cli, int64_t until_ms,
    const char *asked, const struct attachment *file)
{
	const struct timespec pause = { .tv_nsec = AGAIN_NS };
	if (clock_now_ms(&cli->clock) < until_ms) {
		nanosleep(&pause, NULL);
		return CLI_DONE;
	}
	if (*asked)
		say_error(_("%s is not here yet; %s has been asked for it. "
			    "Try again in a while."),
		    file->name, asked);
	else
		say_error(_("%s is not here yet, and no neighbour that may "
			    "have it answers. Try again in a while."),
		    file->name);
	return CLI_UNREACHABLE;
}

static enum cli_exit fetch_piece(struct buf *bytes, uint64_t *size_out,
    struct cli *cli, const struct id *ticket, const struct attachment *file,
    int64_t until_ms)
{
	struct wire_request request = { .kind = ASK_GET };
	struct wire_reply reply;
	request.get.ticket = *ticket;
	request.get.hash = file->hash;
	request.get.offset = bytes->len;
	enum cli_exit exit = session_ask(&reply, cli, &request, file->name);
	if (exit != CLI_DONE)
		return exit;
	if (reply.result == RESULT_REFUSED)
		return say_result(cli, &reply, file->name);
	if (!reply.has_body || reply.kind != ASK_GET) {
		say_error(
		    _("%s: the node's answer makes no sense."), file->name);
		return CLI_FAILED;
	}
	*size_out = reply.get.size;
	if (reply.get.size == 0) {
		buf_clear(bytes); /* it was damaged, and comes again */
		return wait_for_it(cli, until_ms, reply.get.asked, file);
	}
	int err = buf_add(bytes, reply.get.data.data, reply.get.data.len);
	return err < 0 ? say_failure(err, file->name) : CLI_DONE;
}

static enum cli_exit fetch(struct buf *bytes, struct cli *cli,
    const struct id *ticket, const struct attachment *file)
{
	int64_t until_ms = clock_now_ms(&cli->clock) + cli->timeout_s * 1000;
	enum cli_exit exit = CLI_DONE;
	struct hash hash;
	uint64_t size = 0;
	while (exit == CLI_DONE && (size == 0 || bytes->len < size))
		exit = fetch_piece(bytes, &size, cli, ticket, file, until_ms);
	if (exit != CLI_DONE)
		return exit;
	hash_of(&hash, bytes_of(bytes->data, bytes->len));
	if (hash_equal(&hash, &file->hash))
		return CLI_DONE;
	say_error(_("%s: the bytes are not those that the log names. Nothing "
		    "was written."),
	    file->name);
	return CLI_FAILED;
}

/* ---- writing ---- */

/* Never over something, unless it was named. */
static enum cli_exit write_file(
    const struct buf *bytes, const char *path, bool is_over)
{
	char part[PATH_TEXT];
	if (!is_over && access(path, F_OK) == 0) {
		say_error(_("%s is there already; say where to with "
			    "--output."),
		    path);
		return CLI_REFUSED;
	}
	if ((size_t)snprintf(part, sizeof(part), "%s.part", path) >=
	    sizeof(part))
		return say_failure(ERR_TOO_LARGE, path);
	FILE *file = fopen(part, "wb");
	if (!file)
		return say_failure(err_of_errno(errno), part);
	bool is_good = fwrite(bytes->data, 1, bytes->len, file) == bytes->len;
	is_good = fclose(file) == 0 && is_good && rename(part, path) == 0;
	if (is_good)
		return CLI_DONE;
	int err = err_of_errno(errno);
	unlink(part);
	return say_failure(err, path);
}

static enum cli_exit deliver(
    struct cli *cli, const struct buf *bytes, const struct attachment *file)
{
	char text[ATTACH_TEXT];
	if (output && strcmp(output, "-") == 0)
		return fwrite(bytes->data, 1, bytes->len, stdout) == bytes->len
			   ? CLI_DONE
			   : say_failure(ERR_IO, "-");
	const char *path = output ? output : file->name;
	enum cli_exit exit = write_file(bytes, path, output != NULL);
	if (exit != CLI_DONE)
		return exit;
	if (cli->json)
		return json_print(json_pack("{s:o,s:o,s:o,s:I,s:o}", "hash",
			   json_hash(&file->hash), "name",
			   json_text(file->name), "file", json_text(path),
			   "size", (json_int_t)bytes->len, "type",
			   json_word(WORD_FILE_TYPE, file->type))) < 0
			   ? CLI_FAILED
			   : CLI_DONE;
	printf("%s: %s\n", path, attach_tell(text, file));
	return CLI_DONE;
}

static enum cli_exit file_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	const struct attachment *file = NULL;
	struct wire_reply reply;
	struct ticket_log log;
	struct buf bytes = { 0 };
	(void)command;
	enum cli_exit exit = ticket_id_show(&reply, cli, words[0], false);
	if (exit != CLI_DONE)
		return exit;
	struct id id = reply.show.row->ticket.id;
	int err = ticket_log_read(&log, &reply);
	if (err < 0)
		return say_failure(err, words[0]);
	exit = choose(&file, &log, words[0], count > 1 ? words[1] : NULL);
	if (exit == CLI_DONE)
		exit = fetch(&bytes, cli, &id, file);
	if (exit == CLI_DONE)
		exit = deliver(cli, &bytes, file);
	buf_free(&bytes);
	ticket_log_close(&log);
	return exit;
}

static const struct cli_command rows[] = {
	{ "ticket", "attachment", "ID [FILE]", 1, 2, CLI_ROWS(file_rows),
	    file_run, NULL, N_("get a file that the ticket's log names"),
	    N_("FILE is its name, or the beginning of its hash; it may be "
	       "left out where there is only one. The bytes are checked "
	       "against the hash in the log. A file that the node has not "
	       "got yet is waited for, as long as --timeout says: it comes "
	       "from node to node, from where it was attached. Files of a "
	       "confidential ticket are for units that hold it or have held "
	       "it.") },
};

const struct cli_commands ticket_file_commands = { CLI_ROWS(rows) };
