/* A city's catalogue.yaml, beside files that are right. */
#include "base/err.h"
#include "catalogue/catalogue.h"
#include "fuzz.h"

static const struct org *city(void)
{
	static struct org *org;
	struct report report = { 0 };

	if (!org)
		promise(org_load(&org, &report, fuzz_city("catalogue.yaml"),
			    0) == 0);
	return org;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct catalogue *catalogue = NULL;
	struct report report = { 0 };
	const struct item *hint = NULL;
	const struct org *org = city();
	int rc;

	fuzz_file(data, size);
	rc = catalogue_load(
	    &catalogue, &report, fuzz_city("catalogue.yaml"), org);
	promise(rc == 0 || rc == ERR_INVALID);
	promise((rc == 0) == (report.count == 0));
	promise((rc == 0) == (catalogue != NULL));
	if (catalogue)
		catalogue_classify(&hint, catalogue, "路灯不亮", "占道经营");
	catalogue_close(&catalogue);
	report_free(&report);
	return 0;
}
