/*
 * Two stores, or backups of them, side by side: does the first have each log
 * as the second has it?
 */
#ifndef WHISTLE_CLI_STORE_COMPARE_H
#define WHISTLE_CLI_STORE_COMPARE_H

#include "store_look.h"

/* `copy_path` is somebody else's copy. Says what it finds. */
enum cli_exit store_compare(
    struct cli *cli, const char *store_path, const char *copy_path);

#endif
