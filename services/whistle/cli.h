/*
 * What every command of the CLI shares: the global options, the table of
 * commands, and how a command ends. A command says on standard output what
 * it was asked for and on standard error, in one sentence, what went wrong.
 */
#ifndef WHISTLE_CLI_CLI_H
#define WHISTLE_CLI_CLI_H

#include "base/clock.h"
#include "base/options.h"
#include "catalogue/catalogue.h"
#include "client/client.h"

/* Exit codes; of several tickets the highest counts. */
enum cli_exit {
	CLI_DONE,
	CLI_REFUSED,	 /* the law said no */
	CLI_USAGE,	 /* the command line makes no sense */
	CLI_UNREACHABLE, /* a node does not answer */
	CLI_NOT_FOUND,
	CLI_FAILED,
};

struct cli {
	/* global options */
	const char *home_option;
	const char *as;
	const char *node_name;
	const char *lang;
	const char *color;
	int64_t timeout_s;
	bool json;
	bool help;
	bool version;

	/* opened when first needed: session.h */
	bool has_home;
	struct home home;
	struct org *org;
	struct catalogue *catalogue;
	bool catalogue_tried;
	const struct operator* operator;
	const struct node *node;
	struct client *client;
	struct clock clock;
};

struct cli_command {
	const char *noun;
	const char *verb;	  /* NULL: the noun alone is the command */
	const char *words;	  /* for help: "ID [TEXT]" */
	int words_min, words_max; /* words_max -1: any number */
	const struct option_row *rows;
	size_t row_count;
	enum cli_exit (*run)(struct cli *cli, const struct cli_command *command,
	    int count, char **words);
	const void *detail; /* the command's own */
	const char *help;   /* English; translated when shown */
	const char *more;   /* paragraphs for its own help, or NULL */
};

struct cli_commands {
	const struct cli_command *rows;
	size_t count;
};

#define CLI_ROWS(array) array, sizeof(array) / sizeof((array)[0])

enum { CLI_GLOBAL_ROWS = 9, CLI_ROWS_MAX = 48 };

/* The global options, their values in `cli`. */
void cli_global_rows(
    struct option_row rows_out[CLI_GLOBAL_ROWS], struct cli *cli);

#endif
