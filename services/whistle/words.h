/*
 * The words of the law as people read them: what a number of a word list,
 * a result of triage or a state of a node is called in their language.
 */
#ifndef WHISTLE_CLI_WORDS_H
#define WHISTLE_CLI_WORDS_H

#include "catalogue/triage.h"
#include "ticket/words.h"

/* Never NULL; "-" for 0. */
const char *words_of(enum word_list list, unsigned value);

/* "running", "recovering", … and "unreachable" of a node. */
const char *words_node_state(const char *state);
const char *words_triage_reason(const char *reason);
const char *words_unit_kind(enum unit_kind kind);
/* The level's word in the file, for the usual five; else as it is. */
const char *words_level(const char *level);
/* The name of a field of particulars. */
const char *words_field(const char *field);

#endif
