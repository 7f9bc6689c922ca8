/*
 * The table of commands: every noun's rows, in the order of `whistle help`.
 */
#ifndef WHISTLE_CLI_COMMANDS_H
#define WHISTLE_CLI_COMMANDS_H

#include "cli.h"

/* One group a file; a noun may have several. */
extern const struct cli_commands ticket_do_commands;
extern const struct cli_commands ticket_rule_commands;
extern const struct cli_commands ticket_list_commands;
extern const struct cli_commands ticket_status_commands;
extern const struct cli_commands ticket_read_commands;
extern const struct cli_commands ticket_file_commands;
extern const struct cli_commands ticket_link_commands;
extern const struct cli_commands ticket_export_commands;
extern const struct cli_commands ticket_watch_commands;
extern const struct cli_commands import_commands;
extern const struct cli_commands export_commands;
extern const struct cli_commands unit_commands;
extern const struct cli_commands score_commands;
extern const struct cli_commands catalogue_commands;
extern const struct cli_commands node_commands;
extern const struct cli_commands node_check_commands;
extern const struct cli_commands gateway_commands;
extern const struct cli_commands node_run_commands;
extern const struct cli_commands city_commands;
extern const struct cli_commands city_nodes_commands;
extern const struct cli_commands city_move_commands;
extern const struct cli_commands city_speaks_commands;
extern const struct cli_commands city_split_commands;
extern const struct cli_commands store_commands;
extern const struct cli_commands backup_commands;
extern const struct cli_commands key_commands;
extern const struct cli_commands help_commands;

size_t commands_count(void);
/* From 0; NULL past the end. */
const struct cli_command *commands_at(size_t index);
/* `verb` may be NULL for a noun that is a command by itself. */
const struct cli_command *commands_find(const char *noun, const char *verb);
bool commands_has_noun(const char *noun);
/* The word meant by a wrong one, or NULL: a noun, or a verb of `noun`. */
const char *commands_near_noun(const char *word);
const char *commands_near_verb(const char *noun, const char *word);

#endif
