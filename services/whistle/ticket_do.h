/*
 * What the verbs of a ticket share on the command line: the options that
 * many of them take, and the function that does any of them.
 */
#ifndef WHISTLE_CLI_TICKET_DO_H
#define WHISTLE_CLI_TICKET_DO_H

#include "cli.h"
#include "wish.h"

/* What the bare words of a verb are. */
enum shape {
	WORDS_NONE,	      /* open */
	WORDS_IDS,	      /* ID… */
	WORDS_ID_TEXT,	      /* ID [TEXT] */
	WORDS_ID_UNIT,	      /* ID UNIT */
	WORDS_ID_DEPARTMENTS, /* ID [DEPARTMENT…] */
};

struct doing {
	enum verb verb;
	enum shape shape;
};

/* A command's run; its detail is a struct doing. */
enum cli_exit ticket_do_run(struct cli *cli, const struct cli_command *command,
    int count, char **words);

#define TEXT(name, member, argument, help)                                     \
	{                                                                      \
		name, OPTION_TEXT, &wish.member, 0, 0, argument, help          \
	}
#define FLAG(name, member, help)                                               \
	{                                                                      \
		name, OPTION_FLAG, &wish.member, 0, 0, "", help                \
	}
#define IDS_FROM                                                               \
	TEXT("ids-from", ids_from, "FILE",                                     \
	    N_("take the tickets from a file, one a line (-: standard "        \
	       "input)"))
#define ATTACH                                                                 \
	{                                                                      \
		"attach", OPTION_LIST, &wish.attach.paths, 0, 0, "FILE",       \
		    N_("a file that belongs to it; may be said again")         \
	}
#define ITEM   TEXT("item", item, "ITEM", N_("what it is: the catalogue's item"))
#define PLACE  TEXT("place", place, "UNIT", N_("where the trouble is"))
#define REASON TEXT("reason", reason, "TEXT", N_("why"))

#define DOING(verb, shape)                                                     \
	ticket_do_run, &(const struct doing)                                   \
	{                                                                      \
		verb, shape                                                    \
	}

#endif
