/*
 * One clear sentence on standard error, and the exit code that goes with
 * it. Also prints what strangers wrote, made harmless for a terminal.
 */
#ifndef WHISTLE_CLI_SAY_H
#define WHISTLE_CLI_SAY_H

#include <stdio.h>
#include "cli.h"

/* `format` is translated already; a newline is added. */
void say_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What an ERR_* means for whoever typed the command: "PATH: …". */
enum cli_exit say_failure(int err, const char *subject);

/*
 * Explains a reply that is not "done". `subject` is the ticket's id, or
 * whatever was asked about; "" for none.
 */
enum cli_exit say_result(
    struct cli *cli, const struct wire_reply *reply, const char *subject);

/*
 * A person's words: control bytes and marks that turn the direction of
 * writing become '?'; after each newline comes `indent`.
 */
void say_text(FILE *out, const char *text, const char *indent);
/* The same on one line, newlines as spaces. */
void say_line(FILE *out, const char *text);

#endif
