#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "client/client.h"

static const char *home_wanted(const char *option)
{
	const char *wanted = option;

	if (!wanted || !wanted[0])
		wanted = getenv("WHISTLE_HOME");
	return wanted && wanted[0] ? wanted : "./run";
}

int home_find(struct home *home_out, const char *option)
{
	const char *wanted = home_wanted(option);
	char units[sizeof(home_out->path) + sizeof("/units.csv")];

	if (strlen(wanted) >= sizeof(home_out->path))
		return ERR_NOT_FOUND;
	snprintf(units, sizeof(units), "%s/units.csv", wanted);
	if (access(units, F_OK) != 0)
		return ERR_NOT_FOUND;
	strcpy(home_out->path, wanted);
	return 0;
}

/* A path cut short would be another file's, so it is none at all. */
static void key_path(char *path_out, size_t size, const struct home *home,
    const char *folder, const char *name)
{
	int len = snprintf(
	    path_out, size, "%s/keys/%s/%s.key", home->path, folder, name);

	if (size > 0 && (len < 0 || (size_t)len >= size))
		path_out[0] = '\0';
}

void home_operator_key(char *path_out, size_t size, const struct home *home,
    const char *operator_name)
{
	key_path(path_out, size, home, "operators", operator_name);
}

void home_node_key(
    char *path_out, size_t size, const struct home *home, const char *node_name)
{
	key_path(path_out, size, home, "nodes", node_name);
}

void home_store_dir(
    char *path_out, size_t size, const struct home *home, const char *node_name)
{
	const char *wanted = getenv("WHISTLE_STORE");
	int len = wanted && wanted[0] ? snprintf(path_out, size, "%s", wanted)
				      : snprintf(path_out, size, "%s/data/%s",
					    home->path, node_name);

	if (size > 0 && (len < 0 || (size_t)len >= size))
		path_out[0] = '\0';
}
