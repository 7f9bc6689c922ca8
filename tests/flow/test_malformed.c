/*
 * Wrong requests by the thousand: each hears a right 4xx, none is taken, and
 * the gateway needs no more memory than before.
 *
 * WHISTLE_MALFORMED=n: so many; without it 4,000. WHISTLE_MALFORMED_SHOW=1:
 * what was answered how often.
 */
#include "harness/harness.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "harness/malform.h"
#include "harness/web.h"

enum { REQUESTS = 4000, STATUS_MAX = 600, HEAD_BYTES = 4096, GLANCE_MS = 5 };

static struct city city;
static struct malform malform;
static char page_link[256]; /* of a resident's page */
static unsigned answered[MALFORM_KINDS][STATUS_MAX];

static int open_city(void **state)
{
	(void)state;
	city_prepare(&city);
	city_found(&city);
	file_write(
	    city_path(&city, "gateway.yaml"), "access_log: log/access.log\n");
	city_start(&city);
	malform_open(&malform, &city);
	return 0;
}

static unsigned wanted_requests(void)
{
	const char *text = getenv("WHISTLE_MALFORMED");

	return text ? (unsigned)strtoul(text, NULL, 10) : REQUESTS;
}

/* The start of the answer; "" when there is none but the end, or what was
 * sent is no request and may go on. */
static void hear(char head[HEAD_BYTES], int fd, bool is_http)
{
	int64_t until_ms = now_ms() + (is_http ? PATIENCE_MS : GLANCE_MS);
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char rest[4096];
	size_t len = 0;

	for (;;) {
		int64_t left_ms = until_ms - now_ms();
		bool is_full = len == HEAD_BYTES - 1;
		ssize_t got;

		if (left_ms <= 0 || poll(&ready, 1, (int)left_ms) != 1) {
			if (is_http)
				fail_msg("no answer and no end");
			break;
		}
		got = is_full ? recv(fd, rest, sizeof(rest), 0)
			      : recv(fd, head + len, HEAD_BYTES - 1 - len, 0);
		if (got <= 0)
			break;
		if (!is_full)
			len += (size_t)got;
	}
	head[len] = '\0';
}

static unsigned status_of(const char *head)
{
	return strncmp(head, "HTTP/1.", 7) == 0
		   ? (unsigned)strtoul(head + 9, NULL, 10)
		   : 0;
}

/* What is not even HTTP/1 may be hung up on, or told so. */
static bool is_right(const struct malformed *bad, unsigned status)
{
	if (!bad->is_http && (status == 0 || status == 505))
		return true;
	return status >= 400 && status < 500;
}

static void send_one(unsigned kind)
{
	struct malformed bad;
	char head[HEAD_BYTES];
	unsigned status;
	int fd;

	malform_make(&bad, &malform, kind);
	fd = rogue_connect(&city, NULL);
	for (size_t at = 0; at < bad.request.len;) {
		ssize_t sent = send(fd, bad.request.data + at,
		    bad.request.len - at, MSG_NOSIGNAL);
		if (sent <= 0)
			break;
		at += (size_t)sent;
	}
	hear(head, fd, bad.is_http);
	close(fd);
	status = status_of(head);
	if (!is_right(&bad, status))
		fail_msg("%s was answered %u: %.*s\n--\n%.300s", bad.what,
		    status, (int)bad.request.len,
		    (const char *)bad.request.data, head);
	answered[kind][status]++;
	buf_free(&bad.request);
}

static void show(void)
{
	struct malformed bad;

	for (unsigned kind = 0; kind < MALFORM_KINDS; kind++) {
		malform_make(&bad, &malform, kind);
		printf("%-12s", bad.what);
		buf_free(&bad.request);
		for (unsigned s = 0; s < STATUS_MAX; s++)
			if (answered[kind][s] > 0)
				printf("  %u: %u", s, answered[kind][s]);
		printf("\n");
	}
}

static void send_many(unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		send_one(i % MALFORM_KINDS);
}

static void wrong_requests_by_the_thousand_change_nothing(void **state)
{
	unsigned half = wanted_requests() / 2;
	pid_t pid = city_daemon(&city, "gatewayd")->pid;
	struct node_status before, after;
	long before_kb, growth_kb;
	(void)state;

	assert_true(node_status(&before, &city, "gatewayd"));
	send_many(half);
	before_kb = process_memory_kb(pid);
	send_many(half);
	growth_kb = process_memory_kb(pid) - before_kb;
	city_check_alive(&city);
	assert_true(node_status(&after, &city, "gatewayd"));
	assert_int_equal(after.tickets, before.tickets);
	assert_int_equal(after.events, before.events);
#ifndef __SANITIZE_ADDRESS__
	if (growth_kb > GROWTH_KB)
		fail_msg("gatewayd has grown by %ld kB", growth_kb);
#endif
	if (getenv("WHISTLE_MALFORMED_SHOW"))
		show();
	print_message(
	    "memory grew by %ld kB over %u requests\n", growth_kb, half);
}

static void a_right_one_is_taken_after_all_that(void **state)
{
	struct http_answer answer;
	struct web_answer page;
	(void)state;

	http_order(&answer, &city,
	    "{\"phone\":\"13900000000\",\"number\":\"EZ-1\",\"title\":"
	    "\"路灯不亮\"}",
	    HTTP_GOOD);
	assert_int_equal(answer.status, 201);
	snprintf(page_link, sizeof(page_link), "%s",
	    json_text_at(answer.json, "link"));
	http_free(&answer);
	web_ask(&page, &city, page_link, NULL, NULL);
	assert_int_equal(page.status, 200);
	web_free(&page);
}

/* What came with all these requests, the right one as well. */
static void no_log_says_who_called_or_any_secret(void **state)
{
	const char *const secrets[] = { "13900000000", "路灯不亮", "三天了",
		malform.api_key, strrchr(page_link, '-') + 1, "EZ-1",
		"127.0.0.1 " };
	static const char *const logs[] = { "access", "cityd", "districtd",
		"streetd", "communityd", "gridd", "gatewayd" };
	(void)state;

	/* a line is written when its answer is out: the last one may be late */
	city_wait_log(&city, "access", " path=/t/{secret} status=200 ", 0);
	for (size_t i = 0; i < sizeof(logs) / sizeof(*logs); i++)
		for (size_t k = 0; k < sizeof(secrets) / sizeof(*secrets); k++)
			if (file_count(city_log(&city, logs[i]), secrets[k]))
				fail_msg("%s.log says %s", logs[i], secrets[k]);
	assert_true(file_count(city_log(&city, "access"),
			" path=/t/{secret} status=200 ") == 1);
	assert_true(file_count(city_log(&city, "access"), "\n") >
		    wanted_requests() / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_requests_by_the_thousand_change_nothing),
		cmocka_unit_test(a_right_one_is_taken_after_all_that),
		cmocka_unit_test(no_log_says_who_called_or_any_secret),
	};

	return flow_end(
	    cmocka_run_group_tests_name("malformed", tests, open_city, NULL));
}
