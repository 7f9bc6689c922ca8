/*
 * What a file said, made fit for a sentence about it: cut to a bounded
 * length between two characters, control bytes replaced.
 */
#ifndef WHISTLE_ORG_SHOWN_H
#define WHISTLE_ORG_SHOWN_H

enum { SHOWN_MAX = 65 };

struct shown {
	char s[SHOWN_MAX];
};

/* Returns `shown_out->s`. */
const char *shown_text(struct shown *shown_out, const char *text);

/* For the arguments of report_add: lives until the end of the block. */
#define SHOWN(text) shown_text(&(struct shown){ "" }, (text))

#endif
