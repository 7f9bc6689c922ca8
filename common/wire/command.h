/*
 * A command, as it stands in an order between nodes and in a person's
 * request. Private to wire/.
 */
#ifndef WHISTLE_WIRE_COMMAND_H
#define WHISTLE_WIRE_COMMAND_H

#include "link.pb-c.h"
#include "wire/particulars.h"

enum command_way {
	/* From a key that says who asks: unit and operator may be absent. */
	COMMAND_ASKED,
	/* From node to node: says who, names a ticket, has no contact. */
	COMMAND_ORDERED,
};

/* Points into itself: does not move. */
struct command_message {
	Whistle__Command command;
	struct particulars_message particulars;
};

/* ERR_INVALID for what command_read would refuse, but for the particulars;
 * ERR_TOO_LARGE. */
int command_fill(struct command_message *message, const struct command *command,
    enum command_way way);

/* ERR_INVALID with a phrase; ERR_TOO_LARGE when the arena is full. */
int command_read(struct command *command_out, const char **problem_out,
    struct arena *arena, const Whistle__Command *message, enum command_way way);

#endif
