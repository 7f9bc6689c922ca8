#include "export_file.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "lang.h"
#include "say.h"

enum { PATH_BYTES = 4096, NOTE_BYTES = 128 };

static enum cli_exit say_errno(const char *path)
{
	say_error(_("%s cannot be written: %s."), path, strerror(errno));
	return CLI_FAILED;
}

static void note_path(char out[PATH_BYTES], const struct export_file *file)
{
	snprintf(out, PATH_BYTES, "%s.resume", file->path);
}

/* First the bytes are on disk, then the note says so, all at once. */
static enum cli_exit write_note(
    const struct export_file *file, const struct id *next)
{
	char path[PATH_BYTES], fresh[PATH_BYTES + 8], id[ID_TEXT];
	FILE *note;

	note_path(path, file);
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	if (fflush(file->out) != 0 || fsync(fileno(file->out)) != 0)
		return say_errno(file->path);
	note = fopen(fresh, "w");
	if (!note)
		return say_errno(fresh);
	fprintf(note, "%" PRId64 " %" PRId64 " %s\n", file->bytes,
	    file->tickets, id_format(id, next));
	if (fclose(note) != 0 || rename(fresh, path) != 0)
		return say_errno(path);
	return CLI_DONE;
}

static bool read_note(struct export_file *file, struct id *before)
{
	char path[PATH_BYTES], id[ID_TEXT] = "";
	FILE *note;
	int got;

	note_path(path, file);
	note = fopen(path, "r");
	if (!note)
		return false;
	got = fscanf(note, "%" SCNd64 " %" SCNd64 " %26s", &file->bytes,
	    &file->tickets, id);
	fclose(note);
	return got == 3 && file->bytes > 0 && id_parse(before, id) == 0;
}

static enum cli_exit go_on(struct export_file *file, struct id *before)
{
	char path[PATH_BYTES];

	note_path(path, file);
	if (!read_note(file, before)) {
		say_error(_("%s says nothing of an export that was cut off; "
			    "leave out --resume to begin anew."),
		    path);
		return CLI_NOT_FOUND;
	}
	file->out = fopen(file->path, "r+");
	if (!file->out || ftruncate(fileno(file->out), file->bytes) != 0 ||
	    fseeko(file->out, 0, SEEK_END) != 0)
		return say_errno(file->path);
	return CLI_DONE;
}

static enum cli_exit put(struct export_file *file, const struct buf *bytes)
{
	if (bytes->len > 0 &&
	    fwrite(bytes->data, 1, bytes->len, file->out) != bytes->len)
		return say_errno(file->path ? file->path : "-");
	file->bytes += (int64_t)bytes->len;
	return CLI_DONE;
}

enum cli_exit export_file_open(struct export_file *file, const char *path,
    bool resume, struct id *before, const struct buf *heading)
{
	bool is_file = path && strcmp(path, "-") != 0;

	*file = (struct export_file){ .path = is_file ? path : NULL };
	if (resume && !is_file) {
		say_error(_("--resume needs the --output FILE of before."));
		return CLI_USAGE;
	}
	if (resume)
		return go_on(file, before);
	file->out = is_file ? fopen(path, "w") : stdout;
	if (!file->out)
		return say_errno(path);
	return put(file, heading);
}

enum cli_exit export_file_add(struct export_file *file, const struct buf *page,
    size_t tickets, const struct id *next)
{
	enum cli_exit exit = put(file, page);

	file->tickets += (int64_t)tickets;
	if (exit == CLI_DONE && file->path && next)
		exit = write_note(file, next);
	return exit;
}

enum cli_exit export_file_close(struct export_file *file, enum cli_exit exit)
{
	char path[PATH_BYTES];

	if (!file->out)
		return exit;
	if (fflush(file->out) != 0 || ferror(file->out))
		exit = say_errno(file->path ? file->path : "-");
	if (!file->path)
		return exit;
	if (fclose(file->out) != 0)
		exit = say_errno(file->path);
	if (exit != CLI_DONE)
		return exit;
	note_path(path, file);
	unlink(path);
	fprintf(stderr, _("%lld tickets\n"), (long long)file->tickets);
	return CLI_DONE;
}
