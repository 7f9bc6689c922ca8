/* Orders: all that one says, one more call about the same, and the list. */
#include "hotline/tests.h"

#include <stdio.h>
#include <string.h>
#include "hotline/said.h"

static const char whole[] =
    "{\"number\":\"W/1\",\"kind\":\"投诉\",\"item_path\":\"市容->环卫->"
    "垃圾清运\",\"item\":\"garbage\",\"tags\":[\"夜间\",\"异味\"],"
    "\"title\":\"垃圾没人收\",\"content\":\"标签：不是标签\\n第二行\\n\","
    "\"address\":\"凤凰街道滨湖社区3号楼\",\"coordinates\":{\"longitude\":"
    "114.8912,\"latitude\":30.391},\"division\":\"" GRID_AT
    "\",\"caller\":\"张三\",\"phone\":\"13900000000\",\"confidential\":true,"
    "\"callback\":true,\"urgent\":true,\"urgency\":\"urgent\",\"created\":"
    "\"2026-11-01T08:30:00+08:00\",\"occurred\":\"2026-11-01T07:00:00+08:00\"}";

void every_field_of_an_order_comes_back(void **state)
{
	static const char *const same[] = { "number", "kind", "item_path",
		"item", "tags", "title", "content", "address", "coordinates",
		"division", "caller", "phone", "confidential", "callback",
		"urgent", "created", "occurred" };
	json_t *sent = json_loads(whole, 0, NULL), *back;

	(void)state;
	expect_only(201, "POST", TICKETS, whole);
	expect_only(200, "POST", TICKETS, whole);
	back = told("W%2F1");
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (!json_equal(json_object_get(sent, same[i]),
			json_object_get(back, same[i])))
			fail_msg("%s: %s", same[i], json_dumps(back, 0));
	json_decref(sent);
	json_decref(back);
}

/* Name and number are gone for good; all else stays. */
void a_caller_s_details_are_erased(void **state)
{
	json_t *answer;

	(void)state;
	expect_only(200, "POST", act_path("W%2F1", "erase-contact"), BASIS);
	answer = told("W%2F1");
	assert_true(json_is_null(json_object_get(answer, "caller")));
	assert_true(json_is_null(json_object_get(answer, "phone")));
	assert_string_equal(json_text_at(answer, "title"), "垃圾没人收");
	json_decref(answer);
	answer = expect(409, "POST", act_path("W%2F1", "erase-contact"), BASIS);
	assert_string_equal(json_text_at(answer, "refusal"), "no_contact");
	json_decref(answer);
}

void an_order_is_found_by_its_ticket_s_id_too(void **state)
{
	struct id id = open_order("I-1", ",\"title\":\"垃圾\"");
	char text[ID_TEXT];
	json_t *ticket;

	(void)state;
	ticket = told(id_format(text, &id));
	assert_string_equal(json_text_at(ticket, "number"), "I-1");
	json_decref(ticket);
}

/* ---- one more call ---- */

void one_more_call_follows_and_each_caller_rates(void **state)
{
	struct id first = open_order("M-1", ",\"title\":\"满地垃圾\"");
	json_t *answer;
	char text[ID_TEXT];

	(void)state;
	wait_held(&city, &first, GRID_AT, STATE_OPEN);
	open_order("M-2", ",\"title\":\"还是垃圾\",\"same_as\":\"M-1\"");
	answer = told("M-2");
	assert_string_equal(json_text_at(answer, "state"), "merged");
	assert_string_equal(
	    json_text_at(answer, "follows"), id_format(text, &first));
	json_decref(answer);
	answer = expect(409, "POST", act_path("M-1", "withdraw"), REASON);
	assert_string_equal(json_text_at(answer, "refusal"), "followed");
	json_decref(answer);
	settle(&first);
	await_state("M-1", "resolved");
	await_state("M-2", "resolved");
	expect_only(200, "POST", act_path("M-1", "rating"), RATING);
	expect_only(200, "POST", act_path("M-2", "rating"), RATING);
	answer = expect(409, "POST", TICKETS,
	    "{\"number\":\"M-3\",\"title\":\"x\",\"same_as\":\"M-1\"}");
	assert_string_equal(json_text_at(answer, "refusal"), "bad_master");
	json_decref(answer);
	answer = expect(400, "POST", TICKETS,
	    "{\"number\":\"M-3\",\"title\":\"x\",\"same_as\":\"M-9\"}");
	assert_string_equal(json_text_at(answer, "field"), "same_as");
	json_decref(answer);
	expect_only(404, "GET", TICKETS "/M-3", "");
}

/* title=小区垃圾…&division=… and all that may be asked. */
#define SIMILAR                                                                \
	"/hotline/v1/similar?title=%E5%B0%8F%E5%8C%BA%E5%9E%83%E5%9C%BE"       \
	"%E6%BB%A1%E4%BA%86&content=&address=&hours=24&limit=3"                \
	"&item_path=a-%3Eb&item=garbage&division=" GRID_AT

void hints_at_what_may_be_a_duplicate(void **state)
{
	struct id id = open_order("S-1", ",\"title\":\"小区垃圾满了\"");
	json_t *answer;

	(void)state;
	open_order("S-2", ",\"title\":\"完全不同的事\"");
	wait_held(&city, &id, GRID_AT, STATE_OPEN);
	answer = expect(200, "GET", SIMILAR, "");
	assert_string_equal(json_text_at(answer, "tickets[0].number"), "S-1");
	assert_true(json_number_value(json_object_get(
			json_array_get(json_object_get(answer, "tickets"), 0),
			"likeness")) == 1);
	json_decref(answer);
	settle(&id);
	await_state("S-1", "resolved");
	json_decref(expect(200, "GET", SIMILAR, ""));
	answer = expect(200, "GET", "/hotline/v1/similar?title=zzzz", "");
	assert_true(json_is_null(json_object_get(answer, "item")));
	json_decref(answer);
}

/* A power cut: the street's rules blow the whistle, which gives a colour. */
void a_whistle_s_colour_shows(void **state)
{
	static const char *const numbers[] = { "C-1", "C-2" };
	json_t *answer;
	char body[512];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		snprintf(body, sizeof(body),
		    "{\"number\":\"%s\",\"title\":\"楼栋停电\",\"address\":"
		    "\"凤凰街道滨湖社区3号楼\"}",
		    numbers[i]);
		expect_only(201, "POST", TICKETS, body);
	}
	await_state("C-1", "waiting");
	await_state("C-2", "waiting");
	answer = expect(200, "GET",
	    "/hotline/v1/similar?title=%E6%A5%BC%E6%A0%8B%E5%81%9C%E7%94%B5"
	    "&address=%E5%87%A4%E5%87%B0%E8%A1%97%E9%81%93%E6%BB%A8%E6%B9%96"
	    "%E7%A4%BE%E5%8C%BA",
	    "");
	assert_int_equal(
	    json_array_size(json_object_get(answer, "tickets")), 2);
	json_decref(answer);
}

/* ---- the list ---- */

static unsigned count_pages(const char *first)
{
	char target[512];
	unsigned count = 0;
	bool is_complete = false;

	snprintf(target, sizeof(target), "%s", first);
	while (!is_complete) {
		json_t *page = expect(200, "GET", target, "");

		count +=
		    (unsigned)json_array_size(json_object_get(page, "tickets"));
		is_complete = json_is_true(json_object_get(page, "complete"));
		snprintf(target, sizeof(target), TICKETS "?limit=3&cursor=%s",
		    json_text_at(page, "cursor"));
		json_decref(page);
	}
	return count;
}

void lists_each_ticket_once_by_its_last_change(void **state)
{
	struct node_status status;
	json_t *page;

	(void)state;
	city_wait_quiet(&city);
	assert_true(node_status(&status, &city, "gatewayd"));
	assert_int_equal(count_pages(TICKETS "?limit=3"), status.tickets);
	page = expect(200, "GET",
	    TICKETS "?state=closed&division=420704001000&since=2026-01-01T"
		    "00:00:00%2B08:00&limit=200",
	    "");
	assert_int_equal(json_array_size(json_object_get(page, "tickets")), 3);
	json_decref(page);
	page = expect(410, "GET",
	    TICKETS "?cursor=000000000000000000000000000000000000000000000000",
	    "");
	json_decref(page);
	expect_only(400, "GET", TICKETS "?since=yesterday", "");
	expect_only(400, "GET", TICKETS "?sort=name", "");
	expect_only(400, "GET", TICKETS "?division=99", "");
}
