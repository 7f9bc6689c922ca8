#include "city_http.h"

#include <sys/stat.h>
#include "client/http_config.h"

void city_http_check(struct report *report, const char *dir)
{
	struct http_config config;
	struct stat status;

	if (http_config_load(&config, report, dir) || !config.is_tls)
		return;
	if (stat(config.tls_key, &status) == 0 &&
	    (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		report_add(report, config.tls_key, 0,
		    "the key must be readable by its owner alone; chmod 600 "
		    "it");
}
