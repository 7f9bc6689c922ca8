#include "hidden.h"

#include <string.h>
#include "complete.h"
#include "lang.h"
#include "man.h"
#include "say.h"

static enum cli_exit man_run(struct cli *cli, int count, char **words)
{
	(void)cli;
	if (count == 3 && lang_set(words[0]))
		return man_pages(words[2], words[1]);
	say_error(_("Something is missing: %s."),
	    "--dump-man zh|en TEMPLATES FOLDER");
	return CLI_USAGE;
}

static enum cli_exit complete_run(struct cli *cli, int count, char **words)
{
	return complete(cli, count, words);
}

static const struct {
	const char *name;
	enum cli_exit (*run)(struct cli *cli, int count, char **words);
} rows[] = {
	{ "--complete", complete_run },
	{ "--dump-man", man_run },
};

static size_t row_asked(const struct arguments *arguments)
{
	size_t i = sizeof(rows) / sizeof(rows[0]);
	while (arguments->count > 0 && i-- > 0)
		if (strcmp(arguments->items[0], rows[i].name) == 0)
			return i;
	return sizeof(rows) / sizeof(rows[0]);
}

bool hidden_is_asked(const struct arguments *arguments)
{
	return row_asked(arguments) < sizeof(rows) / sizeof(rows[0]);
}

enum cli_exit hidden_run(struct cli *cli, const struct arguments *arguments)
{
	lang_set(NULL);
	return rows[row_asked(arguments)].run(
	    cli, arguments->count - 1, arguments->items + 1);
}
