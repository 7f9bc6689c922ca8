#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/bytes.h"
#include "base/csv.h"
#include "base/err.h"

static char path[64];

static int make_path(void **state)
{
	int fd;

	(void)state;
	strcpy(path, "/tmp/whistle-csv-XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int drop_path(void **state)
{
	(void)state;
	return unlink(path);
}

static struct csv *open_bytes(const void *data, size_t len)
{
	FILE *file = fopen(path, "wb");
	struct csv *csv = NULL;

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	fclose(file);
	assert_int_equal(csv_open(&csv, path), 0);
	return csv;
}

static struct csv *open_text(const char *text)
{
	return open_bytes(text, strlen(text));
}

/* The next record is sound, on `line`, and its fields joined by '|' are
 * `joined`. */
static void expect(struct csv *csv, long line, const char *joined)
{
	struct csv_record record;
	char text[4096] = "";
	size_t i;

	assert_int_equal(csv_next(&record, csv), 1);
	assert_null(record.problem);
	for (i = 0; i < record.count; i++) {
		strcat(text, i > 0 ? "|" : "");
		strcat(text, record.fields[i]);
	}
	assert_string_equal(text, joined);
	assert_int_equal(record.line, line);
}

static void expect_bad(struct csv *csv, long line, const char *part)
{
	struct csv_record record;

	assert_int_equal(csv_next(&record, csv), 1);
	assert_non_null(record.problem);
	assert_non_null(strstr(record.problem, part));
	assert_int_equal(record.line, line);
	assert_int_equal(record.count, 0);
}

static void expect_end(struct csv *csv)
{
	struct csv_record record;

	assert_int_equal(csv_next(&record, csv), 0);
	assert_int_equal(csv_next(&record, csv), 0);
	csv_close(&csv);
	assert_null(csv);
}

static void names_a_missing_file(void **state)
{
	struct csv *csv = NULL;

	(void)state;
	assert_int_equal(csv_open(&csv, "/nonexistent/a.csv"), ERR_NOT_FOUND);
	assert_int_equal(csv_open(&csv, "/etc/passwd/a.csv"), ERR_NOT_FOUND);
	assert_int_equal(csv_open(&csv, "/tmp"), ERR_IO);
	assert_null(csv);
	csv_close(&csv);
}

static void reads_nothing_from_an_empty_file(void **state)
{
	(void)state;
	expect_end(open_text(""));
	expect_end(open_text("\n\r\n\r\n\n"));
	expect_end(open_text("\xef\xbb\xbf"));
}

static void reads_plain_records(void **state)
{
	struct csv *csv = open_text("a,b\nc,,\n,\n");

	(void)state;
	expect(csv, 1, "a|b");
	expect(csv, 2, "c||");
	expect(csv, 3, "|");
	expect_end(csv);
}

static void keeps_spaces_and_reads_without_a_final_newline(void **state)
{
	struct csv *csv = open_text(" a ,\tb\n  \n\"\"\nlast");

	(void)state;
	expect(csv, 1, " a |\tb");
	expect(csv, 2, "  ");
	expect(csv, 3, "");
	expect(csv, 4, "last");
	expect_end(csv);
}

static void takes_every_kind_of_line_end(void **state)
{
	struct csv *csv = open_text("a\r\nb\n\nc\rd\r\n\r\n\re\r");

	(void)state;
	expect(csv, 1, "a");
	expect(csv, 2, "b");
	expect(csv, 4, "c");
	expect(csv, 5, "d");
	expect(csv, 8, "e");
	expect_end(csv);
}

static void keeps_what_is_quoted(void **state)
{
	struct csv *csv =
	    open_text("\"a,b\",\"say \"\"hi\"\"\"\n\"x\r\ny\nz\",q\nnext\n");

	(void)state;
	expect(csv, 1, "a,b|say \"hi\"");
	expect(csv, 2, "x\r\ny\nz|q");
	expect(csv, 5, "next");
	expect_end(csv);
}

static void goes_on_after_an_unclosed_quote(void **state)
{
	struct csv *csv = open_text("1,ok\n2,\"lost\n3,ok\n4,ok\n");

	(void)state;
	expect(csv, 1, "1|ok");
	expect_bad(csv, 2, "never closed");
	expect(csv, 3, "3|ok");
	expect(csv, 4, "4|ok");
	expect_end(csv);
}

static void goes_on_when_a_later_quote_closes_an_unclosed_one(void **state)
{
	struct csv *csv = open_text("1,\"lost\n2,\"sound\"\n3,ok\n");

	(void)state;
	expect_bad(csv, 1, "closing quote");
	expect(csv, 2, "2|sound");
	expect(csv, 3, "3|ok");
	expect_end(csv);
}

static void goes_on_after_an_unclosed_quote_in_the_last_line(void **state)
{
	struct csv *csv = open_text("1,ok\r\n2,\"lost");

	(void)state;
	expect(csv, 1, "1|ok");
	expect_bad(csv, 2, "never closed");
	expect_end(csv);
}

static void names_a_quote_inside_a_plain_field(void **state)
{
	struct csv *csv = open_text("pipe 5\" wide,a\n\"a\"b,c\nok\n");

	(void)state;
	expect_bad(csv, 1, "quote inside a field");
	expect_bad(csv, 2, "after a closing quote");
	expect(csv, 3, "ok");
	expect_end(csv);
}

static void an_unclosed_quote_does_not_swallow_a_long_file(void **state)
{
	const long lines = 100000;
	struct csv_record record;
	struct buf text = { 0 };
	struct csv *csv;
	char line[64];
	long i;

	(void)state;
	buf_add(&text, "0,\"lost\n", 8);
	for (i = 1; i < lines; i++) {
		snprintf(line, sizeof(line), "%ld,plain\n", i);
		assert_int_equal(buf_add(&text, line, strlen(line)), 0);
	}
	csv = open_bytes(text.data, text.len);
	buf_free(&text);
	expect_bad(csv, 1, "unclosed quote");
	for (i = 1; i < lines; i++) {
		assert_int_equal(csv_next(&record, csv), 1);
		assert_int_equal(record.line, i + 1);
		assert_int_equal(atol(record.fields[0]), i);
	}
	expect_end(csv);
}

static void skips_a_field_of_ten_megabytes(void **state)
{
	const size_t big = 10 * 1024 * 1024;
	struct buf text = { 0 };
	struct csv *csv;
	uint8_t *room;

	(void)state;
	buf_add(&text, "a\nb,", 4);
	assert_int_equal(buf_grow(&room, &text, big), 0);
	memset(room, 'x', big);
	buf_add(&text, "\r\nc\n", 4);
	csv = open_bytes(text.data, text.len);
	buf_free(&text);
	expect(csv, 1, "a");
	expect_bad(csv, 2, "longer than");
	expect(csv, 3, "c");
	expect_end(csv);
}

static void takes_a_record_of_the_limit_and_none_beyond(void **state)
{
	struct buf text = { 0 };
	struct csv_record record;
	struct csv *csv;
	uint8_t *room;

	(void)state;
	buf_grow(&room, &text, CSV_RECORD_MAX);
	memset(room, 'x', CSV_RECORD_MAX);
	buf_add(&text, "\n", 1);
	buf_grow(&room, &text, CSV_RECORD_MAX + 1);
	memset(room, 'y', CSV_RECORD_MAX + 1);
	csv = open_bytes(text.data, text.len);
	buf_free(&text);
	assert_int_equal(csv_next(&record, csv), 1);
	assert_null(record.problem);
	assert_int_equal(strlen(record.fields[0]), CSV_RECORD_MAX);
	expect_bad(csv, 2, "longer than");
	expect_end(csv);
}

static void refuses_more_fields_than_it_keeps(void **state)
{
	char text[4 * CSV_FIELDS_MAX] = "";
	struct csv_record record;
	struct csv *csv;
	int i;

	(void)state;
	for (i = 1; i < CSV_FIELDS_MAX; i++)
		strcat(text, ",");
	strcat(text, "\n");
	for (i = 0; i < CSV_FIELDS_MAX; i++)
		strcat(text, ",");
	csv = open_text(text);
	assert_int_equal(csv_next(&record, csv), 1);
	assert_null(record.problem);
	assert_int_equal(record.count, CSV_FIELDS_MAX);
	expect_bad(csv, 2, "64 fields");
	expect_end(csv);
}

static void skips_the_byte_order_mark(void **state)
{
	struct csv *csv = open_text("\xef\xbb\xbf\"鄂州\",b\n");

	(void)state;
	expect(csv, 1, "鄂州|b");
	expect_end(csv);
}

static void a_record_of_bad_bytes_is_bad_alone(void **state)
{
	static const char text[] = "鄂州,a\n\xff\xfe,b\n城区,c\0d\n街道,e\n"
				   "\xe9\x84\n社区,f";
	struct csv *csv = open_bytes(text, sizeof(text) - 1);

	(void)state;
	expect(csv, 1, "鄂州|a");
	expect_bad(csv, 2, "not UTF-8");
	expect_bad(csv, 3, "not UTF-8");
	expect(csv, 4, "街道|e");
	expect_bad(csv, 5, "not UTF-8");
	expect(csv, 6, "社区|f");
	expect_end(csv);
}

static void a_damaged_utf8_file_is_not_taken_for_gb18030(void **state)
{
	/* "\xe9\x84" alone is a GB18030 character */
	struct csv *csv = open_text("名称,类型\n\xe9\x84,a\n街道,b\n");

	(void)state;
	expect(csv, 1, "名称|类型");
	expect_bad(csv, 2, "not UTF-8");
	expect(csv, 3, "街道|b");
	expect_end(csv);
}

static void reads_gb18030(void **state)
{
	/* 鄂州,街道 / a broken line / U+20000 in four bytes */
	struct csv *csv = open_text("\xb6\xf5\xd6\xdd,\xbd\xd6\xb5\xc0\r\n"
				    "\xbd\xd6,\xff\n"
				    "\"\x95\x32\x82\x36\",b\n");

	(void)state;
	expect(csv, 1, "鄂州|街道");
	expect_bad(csv, 2, "not GB18030");
	expect(csv, 3, "\xf0\xa0\x80\x80|b");
	expect_end(csv);
}

static void a_character_cut_by_the_sample_is_no_evidence(void **state)
{
	struct buf text = { 0 };
	struct csv_record record;
	struct csv *csv;
	size_t i;

	(void)state;
	for (i = 0; i < 64 * 1024 - 2; i += 2)
		buf_add(&text, "a\n", 2);
	buf_add(&text, "b鄂\n", 5);
	csv = open_bytes(text.data, text.len);
	buf_free(&text);
	for (i = 0; i < 64 * 1024 - 2; i += 2)
		assert_int_equal(csv_next(&record, csv), 1);
	expect(csv, 32768, "b鄂");
	expect_end(csv);
}

static void shows_its_progress(void **state)
{
	struct csv *csv = open_text("abc\ndef\n");
	struct csv_record record;
	int64_t done, total;

	(void)state;
	csv_progress(&done, &total, csv);
	assert_int_equal(done, 0);
	assert_int_equal(total, 8);
	assert_int_equal(csv_next(&record, csv), 1);
	csv_progress(&done, &total, csv);
	assert_int_equal(done, 4);
	assert_int_equal(csv_next(&record, csv), 1);
	csv_progress(&done, &total, csv);
	assert_int_equal(done, 8);
	expect_end(csv);
}

/* Field `f` of record `r`: all kinds of bytes that quotes are for. */
static size_t make_field(char out[512], unsigned int r, unsigned int f)
{
	static const char *const pieces[] = { "a", ",", "\"", "\n", "\r\n",
		"鄂", " ", "\"\"", "xyz" };
	unsigned int seed = r * 31 + f;
	size_t len = 0;
	int i;

	for (i = rand_r(&seed) % 40; i > 0; i--) {
		strcpy(out + len, pieces[rand_r(&seed) % 9]);
		len += strlen(out + len);
	}
	out[len] = '\0';
	return len;
}

static void what_libcsv_writes_is_read_back(void **state)
{
	const unsigned int records = 20000;
	FILE *file = fopen(path, "wb");
	struct csv_record record;
	struct csv *csv;
	char field[512];
	unsigned int r, f;
	size_t len;

	(void)state;
	assert_non_null(file);
	for (r = 0; r < records; r++) {
		for (f = 0; f < 4; f++) {
			len = make_field(field, r, f);
			fputs(f > 0 ? "," : "", file);
			csv_fwrite(file, field, len);
		}
		fputs(r % 2 ? "\n" : "\r\n", file);
	}
	fclose(file);
	assert_int_equal(csv_open(&csv, path), 0);
	for (r = 0; r < records; r++) {
		assert_int_equal(csv_next(&record, csv), 1);
		assert_null(record.problem);
		assert_int_equal(record.count, 4);
		for (f = 0; f < 4; f++) {
			make_field(field, r, f);
			assert_string_equal(record.fields[f], field);
		}
	}
	expect_end(csv);
}

/* Whatever comes in: it ends, lines grow, and fields are text. */
static void survives_random_files(void **state)
{
	static const char pieces[][4] = { "\"", "\"\"", ",", "\n", "\r\n", "\r",
		"a", "鄂", "\xff", "\xb6\xf5", " ", "\",\"" };
	struct csv_record record;
	char text[256] = "";
	unsigned int seed = 1;
	struct csv *csv;
	long line;
	int round, i;
	size_t f;

	(void)state;
	for (round = 0; round < 3000; round++) {
		text[0] = '\0';
		for (i = rand_r(&seed) % 60; i > 0; i--)
			strcat(text, pieces[rand_r(&seed) % 12]);
		csv = open_text(text);
		line = 0;
		while ((i = csv_next(&record, csv)) > 0) {
			assert_true(record.line > line);
			line = record.line;
			assert_true((record.count > 0) == !record.problem);
			for (f = 0; f < record.count; f++)
				assert_true(
				    bytes_is_text(bytes_of(record.fields[f],
					strlen(record.fields[f]))));
		}
		assert_int_equal(i, 0);
		csv_close(&csv);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_a_missing_file),
		cmocka_unit_test(reads_nothing_from_an_empty_file),
		cmocka_unit_test(reads_plain_records),
		cmocka_unit_test(
		    keeps_spaces_and_reads_without_a_final_newline),
		cmocka_unit_test(takes_every_kind_of_line_end),
		cmocka_unit_test(keeps_what_is_quoted),
		cmocka_unit_test(goes_on_after_an_unclosed_quote),
		cmocka_unit_test(
		    goes_on_when_a_later_quote_closes_an_unclosed_one),
		cmocka_unit_test(
		    goes_on_after_an_unclosed_quote_in_the_last_line),
		cmocka_unit_test(names_a_quote_inside_a_plain_field),
		cmocka_unit_test(
		    an_unclosed_quote_does_not_swallow_a_long_file),
		cmocka_unit_test(skips_a_field_of_ten_megabytes),
		cmocka_unit_test(takes_a_record_of_the_limit_and_none_beyond),
		cmocka_unit_test(refuses_more_fields_than_it_keeps),
		cmocka_unit_test(skips_the_byte_order_mark),
		cmocka_unit_test(a_record_of_bad_bytes_is_bad_alone),
		cmocka_unit_test(a_damaged_utf8_file_is_not_taken_for_gb18030),
		cmocka_unit_test(reads_gb18030),
		cmocka_unit_test(a_character_cut_by_the_sample_is_no_evidence),
		cmocka_unit_test(shows_its_progress),
		cmocka_unit_test(what_libcsv_writes_is_read_back),
		cmocka_unit_test(survives_random_files),
	};

	return cmocka_run_group_tests(tests, make_path, drop_path);
}
