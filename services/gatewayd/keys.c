#include "gatewayd/keys.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/log.h"
#include "gatewayd/client_file.h"
#include "ticket/event.h"

enum { PATH_BYTES = 2048 };

static const char suffix[] = ".key";
static const char access_suffix[] = ".yaml";

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

static int complain_access(int code, const char *path)
{
	char value[LOG_VALUE_MAX];

	log_line(LOG_ERROR,
	    "http_client=%s error=\"%s\" help=\"scopes: a list of read, open, "
	    "act, rate, callbacks; rate and burst: 1 to %d; beside NAME.key, "
	    "written by its owner alone\"",
	    log_value(value, path), err_text(code), CLIENT_RATE_MAX);
	return code;
}

/* Hidden files are an editor's or a volume's, not ours. */
static bool ends_with(const char *file, const char *end)
{
	size_t len = strlen(file);

	return file[0] != '.' && len >= strlen(end) &&
	       strcmp(file + len - strlen(end), end) == 0;
}

/* Two keys are good while a client changes from one to the other. */
static int load_old(struct client_key *row, const char *key_path)
{
	char path[PATH_BYTES + 8];
	int rc;

	snprintf(path, sizeof(path), "%s.old", key_path);
	rc = sign_key_load(row->old_key, path);
	row->has_old = rc == 0;
	return rc && rc != ERR_NOT_FOUND ? complain(rc, path) : 0;
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
		row->scopes = SCOPE_ALL;
		allowance_open(&row->allowance, CLIENT_RATE, CLIENT_RATE);
	}
	return rc ? complain(rc, path) : load_old(row, path);
}

/* For a client that has no key it would be a mistake in its name. */
static int load_access(struct keys *keys, const char *folder, const char *file)
{
	size_t len = strlen(file) - strlen(access_suffix);
	char path[PATH_BYTES];
	int rc = ERR_INVALID;

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	for (size_t i = 0; i < keys->count; i++)
		if (strlen(keys->rows[i].name) == len &&
		    memcmp(keys->rows[i].name, file, len) == 0)
			rc = client_file_load(&keys->rows[i], path);
	return rc ? complain_access(rc, path) : 0;
}

static int load_accesses(struct keys *keys, DIR *dir, const char *folder)
{
	const struct dirent *entry;
	int rc = 0;

	rewinddir(dir);
	while (!rc && (entry = readdir(dir)) != NULL)
		if (ends_with(entry->d_name, access_suffix))
			rc = load_access(keys, folder, entry->d_name);
	return rc;
}

static int load_rows(struct keys *keys, DIR *dir, const char *folder)
{
	const struct dirent *entry;
	int rc;

	while ((entry = readdir(dir)) != NULL) {
		if (!ends_with(entry->d_name, suffix))
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
	if (!rc)
		rc = load_accesses(keys, dir, folder);
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

bool keys_allow(struct keys *keys, const char *name, int64_t now_ms)
{
	for (size_t i = 0; i < keys->count; i++)
		if (strcmp(keys->rows[i].name, name) == 0)
			return allowance_take(&keys->rows[i].allowance, now_ms);
	return false;
}

void keys_free(struct keys *keys)
{
	if (keys->rows)
		sodium_memzero(keys->rows, KEYS_MAX * sizeof(*keys->rows));
	free(keys->rows);
	*keys = (struct keys){ 0 };
}
