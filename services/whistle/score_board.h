/* The options of "whistle score show", for the board and for one unit. */
#ifndef WHISTLE_CLI_SCORE_BOARD_H
#define WHISTLE_CLI_SCORE_BOARD_H

#include "score_lines.h"

struct score_show {
	const char *under, *kind, *level, *sort;
	struct score_filter filter;
	bool by_item, by_domain, explain, tickets;
};
extern struct score_show score_show;

#endif
