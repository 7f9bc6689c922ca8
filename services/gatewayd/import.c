/*
 * Many orders in one CSV file. The whole is taken in, and its signature
 * looked at, before the first row becomes a ticket; then one row is asked
 * after the other, so that no file can crowd others out. The answer has a
 * line for each row. The same file once more changes nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/csv.h"
#include "base/err.h"
#include "client/secret.h"
#include "gatewayd/handlers.h"
#include "gatewayd/order.h"
#include "gatewayd/pages.h"

enum { IMPORTS_MAX = 2 };

/* Columns of an import that become fields of an order. */
static const struct column {
	const char *name, *field;
	enum { TEXT, FLAG, URGENCY, TAGS } kind;
} columns[] = {
	{ "number", "number", TEXT },
	{ "kind", "kind", TEXT },
	{ "item", "item", TEXT },
	{ "item_path", "item_path", TEXT },
	{ "tags", "tags", TAGS },
	{ "title", "title", TEXT },
	{ "content", "content", TEXT },
	{ "address", "address", TEXT },
	{ "place", "division", TEXT },
	{ "division", "division", TEXT },
	{ "urgency", "urgent", URGENCY },
	{ "urgent", "urgent", FLAG },
	{ "confidential", "confidential", FLAG },
	{ "callback", "callback", FLAG },
	{ "created", "created", TEXT },
	{ "occurred", "occurred", TEXT },
	{ "caller", "caller", TEXT },
	{ "phone", "phone", TEXT },
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

struct import {
	struct csv *csv;
	int at[COLUMNS]; /* in the file, or -1 */
	long line;	 /* of the row under way */
	char number[EXTERNAL_ID_MAX];
	struct buf said; /* the answer so far */
	long added, existing, refused;
};

static void end_import(struct exchange *exchange)
{
	struct import *import = exchange->work;

	exchange->gateway->imports--;
	csv_close(&import->csv);
	buf_free(&import->said);
	free(import);
}

/* ---- what is said of each row ---- */

/* Takes `object`. */
static bool say_line(struct exchange *exchange, json_t *object)
{
	struct import *import = exchange->work;
	char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
	int rc = text ? buf_add(&import->said, text, strlen(text)) : ERR_NOMEM;

	if (!rc)
		rc = buf_add(&import->said, "\n", 1);
	free(text);
	json_decref(object);
	if (rc)
		exchange_refuse(exchange, PROBLEM_BUSY);
	return !rc;
}

static bool say_problem(
    struct exchange *exchange, const struct http_problem *problem)
{
	struct import *import = exchange->work;
	char *detail = problem_detail(problem, exchange->is_chinese);
	json_t *object = json_pack("{s:I, s:s, s:s, s:s}", "line",
	    (json_int_t)import->line, "number", import->number, "problem",
	    problem_slug(problem->kind), "detail", detail ? detail : "");

	free(detail);
	import->refused++;
	if (object && problem->field[0])
		json_object_set_new(
		    object, "field", json_string(problem->field));
	return say_line(exchange, object);
}

static bool say_taken(struct exchange *exchange, const struct wire_reply *reply)
{
	struct import *import = exchange->work;
	char id[ID_TEXT], secret[SECRET_TEXT];
	bool existed = reply->command.existed;

	import->existing += existed;
	import->added += !existed;
	secret_format(
	    secret, exchange->gateway->page_key, &reply->command.ticket);
	return say_line(exchange,
	    json_pack("{s:I, s:s, s:s, s:b, s:o}", "line",
		(json_int_t)import->line, "number", import->number, "id",
		id_format(id, &reply->command.ticket), "existed", (int)existed,
		"link", json_sprintf(PAGES_PATH "%s", secret)));
}

/* `complete`: every row was looked at. */
static void finish(struct exchange *exchange, bool complete)
{
	struct import *import = exchange->work;

	if (!say_line(
		exchange, json_pack("{s:b, s:I, s:I, s:I}", "complete",
			      (int)complete, "new", (json_int_t)import->added,
			      "existing", (json_int_t)import->existing,
			      "refused", (json_int_t)import->refused)))
		return;
	if (buf_add(&import->said, "", 1)) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return;
	}
	answer_set(&exchange->answer, 200, "application/x-ndjson",
	    (char *)import->said.data);
	import->said = (struct buf){ 0 };
}

/* ---- a row as an order ---- */

static bool is_among(const char *text, const char *const *words)
{
	while (*words && strcasecmp(text, *words) != 0)
		words++;
	return *words != NULL;
}

/* As the command line's import has them; any other word is left to be
 * refused as what it is. */
static json_t *flag_of(const char *text)
{
	static const char *const yes[] = { "1", "yes", "y", "true", "是",
		"urgent", "emergency", "紧急", "特急", "加急", "保密", "需要",
		"需回访", NULL };
	static const char *const no[] = { "0", "no", "n", "false", "否",
		"normal", "一般", "普通", "常规", "不紧急", "公开", "不保密",
		"不需要", "无需回访", NULL };

	if (is_among(text, yes))
		return json_true();
	return is_among(text, no) ? json_false() : json_string(text);
}

/* "噪音、夜间" */
static json_t *tags_of(const char *text)
{
	static const char between[] = "、";
	json_t *tags = json_array();

	while (*text) {
		const char *end = strstr(text, between);
		size_t len = end ? (size_t)(end - text) : strlen(text);

		if (len > 0)
			json_array_append_new(tags, json_stringn(text, len));
		text += len + (end ? strlen(between) : 0);
	}
	return tags;
}

static json_t *value_of(const struct column *column, const char *text)
{
	switch (column->kind) {
	case FLAG:
	case URGENCY:
		return flag_of(text);
	case TAGS:
		return tags_of(text);
	case TEXT:
		break;
	}
	return json_string(text);
}

static char *order_of(struct import *import, const struct csv_record *record)
{
	json_t *order = json_object();
	char *text;

	for (size_t i = 0; i < COLUMNS; i++) {
		int at = import->at[i];
		const char *field = at >= 0 && (size_t)at < record->count
					? record->fields[at]
					: "";

		if (!*field)
			continue;
		json_object_set_new(
		    order, columns[i].field, value_of(&columns[i], field));
		if (i == 0)
			snprintf(import->number, sizeof(import->number), "%s",
			    field);
	}
	text = json_dumps(order, JSON_COMPACT);
	json_decref(order);
	return text;
}

/* Asks for the row's ticket; false when it is refused and was said to be, or
 * the whole was. */
static bool ask_row(struct exchange *exchange, const struct csv_record *record)
{
	struct gateway *gateway = exchange->gateway;
	struct import *import = exchange->work;
	struct wire_request request = { .kind = ASK_COMMAND };
	struct http_problem problem = problem_of(PROBLEM_BAD_RECORD);
	const char *same_as = "";
	char *order;
	int rc;

	import->line = record->line;
	import->number[0] = '\0';
	arena_reset(gateway->arena);
	order = record->problem ? NULL : order_of(import, record);
	rc = order ? order_read(&request.command, &same_as, &problem,
			 gateway->arena, bytes_of(order, strlen(order)),
			 gateway->catalogue)
		   : ERR_INVALID;
	if (rc == ERR_INVALID)
		say_problem(exchange, &problem);
	else if (rc)
		exchange_refuse(exchange, PROBLEM_BUSY);
	else
		exchange_ask(exchange, &request);
	free(order);
	return !rc;
}

static void go_on(struct exchange *exchange)
{
	struct import *import = exchange->work;
	struct csv_record record;

	while (!exchange->answer.status) {
		int got = csv_next(&record, import->csv);

		if (got < 0)
			exchange_refuse(exchange, PROBLEM_FAILED);
		else if (got == 0)
			finish(exchange, true);
		else if (ask_row(exchange, &record))
			return;
	}
}

void import_posted(struct exchange *exchange, const struct wire_reply *reply)
{
	struct http_problem problem;

	if (!reply || reply->result == RESULT_PENDING) {
		problem = problem_of(PROBLEM_NO_ANSWER);
		if (say_problem(exchange, &problem))
			finish(exchange, false);
		return;
	}
	if (reply->result == RESULT_DONE && reply->kind == ASK_COMMAND) {
		if (say_taken(exchange, reply))
			go_on(exchange);
		return;
	}
	problem = answer_problem_of(reply);
	if (say_problem(exchange, &problem))
		go_on(exchange);
}

/* ---- the file ---- */

static bool is_named(const char *heading, const char *name)
{
	size_t len = strlen(name);

	heading += strspn(heading, " \t");
	return strncmp(heading, name, len) == 0 &&
	       heading[len + strspn(heading + len, " \t")] == '\0';
}

/* Columns that are none of ours are passed over: an export has many. */
static bool read_heading(struct exchange *exchange)
{
	struct import *import = exchange->work;
	struct http_problem problem = problem_field("number", FIELD_MISSING);
	struct csv_record heading;

	if (csv_next(&heading, import->csv) != 1 || heading.problem) {
		exchange_problem(exchange, &problem);
		return false;
	}
	for (size_t i = 0; i < COLUMNS; i++) {
		import->at[i] = -1;
		for (size_t k = 0; k < heading.count; k++)
			if (is_named(heading.fields[k], columns[i].name))
				import->at[i] = (int)k;
	}
	if (import->at[0] >= 0)
		return true;
	exchange_problem(exchange, &problem);
	return false;
}

/* A file without a name, which is what the reader of CSV reads. */
static int open_body(struct csv **csv_out, const struct buf *body)
{
	int fd = memfd_create("import", MFD_CLOEXEC), rc = ERR_IO;
	char path[64];

	if (fd < 0)
		return ERR_IO;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (write(fd, body->data, body->len) == (ssize_t)body->len)
		rc = csv_open(csv_out, path);
	close(fd);
	return rc;
}

void import_post(struct exchange *exchange)
{
	struct gateway *gateway = exchange->gateway;
	struct import *import;

	if (gateway->imports == IMPORTS_MAX) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return;
	}
	import = calloc(1, sizeof(*import));
	if (!import) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return;
	}
	gateway->imports++;
	exchange->work = import;
	exchange->end_work = end_import;
	if (open_body(&import->csv, &exchange->body))
		exchange_refuse(exchange, PROBLEM_BUSY);
	else if (read_heading(exchange))
		go_on(exchange);
}
