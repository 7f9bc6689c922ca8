#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/clock.h"
#include "base/err.h"
#include "gatewayd/geo.h"
#include "gatewayd/geo_text.h"

#define DIR SOURCE_DIR "/deploy/cities/ezhou"
#define DAY (INT64_C(24) * 3600 * 1000)
#define NOW (INT64_C(1795000000) * 1000)

static struct org *org;
static struct catalogue *catalogue;
static struct geo_city city;
static struct arena *arena;
static struct form form;
static struct command command;
static struct http_problem problem;
static struct geo_filter filter;

static int open_city(void **state)
{
	struct report report = { 0 };

	(void)state;
	assert_int_equal(org_load(&org, &report, DIR, 0), 0);
	assert_int_equal(catalogue_load(&catalogue, &report, DIR, org), 0);
	city = (struct geo_city){ org, catalogue };
	return arena_open(&arena, 1024 * 1024);
}

static int close_city(void **state)
{
	(void)state;
	arena_close(&arena);
	catalogue_close(&catalogue);
	org_close(&org);
	return 0;
}

static int begin(void **state)
{
	(void)state;
	memset(&form, 0, sizeof(form));
	memset(&problem, 0, sizeof(problem));
	arena_reset(arena);
	return 0;
}

static void with(const char *name, const char *value)
{
	form.pairs[form.count++] = (struct form_pair){ name, value };
}

static void with_service(void)
{
	with("service_code", catalogue_item_at(catalogue, 0)->code);
}

static void expect_opened(void)
{
	assert_int_equal(geo_open(&command, &problem, arena, &city, &form), 0);
}

static void expect_refused(const char *field, enum field_fault fault)
{
	assert_int_equal(
	    geo_open(&command, &problem, arena, &city, &form), ERR_INVALID);
	assert_int_equal(problem.kind, PROBLEM_BAD_FIELD);
	assert_string_equal(problem.field, field);
	assert_int_equal(problem.fault, fault);
}

static void expect_problem(enum problem_kind kind)
{
	assert_int_equal(
	    geo_open(&command, &problem, arena, &city, &form), ERR_INVALID);
	assert_int_equal(problem.kind, kind);
}

static void opens_with_an_address(void **state)
{
	(void)state;
	with_service();
	with("address_string", "西山街道寒溪社区8号");
	with("description", "路灯不亮 <&>");
	expect_opened();
	assert_int_equal(command.verb, VERB_OPEN);
	assert_int_equal(command.what.source, SOURCE_RESIDENT);
	assert_string_equal(command.what.address, "西山街道寒溪社区8号");
	assert_string_equal(command.what.text, "路灯不亮 <&>");
	assert_int_equal(command.contact.len, 0);
}

static void keeps_a_point_in_the_address(void **state)
{
	struct geo_place place;

	(void)state;
	with_service();
	with("lat", "30.3912");
	with("long", "-114.8931");
	with("address_string", "桥(东)头");
	expect_opened();
	assert_string_equal(
	    command.what.address, "桥(东)头 (30.3912, -114.8931)");
	geo_place_read(&place, command.what.address);
	assert_true(place.has_point);
	assert_true(place.latitude > 30.3911 && place.latitude < 30.3913);
	assert_true(place.longitude < -114.893 && place.longitude > -114.894);
	assert_int_equal(place.address_len, strlen("桥(东)头"));
}

static void keeps_a_point_alone(void **state)
{
	struct geo_place place;

	(void)state;
	with_service();
	with("lat", "0");
	with("long", "180");
	expect_opened();
	geo_place_read(&place, command.what.address);
	assert_true(place.has_point);
	assert_int_equal(place.address_len, 0);
	geo_place_read(&place, "8号(一楼, 二楼)");
	assert_false(place.has_point);
	geo_place_read(&place, "");
	assert_false(place.has_point);
	geo_place_read(&place, "(, )");
	assert_false(place.has_point);
	geo_place_read(&place, "(");
	assert_false(place.has_point);
}

static void takes_a_unit_as_address_id(void **state)
{
	(void)state;
	with_service();
	with("address_id", "420704001");
	expect_opened();
	assert_string_equal(command.what.place.s, "420704001");
}

static void wants_a_location(void **state)
{
	(void)state;
	with_service();
	with("description", "路灯不亮");
	expect_problem(PROBLEM_NO_LOCATION);
}

static void refuses_half_a_point(void **state)
{
	(void)state;
	with_service();
	with("lat", "30");
	expect_refused("long", FIELD_MISSING);
	form.count = 1;
	with("long", "114");
	expect_refused("lat", FIELD_MISSING);
}

static void refuses_numbers_that_are_no_degrees(void **state)
{
	static const char *const wrong[] = { "91", "-90.1", "1e1", "nan",
		"0x10", " 1", "1.", ".5", "+1", "1,5", "--1", "1.2.3",
		"1.12345678901234567" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		begin(NULL);
		with_service();
		with("lat", wrong[i]);
		with("long", "114");
		expect_refused("lat", FIELD_NOT_NUMBER);
	}
}

static void refuses_a_unit_that_is_not_there(void **state)
{
	(void)state;
	with_service();
	with("address_id", "999999");
	expect_refused("address_id", FIELD_NOT_CODE);
}

static void wants_a_service_of_the_catalogue(void **state)
{
	(void)state;
	with("address_string", "8号");
	expect_refused("service_code", FIELD_MISSING);
	with("service_code", "no.such");
	expect_problem(PROBLEM_NO_SUCH_SERVICE);
}

static void takes_4000_characters_and_no_more(void **state)
{
	static char text[4 * GEO_DESCRIPTION_CHARS + 8];

	(void)state;
	for (int i = 0; i < GEO_DESCRIPTION_CHARS; i++)
		memcpy(text + 4 * i, "😀", 4);
	with_service();
	with("address_string", "8号");
	with("description", text);
	expect_opened();
	assert_string_equal(command.what.text, text);
	strcat(text, "a");
	expect_refused("description", FIELD_TOO_LONG);
}

static void refuses_what_xml_cannot_hold(void **state)
{
	(void)state;
	with_service();
	with("address_string", "8号");
	with("description", "a\x0b"
			    "b");
	expect_refused("description", FIELD_CONTROL);
	form.count--;
	with("phone", "139\n0");
	expect_refused("phone", FIELD_CONTROL);
}

static void seals_who_asked(void **state)
{
	struct wire_contact contact;

	(void)state;
	with_service();
	with("address_string", "8号");
	with("first_name", "小明");
	with("last_name", "王");
	with("phone", "13900000000");
	with("email", "a@b.cn");
	expect_opened();
	assert_int_equal(
	    wire_contact_unpack(&contact, arena, command.contact), 0);
	assert_string_equal(contact.name, "小明 王");
	assert_string_equal(contact.phone, "13900000000 a@b.cn");
	assert_null(strstr(command.what.text, "139"));
}

static void reads_attributes_and_refuses_others(void **state)
{
	(void)state;
	with_service();
	with("address_string", "8号");
	with("attribute[urgent]", "true");
	with("attribute[callback]", "false");
	expect_opened();
	assert_true(command.what.urgent);
	assert_false(command.what.callback);
	with("attribute[colour]", "red");
	expect_refused("attribute[colour]", FIELD_NOT_LISTED);
	form.pairs[2].value = "maybe";
	expect_refused("attribute[urgent]", FIELD_NOT_FLAG);
}

static void keeps_description_and_picture_apart(void **state)
{
	static const char *const texts[] = { "", "路灯\n不亮", "媒体：",
		"a\n媒体：https://x.cn/1.jpg", "a\n媒体：", "a\n媒体：别的" };
	static const char *const urls[] = { "", "https://x.cn/2.jpg" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (size_t k = 0; k < 2; k++) {
			const char *text, *url;
			size_t len;

			assert_int_equal(
			    geo_text_write(&text, arena, texts[i], urls[k]), 0);
			geo_text_read(&len, &url, text);
			assert_int_equal(len, strlen(texts[i]));
			assert_memory_equal(text, texts[i], len);
			assert_string_equal(url, urls[k]);
		}
}

static void refuses_a_media_url_of_another_kind(void **state)
{
	(void)state;
	with_service();
	with("address_string", "8号");
	with("media_url", "javascript:alert(1)");
	expect_refused("media_url", FIELD_NOT_URL);
	form.pairs[2].value = "https://";
	expect_refused("media_url", FIELD_NOT_URL);
}

/* ---- filters ---- */

static int read_filter(bool is_updates)
{
	return geo_filter_read(&filter, &problem, &form, is_updates, NOW);
}

static void looks_90_days_back_unless_told(void **state)
{
	(void)state;
	assert_int_equal(read_filter(false), 0);
	assert_true(filter.start_ms == NOW - 90 * DAY);
	assert_true(filter.end_ms == INT64_MAX);
	assert_int_equal(filter.limit, 1000);
	with("start_date", "2020-01-01T00:00:00Z");
	assert_int_equal(read_filter(false), 0);
	assert_true(filter.end_ms == filter.start_ms + 90 * DAY);
	form.pairs[0].name = "end_date";
	assert_int_equal(read_filter(false), 0);
	assert_true(filter.start_ms == filter.end_ms - 90 * DAY);
}

static void refuses_a_window_that_is_too_wide_or_backwards(void **state)
{
	(void)state;
	with("start_date", "2026-01-01T00:00:00Z");
	with("end_date", "2026-04-02T00:00:00Z");
	assert_int_equal(read_filter(false), ERR_INVALID);
	assert_int_equal(problem.kind, PROBLEM_TOO_WIDE);
	form.pairs[1].value = "2025-12-31T00:00:00Z";
	assert_int_equal(read_filter(false), ERR_INVALID);
	form.pairs[1].value = "2026-01-01T00:00:00Z";
	assert_int_equal(read_filter(false), 0);
}

static void takes_a_zone_whose_plus_was_not_escaped(void **state)
{
	int64_t wanted_ms;

	(void)state;
	assert_int_equal(
	    time_parse(&wanted_ms, "2026-11-01T08:00:00+08:00"), 0);
	with("start_date", "2026-11-01T08:00:00 08:00");
	assert_int_equal(read_filter(false), 0);
	assert_true(filter.start_ms == wanted_ms);
}

/* By the city's clocks; a day that ends a range belongs to it. */
static void takes_days_and_times_without_a_zone(void **state)
{
	int64_t wanted_ms;

	(void)state;
	setenv("TZ", "UTC-8", 1);
	tzset();
	assert_int_equal(
	    time_parse(&wanted_ms, "2026-11-01T08:00:00+08:00"), 0);
	with("start_date", "2026-11-01T08:00:00");
	assert_int_equal(read_filter(false), 0);
	assert_true(filter.start_ms == wanted_ms);
	assert_int_equal(
	    time_parse(&wanted_ms, "2026-11-01T00:00:00+08:00"), 0);
	form.count = 0;
	with("start_date", "2026-11-01");
	assert_int_equal(read_filter(false), 0);
	assert_true(filter.start_ms == wanted_ms);
	assert_int_equal(
	    time_parse(&wanted_ms, "2026-11-01T23:59:59.999+08:00"), 0);
	form.count = 0;
	with("end_date", "2026-11-01");
	assert_int_equal(read_filter(false), 0);
	assert_true(filter.end_ms == wanted_ms);
	unsetenv("TZ");
	tzset();
}

static void refuses_filters_that_are_wrong(void **state)
{
	static const char *const wrong[][2] = { { "start_date", "yesterday" },
		{ "end_date", "2026-11-31" }, { "updated_after", "1" },
		{ "updated_before", "2026-13-01T00:00:00Z" },
		{ "status", "open,done" }, { "page", "0" }, { "page", "-1" },
		{ "page", "x" }, { "page_size", "1001" },
		{ "page_size", "99999999" } };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		begin(NULL);
		with(wrong[i][0], wrong[i][1]);
		assert_int_equal(read_filter(false), ERR_INVALID);
		assert_string_equal(problem.field, wrong[i][0]);
	}
}

static void pages(void **state)
{
	(void)state;
	with("page", "3");
	with("page_size", "20");
	assert_int_equal(read_filter(false), 0);
	assert_int_equal(filter.skip, 40);
	assert_int_equal(filter.limit, 20);
}

static void passes_over_ids_that_are_none(void **state)
{
	(void)state;
	with("service_request_id",
	    "01KAKX0000000000000000000A, 17,,01KAKX0000000000000000000B,é");
	assert_int_equal(read_filter(false), 0);
	assert_true(filter.has_ids);
	assert_int_equal(filter.id_count, 2);
}

static struct ticket resident(enum state state)
{
	struct ticket ticket = { .seq = 1,
		.state = (uint8_t)state,
		.kind = KIND_APPEAL,
		.source = SOURCE_RESIDENT,
		.updated_ms = NOW };

	strcpy(ticket.item, catalogue_item_at(catalogue, 0)->code);
	return ticket;
}

static void shows_only_what_came_by_open311(void **state)
{
	struct ticket ticket = resident(STATE_OPEN);

	(void)state;
	assert_true(geo_is_public(&ticket));
	ticket.flags = TICKET_CONFIDENTIAL;
	assert_false(geo_is_public(&ticket));
	ticket = resident(STATE_OPEN);
	ticket.source = SOURCE_HOTLINE;
	assert_false(geo_is_public(&ticket));
	ticket = resident(STATE_OPEN);
	ticket.kind = KIND_CALLOUT;
	assert_false(geo_is_public(&ticket));
}

static void filters_by_status_service_and_change(void **state)
{
	struct ticket open = resident(STATE_WAITING);
	struct ticket closed = resident(STATE_CLOSED);

	(void)state;
	with("status", "closed");
	assert_int_equal(read_filter(false), 0);
	assert_false(geo_wants(&filter, &open));
	assert_true(geo_wants(&filter, &closed));
	form.pairs[0].value = "Open, closed";
	assert_int_equal(read_filter(false), 0);
	assert_true(geo_wants(&filter, &open) && geo_wants(&filter, &closed));
	with("service_code", "a,b");
	assert_int_equal(read_filter(false), 0);
	assert_false(geo_wants(&filter, &open));
	strcpy(open.item, "b");
	assert_true(geo_wants(&filter, &open));
	form.count = 0;
	with("updated_after", "2100-01-01T00:00:00Z");
	assert_int_equal(read_filter(false), 0);
	assert_false(geo_wants(&filter, &open));
	form.pairs[0].name = "updated_before";
	assert_int_equal(read_filter(false), 0);
	assert_true(geo_wants(&filter, &open));
}

/* ---- updates ---- */

static void reads_an_update(void **state)
{
	struct geo_update update;

	(void)state;
	with("service_request_id", "01KAKX0000000000000000000A");
	with("description", "还是不亮");
	with("status", "OPEN");
	with("update_id", "42");
	assert_int_equal(geo_update_read(&update, &problem, arena, &form), 0);
	assert_int_equal(update.status, GEO_OPEN);
	assert_string_equal(update.text, "还是不亮");
	assert_string_equal(update.update_id, "42");
}

static void refuses_updates_that_are_wrong(void **state)
{
	struct geo_update update;

	(void)state;
	assert_int_equal(
	    geo_update_read(&update, &problem, arena, &form), ERR_INVALID);
	assert_string_equal(problem.field, "service_request_id");
	with("service_request_id", "7");
	assert_int_equal(
	    geo_update_read(&update, &problem, arena, &form), ERR_INVALID);
	assert_int_equal(problem.kind, PROBLEM_NO_SUCH_TICKET);
	form.pairs[0].value = "01KAKX0000000000000000000A";
	assert_int_equal(
	    geo_update_read(&update, &problem, arena, &form), ERR_INVALID);
	assert_string_equal(problem.field, "description");
	with("status", "shut");
	assert_int_equal(
	    geo_update_read(&update, &problem, arena, &form), ERR_INVALID);
	assert_string_equal(problem.field, "status");
}

static void knows_its_jurisdiction(void **state)
{
	(void)state;
	assert_int_equal(geo_check_jurisdiction(&city, &form), PROBLEM_NONE);
	with("jurisdiction_id", "4207");
	assert_int_equal(geo_check_jurisdiction(&city, &form), PROBLEM_NONE);
	form.pairs[0].value = "city.gov";
	assert_int_equal(
	    geo_check_jurisdiction(&city, &form), PROBLEM_NO_SUCH_JURISDICTION);
}

static void describes_every_service(void **state)
{
	json_t *services = geo_services(&city, true);

	(void)state;
	assert_int_equal(
	    json_array_size(services), catalogue_item_count(catalogue));
	json_decref(services);
	for (size_t i = 0; i < catalogue_item_count(catalogue); i++) {
		json_t *one =
		    geo_definition(catalogue_item_at(catalogue, i), i % 2);

		assert_int_equal(
		    json_array_size(json_object_get(one, "attributes")), 3);
		json_decref(one);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, begin)
	const struct CMUnitTest tests[] = {
		TEST(opens_with_an_address),
		TEST(keeps_a_point_in_the_address),
		TEST(keeps_a_point_alone),
		TEST(takes_a_unit_as_address_id),
		TEST(wants_a_location),
		TEST(refuses_half_a_point),
		TEST(refuses_numbers_that_are_no_degrees),
		TEST(refuses_a_unit_that_is_not_there),
		TEST(wants_a_service_of_the_catalogue),
		TEST(takes_4000_characters_and_no_more),
		TEST(refuses_what_xml_cannot_hold),
		TEST(seals_who_asked),
		TEST(reads_attributes_and_refuses_others),
		TEST(keeps_description_and_picture_apart),
		TEST(refuses_a_media_url_of_another_kind),
		TEST(looks_90_days_back_unless_told),
		TEST(refuses_a_window_that_is_too_wide_or_backwards),
		TEST(takes_a_zone_whose_plus_was_not_escaped),
		TEST(takes_days_and_times_without_a_zone),
		TEST(refuses_filters_that_are_wrong),
		TEST(pages),
		TEST(passes_over_ids_that_are_none),
		TEST(shows_only_what_came_by_open311),
		TEST(filters_by_status_service_and_change),
		TEST(reads_an_update),
		TEST(refuses_updates_that_are_wrong),
		TEST(knows_its_jurisdiction),
		TEST(describes_every_service),
	};

	return cmocka_run_group_tests(tests, open_city, close_city);
}
