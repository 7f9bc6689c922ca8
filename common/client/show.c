/* A log can be longer than one answer. */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "client/client.h"

void client_log_free(struct client_log *log)
{
	buf_free(&log->bytes);
	free(log->lengths);
	free(log->events);
	*log = (struct client_log){ .count = 0 };
}

static int keep(struct client_log *log, const struct wire_reply *reply)
{
	size_t count = log->count + reply->show.event_count;
	size_t *lengths = realloc(log->lengths, (count + 1) * sizeof(*lengths));
	int rc = 0;

	if (!lengths)
		return ERR_NOMEM;
	log->lengths = lengths;
	for (size_t i = 0; !rc && i < reply->show.event_count; i++) {
		struct bytes event = reply->show.events[i];
		rc = buf_add(&log->bytes, event.data, event.len);
		if (!rc)
			log->lengths[log->count++] = event.len;
	}
	return rc;
}

/* The pieces have stopped moving: point into them. */
static int finish(struct wire_reply *reply, struct client_log *log)
{
	struct bytes *events = calloc(log->count + 1, sizeof(*events));
	size_t at = 0;

	if (!events)
		return ERR_NOMEM;
	for (size_t i = 0; i < log->count; i++) {
		events[i] = bytes_of(log->bytes.data + at, log->lengths[i]);
		at += log->lengths[i];
	}
	log->events = events;
	reply->show.events = events;
	reply->show.event_count = log->count;
	reply->show.next = 0;
	return 0;
}

static bool is_shown(const struct wire_reply *reply)
{
	return reply->result == RESULT_DONE && reply->has_body &&
	       reply->kind == ASK_SHOW && reply->show.row;
}

int client_show(struct wire_reply *reply_out, struct client_log *log,
    struct client *client, struct wire_request *request, int timeout_ms)
{
	int rc;

	client_log_free(log);
	request->show.from = 0;
	for (;;) {
		memset(&request->id, 0, sizeof(request->id));
		rc = client_ask(reply_out, client, request, timeout_ms);
		if (rc || !is_shown(reply_out))
			return rc;
		if (request->show.from == 0 && reply_out->show.next == 0)
			return 0; /* nearly always */
		rc = keep(log, reply_out);
		if (rc)
			return rc;
		if (reply_out->show.next == 0)
			return finish(reply_out, log);
		request->show.from = reply_out->show.next;
	}
}
