/*
 * Text as roff's man macros want it: whatever the text holds, it is shown
 * and never taken for a request.
 */
#ifndef WHISTLE_CLI_ROFF_H
#define WHISTLE_CLI_ROFF_H

#include <stdio.h>

/* Part of a line; what would be special is escaped. */
void roff_text(FILE *out, const char *text);
/* The same for an argument's name: capitals, which stand for something, in
 * italics. "ID [TEXT]". */
void roff_words(FILE *out, const char *words);
/* Whole lines. An empty line parts paragraphs; indented lines are shown as
 * they are. */
void roff_paragraphs(FILE *out, const char *text);

#endif
