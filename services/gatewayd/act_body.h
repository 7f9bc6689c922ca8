/*
 * What a client does with a ticket that is there, as the body of its request
 * says it. Pure.
 */
#ifndef WHISTLE_GATEWAYD_ACT_BODY_H
#define WHISTLE_GATEWAYD_ACT_BODY_H

#include "gatewayd/body.h"

struct act {
	const char *name; /* the path's last part */
	enum verb verb;
	const struct body_field *fields;
	size_t field_count;
};

/* NULL: there is no such act. */
const struct act *act_find(const char *name);
/*
 * *command_out has its verb and what it says, and lives in `arena`, behind
 * what is in it; the ticket is its caller's to name. ERR_INVALID with what is
 * wrong in *problem_out; ERR_NOMEM.
 */
int act_read(struct command *command_out, struct http_problem *problem_out,
    struct arena *arena, const struct act *act, struct bytes body);

#endif
