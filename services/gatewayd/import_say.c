/* What is said of each row, in the order of the file. */
#include "gatewayd/import_inside.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include "client/secret.h"
#include "gatewayd/pages.h"

enum { PROGRESS_LINES = 1000 };

/* Takes `object`; NULL, for want of memory, breaks the stream. */
static void say_row(
    struct exchange *exchange, struct import_row *row, json_t *object)
{
	row->said = object ? json_dumps(object, JSON_COMPACT) : NULL;
	json_decref(object);
	if (!row->said)
		stream_break(exchange);
}

static void settle(struct import *import, struct import_row *row)
{
	free(row->order);
	row->order = NULL;
	row->is_known = true;
	import->heard_ms = steady_ms();
}

void import_say_problem(struct exchange *exchange, struct import_row *row,
    const struct http_problem *problem)
{
	struct import *import = exchange->work;
	char *detail = problem_detail(problem, exchange->is_chinese);
	json_t *object = json_pack("{s:I, s:s, s:s, s:s}", "line",
	    (json_int_t)row->line, "number", row->number, "problem",
	    problem_slug(problem->kind), "detail", detail ? detail : "");

	free(detail);
	if (object && problem->field[0])
		json_object_set_new(
		    object, "field", json_string(problem->field));
	import->refused++;
	settle(import, row);
	say_row(exchange, row, object);
}

void import_say_taken(struct exchange *exchange, struct import_row *row,
    const struct wire_reply *reply)
{
	struct import *import = exchange->work;
	char id[ID_TEXT], secret[SECRET_TEXT];
	bool existed = reply->command.existed;

	import->existing += existed;
	import->added += !existed;
	settle(import, row);
	if (import->only_refused)
		return;
	secret_format(
	    secret, exchange->gateway->page_key, &reply->command.ticket);
	say_row(exchange, row,
	    json_pack("{s:I, s:s, s:s, s:b, s:o}", "line",
		(json_int_t)row->line, "number", row->number, "id",
		id_format(id, &reply->command.ticket), "existed", (int)existed,
		"link", json_sprintf(PAGES_PATH "%s", secret)));
}

static void add_line(struct exchange *exchange, json_t *object)
{
	char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;

	json_decref(object);
	if (!text) {
		stream_break(exchange);
		return;
	}
	stream_add(exchange, text, strlen(text));
	stream_add(exchange, "\n", 1);
	free(text);
}

/* `first` (taken) and how many there are until now. */
static json_t *tally(
    const struct import *import, const char *name, json_t *first)
{
	return json_pack("{s:o, s:I, s:I, s:I}", name, first, "new",
	    import->added, "existing", import->existing, "refused",
	    import->refused);
}

/* Where only what was refused is told: that it goes on, for whoever waits
 * and for proxies, which hang up on silence. */
static void tell_progress(struct exchange *exchange, long line)
{
	struct import *import = exchange->work;

	if (++import->told % PROGRESS_LINES == 0 && import->only_refused)
		add_line(
		    exchange, tally(import, "up_to_line", json_integer(line)));
}

/* Those at the front of which all is known. */
void import_tell_known(struct exchange *exchange)
{
	struct import *import = exchange->work;

	while (import->count > 0 && import->rows[import->first].is_known) {
		struct import_row *row = &import->rows[import->first];

		if (row->said) {
			stream_add(exchange, row->said, strlen(row->said));
			stream_add(exchange, "\n", 1);
		}
		tell_progress(exchange, row->line);
		free(row->said);
		*row = (struct import_row){ 0 };
		import->first = (import->first + 1) % IMPORT_WINDOW;
		import->count--;
	}
}

void import_tell_end(struct exchange *exchange)
{
	const struct import *import = exchange->work;

	add_line(
	    exchange, tally(import, "complete", json_boolean(!import->is_cut)));
	stream_end(exchange);
}
