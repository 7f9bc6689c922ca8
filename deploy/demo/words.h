/*
 * What the acting staff write: plain sentences of the trade, about nobody.
 * In Chinese, as the sample city's complaints are.
 */
#ifndef WHISTLE_DEMO_WORDS_H
#define WHISTLE_DEMO_WORDS_H

#define WORDS_OCCASIONS(X)                                                     \
	X(ACCEPT)                                                              \
	X(CHECK_IN)                                                            \
	X(CHECK_IN_LATE)                                                       \
	X(NOTE)                                                                \
	X(UP)                                                                  \
	X(DISPATCH)                                                            \
	X(RETURN)                                                              \
	X(BASIS)                                                               \
	X(ELSEWHERE)                                                           \
	X(WHISTLE)                                                             \
	X(SOLVED)                                                              \
	X(EXPLAINED)                                                           \
	X(NO_PLACE)                                                            \
	X(REOPEN)                                                              \
	X(GOOD)                                                                \
	X(FAIR)                                                                \
	X(POOR)                                                                \
	X(LATE)

#define X(name) WORDS_##name,
enum words { WORDS_OCCASIONS(X) WORDS_COUNT };
#undef X

/* One of the sentences for the occasion; any number will do. */
const char *words(enum words occasion, unsigned number);

#endif
