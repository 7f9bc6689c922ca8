#include "wire/wire.h"

#include <string.h>
#include "base/err.h"
#include "base/limits.h"
#include "wire/command.h"
#include "wire/field.h"
#include "wire/message.h"

enum { DETAIL_MAX = 256 };

/* ---- the command on its way ---- */

static bool is_node_name(const char *name)
{
	return name && name[0] && strlen(name) < NAME_MAX_BYTES;
}

int wire_order_pack(struct buf *out, const struct wire_order *order)
{
	struct command_message command;
	Whistle__Order message = WHISTLE__ORDER__INIT;
	int rc;

	if (!is_node_name(order->from))
		return ERR_INVALID;
	rc = command_fill(&command, &order->command, COMMAND_ORDERED);
	if (rc)
		return rc;
	message.command = &command.command;
	message.from = field_text(order->from);
	return message_pack(out, EVENT_MAX_BYTES, &message);
}

int wire_order_unpack(
    struct wire_order *order_out, struct arena *arena, struct bytes bytes)
{
	Whistle__Order *message;
	const char *problem;
	int rc = message_unpack(&message, arena, &whistle__order__descriptor,
	    EVENT_MAX_BYTES, GROWTH, bytes);

	if (rc)
		return rc;
	if (!message->command || !is_node_name(message->from))
		return ERR_INVALID;
	rc = command_read(&order_out->command, &problem, arena,
	    message->command, COMMAND_ORDERED);
	if (!rc)
		order_out->from = message->from;
	return rc;
}

/* ---- the holder's answer on its way back ---- */

static bool answer_is_valid(const struct wire_answer *answer)
{
	return !id_is_zero(&answer->command) && is_node_name(answer->to) &&
	       answer->refusal && answer->refusal[0] &&
	       strlen(answer->refusal) < NAME_MAX_BYTES &&
	       (!answer->detail || strlen(answer->detail) < DETAIL_MAX);
}

int wire_answer_pack(struct buf *out, const struct wire_answer *answer)
{
	Whistle__Answer message = WHISTLE__ANSWER__INIT;

	if (!answer_is_valid(answer))
		return ERR_INVALID;
	message.command = field_id(&answer->command);
	message.to = field_text(answer->to);
	message.refusal = field_text(answer->refusal);
	message.detail = field_text(answer->detail);
	message.seq = answer->seq;
	return message_pack(out, EVENT_MAX_BYTES, &message);
}

int wire_answer_unpack(
    struct wire_answer *answer_out, struct arena *arena, struct bytes bytes)
{
	struct wire_answer answer;
	Whistle__Answer *message;
	int rc = message_unpack(&message, arena, &whistle__answer__descriptor,
	    EVENT_MAX_BYTES, GROWTH, bytes);

	if (rc)
		return rc;
	if (!field_read_id(&answer.command, message->command))
		return ERR_INVALID;
	answer.to = message->to;
	answer.refusal = message->refusal;
	answer.detail = message->detail;
	answer.seq = message->seq;
	if (!answer_is_valid(&answer))
		return ERR_INVALID;
	*answer_out = answer;
	return 0;
}
