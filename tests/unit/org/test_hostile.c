/* A city of a million people, and cities that somebody has broken. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "folder.h"

static void write_big_city(const struct folder *folder)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/units.csv", folder->dir);
	out = fopen(path, "wb");
	assert_non_null(out);
	/* From the bottom up: the order of rows does not matter. */
	fprintf(out, "code,name,level,kind,parent\n");
	for (int i = 0; i < 40000; i++)
		fprintf(out,
		    "4207%02d%03d%03d%03d,第%d网格,grid,area,"
		    "4207%02d%03d%03d\n",
		    i / 4000 + 1, i / 400 % 10, i / 4 % 100, i % 4 + 1,
		    i % 4 + 1, i / 4000 + 1, i / 400 % 10, i / 4 % 100);
	for (int i = 0; i < 10000; i++)
		fprintf(out,
		    "4207%02d%03d%03d,村%d,community,area,"
		    "4207%02d%03d\n",
		    i / 1000 + 1, i / 100 % 10, i % 100, i, i / 1000 + 1,
		    i / 100 % 10);
	for (int i = 0; i < 100; i++)
		fprintf(out, "4207%02d%03d,街%d,street,area,4207%02d\n",
		    i / 10 + 1, i % 10, i, i / 10 + 1);
	for (int i = 0; i < 10; i++)
		fprintf(out, "4207%02d,区%d,district,area,4207\n", i + 1, i);
	fprintf(out, "4207,市,city,area,\n");
	assert_int_equal(fclose(out), 0);
}

static void loads_fifty_thousand_units_in_any_order(void **state)
{
	struct folder folder;
	const struct unit *unit;

	(void)state;
	folder_make(&folder);
	write_big_city(&folder);
	folder_write(&folder, "nodes.yaml",
	    "city: 市\nnodes:\n"
	    "  - {name: a, level: city, serves: [4207], endpoint: 'ipc://a'}\n"
	    "  - {name: b, level: district, serves: [4207], endpoint: "
	    "'ipc://b'}\n"
	    "  - {name: c, level: street, serves: [4207], endpoint: "
	    "'ipc://c'}\n"
	    "  - {name: d, level: community, serves: [4207], endpoint: "
	    "'ipc://d'}\n"
	    "  - {name: e, level: grid, serves: [4207], endpoint: "
	    "'ipc://e'}\n");
	folder_write(&folder, "operators.csv", "name,unit,role,public_key\n");
	folder_load(&folder);
	assert_int_equal(org_unit_count(folder.org), 50111);
	unit = unit_of(folder.org, "420710009099004");
	assert_int_equal(unit->depth, 4);
	assert_ptr_equal(unit_at_depth(unit, 1), unit_of(folder.org, "420710"));
	assert_true(unit_is_within(unit, unit_of(folder.org, "420710009")));
	assert_false(unit_is_within(unit, unit_of(folder.org, "420709")));
	assert_string_equal(unit->node->name, "e");
	folder_remove(&folder);
}

static unsigned next(unsigned *seed)
{
	*seed = *seed * 1103515245U + 12345U;
	return *seed >> 16;
}

/* Copies `text` with a few bytes changed, cut out or doubled. */
static char *broken(const char *text, unsigned *seed)
{
	static const char bytes[] = "\n\n,,\"\"-:[]{}'#0479 \t\xe5\xff\x01"
				    "az";
	size_t len = strlen(text);
	char *copy = malloc(len + 1);
	unsigned hits = 1 + next(seed) % 4;

	assert_non_null(copy);
	memcpy(copy, text, len + 1);
	for (unsigned i = 0; i < hits && len > 2; i++) {
		size_t at = next(seed) % (len - 1);

		if (next(seed) % 3 == 0) {
			size_t gone = next(seed) % 12;

			gone = gone < len - at ? gone : len - at;
			memmove(
			    copy + at, copy + at + gone, len - at - gone + 1);
			len -= gone;
		} else {
			copy[at] = bytes[next(seed) % (sizeof(bytes) - 1)];
		}
	}
	return copy;
}

static void never_crashes_on_broken_files(void **state)
{
	static const char *const names[] = { "units.csv", "nodes.yaml",
		"operators.csv" };
	static const char *const texts[] = { sound_units, sound_nodes,
		sound_operators };
	unsigned seed = 42;
	unsigned refused = 0;

	(void)state;
	for (int round = 0; round < 1500; round++) {
		size_t file = (size_t)round % 3;
		char *text = broken(texts[file], &seed);
		struct folder folder;
		int err;

		folder_make(&folder);
		folder_write(&folder, names[file], text);
		err = org_load(&folder.org, &folder.report, folder.dir, 0);
		assert_true(err == 0 || err == ERR_INVALID);
		/* Refused with a sentence, or taken without one. */
		assert_int_equal(err == 0, folder.report.count == 0);
		assert_int_equal(err == 0, folder.org != NULL);
		refused += err != 0;
		folder_remove(&folder);
		free(text);
	}
	assert_true(refused > 700);
}

static void reports_no_more_than_a_hundred_and_counts_the_rest(void **state)
{
	struct folder folder;
	char *text = calloc(1, 64 * 1000);
	size_t len;

	(void)state;
	assert_non_null(text);
	len = (size_t)sprintf(text, "code,name,level,kind,parent\n");
	for (int i = 0; i < 1000; i++)
		len += (size_t)sprintf(text + len, "x%d,,,,\n", i);
	folder_make(&folder);
	folder_write(&folder, "units.csv", text);
	assert_int_equal(
	    org_load(&folder.org, &folder.report, folder.dir, 0), ERR_INVALID);
	assert_int_equal(folder.report.count, REPORT_PROBLEMS_MAX);
	assert_true(folder.report.dropped >= 900);
	folder_remove(&folder);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads_fifty_thousand_units_in_any_order),
		cmocka_unit_test(never_crashes_on_broken_files),
		cmocka_unit_test(
		    reports_no_more_than_a_hundred_and_counts_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
