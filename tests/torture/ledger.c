#include "ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "harness/harness.h"

struct ledger {
	FILE *file;
	bool is_dirty;
};

void ledger_open(struct ledger **ledger_out, const char *path)
{
	struct ledger *ledger = calloc(1, sizeof(*ledger));

	assert_non_null(ledger);
	ledger->file = fopen(path, "ae");
	assert_non_null(ledger->file);
	*ledger_out = ledger;
}

void ledger_add(struct ledger *ledger, enum verb verb, const struct id *ticket,
    const char *mark)
{
	char id[ID_TEXT];

	fprintf(ledger->file, "%s %s %s\n", word_name(WORD_VERB, verb),
	    id_format(id, ticket), mark);
	ledger->is_dirty = true;
}

void ledger_sync(struct ledger *ledger)
{
	if (!ledger->is_dirty)
		return;
	assert_int_equal(fflush(ledger->file), 0);
	assert_int_equal(fdatasync(fileno(ledger->file)), 0);
	ledger->is_dirty = false;
}

void ledger_close(struct ledger **ledger)
{
	if (!*ledger)
		return;
	ledger_sync(*ledger);
	fclose((*ledger)->file);
	free(*ledger);
	*ledger = NULL;
}

static void read_line(struct ledger_line *line, const char *text)
{
	char verb[32], id[ID_TEXT + 8];
	unsigned word;

	memset(line, 0, sizeof(*line));
	assert_int_equal(
	    sscanf(text, "%31s %31s %23s", verb, id, line->mark), 3);
	assert_int_equal(word_parse(&word, WORD_VERB, verb), 0);
	assert_int_equal(id_parse(&line->ticket, id), 0);
	line->verb = (enum verb)word;
}

struct ledger_line *ledger_read(size_t *count_out, const char *path)
{
	struct ledger_line *lines = NULL;
	size_t count = 0, room = 0;
	char text[128];
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	while (fgets(text, sizeof(text), file)) {
		if (count == room) {
			room = room ? 2 * room : 256;
			lines = realloc(lines, room * sizeof(*lines));
			assert_non_null(lines);
		}
		read_line(&lines[count++], text);
	}
	fclose(file);
	*count_out = count;
	return lines;
}
