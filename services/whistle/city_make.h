/*
 * Makes a city that daemons can run from. A mark in the folder says that it
 * is not finished, so that an interrupted run is gone on with, and a folder
 * that is anything else is left alone.
 */
#ifndef WHISTLE_CLI_CITY_MAKE_H
#define WHISTLE_CLI_CITY_MAKE_H

#include "cli.h"

/* cli->org and cli->catalogue are those of `from`. `port` is as for
 * city_files_nodes. CLI_REFUSED when `dir` is made already or something else.
 */
enum cli_exit city_make(
    struct cli *cli, const char *dir, const char *from, int port);

#endif
