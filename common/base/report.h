/*
 * What a check found: one clear sentence each, with file, line and what to
 * do. A loader adds problems and goes on as far as it can, so that one run
 * shows them all; it has succeeded only if there is none.
 */
#ifndef WHISTLE_BASE_REPORT_H
#define WHISTLE_BASE_REPORT_H

#include <stddef.h>
#include <stdio.h>

enum { REPORT_PROBLEMS_MAX = 100, REPORT_TEXT_MAX = 512 };

struct problem {
	char file[256];
	long line; /* 0: the file as a whole */
	char text[REPORT_TEXT_MAX];
};

/* Zero-initialise; release with report_free. */
struct report {
	struct problem *problems;
	size_t count;	/* kept, at most REPORT_PROBLEMS_MAX */
	size_t dropped; /* found beyond that */
};

/*
 * Says a sentence's format in the language of whoever will read it, with its
 * conversions in their order; as it is, unless the program sets another.
 */
extern const char *(*report_language)(const char *format);

void report_add(struct report *report, const char *file, long line,
    const char *format, ...) __attribute__((format(printf, 4, 5)));
/* "FILE:LINE: text" each, a line each. */
void report_print(const struct report *report, FILE *out);
void report_free(struct report *report);

#endif
