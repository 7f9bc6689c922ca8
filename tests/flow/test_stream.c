/*
 * Files of any length through the gateway's HTTP: orders in, tickets out, in
 * the memory of a few, whoever hangs up in between. WHISTLE_FLOW_LONG=1:
 * 1,000,000 orders.
 */
#include "harness/harness.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "harness/disk.h"
#include "harness/upload.h"

#define IMPORT "/hotline/v1/import"
#define EXPORT "/hotline/v1/export"

enum {
	FEW = 3000,
	MANY = 1000 * 1000,
	BAD = 2,
	/* What is on its way, and nothing that grows with the file. */
	GROWTH_ENOUGH_KB = 48 * 1024,
};

static struct city city;
static long orders; /* that are in */

static int open_city(void **state)
{
	(void)state;
	city_prepare(&city);
	city_found(&city);
	file_write(city_path(&city, "gateway.yaml"), "import_max_mib: 200\n");
	disk_start(&city);
	city_start(&city);
	return 0;
}

static const char *write_rows(const char *name, long from, long count)
{
	const char *path = city_path(&city, "%s", name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("number,item,title,content,place\n", file);
	for (long i = from; i < from + count; i++)
		fprintf(file, "S-%ld,garbage,垃圾,第 %ld 件,420704001002001\n",
		    i, i);
	assert_int_equal(fclose(file), 0);
	return path;
}

/* ---- memory ---- */

struct memory {
	long before_kb, most_kb;
	unsigned looks;
};

static void look_at_memory(void *context)
{
	struct memory *memory = context;
	long now_kb = process_memory_kb(city_daemon(&city, "gatewayd")->pid);

	if (memory->looks++ == 0)
		memory->before_kb = now_kb;
	if (now_kb > memory->most_kb)
		memory->most_kb = now_kb;
}

static void expect_little(
    const struct memory *memory, int64_t since_ms, const char *what, long count)
{
	print_message("%s: %ld in %.1f s, gatewayd %ld kB at most\n", what,
	    count, (double)(now_ms() - since_ms) / 1000, memory->most_kb);
#ifndef __SANITIZE_ADDRESS__
	assert_true(memory->most_kb - memory->before_kb < GROWTH_ENOUGH_KB);
#endif
}

/* ---- in ---- */

static void takes_a_long_file_in_chunks(void **state)
{
	long count = getenv("WHISTLE_FLOW_LONG") ? MANY : FEW;
	const char *path = write_rows("long.csv", 0, count);
	FILE *file = fopen(path, "a");
	struct memory memory = { 0 };
	struct upload what = { .path = path,
		.target = IMPORT "?rows=refused",
		.is_chunked = true,
		.look = look_at_memory,
		.context = &memory };
	struct uploaded uploaded;
	int64_t since_ms = now_ms();

	(void)state;
	fputs("S-BAD,garbage,\nS-BAD,garbage,地方不对,x,999\n", file);
	fclose(file);
	look_at_memory(&memory);
	upload(&uploaded, &city, &what);
	assert_int_equal(uploaded.status, 200);
	assert_true(uploaded.is_whole);
	assert_non_null(strstr(uploaded.tail, "{\"complete\":true,"));
	assert_int_equal(upload_number(&uploaded, "new"), count);
	assert_int_equal(upload_number(&uploaded, "refused"), BAD);
	assert_memory_equal(uploaded.head, "{\"up_to_line\":1001,\"new\":", 25);
	assert_int_equal(uploaded.lines, count / 1000 + BAD + 1);
	orders = count;
	expect_little(&memory, since_ms, "imported", count);
}

static void takes_it_once_however_often(void **state)
{
	const char *path = write_rows("again.csv", 0, FEW);
	struct upload what = { .path = path, .target = IMPORT };
	struct uploaded uploaded;

	(void)state;
	upload(&uploaded, &city, &what);
	assert_int_equal(upload_number(&uploaded, "new"), 0);
	assert_int_equal(upload_number(&uploaded, "existing"), FEW);
	assert_int_equal(uploaded.lines, FEW + 1);
}

static void takes_nothing_of_half_a_file(void **state)
{
	const char *path = write_rows("half.csv", orders, 500);
	struct upload what = {
		.path = path, .target = IMPORT, .cut_body_after = 10000
	};
	struct uploaded uploaded;

	(void)state;
	upload(&uploaded, &city, &what);
	assert_true(uploaded.status < 200);
	what.is_chunked = true;
	upload(&uploaded, &city, &what);
	assert_true(uploaded.status < 200);
	what.cut_body_after = 0;
	upload(&uploaded, &city, &what);
	assert_int_equal(upload_number(&uploaded, "existing"), 0);
	assert_int_equal(upload_number(&uploaded, "new"), 500);
	orders += 500;
}

static void goes_on_where_the_client_hung_up(void **state)
{
	const char *path = write_rows("cut.csv", orders, 1000);
	struct upload what = {
		.path = path, .target = IMPORT, .cut_answer_after = 2000
	};
	struct uploaded uploaded;

	(void)state;
	upload(&uploaded, &city, &what);
	assert_false(uploaded.is_whole);
	what.cut_answer_after = 0;
	upload(&uploaded, &city, &what);
	assert_non_null(strstr(uploaded.tail, "{\"complete\":true,"));
	assert_int_equal(upload_number(&uploaded, "new") +
			     upload_number(&uploaded, "existing"),
	    1000);
	assert_true(upload_number(&uploaded, "existing") > 0);
	orders += 1000;
}

static void takes_only_what_was_announced(void **state)
{
	const char *path = write_rows("other.csv", orders, 10);
	struct upload what = { .path = path,
		.target = IMPORT,
		.is_chunked = true,
		.is_unannounced = true };
	struct uploaded uploaded;

	(void)state;
	upload(&uploaded, &city, &what);
	assert_int_equal(uploaded.status, 411);
	assert_non_null(strstr(uploaded.tail, "no-hash"));
	what.is_unannounced = false;
	what.is_other = true;
	upload(&uploaded, &city, &what);
	assert_int_equal(uploaded.status, 401);
	what.is_other = false;
	upload(&uploaded, &city, &what);
	assert_int_equal(upload_number(&uploaded, "new"), 10);
	orders += 10;
}

static void leaves_the_node_its_room_on_the_disk(void **state)
{
	const char *path = write_rows("short.csv", orders, 10);
	struct disk_faults *disk = disk_of(&city, "gatewayd");
	struct upload what = {
		.path = path, .target = IMPORT, .is_once = true
	};
	struct uploaded uploaded;

	(void)state;
	atomic_store(&disk->is_short, 1);
	upload(&uploaded, &city, &what);
	assert_int_equal(uploaded.status, 503);
	assert_non_null(strstr(uploaded.tail, "store-full"));
	disk_mend(disk);
	what.is_once = false;
	upload(&uploaded, &city, &what);
	assert_int_equal(upload_number(&uploaded, "new"), 10);
	orders += 10;
}

static void refuses_what_is_above_its_limit(void **state)
{
	const char *path = write_rows("large.csv", orders, 30000);
	struct upload what = { .path = path, .target = IMPORT };
	struct uploaded uploaded;

	(void)state;
	file_write(city_path(&city, "gateway.yaml"), "import_max_mib: 1\n");
	daemon_signal(&city, "gatewayd", SIGHUP);
	city_wait_log(&city, "gatewayd", "http_config=loaded", 0);
	upload(&uploaded, &city, &what);
	assert_int_equal(uploaded.status, 413);
	assert_non_null(strstr(uploaded.tail, "import-too-large"));
	what.is_chunked = true;
	upload(&uploaded, &city, &what);
	assert_int_equal(uploaded.status, 413);
}

/* ---- out ---- */

static void gives_all_in_one_answer(void **state)
{
	struct memory memory = { 0 };
	struct upload what = { .target = EXPORT "?all=true",
		.look = look_at_memory,
		.context = &memory };
	struct uploaded uploaded;
	int64_t since_ms = now_ms();

	(void)state;
	look_at_memory(&memory);
	upload(&uploaded, &city, &what);
	assert_int_equal(uploaded.status, 200);
	assert_true(uploaded.is_whole);
	assert_memory_equal(uploaded.head, "number,kind,item,", 17);
	assert_non_null(strstr(uploaded.tail, "\nS-0,"));
	assert_int_equal(uploaded.lines, orders + 1);
	expect_little(&memory, since_ms, "exported", orders);
	what.target = EXPORT "?all=true&limit=5";
	upload(&uploaded, &city, &what);
	assert_int_equal(uploaded.status, 400);
}

/* Whoever was cut off knows it, and asks for the rest. */
static void gives_the_rest_to_who_was_cut_off(void **state)
{
	struct upload what = { .target = EXPORT "?all=true",
		.cut_answer_after = 20000 };
	struct uploaded uploaded;

	(void)state;
	upload(&uploaded, &city, &what);
	assert_false(uploaded.is_whole);
	what.cut_answer_after = 0;
	what.target = EXPORT "?all=true&before=00000000000000000000000001";
	upload(&uploaded, &city, &what);
	assert_true(uploaded.is_whole);
	assert_int_equal(uploaded.bytes, 0);
}

/* ---- the connection ---- */

static int dial(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)city.http_port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(
	    connect(fd, (const struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

/* As `nc -N` does: nothing more is to come, and the answer is awaited. */
static void answers_who_has_closed_his_side(void **state)
{
	static const char request[] =
	    "GET /open311/v2/services.json HTTP/1.1\r\nHost: x\r\n\r\n";
	char answer[64 * 1024];
	size_t len = 0;
	ssize_t got;
	int fd = dial();

	(void)state;
	assert_int_equal(send(fd, request, strlen(request), MSG_NOSIGNAL),
	    (ssize_t)strlen(request));
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	while ((got = recv(fd, answer + len, sizeof(answer) - 1 - len, 0)) > 0)
		len += (size_t)got;
	close(fd);
	assert_int_equal(got, 0);
	answer[len] = '\0';
	assert_memory_equal(answer, "HTTP/1.1 200 ", 13);
	assert_int_equal(answer[len - 1], ']');
}

static void is_well_to_the_end(void **state)
{
	(void)state;
	city_wait_quiet(&city);
	city_check_alive(&city);
	assert_int_equal(daemon_stop(&city, "gatewayd"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_long_file_in_chunks),
		cmocka_unit_test(takes_it_once_however_often),
		cmocka_unit_test(takes_nothing_of_half_a_file),
		cmocka_unit_test(goes_on_where_the_client_hung_up),
		cmocka_unit_test(takes_only_what_was_announced),
		cmocka_unit_test(leaves_the_node_its_room_on_the_disk),
		cmocka_unit_test(gives_all_in_one_answer),
		cmocka_unit_test(gives_the_rest_to_who_was_cut_off),
		cmocka_unit_test(refuses_what_is_above_its_limit),
		cmocka_unit_test(answers_who_has_closed_his_side),
		cmocka_unit_test(is_well_to_the_end),
	};

	return flow_end(
	    cmocka_run_group_tests_name("stream", tests, open_city, NULL));
}
