/*
 * Questions about scores and their answers, between our structs and
 * protobuf-c's. Private to wire/.
 */
#ifndef WHISTLE_WIRE_SCORE_H
#define WHISTLE_WIRE_SCORE_H

#include "control.pb-c.h"
#include "wire/wire.h"

/* Points into itself: does not move. */
struct score_query_message {
	Whistle__ScoreQuery query;
	Whistle__ScoreEvents events;
};

void score_query_fill(
    struct score_query_message *message, const struct wire_score_query *query);
/* NULL, or what is wrong. */
const char *score_query_read(
    struct wire_score_query *query, const Whistle__ScoreQuery *from);

/* Points into itself: does not move. */
struct score_page_message {
	Whistle__ScorePage page;
	Whistle__ScoreFormula formula;
	uint32_t weights[3];
};

/* Lists live in `arena`, texts are borrowed. ERR_TOO_LARGE: no room;
 * ERR_INVALID. */
int score_page_fill(struct score_page_message *message, struct arena *arena,
    const struct wire_reply *reply);
int score_page_read(struct wire_reply *reply, struct arena *arena,
    const Whistle__ScorePage *page);

#endif
