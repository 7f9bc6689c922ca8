#include "client/http_config.h"

#include <stdio.h>
#include <unistd.h>
#include "base/err.h"
#include "base/yaml.h"

enum { TEXT_MAX = 1024 };

struct file {
	char *tls_cert, *tls_key, *access_log; /* NULL: none */
	char **proxies;
	unsigned proxies_count;
	unsigned *import_max_mib; /* NULL: not said */
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
	CYAML_FIELD_UINT_PTR(
	    "import_max_mib", MAY_BE, struct file, import_max_mib),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, fields),
};

static void set_path(
    char out[HTTP_PATH_MAX], const char *home, const char *name)
{
	if (!name)
		return;
	snprintf(out, HTTP_PATH_MAX, "%s%s%s", name[0] == '/' ? "" : home,
	    name[0] == '/' ? "" : "/", name);
}

static void take_tls(struct http_config *config, struct report *report,
    const struct file *file, struct yaml *yaml, const char *path,
    const char *home)
{
	if (!file->tls_cert != !file->tls_key)
		report_add(report, path,
		    yaml_line(yaml, file->tls_cert ? "tls_cert" : "tls_key"),
		    "tls_cert and tls_key go together: name both or neither");
	config->is_tls = file->tls_cert != NULL;
	set_path(config->tls_cert, home, file->tls_cert);
	set_path(config->tls_key, home, file->tls_key);
}

static void take_proxies(struct http_config *config, struct report *report,
    const struct file *file, struct yaml *yaml, const char *path)
{
	for (unsigned i = 0; i < file->proxies_count; i++) {
		struct in6_addr *row =
		    &config->proxies.rows[config->proxies.count++];

		if (peer_parse(row, file->proxies[i]))
			report_add(report, path,
			    yaml_line(yaml, "proxies[%u]", i),
			    "proxies: “%s” is no IP address; names and "
			    "networks are not taken",
			    file->proxies[i]);
	}
}

static void take_limit(struct http_config *config, struct report *report,
    const struct file *file, struct yaml *yaml, const char *path)
{
	if (!file->import_max_mib)
		return;
	config->import_max_mib = *file->import_max_mib;
	if (config->import_max_mib < 1 ||
	    config->import_max_mib > IMPORT_MAX_MIB_MAX)
		report_add(report, path, yaml_line(yaml, "import_max_mib"),
		    "import_max_mib is a number of MiB from 1 to %d",
		    IMPORT_MAX_MIB_MAX);
}

int http_config_load(
    struct http_config *config_out, struct report *report, const char *home)
{
	struct http_config config = { .import_max_mib = IMPORT_MAX_MIB };
	size_t before = report->count;
	struct yaml *yaml = NULL;
	char path[HTTP_PATH_MAX];
	void *file;
	int rc = 0;

	snprintf(path, sizeof(path), "%s/gateway.yaml", home);
	if (access(path, F_OK) == 0) {
		rc = yaml_open(&yaml, &file, report, path, &schema);
		if (rc)
			return rc;
		take_tls(&config, report, file, yaml, path, home);
		set_path(config.access_log, home,
		    ((const struct file *)file)->access_log);
		take_proxies(&config, report, file, yaml, path);
		take_limit(&config, report, file, yaml, path);
		yaml_close(&yaml);
	}
	if (report->count > before)
		return ERR_INVALID;
	*config_out = config;
	return 0;
}
