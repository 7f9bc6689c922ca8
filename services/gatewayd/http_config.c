#include "gatewayd/http_config.h"

#include <stdio.h>
#include <unistd.h>
#include "base/err.h"
#include "base/log.h"
#include "base/yaml.h"

enum { TEXT_MAX = 1024 };

struct file {
	char *tls_cert, *tls_key, *access_log; /* NULL: none */
	char **proxies;
	unsigned proxies_count;
};

#define MAY_BE (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

static const cyaml_schema_value_t text_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, TEXT_MAX - 1),
};

static const cyaml_schema_field_t fields[] = {
	CYAML_FIELD_STRING_PTR(
	    "tls_cert", MAY_BE, struct file, tls_cert, 1, TEXT_MAX - 1),
	CYAML_FIELD_STRING_PTR(
	    "tls_key", MAY_BE, struct file, tls_key, 1, TEXT_MAX - 1),
	CYAML_FIELD_STRING_PTR(
	    "access_log", MAY_BE, struct file, access_log, 1, TEXT_MAX - 1),
	CYAML_FIELD_SEQUENCE("proxies", MAY_BE, struct file, proxies,
	    &text_schema, 0, PROXIES_MAX),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, fields),
};

static int complain(const char *path, const char *help)
{
	char value[LOG_VALUE_MAX];

	log_line(LOG_ERROR, "http_config=%s error=\"%s\" help=\"%s\"",
	    log_value(value, path), err_text(ERR_INVALID), help);
	return ERR_INVALID;
}

static void set_path(
    char out[HTTP_PATH_MAX], const char *home, const char *name)
{
	if (!name)
		return;
	snprintf(out, HTTP_PATH_MAX, "%s%s%s", name[0] == '/' ? "" : home,
	    name[0] == '/' ? "" : "/", name);
}

static int take(struct http_config *config, const struct file *file,
    const char *path, const char *home)
{
	if (!file->tls_cert != !file->tls_key)
		return complain(path,
		    "tls_cert and tls_key go together: name both or neither");
	config->is_tls = file->tls_cert != NULL;
	set_path(config->tls_cert, home, file->tls_cert);
	set_path(config->tls_key, home, file->tls_key);
	set_path(config->access_log, home, file->access_log);
	for (unsigned i = 0; i < file->proxies_count; i++) {
		struct in6_addr *row =
		    &config->proxies.rows[config->proxies.count++];
		if (peer_parse(row, file->proxies[i]))
			return complain(path,
			    "proxies is a list of IP addresses, such as "
			    "[127.0.0.1]; names and networks are not taken");
	}
	return 0;
}

int http_config_load(struct http_config *config_out, const char *home)
{
	struct http_config config = { .is_tls = false };
	struct report report = { 0 };
	struct yaml *yaml = NULL;
	char path[HTTP_PATH_MAX];
	void *file;
	int rc;

	snprintf(path, sizeof(path), "%s/gateway.yaml", home);
	if (access(path, F_OK) != 0) {
		*config_out = config;
		return 0;
	}
	rc = yaml_open(&yaml, &file, &report, path, &schema);
	if (rc)
		complain(path,
		    "it may have tls_cert, tls_key, proxies, access_log, and "
		    "nothing else");
	else
		rc = take(&config, file, path, home);
	yaml_close(&yaml);
	report_free(&report);
	if (!rc)
		*config_out = config;
	return rc;
}
