/*
 * An event in words: when, who, what, why, and what follows from it.
 */
#ifndef WHISTLE_CLI_STORY_H
#define WHISTLE_CLI_STORY_H

#include <stdio.h>
#include "cli.h"

/* … of which the first so many say it to the minute. */
enum { STORY_TIME_TEXT = 24, STORY_MINUTE_CHARS = 16 };

/* "2026-11-21 09:30:05" in the process's time zone; "-" for 0. Returns
 * `text_out`. */
char *story_time(char text_out[STORY_TIME_TEXT], int64_t time_ms);
/* The same of what a node said, in RFC 3339; else as it was said. */
char *story_moment(char text_out[STORY_TIME_TEXT], const char *said);
/* "2h05m", or "late 3h"; "-" when nothing is due. `is_late_out` may be
 * NULL. */
enum { STORY_LEFT_TEXT = 48 };
char *story_left(char text_out[STORY_LEFT_TEXT], bool *is_late_out,
    int64_t due_ms, int64_t now_ms);

/* The head line and the lines below it. */
void story_print(FILE *out, struct cli *cli, const struct event *event);

#endif
