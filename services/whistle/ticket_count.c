#include "ticket_count.h"

#include <stdio.h>
#include "base/err.h"
#include "json.h"
#include "lang.h"
#include "table.h"
#include "words.h"

void ticket_count_add(struct ticket_count *count, const struct ticket *ticket)
{
	count->all++;
	count->of[ticket->state][ticket->outcome][ticket->channel]++;
}

/* One line of the count; a word is 0 where it says nothing. */
struct line {
	unsigned state, outcome, channel;
	uint64_t tickets;
};

static json_t *line_json(const struct line *line)
{
	json_t *object = json_object();
	json_object_set_new(
	    object, "state", json_word(WORD_STATE, line->state));
	json_object_set_new(
	    object, "outcome", json_word(WORD_OUTCOME, line->outcome));
	json_object_set_new(
	    object, "channel", json_word(WORD_CHANNEL, line->channel));
	json_object_set_new(
	    object, "tickets", json_integer((json_int_t)line->tickets));
	return object;
}

static void cell_word(struct table *table, enum word_list list, unsigned value)
{
	table_cell(table, value ? words_of(list, value) : "-");
}

static void line_row(struct table *table, const struct line *line)
{
	table_row(table);
	cell_word(table, WORD_STATE, line->state);
	cell_word(table, WORD_OUTCOME, line->outcome);
	cell_word(table, WORD_CHANNEL, line->channel);
	table_cell_format(table, "%llu", (unsigned long long)line->tickets);
}

/* Those that there are, in the order of the words. `table` NULL: JSON. */
static int put_lines(struct table *table, struct json_stream *stream,
    const struct ticket_count *count)
{
	int err = 0;
	for (unsigned i = 0;
	     err == 0 && i < sizeof(count->of) / sizeof(uint64_t); i++) {
		struct line line = {
			.state = i / (OUTCOME_COUNT * CHANNEL_COUNT),
			.outcome = i / CHANNEL_COUNT % OUTCOME_COUNT,
			.channel = i % CHANNEL_COUNT,
		};
		line.tickets =
		    count->of[line.state][line.outcome][line.channel];
		if (!line.tickets)
			continue;
		if (table)
			line_row(table, &line);
		else
			err = json_stream_add(stream, line_json(&line));
	}
	return err;
}

static int print_table(const struct ticket_count *count)
{
	struct table *table;
	int err = table_open(&table);
	if (err < 0)
		return err;
	table_column(table, _("STATE"), 0);
	table_column(table, _("OUTCOME"), 0);
	table_column(table, _("CHANNEL"), 0);
	table_column(table, _("TICKETS"), TABLE_RIGHT);
	put_lines(table, NULL, count);
	line_row(table, &(struct line){ .tickets = count->all });
	err = table_print(table);
	table_close(&table);
	return err;
}

int ticket_count_print(const struct cli *cli, const struct ticket_count *count)
{
	struct json_stream stream = { 0 };
	if (!cli->json)
		return print_table(count);
	int err = put_lines(NULL, &stream, count);
	json_stream_end(&stream);
	return err;
}
