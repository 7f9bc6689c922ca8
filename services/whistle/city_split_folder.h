/*
 * HOME/splitting, in which a split is made, and how one that was cut off is
 * thrown away or finished. Its file `plan` comes first and says which nodes
 * go and which come.
 */
#ifndef WHISTLE_CLI_CITY_SPLIT_FOLDER_H
#define WHISTLE_CLI_CITY_SPLIT_FOLDER_H

#include "city_split.h"

/* HOME/splitting/…, HOME/keys/nodes/NAME.key…, HOME/data/NAME. */
void split_path(char out[SPLIT_PATH], const char *home, const char *name);
void split_key_path(char out[SPLIT_PATH], const char *home, const char *name);
void split_store_path(char out[SPLIT_PATH], const char *home, const char *name);

/* The folder, with the plan in it, and links to what stays of the city. */
enum cli_exit split_folder_make(
    const struct split_plan *plan, const char *home);
/* Keys and stores of the parts go to their places, then the city's file. */
enum cli_exit split_folder_place(
    const struct split_plan *plan, const char *home);
/* The old stores go aside, and the folder goes. */
enum cli_exit split_folder_finish(struct split_plan *plan, const char *home);
/* Whatever was begun is removed. */
void split_folder_drop(const char *home);

enum cli_exit split_say_errno(const char *path);
/* What is written in it is durable. */
int split_sync(const char *path);

#endif
