#include "commands.h"

#include <string.h>
#include "nearest.h"

static const struct cli_commands *const groups[] = {
	&ticket_do_commands,
	&ticket_rule_commands,
	&ticket_list_commands,
	&ticket_status_commands,
	&ticket_read_commands,
	&ticket_file_commands,
	&ticket_link_commands,
	&ticket_export_commands,
	&ticket_watch_commands,
	&import_commands,
	&export_commands,
	&unit_commands,
	&score_commands,
	&catalogue_commands,
	&node_commands,
	&node_check_commands,
	&gateway_commands,
	&node_run_commands,
	&store_commands,
	&backup_commands,
	&city_commands,
	&city_nodes_commands,
	&city_move_commands,
	&city_speaks_commands,
	&city_split_commands,
	&key_commands,
	&help_commands,
};

size_t commands_count(void)
{
	size_t count = 0;
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		count += groups[i]->count;
	return count;
}

const struct cli_command *commands_at(size_t index)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (index < groups[i]->count)
			return &groups[i]->rows[index];
		index -= groups[i]->count;
	}
	return NULL;
}

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

const struct cli_command *commands_find(const char *noun, const char *verb)
{
	const struct cli_command *row;
	for (size_t i = 0; (row = commands_at(i)) != NULL; i++)
		if (is_same(row->noun, noun) && is_same(row->verb, verb))
			return row;
	return NULL;
}

bool commands_has_noun(const char *noun)
{
	const struct cli_command *row;
	for (size_t i = 0; (row = commands_at(i)) != NULL; i++)
		if (is_same(row->noun, noun))
			return true;
	return false;
}

const char *commands_near_noun(const char *word)
{
	struct nearest nearest = nearest_to(word);
	const struct cli_command *row;
	for (size_t i = 0; (row = commands_at(i)) != NULL; i++)
		nearest_try(&nearest, row->noun);
	return nearest.best;
}

const char *commands_near_verb(const char *noun, const char *word)
{
	struct nearest nearest = nearest_to(word);
	const struct cli_command *row;
	for (size_t i = 0; (row = commands_at(i)) != NULL; i++)
		if (row->verb && is_same(row->noun, noun))
			nearest_try(&nearest, row->verb);
	return nearest.best;
}
