/*
 * Intake of a node that is to be mirrored is acknowledged when the node above
 * has the ticket, too. Until then whoever asks waits, and then hears that it is
 * on its way; asked again, it is looked at anew.
 */
#include "engine/inside.h"

/* NULL: nobody is above, or nobody wants it mirrored. */
static const struct link *link_above(const struct engine *engine)
{
	if (!engine->self->is_mirrored || !engine->self->parent)
		return NULL;
	return &engine->neighbours[0].link;
}

/* Is a row on its way that has the beginning of the ticket? */
static int is_queued(bool *is_out, struct turn *turn, const struct link *link,
    const struct id *ticket)
{
	uint64_t acked =
	    link->acked > link->record.acked ? link->acked : link->record.acked;
	struct outbox_row row;
	int rc = 0;

	*is_out = link->record.next - 1 - acked > MIRROR_ROWS_MAX;
	for (uint64_t seq = acked + 1;
	     !rc && !*is_out && seq < link->record.next; seq++) {
		rc = outbox_get(&row, turn->txn, &link->record, seq);
		*is_out = !rc && row.kind == OUTBOX_EVENTS && row.first == 1 &&
			  id_equal(&row.ticket, ticket);
	}
	return rc;
}

int mirror_is_due(bool *is_out, struct turn *turn, const struct id *ticket)
{
	const struct link *link = link_above(turn->engine);
	struct draft *draft;

	*is_out = false;
	if (!link)
		return 0;
	*is_out = !link->record.is_met ||
		  is_offered_later(&turn->engine->neighbours[0], ticket);
	if (*is_out)
		return 0;
	int rc = draft_get(&draft, turn, ticket);
	if (rc == ERR_NOT_FOUND)
		return 0;
	*is_out = !rc && draft->before.seq == 0; /* its rows are not put yet */
	return rc || *is_out ? rc : is_queued(is_out, turn, link, ticket);
}

void mirror_settle(const struct engine *engine, struct waiting *waiting)
{
	const struct link *link = link_above(engine);

	if (link && waiting->is_mirror)
		waiting->row = link->record.next - 1;
}

/* What is there now is waited for once more when rows were numbered anew. */
int mirror_came(bool *is_out, struct turn *turn, struct waiting *waiting,
    struct request_record *record)
{
	const struct link *link = link_above(turn->engine);
	bool is_due = false;
	int rc;

	*is_out = false;
	if (!waiting->is_mirror || waiting->state != WAITING_HELD ||
	    (link && link->acked < waiting->row &&
		waiting->row < link->record.next))
		return 0;
	rc = requests_get(record, turn->txn, &waiting->command);
	if (!rc)
		rc = mirror_is_due(&is_due, turn, &record->ticket);
	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	*is_out = !is_due;
	if (is_due)
		waiting->row = link->record.next - 1;
	return 0;
}
