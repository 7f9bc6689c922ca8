/*
 * A store, or a backup of one, looked at by a process of its own: LMDB
 * trusts its pages, and one that is damaged can end whoever reads it.
 */
#ifndef WHISTLE_CLI_STORE_LOOK_H
#define WHISTLE_CLI_STORE_LOOK_H

#include <jansson.h>
#include "cli.h"

struct store_place {
	const char *path; /* a folder; or a file, when it is a copy */
	bool is_copy;
	/* Whose it is; both or none. */
	const struct org *org;
	const struct node *node;
};

/* *report_out, yours: node, id, is_sound, has_died, tickets, events,
 * damages, doubts, records, findings. ERR_NOT_FOUND: there is no store;
 * ERR_ACCESS, ERR_VERSION, ERR_NOMEM, ERR_IO. */
int store_look(json_t **report_out, const struct store_place *place);

/* What store_look returned is said, with what to do. */
enum cli_exit store_look_failed(int rc, const char *path);

/* Does the work in a process of its own. What it returns (0 or ERR_*), or
 * ERR_CORRUPT when it died of it. */
int store_apart(int (*work)(void *context), void *context);

/* What that process and this one write to each other on: a file of nobody
 * else's, gone with fclose. NULL with errno. */
FILE *store_paper(void);

/* A line for each finding and one for the whole. */
void store_look_print(const json_t *report);

#endif
