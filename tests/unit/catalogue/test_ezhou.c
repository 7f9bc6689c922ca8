/*
 * The sample city: it must load clean, and its sample complaints must find
 * the items and units that a person expects.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/csv.h"
#include "city.h"

#define CITY	 SOURCE_DIR "/deploy/cities/ezhou"
#define EXPECTED SOURCE_DIR "/tests/data/ezhou/expected.csv"

static struct city city;

static int make(void **state)
{
	(void)state;
	assert_int_equal(
	    org_load(&city.folder.org, &city.folder.report, CITY, 0), 0);
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	catalogue_close(&city.catalogue);
	address_index_close(&city.places);
	org_close(&city.folder.org);
	report_free(&city.folder.report);
	return 0;
}

static void loads_clean(void **state)
{
	(void)state;
	assert_int_equal(org_unit_count(city.folder.org), 1757);
	if (catalogue_load(&city.catalogue, &city.folder.report, CITY,
		city.folder.org) != 0) {
		report_print(&city.folder.report, stderr);
		fail();
	}
	assert_int_equal(address_index_open(&city.places, city.folder.org), 0);
	assert_int_equal(city.folder.report.count, 0);
}

struct tally {
	unsigned complaints;
	unsigned items_found, items_wrong;
	unsigned units_expected, units_found, units_wrong;
};

/* A column of a row, by its name in the header. */
static size_t column(const struct csv_record *header, const char *name)
{
	for (size_t i = 0; i < header->count; i++) {
		if (strcmp(header->fields[i], name) == 0)
			return i;
	}
	fail_msg("no column %s", name);
	return 0;
}

struct row {
	const char *title, *text, *address, *item, *unit;
};

static void tally_row(struct tally *tally, const struct row *row)
{
	const struct item *item =
	    catalogue_classify(NULL, city.catalogue, row->title, row->text);
	const struct unit *unit =
	    address_find(NULL, city.places, row->address, row->text, NULL);

	if (unit == NULL)
		unit = address_find(
		    NULL, city.places, row->address, row->title, NULL);
	tally->complaints++;
	if (item != NULL && strcmp(item->code, row->item) == 0)
		tally->items_found++;
	else if (item != NULL)
		tally->items_wrong++;
	tally->units_expected += row->unit[0] != '\0';
	if (unit != NULL && strcmp(unit->code.s, row->unit) == 0)
		tally->units_found++;
	else if (unit != NULL)
		tally->units_wrong++;
}

static void read_both(struct tally *tally)
{
	struct csv *said, *wanted;
	struct csv_record one, other;
	size_t title, text, address, item, unit;

	assert_int_equal(csv_open(&said, CITY "/complaints.csv"), 0);
	assert_int_equal(csv_open(&wanted, EXPECTED), 0);
	assert_int_equal(csv_next(&one, said), 1);
	assert_int_equal(csv_next(&other, wanted), 1);
	title = column(&one, "title");
	text = column(&one, "content");
	address = column(&one, "address");
	item = column(&other, "item");
	unit = column(&other, "unit");
	while (csv_next(&one, said) == 1) {
		assert_int_equal(csv_next(&other, wanted), 1);
		assert_string_equal(one.fields[0], other.fields[0]);
		tally_row(tally, &(struct row){ one.fields[title],
				     one.fields[text], one.fields[address],
				     other.fields[item], other.fields[unit] });
	}
	assert_int_equal(csv_next(&other, wanted), 0);
	csv_close(&said);
	csv_close(&wanted);
}

static void finds_what_a_person_expects(void **state)
{
	struct tally tally = { 0 };

	(void)state;
	assert_non_null(city.catalogue);
	read_both(&tally);
	print_message("%u complaints: items %u found, %u wrong; units %u of "
		      "%u found, %u wrong\n",
	    tally.complaints, tally.items_found, tally.items_wrong,
	    tally.units_found, tally.units_expected, tally.units_wrong);
	assert_true(tally.complaints >= 300);
	assert_true(tally.items_found * 10 >= tally.complaints * 9);
	assert_true(tally.units_found * 10 >= tally.units_expected * 9);
	assert_true(tally.units_wrong * 100 <= tally.complaints * 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads_clean),
		cmocka_unit_test(finds_what_a_person_expects),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
