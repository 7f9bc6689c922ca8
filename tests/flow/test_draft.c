/*
 * A new city from a list of its divisions, as an engineer would make one: it
 * is in order at once, and what is wrong with a list is said with its line.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char dir[] = "/tmp/whistle-draft-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	folder_remove(dir);
	return 0;
}

static const char *path(const char *name)
{
	static char texts[8][128];
	static unsigned next;
	char *text = texts[next++ % 8];

	snprintf(text, sizeof(texts[0]), "%s/%s", dir, name);
	return text;
}

/* `rows` becomes the list; the draft's exit code, and its words. */
static void draft(struct run *run, const char *name, const char *rows,
    const char *option, const char *value)
{
	const char *argv[] = { BIN_DIR "/whistle", "--lang", "en", "city",
		"draft", path(name), "--divisions", path("list.csv"), "--like",
		SOURCE_DIR "/deploy/cities/ezhou", option, value, NULL };

	file_write(path("list.csv"), rows);
	run_program(run, argv, PATIENCE_MS);
}

static void is_refused(const char *rows, int code, const char *why)
{
	struct run run;

	draft(&run, "refused", rows, NULL, NULL);
	assert_int_equal(run.code, code);
	if (!strstr(run_text(&run.err), why))
		fail_msg("%s: %s", why, run_text(&run.err));
	assert_false(file_exists(path("refused/units.csv")));
	run_free(&run);
}

static const char province[] =
    "code,code12,name,level,parent\n11,110000000000,北京市,province,\n"
    "1101,110100000000,市辖区,city,11\n110101,110101000000,东城区,district,"
    "1101\n110102,110102000000,西城区,district,1101\n110101001,110101001000,"
    "东华门街道,street,110101\n110101001001,110101001001,多福巷社区,"
    "community,110101001\n110102001,110102001000,西长安街街道,street,110102"
    "\n110102001001,110102001001,西交民巷社区,community,110102001\n";

static void a_province_names_its_city(void **state)
{
	struct run run;

	(void)state;
	draft(&run, "beijing", province, "--grids", "3");
	assert_int_equal(run.code, 0);
	assert_non_null(strstr(run_text(&run.out), "北京市 is in order"));
	run_free(&run);
	assert_int_equal(
	    file_count(path("beijing/units.csv"), "1101,北京市,city,area,\n"),
	    1);
	assert_int_equal(
	    file_count(path("beijing/units.csv"), "网格,grid,area,"), 6);
	assert_int_equal(file_count(path("beijing/units.csv"),
			     "110102-gaj,西城区公安分局,district,department,"),
	    1);
	assert_int_equal(file_count(path("beijing/units.csv"), "鄂"), 0);
}

static void a_district_is_given_a_city(void **state)
{
	struct run run;

	(void)state;
	is_refused("code,name\n120101000000,和平区\n", 2, "--city");
	draft(&run, "heping",
	    "name,code\n和平区,120101000000\n小白楼街道,120101002000\n"
	    "开封里社区,120101002006\n",
	    "--city", "天津市");
	assert_int_equal(run.code, 0);
	run_free(&run);
	assert_int_equal(file_count(path("heping/units.csv"),
			     "120101,和平区,district,area,1201\n"),
	    1);
}

static void districts_have_nodes_of_their_own(void **state)
{
	const char *argv[] = { BIN_DIR "/whistle", "city", "init", path("city"),
		"--from", path("split"), NULL };
	struct run run;

	(void)state;
	draft(&run, "split", province, "--split", "district");
	assert_int_equal(run.code, 0);
	run_free(&run);
	assert_int_equal(file_count(path("split/nodes.yaml"), "name: "), 10);
	run_program(&run, argv, PATIENCE_MS);
	assert_int_equal(run.code, 0);
	run_free(&run);
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
	(void)state;
	is_refused("number,name\n1101,北京市\n", 2, "code and name");
	is_refused("code,name\n1101,北京市\n11010,东城区\n", 1, "list.csv:3:");
	is_refused("code,name\n1101,北京市\n110101,\n", 1, "list.csv:3:");
	is_refused("code,name\n1101,北京市\n110101,东城区\n110101,东城区\n", 1,
	    "there twice");
	is_refused(
	    "code,name\n1101,北京市\n110101001,街道\n", 1, "not in the list");
	is_refused("code,name\n1101,北京市\n4207,鄂州市\n", 1, "second city");
}

static void nothing_is_written_over(void **state)
{
	struct run run;

	(void)state;
	draft(&run, "beijing", province, NULL, NULL);
	assert_int_equal(run.code, 1);
	run_free(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_province_names_its_city),
		cmocka_unit_test(a_district_is_given_a_city),
		cmocka_unit_test(districts_have_nodes_of_their_own),
		cmocka_unit_test(what_is_wrong_is_said_with_its_line),
		cmocka_unit_test(nothing_is_written_over),
	};
	return flow_end(
	    cmocka_run_group_tests(tests, make_folder, remove_folder));
}
