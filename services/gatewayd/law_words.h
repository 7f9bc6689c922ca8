/*
 * The law's refusals in words for a hotline's operator: what is wrong, and
 * what can be done instead. In both languages, because whoever asks picks
 * one with each request. Pure.
 */
#ifndef WHISTLE_GATEWAYD_LAW_WORDS_H
#define WHISTLE_GATEWAYD_LAW_WORDS_H

#include <stdbool.h>

/* NULL for a word that is none of the law's, or means no more than its
 * problem's own sentence. */
const char *law_words(const char *refusal, bool is_chinese);

#endif
