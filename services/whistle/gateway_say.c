#include "gateway_say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lang.h"
#include "say.h"
#include "table.h"

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "-";
}

static long long number_of(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static const char *state_word(const char *state)
{
	if (strcmp(state, "waiting") == 0)
		return C_("callback", "waiting");
	if (strcmp(state, "refused") == 0)
		return C_("callback", "refused");
	if (strcmp(state, "given_up") == 0)
		return C_("callback", "given up");
	return C_("callback", "settled");
}

static enum table_paint state_paint(const char *state)
{
	if (strcmp(state, "given_up") == 0)
		return PAINT_BAD;
	return strcmp(state, "refused") == 0 ? PAINT_WARN : PAINT_NONE;
}

static void say_counts(const json_t *answer)
{
	if (!json_is_true(json_object_get(answer, "on")))
		puts(_("No callbacks are sent: the gateway has no "
		       "hotline.yaml."));
	printf(_("%lld wait. Since the gateway's start: %lld taken, %lld "
		 "refused, %lld not answered, %lld given up.\n"),
	    number_of(answer, "waiting"), number_of(answer, "taken"),
	    number_of(answer, "refused"), number_of(answer, "failed"),
	    number_of(answer, "given_up"));
}

static void add_count(struct table *table, long long count)
{
	if (count)
		table_cell_format(table, "%lld", count);
	else
		table_cell(table, "-");
}

static void add_row(struct table *table, const json_t *row)
{
	const char *state = text_of(row, "state");

	table_row(table);
	table_cell(table, text_of(row, "id"));
	table_cell_painted(table, state_word(state), state_paint(state));
	add_count(table, number_of(row, "refused"));
	add_count(table, number_of(row, "status"));
	table_cell(table, text_of(row, "refused_since"));
	table_cell(table, text_of(row, "due"));
}

enum cli_exit gateway_say_list(const json_t *answer)
{
	const json_t *list = json_object_get(answer, "callbacks"), *row;
	struct table *table;
	size_t i;
	int err;

	say_counts(answer);
	if (json_array_size(list) == 0)
		return CLI_DONE;
	err = table_open(&table);
	if (err)
		return say_failure(err, _("callbacks"));
	table_column(table, _("CALLBACK"), 0);
	table_column(table, _("STATE"), 0);
	table_column(table, _("REFUSED"), TABLE_RIGHT);
	table_column(table, _("STATUS"), TABLE_RIGHT);
	table_column(table, _("SINCE"), 0);
	table_column(table, _("NEXT TRY"), 0);
	json_array_foreach(list, i, row) add_row(table, row);
	err = table_print(table);
	table_close(&table);
	return err ? say_failure(err, _("callbacks")) : CLI_DONE;
}

static void say_refused(const json_t *answer)
{
	char *text = NULL;

	if (asprintf(&text,
		_("Refused %lld times since %s, last with %lld; next "
		  "try %s.\n"),
		number_of(answer, "refused"), text_of(answer, "refused_since"),
		number_of(answer, "status"), text_of(answer, "due")) < 0)
		return;
	say_text(stdout, text, "");
	free(text);
}

void gateway_say_call(const json_t *answer)
{
	char *body = json_dumps(json_object_get(answer, "body"),
	    JSON_INDENT(2) | JSON_PRESERVE_ORDER);

	say_line(stdout, text_of(answer, "id"));
	printf("  %s\n", state_word(text_of(answer, "state")));
	if (number_of(answer, "refused") > 0)
		say_refused(answer);
	say_text(stdout, body ? body : "", "");
	putchar('\n');
	free(body);
}
