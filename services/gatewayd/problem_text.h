/* The words of problems, for problem.c only. */
#ifndef WHISTLE_GATEWAYD_PROBLEM_TEXT_H
#define WHISTLE_GATEWAYD_PROBLEM_TEXT_H

#include "gatewayd/problem.h"

struct problem_words {
	const char *en;
	const char *zh;
};

struct problem_text {
	struct problem_words title;
	struct problem_words detail;
};

extern const struct problem_text problem_texts[PROBLEM_COUNT];

#endif
