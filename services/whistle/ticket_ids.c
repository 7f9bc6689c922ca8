#include "ticket_ids.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "lang.h"
#include "say.h"

static enum cli_exit add(struct ticket_ids *ids, char *word)
{
	if (ids->count == ids->cap) {
		size_t cap = ids->cap ? 2 * ids->cap : 16;
		char **words = realloc(ids->words, cap * sizeof(*words));
		if (!words)
			return say_failure(ERR_NOMEM, "whistle");
		ids->words = words;
		ids->cap = cap;
	}
	ids->words[ids->count++] = word;
	return CLI_DONE;
}

static enum cli_exit read_lines(struct ticket_ids *ids, FILE *file)
{
	size_t size = 0;
	ssize_t len = getdelim(&ids->text, &size, '\0', file);
	if (len < 0)
		return CLI_DONE; /* empty */
	char *rest = ids->text;
	char *line;
	while ((line = strsep(&rest, "\r\n")) != NULL) {
		line += strspn(line, " \t");
		line[strcspn(line, " \t")] = '\0';
		if (*line && add(ids, line) != CLI_DONE)
			return CLI_FAILED;
	}
	return CLI_DONE;
}

enum cli_exit ticket_ids_from(struct ticket_ids *ids, const char *path)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	if (!file) {
		say_error(_("%s cannot be read."), path);
		return CLI_NOT_FOUND;
	}
	enum cli_exit exit = read_lines(ids, file);
	if (file != stdin)
		fclose(file);
	if (exit == CLI_DONE && ids->count == 0) {
		say_error(_("%s names no ticket."), path);
		return CLI_USAGE;
	}
	return exit;
}

enum cli_exit ticket_ids_take(
    struct ticket_ids *ids, int max, int *count, char ***words)
{
	enum cli_exit exit = CLI_DONE;
	if (*count == 0) {
		say_error(_("Which ticket? Give its id or number."));
		return CLI_USAGE;
	}
	while (exit == CLI_DONE && *count > 0 && max-- > 0) {
		exit = add(ids, (*words)[0]);
		--*count;
		++*words;
	}
	return exit;
}

void ticket_ids_free(struct ticket_ids *ids)
{
	free(ids->words);
	free(ids->text);
	memset(ids, 0, sizeof(*ids));
}
