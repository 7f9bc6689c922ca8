/*
 * A question as a request of the operator protocol, such that nothing but
 * who asks can be wrong with it; and what came back, as one word.
 */
#ifndef WHISTLE_FLOW_POWERS_WISHES_H
#define WHISTLE_FLOW_POWERS_WISHES_H

#include "powers/people.h"

#define POWERS_NAME  "何女士"
#define POWERS_PHONE "13800114207"

struct wish_room {
	struct callout callout;
	struct attachment file;
	struct buf contact;
	char number[ID_TEXT + 8];
};

/* `room` must outlive the request; release with wish_free. */
void wish_of(struct wire_request *request_out, struct wish_room *room,
    const struct question *question);
void wish_free(struct wish_room *room);
void wish_answer(struct question *question, const struct wire_reply *reply);

#endif
