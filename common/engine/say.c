/*
 * What a turn has to say: packed at once, held back until the commit, then
 * released in order. Nothing here sends before that.
 */
#include "engine/inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/log.h"

void *turn_alloc(struct turn *turn, size_t len)
{
	return arena_alloc(turn->engine->arena, len);
}

int turn_copy(struct bytes *copy_out, struct turn *turn, struct bytes bytes)
{
	uint8_t *copy = turn_alloc(turn, bytes.len + 1);

	if (!copy)
		return ERR_NOMEM;
	if (bytes.len)
		memcpy(copy, bytes.data, bytes.len);
	*copy_out = bytes_of(copy, bytes.len);
	return 0;
}

static int hold_back(struct turn *turn, const struct net_route *route,
    struct neighbour *to, size_t offset)
{
	if (turn->outgoing_count == turn->outgoing_cap) {
		size_t cap = turn->outgoing_cap ? 2 * turn->outgoing_cap : 64;
		void *more =
		    realloc(turn->outgoing, cap * sizeof(*turn->outgoing));
		if (!more)
			return ERR_NOMEM;
		turn->outgoing = more;
		turn->outgoing_cap = cap;
	}
	turn->outgoing[turn->outgoing_count++] = (struct outgoing){
		.route = *route,
		.to = to,
		.offset = offset,
		.len = turn->said.len - offset,
	};
	return 0;
}

static void count_refusal(struct engine *engine, const struct wire_reply *reply)
{
	if (!reply->refusal || !reply->refusal[0])
		return;
	for (unsigned i = 1; i < REFUSAL_COUNT; i++)
		if (strcmp(refusal_name(i), reply->refusal) == 0)
			engine->refusals[i]++;
}

int say(struct turn *turn, const struct net_route *route,
    const struct wire_reply *reply)
{
	size_t offset = turn->said.len;

	count_refusal(turn->engine, reply);
	int rc = wire_reply_pack(&turn->said, reply);

	if (rc == ERR_TOO_LARGE || rc == ERR_INVALID) {
		struct wire_reply failed = {
			.id = reply->id,
			.result = RESULT_FAILED,
			.refusal = "",
			.detail = rc == ERR_TOO_LARGE ? "too_large" : "reply",
		};
		turn->said.len = offset;
		rc = wire_reply_pack(&turn->said, &failed);
	}
	return rc ? rc : hold_back(turn, route, NULL, offset);
}

int say_refused(struct turn *turn, const struct net_route *route,
    const struct id *request, enum refusal refusal, const char *detail)
{
	struct wire_reply reply = {
		.id = *request,
		.result = refusal == REFUSAL_UNKNOWN_TICKET ? RESULT_NOT_FOUND
							    : RESULT_REFUSED,
		.refusal = refusal_name(refusal),
		.detail = detail ? detail : "",
	};

	return say(turn, route, &reply);
}

int say_frame(
    struct turn *turn, struct neighbour *to, const struct wire_frame *frame)
{
	size_t offset = turn->said.len;
	int rc = wire_frame_pack(&turn->said, frame);

	return rc ? rc : hold_back(turn, &to->route, to, offset);
}

int say_line(struct turn *turn, const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	int len = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (len < 0)
		return 0;
	if ((size_t)len >= sizeof(line))
		len = sizeof(line) - 1;
	return buf_add(&turn->lines, line, (size_t)len + 1);
}

void release(struct turn *turn)
{
	struct engine *engine = turn->engine;

	for (size_t i = 0; i < turn->outgoing_count; i++) {
		const struct outgoing *each = &turn->outgoing[i];
		int rc = engine->config.post.send(engine->config.post.context,
		    &each->route,
		    bytes_of(turn->said.data + each->offset, each->len));
		if (rc && each->to)
			each->to->link.is_up = false;
	}
	log_lines(LOG_INFO, (const char *)turn->lines.data, turn->lines.len);
}
