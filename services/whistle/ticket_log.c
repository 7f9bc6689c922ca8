#include "ticket_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "lang.h"

/* A reply is bounded, and so is what unpacking it takes. */
enum { LOG_ARENA_BYTES = 8 * DECODE_MAX_BYTES };

static void complain(struct ticket_log *log, const char *format, unsigned seq)
    __attribute__((format(printf, 2, 0)));

/* Only the first problem is kept: the rest follows from it. */
static void complain(struct ticket_log *log, const char *format, unsigned seq)
{
	if (!log->problem[0])
		snprintf(log->problem, sizeof(log->problem), format, seq);
}

/* Does the event follow what came before? */
static void check_event(
    struct ticket_log *log, const struct id *ticket, size_t at)
{
	static const struct hash none;
	const struct event *event = &log->events[at];
	const struct hash *before = at > 0 ? &log->hashes[at - 1] : &none;
	unsigned seq = (unsigned)at + 1;
	if (!id_equal(&event->ticket, ticket))
		complain(log, _("Event %u belongs to another ticket."), seq);
	else if (event->seq != seq)
		complain(log, _("Event %u is missing from the log."), seq);
	else if (!hash_equal(&event->prev, before))
		complain(log,
		    _("Event %u does not carry the hash of the one before: "
		      "the log was changed."),
		    seq);
	else if (!log->problem[0] &&
		 ticket_fold(&log->ticket, event, &log->hashes[at]) < 0)
		complain(log, _("Event %u could not happen by the law."), seq);
}

static void check_end(struct ticket_log *log, const struct ticket *said)
{
	if (log->problem[0])
		return;
	if (said->seq > log->count)
		complain(log, _("Event %u is missing from the log."),
		    (unsigned)log->count + 1);
	else if (said->state != log->ticket.state ||
		 !code_equal(&said->holder, &log->ticket.holder))
		complain(log,
		    _("The node's state of the ticket is not what its %u "
		      "events say."),
		    (unsigned)log->count);
}

/* Each for itself: they are several branches. */
static int read_stranded(struct ticket_log *log, const struct wire_reply *reply)
{
	size_t count = reply->show.stranded_count;
	log->stranded = calloc(count + 1, sizeof(*log->stranded));
	log->stranded_hashes = calloc(count + 1, sizeof(struct hash));
	if (!log->stranded || !log->stranded_hashes)
		return ERR_NOMEM;
	for (size_t i = 0; i < count; i++) {
		struct event *event = &log->stranded[log->stranded_count];
		if (wire_event_unpack(
			event, NULL, log->arena, reply->show.stranded[i]) < 0 ||
		    !id_equal(&event->ticket, &reply->show.row->ticket.id)) {
			complain(log, _("Stranded event %u cannot be read."),
			    (unsigned)i + 1);
			continue;
		}
		hash_of(&log->stranded_hashes[log->stranded_count++],
		    reply->show.stranded[i]);
	}
	return 0;
}

int ticket_log_read(struct ticket_log *log_out, const struct wire_reply *reply)
{
	memset(log_out, 0, sizeof(*log_out));
	const struct id *ticket = &reply->show.row->ticket.id;
	size_t count = reply->show.event_count;
	int err = arena_open(&log_out->arena, LOG_ARENA_BYTES);
	if (err < 0)
		return err;
	log_out->events = calloc(count + 1, sizeof(*log_out->events));
	log_out->hashes = calloc(count + 1, sizeof(*log_out->hashes));
	if (!log_out->events || !log_out->hashes) {
		ticket_log_close(log_out);
		return ERR_NOMEM;
	}
	particulars_clear(&log_out->events[0].what);
	for (size_t i = 0; i < count; i++) {
		if (wire_event_unpack(&log_out->events[i], NULL, log_out->arena,
			reply->show.events[i]) < 0) {
			complain(log_out, _("Event %u cannot be read."),
			    (unsigned)i + 1);
			break;
		}
		hash_of(&log_out->hashes[i], reply->show.events[i]);
		log_out->count = i + 1;
		check_event(log_out, ticket, i);
	}
	check_end(log_out, &reply->show.row->ticket);
	int rc = read_stranded(log_out, reply);
	if (rc < 0)
		ticket_log_close(log_out);
	return rc;
}

void ticket_log_close(struct ticket_log *log)
{
	free(log->stranded);
	free(log->stranded_hashes);
	free(log->events);
	free(log->hashes);
	arena_close(&log->arena);
	memset(log, 0, sizeof(*log));
}

const struct particulars *ticket_log_opening(const struct ticket_log *log)
{
	return &log->events[0].what;
}

const struct event *ticket_log_closing(const struct ticket_log *log)
{
	for (size_t i = log->count; i-- > 0;)
		if (log->events[i].verb == VERB_RESOLVE)
			return &log->events[i];
	return NULL;
}

const struct wire_ticket_row *ticket_log_callout(
    const struct wire_reply *reply, const struct callout *callout)
{
	for (size_t i = 0; i < reply->show.callout_count; i++)
		if (id_equal(
			&reply->show.callouts[i].ticket.id, &callout->ticket))
			return &reply->show.callouts[i];
	return NULL;
}
