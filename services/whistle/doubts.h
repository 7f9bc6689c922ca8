/*
 * What the checker doubts of a catalogue that is sound: warnings, with file
 * and line.
 */
#ifndef WHISTLE_CLI_DOUBTS_H
#define WHISTLE_CLI_DOUBTS_H

#include "cli.h"
#include "json.h"

/* Of cli->catalogue, read from `dir`. Release with report_free. ERR_NOMEM. */
int doubts_find(struct report *report, const struct cli *cli, const char *dir);
/* "warning: FILE:LINE: …" each, on standard output, and how many. */
void doubts_print(const struct report *report);
/* An array of `file`, `line`, `text`. */
json_t *doubts_json(const struct report *report);

#endif
