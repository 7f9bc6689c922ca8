/*
 * Which tickets a command is about: from its words, or from a file.
 */
#ifndef WHISTLE_CLI_TICKET_IDS_H
#define WHISTLE_CLI_TICKET_IDS_H

#include "cli.h"

/* Zero-initialise; release with ticket_ids_free. */
struct ticket_ids {
	char **words;
	size_t count;
	size_t cap;
	char *text; /* of a file, which the words point into */
};

/* One a line; what follows the id on its line is passed over. "-" is
 * standard input. */
enum cli_exit ticket_ids_from(struct ticket_ids *ids, const char *path);
/* At most `max` of the words, at least one; *words and *count are then what
 * is left. */
enum cli_exit ticket_ids_take(
    struct ticket_ids *ids, int max, int *count, char ***words);
void ticket_ids_free(struct ticket_ids *ids);

#endif
