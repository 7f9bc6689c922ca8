#include "export_step.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "export_read.h"
#include "pg_rows.h"
#include "pg_schema.h"
#include "score_lines.h"
#include "session.h"

enum { NUMBER_TEXT = 24 };

static enum export_fault fault_of(int err)
{
	if (err == 0)
		return EXPORT_FINE;
	return err == ERR_UNREACHABLE ? EXPORT_PG_AWAY : EXPORT_PG_FAILED;
}

/* ---- where it is ---- */

struct place_text {
	char generation[NUMBER_TEXT], followed[NUMBER_TEXT];
	char cursor[3 + 2 * EXPORT_CURSOR_MAX];
};

static void place_write(struct place_text *text, int generation,
    uint64_t followed, const struct buf *cursor)
{
	snprintf(text->generation, sizeof(text->generation), "%d", generation);
	snprintf(text->followed, sizeof(text->followed), "%" PRIu64, followed);
	strcpy(text->cursor, "\\x");
	for (size_t i = 0; i < cursor->len && i < EXPORT_CURSOR_MAX; i++)
		snprintf(text->cursor + 2 + 2 * i, 3, "%02x", cursor->data[i]);
}

static int cursor_read(struct buf *cursor, const char *hex)
{
	buf_clear(cursor);
	for (; hex[0] && hex[1]; hex += 2) {
		const char pair[] = { hex[0], hex[1], '\0' };
		uint8_t byte = (uint8_t)strtoul(pair, NULL, 16);
		if (buf_add(cursor, &byte, 1) < 0)
			return ERR_NOMEM;
	}
	return 0;
}

/* A schema is one node's: positions and generations are its store's. */
static enum export_fault check_node(struct export *export)
{
	const char *node = export->cli->node->name;
	const char *const params[] = { node };
	char *other;
	int err = pg_row(&other, 1, &export->pg,
	    "SELECT node FROM progress WHERE node <> $1", 1, params);
	if (err == ERR_NOT_FOUND)
		return EXPORT_FINE;
	if (err)
		return fault_of(err);
	snprintf(export->pg.message, PG_MESSAGE, "%s", other);
	free(other);
	return EXPORT_OTHER_NODE;
}

static int read_place(struct export *export)
{
	const char *const params[] = { export->cli->node->name };
	char *texts[4];
	int err = pg_row(texts, 4, &export->pg,
	    "SELECT generation, followed, encode(cursor, 'hex'), "
	    "CASE WHEN EXISTS (SELECT FROM tickets t WHERE t.generation < "
	    "p.generation) THEN 1 ELSE 0 END FROM progress p WHERE node = $1",
	    1, params);
	if (err)
		return err;
	export->generation = atoi(texts[0]);
	export->followed = strtoull(texts[1], NULL, 10);
	err = cursor_read(&export->cursor, texts[2]);
	export->has_old = texts[3][0] == '1';
	export->is_whole = false;
	for (size_t i = 0; i < 4; i++)
		free(texts[i]);
	return err;
}

enum export_fault export_begin(struct export *export)
{
	const char *const params[] = { export->cli->node->name };
	enum export_fault fault = check_node(export);
	if (fault != EXPORT_FINE)
		return fault;
	int err = pg_do_with(NULL, &export->pg,
	    "INSERT INTO progress VALUES ($1, 1, 0, '', now()) "
	    "ON CONFLICT DO NOTHING",
	    1, params);
	return fault_of(err ? err : read_place(export));
}

/* ---- into the tables ---- */

/* What a fence has undone makes room for what stands there now. */
static const char put_rows[] =
    "DELETE FROM tickets t USING stage_tickets s WHERE t.id = s.id;"
    "INSERT INTO tickets SELECT DISTINCT ON (id) * FROM stage_tickets "
    "ORDER BY id, seq DESC;"
    "DELETE FROM events e USING stage_events s WHERE e.ticket = s.ticket "
    "AND e.seq = s.seq AND e.hash <> s.hash;"
    "UPDATE stage_events s SET text = NULL WHERE text IS NOT NULL AND ("
    "EXISTS (SELECT FROM stage_events o WHERE o.ticket = s.ticket AND "
    "o.confidential) OR EXISTS (SELECT FROM events o WHERE o.ticket = "
    "s.ticket AND o.seq = 1 AND o.confidential));"
    "INSERT INTO events SELECT DISTINCT ON (ticket, seq) * FROM stage_events "
    "ORDER BY ticket, seq, term DESC ON CONFLICT DO NOTHING;"
    "DELETE FROM events e USING stage_tickets s WHERE e.ticket = s.id AND "
    "e.seq > s.seq";

/* ERR_BUSY: another export of the same has moved it meanwhile. */
static int move_place(struct export *export, const struct place_text *to)
{
	struct place_text from;
	long touched;
	place_write(
	    &from, export->generation, export->followed, &export->cursor);
	const char *const params[] = { to->generation, to->followed, to->cursor,
		from.generation, from.followed, from.cursor,
		export->cli->node->name };
	int err = pg_do_with(&touched, &export->pg,
	    "UPDATE progress SET generation = $1::integer, followed = "
	    "$2::bigint, cursor = $3::bytea, moved_at = now() WHERE "
	    "generation = $4::integer AND followed = $5::bigint AND cursor = "
	    "$6::bytea AND node = $7",
	    7, params);
	return err || touched == 1 ? err : ERR_BUSY;
}

/* The step's rows and its place, or nothing. */
static int commit_rows(struct export *export, const struct place_text *to)
{
	int err = pg_do(&export->pg, "BEGIN");
	if (err == 0)
		err = move_place(export, to);
	if (err == ERR_BUSY)
		return pg_do(&export->pg, "ROLLBACK") ? ERR_UNREACHABLE
						      : ERR_BUSY;
	if (err == 0)
		err = pg_copy(
		    &export->pg, "stage_tickets", &export->rows_tickets);
	if (err == 0)
		err =
		    pg_copy(&export->pg, "stage_events", &export->rows_events);
	if (err == 0)
		err = pg_do(&export->pg, put_rows);
	return err ? err : pg_do(&export->pg, "COMMIT");
}

static enum export_fault write_step(struct export *export, int generation,
    uint64_t followed, const struct buf *cursor)
{
	struct place_text to;
	place_write(&to, generation, followed, cursor);
	int err = commit_rows(export, &to);
	if (err == ERR_BUSY) {
		export->is_current = false;
		return fault_of(read_place(export));
	}
	if (err)
		return fault_of(err);
	export->generation = generation;
	export->followed = followed;
	export->is_marked = false;
	buf_clear(&export->cursor);
	if (buf_add(&export->cursor, cursor->data, cursor->len) < 0)
		return EXPORT_PG_AWAY;
	return EXPORT_FINE;
}

/* From the start again, in the next generation. */
static enum export_fault start_again(struct export *export)
{
	const struct buf none = { 0 };
	buf_clear(&export->rows_events);
	buf_clear(&export->rows_tickets);
	export->is_current = false;
	export->is_whole = false;
	enum export_fault fault =
	    write_step(export, export->generation + 1, 0, &none);
	export->has_old = true;
	return fault;
}

/* ---- what a new store does not have ---- */

static enum export_fault ask_whether_whole(struct export *export)
{
	struct wire_request request = { .kind = ASK_STATUS };
	struct wire_reply reply;
	enum export_fault fault = export_ask(&reply, export, &request);
	if (fault == EXPORT_FINE && reply.has_body)
		export->is_whole = strcmp(reply.status.state, "running") == 0;
	return fault;
}

/* The node was whole, and since then all has been read. */
static enum export_fault drop_old(struct export *export)
{
	int err = pg_do(&export->pg,
	    "BEGIN;"
	    "DELETE FROM events WHERE ticket IN (SELECT id FROM tickets t "
	    "WHERE t.generation < (SELECT generation FROM progress));"
	    "DELETE FROM tickets WHERE generation < (SELECT generation FROM "
	    "progress);"
	    "COMMIT");
	if (err == 0)
		export->has_old = false;
	return fault_of(err);
}

/* ---- a step ---- */

static enum export_fault read_pages(
    struct export *export, uint64_t *last, struct buf *cursor, bool *is_other)
{
	bool is_complete = false;
	enum export_fault fault = EXPORT_FINE;
	*last = export->followed;
	buf_clear(&export->rows_events);
	buf_clear(&export->rows_tickets);
	/* Events first: the answer about the tickets then says whose store
	 * both are of. Without a cursor nothing could say so. */
	if (export->cursor.len > 0)
		fault = export_read_events(last, export);
	if (fault == EXPORT_FINE)
		fault =
		    export_read_tickets(cursor, &is_complete, is_other, export);
	export->is_current = fault == EXPORT_FINE && is_complete &&
			     export->cursor.len > 0 &&
			     *last == export->followed;
	return fault;
}

static bool has_moved(
    const struct export *export, uint64_t last, const struct buf *cursor)
{
	return last != export->followed ||
	       !bytes_equal(bytes_of(cursor->data, cursor->len),
		   bytes_of(export->cursor.data, export->cursor.len));
}

static enum export_fault settle_old(struct export *export)
{
	if (!export->has_old || !export->is_current)
		return EXPORT_FINE;
	if (export->is_whole)
		return drop_old(export);
	enum export_fault fault = ask_whether_whole(export);
	if (export->is_whole)
		export->is_current = false; /* read once more, then drop */
	return fault;
}

/* Says in the tables that they have all there is; once after each change. */
static enum export_fault mark_current(struct export *export)
{
	if (!export->is_current || export->is_marked)
		return EXPORT_FINE;
	int err = pg_do(&export->pg, "UPDATE progress SET current_at = now()");
	export->is_marked = err == 0;
	return fault_of(err);
}

enum export_fault export_step(struct export *export)
{
	struct buf cursor = { 0 };
	uint64_t last;
	bool is_other = false;
	enum export_fault fault = EXPORT_FINE;
	if (!export->arena && arena_open(&export->arena, DECODE_MAX_BYTES) < 0)
		return EXPORT_PG_AWAY;
	fault = read_pages(export, &last, &cursor, &is_other);
	if (fault == EXPORT_FINE && is_other)
		fault = start_again(export);
	else if (fault == EXPORT_FINE && has_moved(export, last, &cursor))
		fault = write_step(export, export->generation, last, &cursor);
	if (fault == EXPORT_FINE && !is_other)
		fault = settle_old(export);
	if (fault == EXPORT_FINE)
		fault = mark_current(export);
	buf_free(&cursor);
	return fault;
}

/* ---- scores ---- */

static int write_scores(struct export *export, const struct score_lines *lines)
{
	struct buf rows = { 0 };
	char mostly[NUMBER_TEXT];
	const char *const params[] = { mostly };
	int err = 0;
	snprintf(mostly, sizeof(mostly), "%d", (int)lines->formula.mostly);
	for (size_t i = 0; err == 0 && i < lines->count; i++)
		err = pg_rows_score(&rows, &lines->of[i]);
	if (err == 0)
		err = pg_do(&export->pg, "BEGIN; DELETE FROM score_formula");
	if (err == 0)
		err = pg_do_with(NULL, &export->pg,
		    "INSERT INTO score_formula VALUES ($1::integer)", 1,
		    params);
	if (err == 0)
		err = pg_schema_mirror(&export->pg, "scores",
		    "t.month = o.month AND t.unit = o.unit", &rows);
	if (err == 0)
		err = pg_do(&export->pg,
		    "UPDATE progress SET scored_at = now(), current_at = "
		    "now(); COMMIT");
	buf_free(&rows);
	return err;
}

enum export_fault export_scores(struct export *export)
{
	struct wire_request request = { .kind = ASK_SCORE };
	struct score_lines lines;
	request.score.kind = request.score.period = request.score.from = "";
	request.score.to = request.score.item = request.score.domain = "";
	request.score.events.open = "";
	request.score.by_month = true;
	enum cli_exit exit = score_fetch(&lines, export->cli, &request);
	enum export_fault fault = EXPORT_NODE_FAILED;
	if (exit == CLI_UNREACHABLE)
		fault = EXPORT_NODE_SILENT;
	if (exit == CLI_DONE)
		fault = fault_of(write_scores(export, &lines));
	score_lines_free(&lines);
	return fault;
}

void export_free(struct export *export)
{
	pg_close(&export->pg);
	arena_close(&export->arena);
	buf_free(&export->cursor);
	buf_free(&export->rows_events);
	buf_free(&export->rows_tickets);
}
