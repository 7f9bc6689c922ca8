#include "import_tally.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "lang.h"
#include "say.h"

enum { SHOWN_MAX = 20, BAR_WIDTH = 40 };

static enum cli_exit say_errno(const char *path)
{
	say_error(_("%s cannot be written: %s."), path, strerror(errno));
	return CLI_FAILED;
}

enum cli_exit import_tally_open(struct import_tally *tally_out,
    const char *path, const char *report_path, bool is_json)
{
	*tally_out = (struct import_tally){
		.path = path,
		.report_path = report_path,
		.has_bar = isatty(STDERR_FILENO) && !is_json,
		.percent = -1,
	};
	if (report_path) {
		tally_out->report = fopen(report_path, "w");
		if (!tally_out->report)
			return say_errno(report_path);
	}
	tally_out->rows = is_json ? json_array() : NULL;
	return CLI_DONE;
}

void import_tally_hide(struct import_tally *tally)
{
	if (tally->has_bar && tally->percent >= 0)
		fputs("\r\033[K", stderr);
	tally->percent = -1;
}

void import_tally_refuse(struct import_tally *tally, long line, const char *why)
{
	tally->refused++;
	if (tally->report)
		fprintf(tally->report, "%s:%ld: %s\n", tally->path, line, why);
	if (tally->rows) {
		json_t *row = json_object();
		json_object_set_new(row, "line", json_integer(line));
		json_object_set_new(row, "why", json_text(why));
		json_array_append_new(tally->rows, row);
	}
	if (tally->report || tally->rows || tally->refused > SHOWN_MAX)
		return;
	import_tally_hide(tally);
	fprintf(stderr, "%s:%ld: %s\n", tally->path, line, why);
}

void import_tally_bar(struct import_tally *tally, int64_t done, int64_t total)
{
	char bar[BAR_WIDTH + 1];
	int percent = total > 0 ? (int)(done * 100 / total) : 0;

	if (!tally->has_bar || percent == tally->percent)
		return;
	tally->percent = percent;
	for (int i = 0; i < BAR_WIDTH; i++)
		bar[i] = i < percent * BAR_WIDTH / 100 ? '#' : '.';
	bar[BAR_WIDTH] = '\0';
	fprintf(stderr, "\r[%s] %3d%%  %ld", bar, percent,
	    tally->added + tally->existing + tally->refused);
	fflush(stderr);
}

static int print_json(struct import_tally *tally, bool is_complete)
{
	json_t *object = json_object();
	json_object_set_new(object, "new", json_integer(tally->added));
	json_object_set_new(object, "existing", json_integer(tally->existing));
	json_object_set_new(object, "refused", json_integer(tally->refused));
	json_object_set_new(object, "complete", json_boolean(is_complete));
	json_object_set_new(object, "rows", tally->rows);
	tally->rows = NULL;
	return json_print(object);
}

enum cli_exit import_tally_end(struct import_tally *tally, enum cli_exit exit)
{
	import_tally_hide(tally);
	if (tally->report && fclose(tally->report) != 0)
		exit = say_errno(tally->report_path);
	if (tally->rows) {
		if (print_json(tally, exit == CLI_DONE) < 0)
			exit = CLI_FAILED;
		return exit == CLI_DONE && tally->refused > 0 ? CLI_REFUSED
							      : exit;
	}
	if (!tally->report && tally->refused > SHOWN_MAX)
		fprintf(stderr,
		    _("… and %ld more; --report FILE has them all.\n"),
		    tally->refused - SHOWN_MAX);
	printf(_("%ld new, %ld there already, %ld refused\n"), tally->added,
	    tally->existing, tally->refused);
	return exit == CLI_DONE && tally->refused > 0 ? CLI_REFUSED : exit;
}
