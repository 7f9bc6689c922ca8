/*
 * How many there may be at one time, each at its edge: connections, bodies,
 * files on their way, imports, searches. As many as there may be are let in,
 * one more is told to come again, and when one has left there is room.
 * deploy/limits.md lists the bounds.
 */
#include "still.h"

#include <sodium.h>
#include <sys/resource.h>
#include "gatewayd/gateway.h"

#define TICKETS	 "/hotline/v1/tickets"
#define IMPORT	 "/hotline/v1/import"
#define FILES	 "/hotline/v1/attachments"
#define REQUESTS "/open311/v2/requests.json?service_code=garbage"

enum { CROWD = LINES_MAX + LINES_SPARE + 1 };

static int fds[CROWD];
static size_t count;

static int begin(void **state)
{
	struct rlimit limit;

	count = 0;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = limit.rlim_max; /* both ends are ours */
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	still_begin();
	return open_here(state);
}

static void leave(void)
{
	while (count > 0)
		close(fds[--count]);
}

static int end(void **state)
{
	leave();
	still_end();
	return close_here(state);
}

/* From an address that has room. */
static int come(void)
{
	int fd = dial_from(2 + (unsigned)count / LINES_ADDRESS_MAX);

	assert_true(count < CROWD);
	fds[count++] = fd;
	return fd;
}

static void expect_busy(int fd)
{
	assert_int_equal(read_answer(fd), 503);
	assert_true(answer_has("Retry-After: 1\r\n"));
}

/* ---- connections ---- */

static void a_connection_too_many_is_told_so(void **state)
{
	(void)state;
	while (count < LINES_MAX)
		come();
	get(fds[LINES_MAX - 1], "/nowhere");
	assert_int_equal(read_answer(fds[LINES_MAX - 1]), 404);
	get(come(), "/nowhere");
	expect_busy(fds[LINES_MAX]);
	assert_true(answer_has("urn:whistle:problem:busy"));
	assert_true(is_hung_up(fds[LINES_MAX]));
	get(fds[0], "/nowhere");
	assert_int_equal(read_answer(fds[0]), 404);
}

static void beyond_those_who_are_told_all_are_hung_up_on(void **state)
{
	(void)state;
	while (count < LINES_MAX + LINES_SPARE)
		come();
	get(fds[count - 1], "/nowhere");
	assert_int_equal(read_answer(fds[count - 1]), 503);
	assert_true(is_hung_up(fds[count - 1]));
	come(); /* in the place of that one */
	assert_true(is_hung_up(dial_from(2 + CROWD / LINES_ADDRESS_MAX)));
}

/* ---- bodies ---- */

/* The headers of a body that is yet to come: `more` is what they hold besides.
 * The next answer is "100 Continue" when it may come. */
static void announce(
    int fd, const char *target, const char *more, uint64_t bytes)
{
	char headers[512], text[1024];

	sign(headers, "hotline", here.key, "POST", target, "");
	snprintf(text, sizeof(text),
	    "POST %s HTTP/1.1\r\nHost: here\r\n%s%s"
	    "Expect: 100-continue\r\nContent-Length: %llu\r\n\r\n",
	    target, headers, more, (unsigned long long)bytes);
	send_text(fd, text);
}

static bool may_come(int fd)
{
	static const char yes[] = "HTTP/1.1 100 ";
	char text[sizeof(yes)] = "";
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	assert_int_equal(poll(&poll_fd, 1, SOON_MS), 1);
	assert_true(recv(fd, text, sizeof(yes) - 1, MSG_PEEK) > 0);
	return strcmp(text, yes) == 0;
}

static void announce_body(int fd)
{
	announce(
	    fd, TICKETS, "Content-Type: application/json\r\n", BODY_MAX_BYTES);
}

static void bodies_together_have_their_bound(void **state)
{
	(void)state;
	while (count < BODIES_MAX_BYTES / BODY_MAX_BYTES) {
		announce_body(come());
		assert_true(may_come(fds[count - 1]));
	}
	announce_body(come());
	expect_busy(fds[count - 1]);
	close(fds[0]);
	fds[0] = dial_from(9);
	nudge();
	announce_body(fds[0]);
	assert_true(may_come(fds[0]));
}

/* ---- files ---- */

static void announce_file(int fd)
{
	announce(fd, FILES, "Content-Type: text/plain\r\n", FILE_MAX_BYTES);
}

static void so_many_files_come_at_one_time(void **state)
{
	(void)state;
	while (count < SPOOLS_MAX) {
		announce_file(come());
		assert_true(may_come(fds[count - 1]));
	}
	announce_file(come());
	expect_busy(fds[count - 1]);
	close(fds[0]);
	fds[0] = dial_from(9);
	nudge();
	announce_file(fds[0]);
	assert_true(may_come(fds[0]));
}

static void ask_file(int fd)
{
	char headers[512], target[128];

	snprintf(target, sizeof(target), FILES "/%064x", 7u);
	sign(headers, "hotline", here.key, "GET", target, "");
	send_request(fd, "GET", target, headers, "");
}

static void so_many_files_come_or_go_at_one_time(void **state)
{
	(void)state;
	announce_file(come());
	assert_true(may_come(fds[0]));
	while (count < SPOOLS_MAX) {
		ask_file(come());
		assert_true(hear(SOON_MS));
		assert_int_equal(here.request.kind, ASK_GET);
	}
	ask_file(come());
	expect_busy(fds[SPOOLS_MAX]);
	announce_file(come());
	expect_busy(fds[SPOOLS_MAX + 1]);
	say_refused("unknown_ticket"); /* to the last that was heard */
	assert_int_equal(read_answer(fds[SPOOLS_MAX - 1]), 404);
	nudge();
	ask_file(come());
	assert_true(hear(SOON_MS));
}

/* ---- imports ---- */

static void announce_import(int fd, const char *more, uint64_t bytes)
{
	char headers[256];

	snprintf(
	    headers, sizeof(headers), "Content-Type: text/csv\r\n%s", more);
	announce(fd, IMPORT, headers, bytes);
}

static void so_many_imports_are_under_way(void **state)
{
	(void)state;
	while (count < IMPORTS_MAX) {
		announce_import(come(), "", 1000);
		assert_true(may_come(fds[count - 1]));
	}
	announce_import(come(), "", 1000);
	expect_busy(fds[count - 1]);
	close(fds[0]);
	fds[0] = dial_from(9);
	nudge();
	announce_import(fds[0], "", 1000);
	assert_true(may_come(fds[0]));
}

static void a_long_import_says_its_hash_first(void **state)
{
	(void)state;
	announce_import(come(), "", ORDERS_MAX_BYTES);
	assert_true(may_come(fds[0]));
	announce_import(come(), "", ORDERS_MAX_BYTES + 1);
	assert_int_equal(read_answer(fds[1]), 411);
	assert_true(answer_has("urn:whistle:problem:no-hash"));
}

/* Of a disk with less room than that it is another refusal. */
static void an_import_has_its_length(void **state)
{
	uint8_t sha256[crypto_hash_sha256_BYTES];
	char more[128] = "X-Whistle-Content-SHA256: ";
	const uint64_t most = (uint64_t)IMPORT_MAX_MIB << 20;

	(void)state;
	crypto_hash_sha256(sha256, NULL, 0); /* of the body that is signed */
	sodium_bin2hex(more + strlen(more), 2 * sizeof(sha256) + 1, sha256,
	    sizeof(sha256));
	strcat(more, "\r\n");
	announce_import(come(), more, most);
	if (!may_come(fds[0])) {
		assert_int_equal(read_answer(fds[0]), 503);
		assert_true(answer_has("urn:whistle:problem:store-full"));
	}
	announce_import(come(), more, most + 1);
	assert_int_equal(read_answer(fds[1]), 413);
	assert_true(answer_has("urn:whistle:problem:import-too-large"));
}

/* ---- searches, targets ---- */

static void so_many_searches_are_under_way(void **state)
{
	(void)state;
	while (count < SEARCHES_MAX) {
		get(come(), REQUESTS);
		assert_true(hear(SOON_MS));
		assert_int_equal(here.request.kind, ASK_LIST);
	}
	get(come(), REQUESTS);
	expect_busy(fds[SEARCHES_MAX]);
	assert_true(answer_has("[{\"code\":503,"));
	say_refused("store_full"); /* the last of them fails */
	assert_true(read_answer(fds[SEARCHES_MAX - 1]) >= 500);
	get(fds[SEARCHES_MAX], REQUESTS);
	assert_true(hear(SOON_MS));
}

/* Signed by hand, as nobody is helped to sign one that is too long. */
static void ask_long(int fd, size_t len)
{
	uint8_t sha256[crypto_hash_sha256_BYTES], mac[SIGN_KEY_BYTES];
	char hex[SIGN_TEXT], more[512], *target = test_malloc(len + 1);
	char *text = test_malloc(len + 512);
	long long now_s = (long long)time(NULL);

	memset(target, 'x', len);
	memcpy(target, TICKETS "?", strlen(TICKETS "?"));
	target[len] = '\0';
	crypto_hash_sha256(sha256, NULL, 0);
	snprintf(text, len + 512, "GET\n%s\n%lld\nby-hand-%012zu\n%s", target,
	    now_s, len,
	    sodium_bin2hex(hex, sizeof(hex), sha256, sizeof(sha256)));
	crypto_auth_hmacsha256(
	    mac, (const uint8_t *)text, strlen(text), here.key);
	snprintf(more, sizeof(more),
	    "X-Whistle-Client: hotline\r\nX-Whistle-Time: %lld\r\n"
	    "X-Whistle-Nonce: by-hand-%012zu\r\nX-Whistle-Signature: %s\r\n",
	    now_s, len, sodium_bin2hex(hex, sizeof(hex), mac, sizeof(mac)));
	send_request(fd, "GET", target, more, "");
	test_free(text);
	test_free(target);
}

static void what_is_signed_has_its_length(void **state)
{
	(void)state;
	ask_long(come(), SIGN_TARGET_MAX);
	assert_int_equal(read_answer(fds[0]), 400); /* "xxx" is no query */
	ask_long(fds[0], SIGN_TARGET_MAX + 1);
	assert_int_equal(read_answer(fds[0]), 401);
	assert_true(answer_has("urn:whistle:problem:wrong-signature"));
}

#define CROWDED(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CROWDED(a_connection_too_many_is_told_so),
		CROWDED(beyond_those_who_are_told_all_are_hung_up_on),
		CROWDED(bodies_together_have_their_bound),
		CROWDED(so_many_files_come_at_one_time),
		CROWDED(so_many_files_come_or_go_at_one_time),
		CROWDED(so_many_imports_are_under_way),
		CROWDED(a_long_import_says_its_hash_first),
		CROWDED(an_import_has_its_length),
		CROWDED(so_many_searches_are_under_way),
		CROWDED(what_is_signed_has_its_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
