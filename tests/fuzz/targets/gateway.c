/* A city's gateway.yaml: certificates, proxies, limits. */
#include <string.h>
#include "base/err.h"
#include "client/http_config.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report report = { 0 };
	struct http_config config;
	int rc;

	fuzz_file(data, size);
	rc = http_config_load(&config, &report, fuzz_city("gateway.yaml"));
	promise(rc == 0 || rc == ERR_INVALID);
	promise((rc == 0) == (report.count == 0));
	if (rc == 0) {
		promise(config.import_max_mib >= 1 &&
			config.import_max_mib <= IMPORT_MAX_MIB_MAX);
		promise(config.proxies.count <= PROXIES_MAX);
		promise(config.is_tls == (config.tls_cert[0] != '\0'));
		promise(config.is_tls == (config.tls_key[0] != '\0'));
	}
	report_free(&report);
	return 0;
}
