#include "gatewayd/call_config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/log.h"
#include "base/yaml.h"
#include "ticket/event.h"

enum { PATH_BYTES = 2048 };

struct file {
	char *url;
	char *client;
};

static const cyaml_schema_field_t fields[] = {
	CYAML_FIELD_STRING_PTR(
	    "url", CYAML_FLAG_POINTER, struct file, url, 0, CALL_URL_MAX - 1),
	CYAML_FIELD_STRING_PTR("client", CYAML_FLAG_POINTER, struct file,
	    client, 0, NAME_MAX_BYTES - 1),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, fields),
};

static int complain(int code, const char *path, const char *help)
{
	char value[LOG_VALUE_MAX];

	log_line(LOG_ERROR, "callbacks=%s error=\"%s\" help=\"%s\"",
	    log_value(value, path), err_text(code), help);
	return code;
}

const char *call_target(const char *url)
{
	const char *host, *target;
	size_t len;

	if (strncmp(url, "http://", 7) == 0)
		host = url + 7;
	else if (strncmp(url, "https://", 8) == 0)
		host = url + 8;
	else
		return NULL;
	for (const char *c = host; *c; c++)
		if ((unsigned char)*c <= ' ' || (unsigned char)*c > '~' ||
		    *c == '#')
			return NULL;
	len = strcspn(host, "/?");
	if (len == 0 || memchr(host, '@', len))
		return NULL;
	target = host + len;
	if (*target == '?')
		return NULL;
	return *target ? target : "/";
}

static int take(struct call_config *config, const char *path,
    const struct file *file, const char *home)
{
	char key[PATH_BYTES];
	int rc;

	snprintf(config->url, sizeof(config->url), "%s", file->url);
	snprintf(config->client, sizeof(config->client), "%s", file->client);
	if (!call_target(config->url))
		return complain(ERR_INVALID, path,
		    "url is http://HOST/PATH or https://HOST/PATH");
	if (!operator_name_is_valid(config->client, false))
		return complain(ERR_INVALID, path,
		    "client is the NAME of a keys/http/NAME.key");
	snprintf(key, sizeof(key), "%s/keys/http/%s.key", home, config->client);
	rc = sign_key_load(config->key, key);
	if (rc)
		return complain(
		    rc, key, "a key that only its owner may read: api.md");
	config->is_on = true;
	return 0;
}

int call_config_load(struct call_config *config_out, const char *home)
{
	struct call_config config = { .is_on = false };
	struct report report = { 0 };
	struct yaml *yaml = NULL;
	char path[PATH_BYTES];
	void *file;
	int rc;

	snprintf(path, sizeof(path), "%s/hotline.yaml", home);
	if (access(path, F_OK) != 0) {
		*config_out = config;
		return 0;
	}
	rc = yaml_open(&yaml, &file, &report, path, &schema);
	if (rc)
		complain(rc, path, "it has two lines: url and client");
	else
		rc = take(&config, path, file, home);
	yaml_close(&yaml);
	report_free(&report);
	if (rc)
		return rc;
	*config_out = config;
	config_out->target = call_target(config_out->url);
	return 0;
}
