#include "base/report.h"

#include <stdarg.h>
#include <stdlib.h>
#include "base/bytes.h"

/* As much as fits, in one line: a problem may quote what a file says. */
static void copy_line(char *to, size_t size, const char *from)
{
	size_t len = text_cut(from, size - 1), i;

	for (i = 0; i < len; i++)
		to[i] =
		    (uint8_t)from[i] < 0x20 || from[i] == 0x7f ? ' ' : from[i];
	to[len] = '\0';
}

/* NULL when no more are kept. Without memory too: the count of what was
 * found must still say that the check failed. */
static struct problem *next_problem(struct report *report)
{
	if (!report->problems)
		report->problems =
		    calloc(REPORT_PROBLEMS_MAX, sizeof(*report->problems));
	if (!report->problems || report->count == REPORT_PROBLEMS_MAX) {
		report->dropped++;
		return NULL;
	}
	return &report->problems[report->count++];
}

static const char *as_it_is(const char *format)
{
	return format;
}

const char *(*report_language)(const char *format) = as_it_is;

void report_add(
    struct report *report, const char *file, long line, const char *format, ...)
{
	struct problem *problem = next_problem(report);
	char text[2 * REPORT_TEXT_MAX];
	va_list args;

	if (!problem)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), report_language(format), args);
	va_end(args);
	copy_line(problem->file, sizeof(problem->file), file);
	copy_line(problem->text, sizeof(problem->text), text);
	problem->line = line;
}

void report_print(const struct report *report, FILE *out)
{
	const struct problem *problem;
	size_t i;

	for (i = 0; i < report->count; i++) {
		problem = &report->problems[i];
		if (problem->line > 0)
			fprintf(out, "%s:%ld: %s\n", problem->file,
			    problem->line, problem->text);
		else
			fprintf(out, "%s: %s\n", problem->file, problem->text);
	}
	if (report->dropped > 0)
		fprintf(out, "and %zu more\n", report->dropped);
}

void report_free(struct report *report)
{
	free(report->problems);
	*report = (struct report){ 0 };
}
