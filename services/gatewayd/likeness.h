/*
 * How alike two texts are, from 0 to 1: the share of the pairs of
 * neighbouring characters that both have. Knows no language, which suits
 * Chinese; spaces and punctuation are no matter. Pure.
 */
#ifndef WHISTLE_GATEWAYD_LIKENESS_H
#define WHISTLE_GATEWAYD_LIKENESS_H

enum { LIKENESS_CHARS_MAX = 400 }; /* no more is looked at */

double likeness(const char *a, const char *b);

#endif
