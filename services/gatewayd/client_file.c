#include "gatewayd/client_file.h"

#include <errno.h>
#include <sys/stat.h>
#include "base/err.h"
#include "base/log.h"
#include "base/yaml.h"

struct file {
	unsigned scopes;
	unsigned *rate, *burst;
};

static const cyaml_strval_t words[] = {
#define X(name, word) { word, SCOPE_##name },
	SCOPES(X)
#undef X
};

static const cyaml_schema_field_t fields[] = {
	CYAML_FIELD_FLAGS("scopes", CYAML_FLAG_STRICT, struct file, scopes,
	    words, SCOPE_COUNT),
	CYAML_FIELD_UINT_PTR("rate", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct file, rate),
	CYAML_FIELD_UINT_PTR("burst", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
	    struct file, burst),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, fields),
};

const char *scope_name(enum scope scope)
{
	for (size_t i = 0; i < SCOPE_COUNT; i++)
		if (words[i].val == (int64_t)scope)
			return words[i].str;
	return "?";
}

static void say_problems(const struct report *report)
{
	char where[LOG_VALUE_MAX], what[LOG_VALUE_MAX];

	for (size_t i = 0; i < report->count; i++)
		log_line(LOG_ERROR, "http_client=%s line=%ld problem=%s",
		    log_value(where, report->problems[i].file),
		    report->problems[i].line,
		    log_value(what, report->problems[i].text));
}

static bool is_count(unsigned count)
{
	return count >= 1 && count <= CLIENT_RATE_MAX;
}

/* A burst that is not said is a second's worth. */
static int take(struct client_key *client, const struct file *file)
{
	unsigned rate = file->rate ? *file->rate : CLIENT_RATE;
	unsigned burst = file->burst ? *file->burst : rate;

	if (!is_count(rate) || !is_count(burst))
		return ERR_INVALID;
	client->scopes = file->scopes;
	allowance_open(&client->allowance, rate, burst);
	return 0;
}

/* Who can write it could give itself anything. */
static int check_owner(const char *path)
{
	struct stat stat;

	if (lstat(path, &stat) != 0)
		return err_of_errno(errno);
	return S_ISREG(stat.st_mode) && !(stat.st_mode & (S_IWGRP | S_IWOTH))
		   ? 0
		   : ERR_ACCESS;
}

int client_file_load(struct client_key *client, const char *path)
{
	struct report report = { 0 };
	struct yaml *yaml = NULL;
	void *file;
	int rc = check_owner(path);

	client->scopes = SCOPE_ALL;
	allowance_open(&client->allowance, CLIENT_RATE, CLIENT_RATE);
	if (rc)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	rc = yaml_open(&yaml, &file, &report, path, &schema);
	if (rc)
		say_problems(&report);
	else
		rc = take(client, file);
	yaml_close(&yaml);
	report_free(&report);
	return rc;
}
