#include "man.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "commands.h"
#include "lang.h"
#include "roff.h"
#include "say.h"

/* The page being written. */
struct page {
	FILE *out;
	const char *noun; /* NULL: the page of the whole */
};

/* ---- what the tables say ---- */

static void put_usage(FILE *out, const struct cli_command *command)
{
	fprintf(out, "\\fBwhistle %s", command->noun);
	if (command->verb) {
		fputc(' ', out);
		roff_text(out, command->verb);
	}
	fprintf(out, "\\fR [\\fIOPTION\\fR]...");
	if (*command->words)
		fputc(' ', out);
	roff_words(out, command->words);
	fputc('\n', out);
}

static void put_synopsis(const struct page *page)
{
	const struct cli_command *row;
	bool is_first = true;
	for (size_t i = 0; (row = commands_at(i)) != NULL; i++) {
		if (strcmp(row->noun, page->noun) != 0)
			continue;
		if (!is_first)
			fprintf(page->out, ".br\n");
		is_first = false;
		put_usage(page->out, row);
	}
}

static void put_options(
    FILE *out, const struct option_row *rows, size_t row_count)
{
	for (size_t i = 0; i < row_count; i++) {
		fprintf(out, ".TP\n\\fB\\-\\-");
		roff_text(out, rows[i].name);
		fprintf(out, "\\fR");
		if (rows[i].type != OPTION_FLAG) {
			fputc(' ', out);
			roff_words(out, rows[i].argument);
		}
		fputc('\n', out);
		roff_text(out, lang_text(rows[i].help));
		if (rows[i].type == OPTION_NUMBER)
			fprintf(out, " [%lld..%lld]", (long long)rows[i].min,
			    (long long)rows[i].max);
		fputc('\n', out);
	}
}

static void put_command(FILE *out, const struct cli_command *command)
{
	fprintf(out, ".SS whistle %s", command->noun);
	if (command->verb) {
		fputc(' ', out);
		roff_text(out, command->verb);
	}
	if (*command->words)
		fputc(' ', out);
	roff_words(out, command->words);
	fputc('\n', out);
	roff_paragraphs(out, lang_text(command->help));
	if (command->more) {
		fprintf(out, ".PP\n");
		roff_paragraphs(out, lang_text(command->more));
	}
	put_options(out, command->rows, command->row_count);
}

/* On the page of the whole, one entry a command. */
static void put_entry(FILE *out, const struct cli_command *command)
{
	fprintf(out, ".TP\n");
	put_usage(out, command);
	roff_text(out, lang_text(command->help));
	fputc('\n', out);
}

static void put_commands(const struct page *page)
{
	const struct cli_command *row;
	for (size_t i = 0; (row = commands_at(i)) != NULL; i++) {
		if (!page->noun)
			put_entry(page->out, row);
		else if (strcmp(row->noun, page->noun) == 0)
			put_command(page->out, row);
	}
}

static void put_global_options(const struct page *page)
{
	struct cli cli = { 0 };
	struct option_row rows[CLI_GLOBAL_ROWS];
	cli_global_rows(rows, &cli);
	put_options(page->out, rows, CLI_GLOBAL_ROWS);
}

static void put_exit_status(const struct page *page)
{
	roff_paragraphs(page->out,
	    _("Exit codes: 0 done, 1 refused, 2 usage, 3 not reachable, "
	      "4 not found, 5 failure."));
}

static void put_see_also(const struct page *page)
{
	const struct cli_command *row;
	const char *noun = "";
	if (page->noun)
		fprintf(page->out, ".BR whistle (1),\n");
	for (size_t i = 0; (row = commands_at(i)) != NULL; i++) {
		bool is_seen = strcmp(noun, row->noun) == 0;
		noun = row->noun;
		if (is_seen || (page->noun && strcmp(noun, page->noun) == 0))
			continue;
		fprintf(page->out, ".BR whistle\\-%s (1),\n", noun);
	}
	fprintf(page->out, ".BR whistle\\-city (5),\n.BR whistled (8)\n");
}

static const struct {
	const char *name;
	void (*put)(const struct page *page);
} directives[] = {
	{ "SYNOPSIS", put_synopsis },
	{ "COMMANDS", put_commands },
	{ "OPTIONS", put_global_options },
	{ "EXIT_STATUS", put_exit_status },
	{ "SEE_ALSO", put_see_also },
};

/* ---- templates ---- */

/* "@NAME@" alone on its line; false for a name that is none of ours. */
static bool put_directive(const struct page *page, const char *line)
{
	size_t len = strlen(line);
	for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]); i++)
		if (strlen(directives[i].name) + 2 == len &&
		    strncmp(line + 1, directives[i].name, len - 2) == 0) {
			directives[i].put(page);
			return true;
		}
	return false;
}

/* A line of the template itself, with @NOUN@ and @VERSION@ filled in. */
static void put_line(const struct page *page, const char *line)
{
	const char *at;
	for (; (at = strchr(line, '@')) != NULL; line = at) {
		fprintf(page->out, "%.*s", (int)(at - line), line);
		if (strncmp(at, "@NOUN@", 6) == 0 && page->noun) {
			fputs(page->noun, page->out);
			at += 6;
		} else if (strncmp(at, "@VERSION@", 9) == 0) {
			fputs(WHISTLE_VERSION, page->out);
			at += 9;
		} else {
			fputc(*at++, page->out);
		}
	}
	fprintf(page->out, "%s\n", line);
}

static enum cli_exit fill(
    const struct page *page, FILE *template, const char *path)
{
	char *line = NULL;
	size_t size = 0;
	long number = 0;
	enum cli_exit exit = CLI_DONE;
	while (exit == CLI_DONE && getline(&line, &size, template) > 0) {
		line[strcspn(line, "\n")] = '\0';
		number++;
		size_t len = strlen(line);
		if (len < 2 || line[0] != '@' || line[len - 1] != '@') {
			put_line(page, line);
		} else if (!put_directive(page, line)) {
			say_error("%s:%ld: %s?", path, number, line);
			exit = CLI_FAILED;
		}
	}
	free(line);
	return exit;
}

static enum cli_exit say_errno(const char *path)
{
	say_error("%s: %s", path, strerror(errno));
	return CLI_FAILED;
}

static enum cli_exit write_page(
    const struct page *page, const char *path, const char *template_path)
{
	FILE *template = fopen(template_path, "re");
	if (!template)
		return say_errno(template_path);
	enum cli_exit exit = fill(page, template, template_path);
	fclose(template);
	if (exit == CLI_DONE && (fflush(page->out) || ferror(page->out)))
		exit = say_errno(path);
	return exit;
}

static enum cli_exit make_page(
    const char *folder, const char *templates, const char *noun)
{
	char name[64] = "whistle", path[PATH_MAX], template[PATH_MAX];
	if (noun)
		snprintf(name, sizeof(name), "whistle-%s", noun);
	snprintf(path, sizeof(path), "%s/%s.1", folder, name);
	snprintf(template, sizeof(template), "%s/%s.1.in", templates, name);
	if (noun && access(template, F_OK) != 0)
		snprintf(template, sizeof(template), "%s/noun.1.in", templates);
	struct page page = { fopen(path, "we"), noun };
	if (!page.out)
		return say_errno(path);
	enum cli_exit exit = write_page(&page, path, template);
	fclose(page.out);
	return exit;
}

enum cli_exit man_pages(const char *folder, const char *templates)
{
	const struct cli_command *row;
	const char *noun = "";
	enum cli_exit exit = make_page(folder, templates, NULL);
	for (size_t i = 0; exit == CLI_DONE && (row = commands_at(i)); i++) {
		if (strcmp(noun, row->noun) != 0)
			exit = make_page(folder, templates, row->noun);
		noun = row->noun;
	}
	return exit;
}
