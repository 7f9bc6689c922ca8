/*
 * What has become of an import's records: the counts, the refused rows with
 * their lines and why, and the bar on a terminal.
 */
#ifndef WHISTLE_CLI_IMPORT_TALLY_H
#define WHISTLE_CLI_IMPORT_TALLY_H

#include <stdio.h>
#include "cli.h"
#include "json.h"

struct import_tally {
	const char *path; /* of the file that is imported */
	long added, existing, refused;
	const char *report_path; /* NULL: none */
	FILE *report;
	json_t *rows; /* refused ones, for JSON; else NULL */
	bool has_bar;
	int percent;
};

/* `report_path` NULL: the first refused rows go to standard error. */
enum cli_exit import_tally_open(struct import_tally *tally_out,
    const char *path, const char *report_path, bool is_json);
void import_tally_refuse(
    struct import_tally *tally, long line, const char *why);
void import_tally_bar(struct import_tally *tally, int64_t done, int64_t total);
/* Makes room for a sentence where the bar is. */
void import_tally_hide(struct import_tally *tally);
/* Says the counts; the exit code of the whole import, which went as `exit`
 * says. Releases everything. */
enum cli_exit import_tally_end(struct import_tally *tally, enum cli_exit exit);

#endif
