/*
 * The files of a city folder that carry public keys and addresses, written
 * anew: nodes.yaml keeps everything of its source but those, operators.csv
 * is written from the city that was loaded. A file appears whole or not at
 * all.
 */
#ifndef WHISTLE_CLI_CITY_FILES_H
#define WHISTLE_CLI_CITY_FILES_H

#include "city_keys.h"

/* FROM/NAME as DIR/NAME, byte for byte. */
enum cli_exit city_files_copy(
    const char *dir, const char *from, const char *name);
/* The same, unless there is no FROM/NAME: then no DIR/NAME is left. */
enum cli_exit city_files_copy_if(
    const char *dir, const char *from, const char *name);
/* As a port: each node where its name leads, on CITY_LINK_PORT; a gateway's
 * HTTP on every address. What containers and pods are. */
enum { CITY_BY_NAME = -1, CITY_LINK_PORT = 8300, CITY_HTTP_PORT = 8311 };

/*
 * FROM/nodes.yaml as DIR/nodes.yaml with the keys; `port` > 0: with all
 * nodes on 127.0.0.1 from that port on and gateways' HTTP from port + 10 on;
 * 0: where FROM has them; else CITY_BY_NAME.
 */
enum cli_exit city_files_nodes(const char *dir, const char *from,
    const struct org *org, const struct city_keys *keys, int port);
enum cli_exit city_files_operators(
    const char *dir, const struct org *org, const struct city_keys *keys);

/* The port of the node of that index, or of its HTTP. Gateways' HTTP ports
 * are 10, 11 … after the base; the nodes take the others. */
int city_files_port(
    const struct org *org, size_t index, bool is_http, int base);

#endif
