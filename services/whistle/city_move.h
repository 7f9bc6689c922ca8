/*
 * Where a node is, or in which version the city writes, put into a city's
 * nodes.yaml: nothing else in the file changes, and a file that would not be a
 * city's is never put there.
 */
#ifndef WHISTLE_CLI_CITY_MOVE_H
#define WHISTLE_CLI_CITY_MOVE_H

#include "cli.h"

/* `http` NULL leaves it. `node` is of the city in `dir`. CLI_REFUSED, with
 * every problem said, when the city would not be sound. */
enum cli_exit city_move(const char *dir, const struct node *node,
    const char *endpoint, const char *http);
/* "speaks: VERSION", which need not be there yet. As above. */
enum cli_exit city_speak(const char *dir, unsigned version);

#endif
