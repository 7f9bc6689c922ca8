/*
 * A PostgreSQL of a test's own, Debian's: its data in a folder of the test,
 * its socket there, no port. It never runs as root; a test that does runs it
 * as nobody.
 */
#ifndef WHISTLE_FLOW_POSTGRES_H
#define WHISTLE_FLOW_POSTGRES_H

#include <stdint.h>
#include <sys/types.h>

struct postgres {
	char dir[128];
	char where[192]; /* its connection string */
	pid_t pid;
};

/* Why there can be none on this machine; NULL when there can. */
const char *postgres_missing(void);
/* Makes it, and waits until it answers. */
void postgres_open(struct postgres *postgres);
/* As it is started; waits until it answers. */
void postgres_start(struct postgres *postgres);
/* SIGKILL, and nothing is left of it. */
void postgres_kill(struct postgres *postgres);
void postgres_close(struct postgres *postgres);

/* The first column of the first row, which there must be; lives until the
 * next. */
const char *postgres_text(const struct postgres *postgres, const char *query);
int64_t postgres_number(const struct postgres *postgres, const char *query);
/* Commands that give no rows. */
void postgres_do(const struct postgres *postgres, const char *commands);
/* Each row's columns, as text, "" for NULL. */
void postgres_each(const struct postgres *postgres, const char *query,
    void (*visit)(void *context, char **columns), void *context);

#endif
