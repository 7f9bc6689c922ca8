/*
 * Tickets leave as a CSV file and come back from it: the same in another
 * city, in both encodings, after a cut. WHISTLE_FLOW_LONG=1: 1,000,000
 * tickets, in the memory of a few.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include "base/csv.h"

#define COMPLAINTS SOURCE_DIR "/deploy/cities/ezhou/complaints.csv"
/* Before any ticket there can be. */
#define NEWEST "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"

enum {
	COLUMNS = 11, /* those that an import takes */
	FEW = 1200,   /* more than two pages */
	MANY = 1000 * 1000,
	ENOUGH_KB = 128 * 1024,
	LONG_MS = 2 * 60 * 60 * 1000,
};

static struct city city;

static int open_city(void **state)
{
	(void)state;
	city_open(&city);
	return 0;
}

static void export_to(struct city *from, const char *path, const char *option)
{
	cli_exits(0, from, "hotline", "ticket", "export", "--output", path,
	    option, NULL);
}

static int by_number(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

/* The import's columns of each record on one line, in the order of the
 * numbers: routine in two cities need not be at the same pace. */
static char **lines_of(size_t *count_out, const char *path)
{
	char **lines = calloc(MANY, sizeof(*lines));
	struct csv_record record;
	struct csv *csv;
	size_t count = 0;

	assert_non_null(lines);
	assert_int_equal(csv_open(&csv, path), 0);
	while (csv_next(&record, csv) == 1) {
		struct buf line = { 0 };

		assert_null(record.problem);
		assert_true(record.count > COLUMNS);
		for (size_t i = 0; i < COLUMNS; i++)
			assert_int_equal(buf_add(&line, record.fields[i],
					     strlen(record.fields[i]) + 1),
			    0);
		for (size_t i = 0; i + 1 < line.len; i++)
			line.data[i] |= line.data[i] ? 0 : 1;
		lines[count++] = (char *)line.data;
	}
	csv_close(&csv);
	qsort(lines, count, sizeof(*lines), by_number);
	*count_out = count;
	return lines;
}

static void expect_same_files(const char *one_path, const char *other_path)
{
	size_t count, others;
	char **one = lines_of(&count, one_path);
	char **other = lines_of(&others, other_path);

	assert_int_equal(count, others);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(one[i], other[i]);
		free(one[i]);
		free(other[i]);
	}
	free(one);
	free(other);
}

static void comes_back_the_same_in_another_city(void **state)
{
	const char *out = city_path(&city, "out.csv");
	struct imported imported;
	struct city second;

	(void)state;
	sheet_import(&imported, &city, COMPLAINTS, NULL);
	city_wait_quiet(&city);
	export_to(&city, out, NULL);
	assert_false(file_exists(city_path(&city, "out.csv.resume")));
	city_open(&second);
	cli_exits(0, &second, "hotline", "import", out, NULL);
	city_wait_quiet(&second);
	export_to(&second, city_path(&second, "back.csv"), NULL);
	expect_same_files(out, city_path(&second, "back.csv"));
	imported_free(&imported);
	city_close(&second);
}

static void speaks_to_spreadsheets(void **state)
{
	const char *path = city_path(&city, "sheet.csv");
	const char *in = city_path(&city, "formula.csv");
	FILE *file = fopen(in, "w");
	size_t len;
	char *text;

	(void)state;
	assert_non_null(file);
	sheet_row(file, "number", "title", "content", NULL);
	sheet_row(file, "F-1", "=cmd|' /C calc'!A0", "+1, \"二\"\n@三", NULL);
	assert_int_equal(fclose(file), 0);
	cli_exits(0, &city, "hotline", "import", in, NULL);
	export_to(&city, path, "--safe");
	text = file_read(&len, path);
	assert_non_null(strstr(text, "\"'=cmd|' /C calc'!A0\""));
	assert_non_null(strstr(text, "\"'+1, \"\"二\"\"\n@三\""));
	free(text);
	export_to(&city, path, "--bom");
	text = file_read(&len, path);
	assert_memory_equal(text, "\xef\xbb\xbfnumber,kind,item", 18);
	assert_non_null(strstr(text, ",=cmd|' /C calc'!A0,"));
	free(text);
}

static void speaks_the_encoding_of_city_halls(void **state)
{
	const char *plain = city_path(&city, "plain.csv");
	const char *path = city_path(&city, "gb.csv");

	(void)state;
	export_to(&city, plain, NULL);
	cli_exits(0, &city, "hotline", "ticket", "export", "--output", path,
	    "--encoding", "gb18030", NULL);
	assert_int_equal(file_count(path, "投诉"), 0);
	expect_same_files(plain, path);
	cli_exits(2, &city, "hotline", "ticket", "export", "--encoding",
	    "latin1", NULL);
}

static void goes_on_after_a_cut(void **state)
{
	const char *whole = city_path(&city, "whole.csv");
	const char *cut = city_path(&city, "cut.csv");
	char note[128], *text;
	size_t len, heading;

	(void)state;
	export_to(&city, whole, NULL);
	text = file_read(&len, whole);
	heading = (size_t)(strchr(text, '\n') + 1 - text);
	file_write_bytes(cut, text, heading + 20);
	snprintf(note, sizeof(note), "%zu 0 " NEWEST "\n", heading);
	cli_exits(4, &city, "hotline", "ticket", "export", "--output", cut,
	    "--resume", NULL);
	file_write(city_path(&city, "cut.csv.resume"), note);
	export_to(&city, cut, "--resume");
	expect_same_files(whole, cut);
	assert_false(file_exists(city_path(&city, "cut.csv.resume")));
	free(text);
}

static void takes_only_what_was_asked_for(void **state)
{
	struct run run;

	(void)state;
	cli(&run, &city, "hotline", "ticket", "export", "--to", "2020-01-01",
	    NULL);
	assert_int_equal(run.code, 0);
	assert_memory_equal(run_text(&run.out), "number,", 7);
	assert_string_equal(strchr(run_text(&run.out), '\n'), "\n");
	run_free(&run);
	cli_exits(2, &city, "hotline", "ticket", "export", "--from",
	    "yesterday", NULL);
}

static void write_rows(const char *path, int count)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("number,item,title,content,place\n", file);
	for (int i = 0; i < count; i++)
		fprintf(
		    file, "N-%d,garbage,垃圾,第 %d 件,420704001002001\n", i, i);
	assert_int_equal(fclose(file), 0);
}

/* However slow the machine is. */
static void run_long(
    const char *one, const char *two, const char *three, const char *four)
{
	const char *argv[] = { BIN_DIR "/whistle", "--home", city.home.path,
		"--as", "hotline", one, two, three, four, NULL };
	int64_t since_ms = now_ms();
	struct run run;

	run_program(&run, argv, LONG_MS);
	if (run.code)
		fail_msg("%s: %s", one, run_text(&run.err));
	print_message(
	    "%s: %.1f s\n", one, (double)(now_ms() - since_ms) / 1000);
	run_free(&run);
}

static void needs_no_memory_for_many(void **state)
{
	const char *in = city_path(&city, "many.csv");
	const char *out = city_path(&city, "many-out.csv");
	int count = getenv("WHISTLE_FLOW_LONG") ? MANY : FEW;
	struct rusage used;

	(void)state;
	write_rows(in, count);
	run_long("import", in, NULL, NULL);
	run_long("ticket", "export", "--output", out);
	assert_true(file_count(out, "\nN-") >= (unsigned)count);
	assert_int_equal(getrusage(RUSAGE_CHILDREN, &used), 0);
	print_message("%d tickets, %ld kB\n", count, used.ru_maxrss);
	assert_true(used.ru_maxrss < ENOUGH_KB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back_the_same_in_another_city),
		cmocka_unit_test(speaks_to_spreadsheets),
		cmocka_unit_test(speaks_the_encoding_of_city_halls),
		cmocka_unit_test(goes_on_after_a_cut),
		cmocka_unit_test(takes_only_what_was_asked_for),
		cmocka_unit_test(needs_no_memory_for_many),
	};

	return flow_end(
	    cmocka_run_group_tests_name("export", tests, open_city, NULL));
}
