/*
 * Luck that repeats: the same seed, case and question always give the same
 * answer, in whatever order things happen.
 */
#ifndef WHISTLE_DEMO_CHANCE_H
#define WHISTLE_DEMO_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

/* 0 .. below - 1. `key` is the case, `what` the question. */
unsigned chance(
    int64_t seed, const char *key, const char *what, unsigned below);
bool chance_is(
    int64_t seed, const char *key, const char *what, unsigned percent);

#endif
