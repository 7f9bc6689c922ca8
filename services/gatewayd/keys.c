#include "gatewayd/keys.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/log.h"
#include "ticket/event.h"

enum { PATH_BYTES = 2048 };

static const char suffix[] = ".key";

static const char *help_of(int code)
{
	switch (code) {
	case ERR_ACCESS:
		return "chmod 600 it: only its owner may read a key";
	case ERR_INVALID:
		return "a key is NAME.key, NAME of letters, digits and ._-, "
		       "and holds one line of 64 hex digits";
	case ERR_NOT_FOUND:
		return "make a key there for each client: openssl rand -hex 32";
	case ERR_TOO_LARGE:
		return "more keys than a gateway takes";
	default:
		return "look at the file system";
	}
}

static int complain(int code, const char *path)
{
	char value[LOG_VALUE_MAX];

	log_line(LOG_ERROR, "http_key=%s error=\"%s\" help=\"%s\"",
	    log_value(value, path), err_text(code), help_of(code));
	return code;
}

/* Hidden files are an editor's or a volume's, not ours. */
static bool is_key_file(const char *file)
{
	size_t len = strlen(file);

	return file[0] != '.' && len >= strlen(suffix) &&
	       strcmp(file + len - strlen(suffix), suffix) == 0;
}

static int load_row(
    struct client_key *row, const char *folder, const char *file)
{
	size_t len = strlen(file) - strlen(suffix);
	char path[PATH_BYTES];
	int rc = ERR_INVALID;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	if (len < sizeof(row->name)) {
		memcpy(row->name, file, len);
		row->name[len] = '\0';
		rc = operator_name_is_valid(row->name, false)
			 ? sign_key_load(row->key, path)
			 : ERR_INVALID;
	}
	return rc ? complain(rc, path) : 0;
}

static int load_rows(struct keys *keys, DIR *dir, const char *folder)
{
	const struct dirent *entry;
	int rc;

	while ((entry = readdir(dir)) != NULL) {
		if (!is_key_file(entry->d_name))
			continue;
		if (keys->count == KEYS_MAX)
			return complain(ERR_TOO_LARGE, folder);
		rc = load_row(&keys->rows[keys->count], folder, entry->d_name);
		if (rc)
			return rc;
		keys->count++;
	}
	return 0;
}

static int load_all(struct keys *keys, const char *folder)
{
	DIR *dir = opendir(folder);
	int rc;

	if (!dir)
		return err_of_errno(errno) == ERR_NOT_FOUND
			   ? 0
			   : complain(err_of_errno(errno), folder);
	keys->rows = calloc(KEYS_MAX, sizeof(*keys->rows));
	rc = keys->rows ? load_rows(keys, dir, folder) : ERR_NOMEM;
	closedir(dir);
	return rc;
}

int keys_load_any(struct keys *keys_out, const char *folder)
{
	struct keys keys = { 0 };
	int rc = load_all(&keys, folder);

	if (rc)
		keys_free(&keys);
	else
		*keys_out = keys;
	return rc;
}

int keys_load(struct keys *keys_out, const char *folder)
{
	struct keys keys;
	int rc = keys_load_any(&keys, folder);

	if (rc)
		return rc;
	if (keys.count == 0) {
		keys_free(&keys);
		return complain(ERR_NOT_FOUND, folder);
	}
	*keys_out = keys;
	return 0;
}

const struct client_key *keys_find(const struct keys *keys, const char *name)
{
	for (size_t i = 0; i < keys->count; i++)
		if (strcmp(keys->rows[i].name, name) == 0)
			return &keys->rows[i];
	return NULL;
}

void keys_free(struct keys *keys)
{
	if (keys->rows)
		sodium_memzero(keys->rows, KEYS_MAX * sizeof(*keys->rows));
	free(keys->rows);
	*keys = (struct keys){ 0 };
}
