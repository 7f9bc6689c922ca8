/*
 * The daemons' programs, which are where this one is.
 */
#ifndef WHISTLE_CLI_PROGRAM_H
#define WHISTLE_CLI_PROGRAM_H

#include "org/org.h"

enum { PROGRAM_TEXT = 1200 };

/* The program of the node's level. ERR_IO; errno says why. */
int program_of(char program_out[PROGRAM_TEXT], const struct node *node);

#endif
