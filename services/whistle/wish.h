/*
 * What somebody wants done to a ticket, from the command line: one table
 * says which option becomes which particular.
 */
#ifndef WHISTLE_CLI_WISH_H
#define WHISTLE_CLI_WISH_H

#include "attach.h"
#include "cli.h"

/* Options write here; what was not said stays NULL or false. */
struct wish {
	const char *title, *text, *reason, *item, *place, *address;
	const char *source, *number, *contact_file, *basis, *channel;
	const char *lead, *colour, *kind, *situation, *meet_at, *meet;
	const char *until, *into, *contacted, *measures, *permit;
	const char *ids_from;
	struct attach attach;
	bool urgent, confidential, callback, resident;
	bool solved, explained, as_told, not_as_told;
	bool satisfied, mostly, dissatisfied, not_rated;
	bool not_responded, not_resolved;
	bool fence;
};

extern struct wish wish;

/* Particulars with room for what they point to. */
struct wished {
	struct particulars what;
	struct callout callouts[TICKET_CALLOUTS_MAX];
};

/*
 * The options as particulars: units and words looked up, choices made. What
 * a verb wants of its bare words is added by the caller, then wish_check.
 */
enum cli_exit wish_read(struct wished *wished_out, struct cli *cli);
/* A whistle's departments: `words`, else those of --situation. */
enum cli_exit wish_callouts(
    struct wished *wished, struct cli *cli, int count, char **words);
/* A second whistle for the same ticket calls more departments to the one
 * that leads already: nobody in `wished` leads then. */
enum cli_exit wish_keep_lead(
    struct wished *wished, struct cli *cli, const char *word);
/* Does the verb have all that it needs? Names the option that is missing
 * or wrong; `rows` are the command's. */
enum cli_exit wish_check(const struct wished *wished, enum verb verb,
    const struct cli_command *command);
/* The caller in a file ("-": standard input): the name on the first line,
 * the phone number on the second. Appends the packed contact to `out`. */
enum cli_exit wish_contact(struct buf *out, const char *path);

#endif
