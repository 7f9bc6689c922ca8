/*
 * Complaints come in by file and by HTTP: once each, however often they are
 * sent, and what cannot be taken is named.
 */
#include "harness/harness.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#define COMPLAINTS SOURCE_DIR "/deploy/cities/ezhou/complaints.csv"

static struct city city;

static int open_city(void **state)
{
	(void)state;
	city_open(&city);
	return 0;
}

static size_t tickets_at_the_gateway(void)
{
	size_t count;

	city_wait_quiet(&city);
	free(tickets_all(&count, &city, "gatewayd"));
	return count;
}

/* ---- files ---- */

static void imports_a_file_once_however_often(void **state)
{
	struct imported first, again;
	size_t before = tickets_at_the_gateway();
	(void)state;

	sheet_import(&first, &city, COMPLAINTS, NULL);
	assert_int_equal(first.refused, 0);
	assert_int_equal(first.existing, 0);
	assert_true(first.added >= 300);
	assert_int_equal(
	    tickets_at_the_gateway() - before, (size_t)first.added);
	sheet_import(&again, &city, COMPLAINTS, NULL);
	assert_int_equal(again.added, 0);
	assert_int_equal(again.refused, 0);
	assert_int_equal(again.existing, first.added);
	assert_int_equal(
	    tickets_at_the_gateway() - before, (size_t)first.added);
	logs_check_all(&city);
	imported_free(&again);
	imported_free(&first);
}

static void put_huge_row(FILE *file, const char *number)
{
	enum { HUGE_BYTES = 10 * 1024 * 1024 };

	fprintf(file, "%s,太长了,", number);
	for (int i = 0; i < HUGE_BYTES / 10; i++)
		fputs("0123456789", file);
	fputs(",\n", file);
}

/* The lines of the rows that must be refused. */
enum {
	LINE_ENCODING = 3,
	LINE_COLUMN = 5,
	LINE_UNIT = 7,
	LINE_HUGE = 9,
	LINE_STRAY = 11,
	LINE_UNCLOSED = 13,
	GOOD_ROWS = 7,
};

static void write_broken(const char *path)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	sheet_row(file, "number", "title", "content", "place", NULL);
	sheet_row(file, "B-1", "路灯不亮", "晚上看不见", "", NULL);
	fputs("B-2,路灯\xff\xfe不亮,晚上\xc0看不见,\n", file);
	sheet_row(file, "B-3", "井盖松动", "车一过就响", "", NULL);
	fputs("B-4,只有两列\n", file);
	sheet_row(file, "B-5", "有人养鸡", "天不亮就叫", "", NULL);
	sheet_row(file, "B-6", "地方不存在", "内容", "999999", NULL);
	sheet_row(
	    file, "B-7", "说\"好\"的，没有来", "第一行\t第二段", "", NULL);
	put_huge_row(file, "B-8");
	sheet_row(file, "B-9", "垃圾没人收", "三天了", "420704001002", NULL);
	fputs("B-10,引\"号在中间,内容,\n", file);
	sheet_row(file, "B-11", "楼道堆物", "电瓶车上楼", "", NULL);
	fputs("B-12,\"引号没有收尾,内容,\n", file);
	sheet_row(file, "B-13", "最后一行", "也要进来", "", NULL);
	assert_int_equal(fclose(file), 0);
}

static void names_every_broken_row_and_takes_the_others(void **state)
{
	static const long broken[] = { LINE_ENCODING, LINE_COLUMN, LINE_UNIT,
		LINE_HUGE, LINE_STRAY, LINE_UNCLOSED };
	size_t before = tickets_at_the_gateway();
	const char *path = city_path(&city, "broken.csv");
	struct imported imported;
	(void)state;

	write_broken(path);
	sheet_import(&imported, &city, path, NULL);
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++)
		if (!imported_why(&imported, broken[i]))
			fail_msg("line %ld is not named", broken[i]);
	assert_int_equal(imported.refused, sizeof(broken) / sizeof(*broken));
	assert_int_equal(imported.added, GOOD_ROWS);
	assert_int_equal(tickets_at_the_gateway() - before, GOOD_ROWS);
	imported_free(&imported);
}

static void says_file_and_line_of_a_broken_row(void **state)
{
	const char *path = city_path(&city, "broken.csv");
	const char *report = city_path(&city, "report.txt");
	char line[2 * CITY_PATH];
	struct run run;
	(void)state;

	write_broken(path);
	cli(&run, &city, "hotline", "--lang", "en", "import", path, NULL);
	assert_int_equal(run.code, 1);
	snprintf(line, sizeof(line), "%s:%d: ", path, LINE_UNIT);
	assert_non_null(strstr(run_text(&run.err), line));
	run_free(&run);
	cli_exits(
	    1, &city, "hotline", "import", path, "--report", report, NULL);
	assert_int_equal(file_count(report, path), 6);
	assert_int_equal(file_count(report, line), 1);
}

static void refuses_a_file_without_the_columns_that_it_needs(void **state)
{
	const char *path = city_path(&city, "headless.csv");
	(void)state;

	file_write(path, "编号,标题\n1,没有人看得懂的表头\n");
	cli_exits(2, &city, "hotline", "import", path, NULL);
	cli_exits(4, &city, "hotline", "import", "/nowhere/at/all.csv", NULL);
}

static void write_gb18030(const char *path, const char *text)
{
	char out[4096], *to = out, *from = (char *)(uintptr_t)text;
	size_t left = strlen(text), room = sizeof(out);
	iconv_t converter = iconv_open("GB18030", "UTF-8");

	assert_true(converter != (iconv_t)-1);
	assert_int_equal(iconv(converter, &from, &left, &to, &room), 0);
	iconv_close(converter);
	file_write_bytes(path, out, sizeof(out) - room);
}

static void reads_the_encoding_of_city_halls(void **state)
{
	const char *path = city_path(&city, "gb.csv");
	struct imported imported;
	(void)state;

	write_gb18030(path,
	    "number,title,content\n"
	    "GB-1,公园长椅坏了,滨湖公园的长椅断了两条腿，坐不得人\n"
	    "GB-2,镕字与龢字,人名里的字也要认得：朱镕、翁同龢\n");
	sheet_import(&imported, &city, path, NULL);
	assert_int_equal(imported.added, 2);
	json_t *shown =
	    cli_json(&city, "hotline", "ticket", "show", "GB-2", NULL);
	assert_string_equal(json_text_at(shown, "title"), "镕字与龢字");
	json_decref(shown);
	imported_free(&imported);
}

/* ---- HTTP ---- */

static long order_status(const char *body, enum http_flaw flaw)
{
	struct http_answer answer;

	http_order(&answer, &city, body, flaw);
	long status = answer.status;
	http_free(&answer);
	return status;
}

static void takes_a_signed_order_once(void **state)
{
	static const char order[] =
	    "{\"number\":\"H-1\",\"kind\":\"投诉\",\"title\":\"楼道灯坏了\","
	    "\"content\":\"上楼看不见\",\"address\":\"凤凰街道吴都社区\","
	    "\"caller\":\"来电人\",\"phone\":\"000\"}";
	size_t before = tickets_at_the_gateway();
	struct http_answer first, again;
	(void)state;

	http_order(&first, &city, order, HTTP_GOOD);
	assert_int_equal(first.status, 201);
	http_order(&again, &city, order, HTTP_GOOD);
	assert_int_equal(again.status, 200);
	assert_string_equal(
	    json_text_at(first.json, "id"), json_text_at(again.json, "id"));
	assert_int_equal(tickets_at_the_gateway() - before, 1);
	http_free(&again);
	http_free(&first);
}

static void file_and_http_have_the_same_numbers(void **state)
{
	size_t before;
	(void)state;

	assert_int_equal(
	    order_status(
		"{\"number\":\"B-1\",\"title\":\"路灯不亮\"}", HTTP_GOOD),
	    200);
	before = tickets_at_the_gateway();
	const char *path = city_path(&city, "again.csv");
	file_write(path, "number,title\nH-1,楼道灯坏了\n");
	cli_exits(0, &city, "hotline", "import", path, NULL);
	assert_int_equal(tickets_at_the_gateway(), before);
}

static void refuses_who_did_not_sign(void **state)
{
	static const char order[] = "{\"number\":\"H-2\",\"title\":\"冒充\"}";
	size_t before = tickets_at_the_gateway();
	(void)state;

	assert_int_equal(order_status(order, HTTP_UNSIGNED), 401);
	assert_int_equal(order_status(order, HTTP_WRONG_SIGNATURE), 401);
	assert_int_equal(tickets_at_the_gateway(), before);
}

static void refuses_a_field_that_no_order_has(void **state)
{
	struct http_answer answer;
	(void)state;

	http_order(&answer, &city,
	    "{\"number\":\"H-3\",\"title\":\"写错字段\",\"adress\":\"鄂城\"}",
	    HTTP_GOOD);
	assert_int_equal(answer.status, 400);
	char *text = json_dumps(answer.json, 0);
	assert_non_null(strstr(text, "adress"));
	free(text);
	http_free(&answer);
	assert_int_equal(
	    order_status("{\"title\":\"没有号\"}", HTTP_GOOD), 400);
	assert_int_equal(order_status("[]", HTTP_GOOD), 400);
	assert_int_equal(order_status("{\"number\":", HTTP_GOOD), 400);
}

static void says_that_it_is_well(void **state)
{
	struct http_answer answer;
	(void)state;

	http_get(&answer, &city, "/healthz");
	assert_int_equal(answer.status, 200);
	http_free(&answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(imports_a_file_once_however_often),
		cmocka_unit_test(names_every_broken_row_and_takes_the_others),
		cmocka_unit_test(says_file_and_line_of_a_broken_row),
		cmocka_unit_test(
		    refuses_a_file_without_the_columns_that_it_needs),
		cmocka_unit_test(reads_the_encoding_of_city_halls),
		cmocka_unit_test(takes_a_signed_order_once),
		cmocka_unit_test(file_and_http_have_the_same_numbers),
		cmocka_unit_test(refuses_who_did_not_sign),
		cmocka_unit_test(refuses_a_field_that_no_order_has),
		cmocka_unit_test(says_that_it_is_well),
	};

	return flow_end(
	    cmocka_run_group_tests_name("import", tests, open_city, NULL));
}
