/* A city's units.csv, beside files that are right. */
#include "base/err.h"
#include "fuzz.h"
#include "org/org.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct report report = { 0 };
	struct org *org = NULL;
	int rc;

	fuzz_file(data, size);
	rc = org_load(&org, &report, fuzz_city("units.csv"), 0);
	promise(rc == 0 || rc == ERR_INVALID);
	promise((rc == 0) == (report.count == 0));
	promise((rc == 0) == (org != NULL));
	org_close(&org);
	report_free(&report);
	return 0;
}
