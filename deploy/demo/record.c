#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"

enum { LINE_MAX_BYTES = 512 };

struct record {
	FILE *file;
};

int record_open(struct record **record_out, const char *path)
{
	struct record *record = calloc(1, sizeof(*record));

	*record_out = NULL;
	if (!record)
		return ERR_NOMEM;
	if (path) {
		record->file = fopen(path, "ae");
		if (!record->file) {
			int rc = err_of_errno(errno);
			free(record);
			return rc;
		}
		/* a line is there as soon as it is said */
		setvbuf(record->file, NULL, _IOLBF, LINE_MAX_BYTES);
	}
	*record_out = record;
	return 0;
}

void record_add(struct record *record, enum verb verb, const struct id *ticket,
    const char *which, const char *node, int64_t begun_ms)
{
	struct clock clock = clock_system();
	char id[ID_TEXT];

	if (record->file)
		fprintf(record->file, "%s %s %s %lld %lld %s\n",
		    word_name(WORD_VERB, verb), id_format(id, ticket), node,
		    (long long)begun_ms, (long long)clock_now_ms(&clock),
		    which);
}

int record_close(struct record **record)
{
	int rc = 0;

	if (*record && (*record)->file) {
		bool has_failed = ferror((*record)->file);
		if (fclose((*record)->file) || has_failed)
			rc = ERR_IO;
	}
	free(*record);
	*record = NULL;
	return rc;
}

/* ---- reading ---- */

static int read_which(struct record_line *line, const char *which)
{
	char *end;

	if (line->verb == VERB_OPEN) {
		if (strlen(which) >= sizeof(line->which))
			return ERR_INVALID;
		memcpy(line->which, which, strlen(which) + 1);
		return 0;
	}
	if (strcmp(which, "?") == 0)
		return 0;
	errno = 0;
	unsigned long seq = strtoul(which, &end, 10);
	if (errno || *end || seq == 0 || seq > UINT32_MAX)
		return ERR_INVALID;
	line->seq = (uint32_t)seq;
	return 0;
}

static int read_line(struct record_line *line_out, const char *text)
{
	struct record_line line = { 0 };
	char verb[32], id[64], which[256];
	unsigned word;

	if (!strchr(text, '\n') ||
	    sscanf(text, "%31s %63s %*s %*d %*d %255[^\n]", verb, id, which) !=
		3 ||
	    word_parse(&word, WORD_VERB, verb) || id_parse(&line.ticket, id))
		return ERR_INVALID;
	line.verb = (enum verb)word;
	int rc = read_which(&line, which);
	if (!rc)
		*line_out = line;
	return rc;
}

static int read_lines(struct record_line **lines, size_t *count, FILE *file)
{
	char text[LINE_MAX_BYTES];
	size_t room = 0;
	int rc = 0;

	while (!rc && fgets(text, sizeof(text), file)) {
		if (*count == room) {
			room = room ? 2 * room : 1024;
			void *more = realloc(*lines, room * sizeof(**lines));
			if (!more)
				return ERR_NOMEM;
			*lines = more;
		}
		rc = read_line(&(*lines)[*count], text);
		*count += !rc;
	}
	return !rc && ferror(file) ? ERR_IO : rc;
}

int record_read(struct record_line **lines_out, size_t *count_out,
    size_t *line_out, const char *path)
{
	struct record_line *lines = NULL;
	size_t count = 0;
	FILE *file = fopen(path, "re");
	int rc = file ? read_lines(&lines, &count, file) : err_of_errno(errno);

	if (file)
		fclose(file);
	*line_out = count + 1;
	if (rc) {
		free(lines);
		return rc;
	}
	*lines_out = lines;
	*count_out = count;
	return 0;
}
