#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "gatewayd/census.h"

static struct org *org;
static struct census *census;
static char *text;

static int open_org(void **state)
{
	struct report report = { 0 };
	int rc;

	(void)state;
	rc = org_load(&org, &report, SOURCE_DIR "/deploy/cities/ezhou", 0);
	report_free(&report);
	return rc;
}

static int close_org(void **state)
{
	(void)state;
	org_close(&org);
	return 0;
}

static int begin(void **state)
{
	(void)state;
	return census_open(&census, org);
}

static int end(void **state)
{
	(void)state;
	census_close(&census);
	free(text);
	text = NULL;
	return 0;
}

static void add(const struct wire_status *status, uint64_t age_ms)
{
	struct buf packed = { 0 };
	struct wire_heard row;

	assert_int_equal(wire_status_pack(&packed, status), 0);
	row = (struct wire_heard){ bytes_of(packed.data, packed.len), age_ms };
	census_add(census, &row, 1);
	buf_free(&packed);
}

static void write_all(void)
{
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	census_write(out, census);
	assert_int_equal(fclose(out), 0);
}

static void expect(const char *line)
{
	char whole[256];

	snprintf(whole, sizeof(whole), "\n%s\n", line);
	if (!strstr(text, whole))
		fail_msg("%s is not in:\n%s", line, text);
}

static struct wire_status status_of(const char *node)
{
	return (struct wire_status){ .node = node,
		.level = "district",
		.state = "running",
		.store = "",
		.version = "0.1.0" };
}

static void tells_what_a_node_says_of_itself(void **state)
{
	const struct wire_link_status links[] = {
		{ .peer = "cityd", .up = true, .outbox = 3, .heard_ms = 0 },
		{ .peer = "a\"b\\c\nd",
		    .up = false,
		    .outbox = 7,
		    .heard_ms = 1763712000042 }
	};
	const struct wire_refusals refusals[] = { { "no_power", 9 } };
	struct wire_status status = status_of("districtd");

	(void)state;
	status.tickets = 12345;
	status.outbox = 10;
	status.commits = UINT64_MAX;
	status.accept_due = 4;
	status.resolve_late = 5;
	status.last_commit_ms = 1763712000042;
	status.links = links;
	status.link_count = 2;
	status.refusals = refusals;
	status.refusal_count = 1;
	add(&status, 1500);
	write_all();
	expect("whistle_node_stale{node=\"districtd\"} 0");
	expect("whistle_node_age_seconds{node=\"districtd\"} 1.500");
	expect("whistle_tickets{node=\"districtd\"} 12345");
	expect("whistle_outbox_rows{node=\"districtd\"} 10");
	expect("whistle_commits_total{node=\"districtd\"} "
	       "18446744073709551615");
	expect("whistle_last_commit_timestamp_seconds{node=\"districtd\"} "
	       "1763712000.042");
	expect("whistle_deadlines_due{node=\"districtd\",deadline=\"accept\"} "
	       "4");
	expect("whistle_deadlines_late{node=\"districtd\","
	       "deadline=\"resolve\"} 5");
	expect("whistle_refusals_total{node=\"districtd\","
	       "refusal=\"no_power\"} 9");
	expect("whistle_link_up{node=\"districtd\",peer=\"cityd\"} 1");
	expect("whistle_link_up{node=\"districtd\",peer=\"a\\\"b\\\\c\\nd\"} "
	       "0");
	expect("whistle_link_outbox_rows{node=\"districtd\",peer=\"cityd\"} "
	       "3");
	expect("whistle_node_info{node=\"districtd\",level=\"district\","
	       "version=\"0.1.0\"} 1");
	expect("whistle_node_state{node=\"districtd\",state=\"running\"} 1");
	expect("# TYPE whistle_commits_total counter");
}

static void marks_who_was_not_heard_of(void **state)
{
	struct wire_status fresh = status_of("districtd");
	struct wire_status old = status_of("streetd");

	(void)state;
	add(&fresh, CENSUS_STALE_MS);
	add(&old, CENSUS_STALE_MS + 1);
	write_all();
	expect("whistle_node_stale{node=\"districtd\"} 0");
	expect("whistle_node_stale{node=\"streetd\"} 1");
	expect("whistle_node_stale{node=\"gridd\"} 1");
	assert_null(strstr(text, "whistle_tickets{node=\"gridd\"}"));
}

static void passes_over_what_is_no_node_of_the_city(void **state)
{
	struct wire_status strange = status_of("nobody");
	const struct wire_heard rubbish = { bytes_of("rubbish", 7), 0 };

	(void)state;
	add(&strange, 0);
	census_add(census, &rubbish, 1);
	write_all();
	assert_null(strstr(text, "nobody"));
}

static void says_of_each_node_the_last_word(void **state)
{
	struct wire_status status = status_of("districtd");

	(void)state;
	status.tickets = 1;
	add(&status, 9000);
	status.tickets = 2;
	add(&status, 0);
	write_all();
	expect("whistle_tickets{node=\"districtd\"} 2");
	assert_null(strstr(text, "whistle_tickets{node=\"districtd\"} 1"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tells_what_a_node_says_of_itself),
		TEST(marks_who_was_not_heard_of),
		TEST(passes_over_what_is_no_node_of_the_city),
		TEST(says_of_each_node_the_last_word),
	};

	return cmocka_run_group_tests(tests, open_org, close_org);
}
