/*
 * The bounds of what comes in over HTTP, each at its edge: as much as there
 * may be is taken, one more is refused and named. deploy/limits.md lists them.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "base/limits.h"
#include "client/http_config.h"
#include "client/sign.h"
#include "gatewayd/allowance.h"
#include "gatewayd/body.h"
#include "gatewayd/client_file.h"
#include "gatewayd/geo.h"
#include "gatewayd/order.h"
#include "gatewayd/page_sent.h"
#include "ticket/attachment.h"

#define NOW (INT64_C(1795000000) * 1000)

static struct arena *arena;
static char home[64];

static int make_home(void **state)
{
	(void)state;
	strcpy(home, "/tmp/whistle-limits-XXXXXX");
	return mkdtemp(home) ? 0 : -1;
}

static int drop_home(void **state)
{
	(void)state;
	return rmdir(home);
}

static int open_arena(void **state)
{
	(void)state;
	return arena_open(&arena, DECODE_MAX_BYTES);
}

static int close_arena(void **state)
{
	(void)state;
	arena_close(&arena);
	return 0;
}

/* `count` times `word`, in memory of the test. */
static char *many(const char *word, size_t count)
{
	size_t len = strlen(word);
	char *text = test_malloc(count * len + 1);

	for (size_t i = 0; i < count; i++)
		memcpy(text + i * len, word, len);
	text[count * len] = '\0';
	return text;
}

/* ---- an order ---- */

static const struct edge {
	const char *field;
	size_t max; /* bytes */
} edges[] = {
	{ "number", EXTERNAL_ID_MAX - 1 },
	{ "title", TITLE_MAX_BYTES },
	{ "content", TEXT_MAX_BYTES },
	{ "address", ADDRESS_MAX_BYTES },
	{ "item_path", ORDER_PATH_BYTES },
	{ "caller", ORDER_CALLER_BYTES },
	{ "phone", ORDER_PHONE_BYTES },
	{ "same_as", EXTERNAL_ID_MAX - 1 },
};

/* An order with a field of that length, and whatever else it must have. */
static int read_order(
    struct http_problem *problem, const char *field, size_t len)
{
	char *text = many("a", len);
	char *body = test_malloc(len + 256);
	const char *same_as;
	struct command command;
	int rc;

	snprintf(body, len + 256, "{%s%s\"%s\": \"%s\"}",
	    strcmp(field, "number") ? "\"number\": \"A-1\", " : "",
	    strcmp(field, "title") ? "\"title\": \"路灯\", " : "", field, text);
	arena_reset(arena);
	*problem = problem_of(PROBLEM_NONE);
	rc = order_read(&command, &same_as, problem, arena,
	    bytes_of(body, strlen(body)), NULL);
	test_free(body);
	test_free(text);
	return rc;
}

static void an_order_s_texts_have_their_lengths(void **state)
{
	struct http_problem problem;

	(void)state;
	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		const struct edge *edge = &edges[i];

		if (read_order(&problem, edge->field, edge->max))
			fail_msg("%s of %zu bytes is refused: %s", edge->field,
			    edge->max, problem.field);
		if (!read_order(&problem, edge->field, edge->max + 1))
			fail_msg("%s of %zu bytes is taken", edge->field,
			    edge->max + 1);
		assert_string_equal(problem.field, edge->field);
		assert_int_equal(problem.fault, FIELD_TOO_LONG);
	}
}

static int read_files(struct http_problem *problem, size_t count)
{
	char body[8192];
	const char *same_as;
	struct command command;
	int len = snprintf(body, sizeof(body),
	    "{\"number\": \"A-1\", \"title\": \"x\", \"attachments\": [");

	for (size_t i = 0; i < count; i++)
		len += snprintf(body + len, sizeof(body) - (size_t)len,
		    "%s{\"hash\": \"%064zx\", \"name\": \"%zu.txt\"}",
		    i ? ", " : "", i + 1, i);
	len += snprintf(body + len, sizeof(body) - (size_t)len, "]}");
	arena_reset(arena);
	*problem = problem_of(PROBLEM_NONE);
	return order_read(&command, &same_as, problem, arena,
	    bytes_of(body, (size_t)len), NULL);
}

static void an_order_names_so_many_files(void **state)
{
	struct http_problem problem;

	(void)state;
	assert_int_equal(read_files(&problem, EVENT_FILES_MAX), 0);
	assert_int_equal(
	    read_files(&problem, EVENT_FILES_MAX + 1), ERR_INVALID);
	assert_string_equal(problem.field, "attachments");
	assert_int_equal(problem.fault, FIELD_TOO_MANY);
}

static void a_text_file_has_its_length(void **state)
{
	char *text = many("a", FILE_TEXT_MAX_BYTES + 1);

	(void)state;
	assert_true(attachment_is_text(bytes_of(text, FILE_TEXT_MAX_BYTES)));
	assert_false(
	    attachment_is_text(bytes_of(text, FILE_TEXT_MAX_BYTES + 1)));
	test_free(text);
}

/* ---- Open311 ---- */

static int read_filter(
    struct http_problem *problem, const char *name, const char *value)
{
	static struct geo_filter filter;
	struct form form = { .pairs = { { name, value } }, .count = 1 };

	*problem = problem_of(PROBLEM_NONE);
	return geo_filter_read(&filter, problem, &form, false, NOW);
}

static void expect_list(
    const char *name, const char *word, size_t max, enum field_fault fault)
{
	struct http_problem problem;
	char *text = many(word, max + 1);

	text[max * strlen(word)] = '\0';
	assert_int_equal(read_filter(&problem, name, text), 0);
	text[max * strlen(word)] = word[0];
	assert_int_equal(read_filter(&problem, name, text), ERR_INVALID);
	assert_string_equal(problem.field, name);
	assert_int_equal(problem.fault, fault);
	test_free(text);
}

static void a_search_names_so_many_tickets_and_services(void **state)
{
	(void)state;
	expect_list("service_request_id", "01M80453T3VTTMRZ2YZPNX2KWA,",
	    GEO_IDS_MAX, FIELD_TOO_MANY);
	expect_list("service_code", "CJ-0301,", GEO_CODES_MAX, FIELD_TOO_MANY);
}

static void a_page_of_a_search_has_its_size(void **state)
{
	struct http_problem problem;
	char text[32];

	(void)state;
	snprintf(text, sizeof(text), "%d", GEO_PAGE_MAX);
	assert_int_equal(read_filter(&problem, "page_size", text), 0);
	snprintf(text, sizeof(text), "%d", GEO_PAGE_MAX + 1);
	assert_int_equal(read_filter(&problem, "page_size", text), ERR_INVALID);
	assert_string_equal(problem.field, "page_size");
}

/* ---- the page ---- */

static enum page_notice read_remark(size_t characters)
{
	char *text = many("字", characters);
	struct form form = { .pairs = { { "action", "remark" },
				 { "text", text } },
		.count = 2 };
	struct page_sent *sent = test_malloc(sizeof(*sent));
	enum page_notice wrong = page_sent_read(sent, &form);

	test_free(sent);
	test_free(text);
	return wrong;
}

static void a_remark_has_its_length(void **state)
{
	(void)state;
	assert_int_equal(read_remark(PAGE_REMARK_CHARS), PAGE_NOTHING);
	assert_int_equal(read_remark(PAGE_REMARK_CHARS + 1), PAGE_TOO_LONG);
}

/* ---- clients ---- */

static void a_burst_has_its_size(void **state)
{
	struct allowance allowance;

	(void)state;
	allowance_open(&allowance, 1, 3);
	for (int i = 0; i < 3; i++)
		assert_true(allowance_take(&allowance, NOW));
	assert_false(allowance_take(&allowance, NOW));
	assert_true(allowance_take(&allowance, NOW + 1000));
	assert_false(allowance_take(&allowance, NOW + 1000));
}

static void a_nonce_has_its_length(void **state)
{
	char *nonce = many("n", SIGN_NONCE_MAX + 1);

	(void)state;
	assert_false(sign_nonce_is_valid(nonce));
	nonce[SIGN_NONCE_MAX] = '\0';
	assert_true(sign_nonce_is_valid(nonce));
	test_free(nonce);
}

/* ---- the gateway's files ---- */

static void write_file(const char *path, const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path, 0600), 0);
}

static int load_gateway(const char *text)
{
	struct report report = { 0 };
	struct http_config config;
	char path[128];
	int rc;

	snprintf(path, sizeof(path), "%s/gateway.yaml", home);
	write_file(path, text);
	rc = http_config_load(&config, &report, home);
	unlink(path);
	report_free(&report);
	return rc;
}

static int load_client(const char *text)
{
	struct client_key client;
	char path[128];
	int rc;

	snprintf(path, sizeof(path), "%s/client.yaml", home);
	write_file(path, text);
	rc = client_file_load(&client, path);
	unlink(path);
	return rc;
}

static int load_with_proxies(size_t count)
{
	char *list = many("192.0.2.7, ", count), text[512];

	snprintf(text, sizeof(text), "proxies: [%s]\n", list);
	test_free(list);
	return load_gateway(text);
}

static int load_with_number(
    int (*load)(const char *text), const char *before, long number)
{
	char text[128];

	snprintf(text, sizeof(text), "%s%ld\n", before, number);
	return load(text);
}

static void the_gateway_s_files_have_their_bounds(void **state)
{
	static const char import[] = "import_max_mib: ";
	static const char rate[] = "scopes: [read]\nrate: ";

	(void)state;
	assert_int_equal(load_with_proxies(PROXIES_MAX), 0);
	assert_int_equal(load_with_proxies(PROXIES_MAX + 1), ERR_INVALID);
	assert_int_equal(
	    load_with_number(load_gateway, import, IMPORT_MAX_MIB_MAX), 0);
	assert_int_equal(
	    load_with_number(load_gateway, import, IMPORT_MAX_MIB_MAX + 1),
	    ERR_INVALID);
	assert_int_equal(
	    load_with_number(load_client, rate, CLIENT_RATE_MAX), 0);
	assert_int_equal(
	    load_with_number(load_client, rate, CLIENT_RATE_MAX + 1),
	    ERR_INVALID);
}

#define IN_HOME(test)                                                          \
	cmocka_unit_test_setup_teardown(test, make_home, drop_home)
#define WITH_ARENA(test)                                                       \
	cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_ARENA(an_order_s_texts_have_their_lengths),
		WITH_ARENA(a_search_names_so_many_tickets_and_services),
		cmocka_unit_test(a_page_of_a_search_has_its_size),
		cmocka_unit_test(a_remark_has_its_length),
		cmocka_unit_test(a_burst_has_its_size),
		cmocka_unit_test(a_nonce_has_its_length),
		WITH_ARENA(an_order_names_so_many_files),
		cmocka_unit_test(a_text_file_has_its_length),
		IN_HOME(the_gateway_s_files_have_their_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
