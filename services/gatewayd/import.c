/*
 * Many orders in one CSV file, of any length. The whole is on disk and its
 * signature found right before the first row becomes a ticket. Then the rows
 * are asked for, a few at a time, so that no file can crowd others out, and
 * told of in the file's order while that goes on. Nothing here grows with
 * the file. The same file once more changes nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "gatewayd/handlers.h"
#include "gatewayd/import_inside.h"
#include "gatewayd/order.h"
#include "gatewayd/query.h"

enum {
	AGAIN_MS = 200,		 /* after the node asked for time */
	PATIENCE_MS = 30 * 1000, /* with a node that only asks for time */
};

static const char *const names[] = { "rows", NULL };

static void end_import(struct exchange *exchange)
{
	struct import *import = exchange->work;

	for (size_t i = 0; i < IMPORT_WINDOW; i++) {
		free(import->rows[i].order);
		free(import->rows[i].said);
	}
	csv_close(&import->csv);
	free(import);
}

/* What is under way is still told; the rest is for another time. */
static void stop_reading(struct import *import)
{
	import->is_cut = import->is_cut || !import->is_read;
	import->is_read = true;
}

/* ---- asking ---- */

/* The node has no room for it now: once more, for a while. */
static void ask_later(struct exchange *exchange, struct import_row *row,
    const struct http_problem *problem)
{
	struct import *import = exchange->work;
	int64_t now_ms = steady_ms();

	row->again_ms = now_ms + AGAIN_MS;
	if (now_ms - import->heard_ms < PATIENCE_MS &&
	    !exchange->gateway->is_draining)
		return;
	stop_reading(import);
	import_say_problem(exchange, row, problem);
}

static void ask_row(struct exchange *exchange, struct import_row *row)
{
	struct gateway *gateway = exchange->gateway;
	struct wire_request request = { .kind = ASK_COMMAND };
	struct http_problem problem = problem_of(PROBLEM_BUSY);
	const char *same_as = "";
	int rc;

	arena_reset(gateway->arena);
	rc = order_read(&request.command, &same_as, &problem, gateway->arena,
	    bytes_of(row->order, strlen(row->order)), gateway->catalogue);
	if (rc == ERR_INVALID) {
		import_say_problem(exchange, row, &problem);
		return;
	}
	if (!rc)
		rc = exchange_ask_beside(exchange, &request);
	problem = problem_of(PROBLEM_BUSY);
	if (rc)
		ask_later(exchange, row, &problem);
	else
		row->wish = request.id;
}

static void take_record(
    struct exchange *exchange, const struct csv_record *record)
{
	struct import *import = exchange->work;
	struct import_row *row =
	    &import->rows[(import->first + import->count++) % IMPORT_WINDOW];
	struct http_problem problem = problem_of(PROBLEM_BAD_RECORD);

	*row = (struct import_row){ .line = record->line };
	if (record->problem) {
		import_say_problem(exchange, row, &problem);
		return;
	}
	row->order = import_row_order(row->number, &import->heading, record);
	if (row->order)
		ask_row(exchange, row);
	else
		stream_break(exchange);
}

static void read_on(struct exchange *exchange)
{
	struct import *import = exchange->work;
	struct csv_record record;
	int got;

	if (import->count == 0)
		import->heard_ms = steady_ms();
	while (!import->is_read && import->count < IMPORT_WINDOW &&
	       !exchange->stream.is_over) {
		got = csv_next(&record, import->csv);
		if (got > 0)
			take_record(exchange, &record);
		else if (got == 0)
			import->is_read = true;
		else
			stop_reading(import);
	}
}

static void ask_again(struct exchange *exchange, int64_t now_ms)
{
	struct import *import = exchange->work;

	for (size_t i = 0; i < IMPORT_WINDOW; i++) {
		struct import_row *row = &import->rows[i];

		if (row->order && id_is_zero(&row->wish) &&
		    now_ms >= row->again_ms)
			ask_row(exchange, row);
	}
}

static void go_on(struct exchange *exchange)
{
	struct import *import = exchange->work;

	if (exchange->gateway->is_draining)
		stop_reading(import);
	ask_again(exchange, steady_ms());
	do {
		import_tell_known(exchange);
		read_on(exchange);
	} while (import->count > 0 && stream_has_room(exchange) &&
		 import->rows[import->first].is_known);
	if (import->count == 0 && import->is_read && !exchange->stream.is_over)
		import_tell_end(exchange);
}

/* ---- the node's answer ---- */

static struct import_row *row_of(struct import *import, const struct id *wish)
{
	for (size_t i = 0; i < IMPORT_WINDOW; i++)
		if (import->rows[i].order &&
		    id_equal(&import->rows[i].wish, wish))
			return &import->rows[i];
	return NULL;
}

static bool is_passing(enum problem_kind kind)
{
	return kind == PROBLEM_TOO_FAST || kind == PROBLEM_STORE_FULL ||
	       kind == PROBLEM_NOT_MIRRORED ||
	       kind == PROBLEM_RECOVERING || kind == PROBLEM_BUSY;
}

static void hear(struct exchange *exchange, struct import_row *row,
    const struct wire_reply *reply)
{
	struct http_problem problem = problem_of(PROBLEM_NO_ANSWER);

	if (!reply) {
		stop_reading(exchange->work);
		import_say_problem(exchange, row, &problem);
		return;
	}
	if (reply->result == RESULT_DONE && reply->kind == ASK_COMMAND) {
		import_say_taken(exchange, row, reply);
		return;
	}
	problem = answer_problem_of(reply);
	if (is_passing(problem.kind))
		ask_later(exchange, row, &problem);
	else
		import_say_problem(exchange, row, &problem);
}

void import_posted(struct exchange *exchange, const struct wire_reply *reply)
{
	struct import_row *row = row_of(exchange->work, &exchange->replied);

	if (!row)
		return;
	row->wish = (struct id){ 0 };
	hear(exchange, row, reply);
	if (stream_has_room(exchange))
		go_on(exchange);
}

/* ---- the file ---- */

static bool read_heading(struct exchange *exchange)
{
	struct import *import = exchange->work;
	struct http_problem problem = problem_field("number", FIELD_MISSING);
	struct csv_record record;

	if (csv_next(&record, import->csv) == 1 && !record.problem &&
	    import_heading_read(&import->heading, &record))
		return true;
	exchange_problem(exchange, &problem);
	return false;
}

/* The file has no name but this, by which the reader of CSV opens it. */
static int open_file(struct csv **csv_out, struct spool *spool)
{
	int fd = spool_take(spool), rc;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	rc = csv_open(csv_out, path);
	close(fd);
	return rc;
}

static bool read_query(bool *only_refused, struct exchange *exchange)
{
	struct form form;
	const char *rows;

	if (!query_read(&form, exchange, names))
		return false;
	rows = form_value(&form, "rows");
	*only_refused = strcmp(rows, "refused") == 0;
	if (*only_refused || !rows[0] || strcmp(rows, "all") == 0)
		return true;
	query_refuse(exchange, "rows", FIELD_NOT_LISTED);
	return false;
}

void import_post(struct exchange *exchange)
{
	struct import *import;
	bool only_refused;

	if (!read_query(&only_refused, exchange))
		return;
	import = calloc(1, sizeof(*import));
	if (!import) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return;
	}
	exchange->work = import;
	exchange->end_work = end_import;
	import->only_refused = only_refused;
	if (open_file(&import->csv, exchange->spool))
		exchange_refuse(exchange, PROBLEM_BUSY);
	else if (read_heading(exchange)) {
		stream_begin(exchange, "application/x-ndjson", go_on);
		go_on(exchange);
	}
}
