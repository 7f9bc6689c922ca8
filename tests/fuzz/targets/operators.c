/* A city's operators.csv, for a city that is loaded. */
#include "base/err.h"
#include "fuzz.h"
#include "org/org.h"

static struct org *city(void)
{
	static struct org *org;
	struct report report = { 0 };

	if (!org)
		promise(org_load(&org, &report, FUZZ_CITY, 0) == 0);
	return org;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct org *org = city();
	struct report report = { 0 };
	struct people *people = NULL;
	int rc;

	fuzz_file(data, size);
	rc = org_people_load(
	    &people, &report, fuzz_city("operators.csv"), org, 0);
	promise(rc == 0 || rc == ERR_INVALID);
	promise((rc == 0) == (report.count == 0));
	promise((rc == 0) == (people != NULL));
	org_people_close(&people);
	report_free(&report);
	return 0;
}
