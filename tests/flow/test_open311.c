/*
 * Open311 over six real daemons: requests come in, are worked on by the
 * command line, and are read back in both formats.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/web.h"

#define V2	"/open311/v2/"
#define GRID	"grid-420704001002001"
#define PLACE	"420704001002001"
#define SERVICE "garbage"

static struct city city;
static char api_key[80];

static int open_city(void **state)
{
	size_t len;
	char *key;

	(void)state;
	city_open(&city);
	key = file_read(&len, city_path(&city, "keys/open311/app.key"));
	assert_non_null(key);
	snprintf(api_key, sizeof(api_key), "%.64s", key);
	free(key);
	return 0;
}

static void start_form(struct buf *form)
{
	memset(form, 0, sizeof(*form));
	web_add(form, "api_key", api_key);
}

static void post(char id_out[ID_TEXT], struct buf *form)
{
	json_t *done =
	    web_json(&city, 201, V2 "requests.json", (const char *)form->data);

	snprintf(id_out, ID_TEXT, "%s",
	    json_text_at(json_array_get(done, 0), "service_request_id"));
	json_decref(done);
	buf_free(form);
}

static void post_simple(char id_out[ID_TEXT], const char *description)
{
	struct buf form;

	start_form(&form);
	web_add(&form, "service_code", SERVICE);
	web_add(&form, "address_id", PLACE);
	web_add(&form, "description", description);
	post(id_out, &form);
}

static json_t *show(const char *id)
{
	char target[128];
	json_t *list, *one;

	snprintf(target, sizeof(target), V2 "requests/%s.json", id);
	list = web_json(&city, 200, target, NULL);
	assert_int_equal(json_array_size(list), 1);
	one = json_incref(json_array_get(list, 0));
	json_decref(list);
	return one;
}

static void expect_status(const char *id, const char *status)
{
	json_t *one = show(id);

	assert_string_equal(json_text_at(one, "status"), status);
	json_decref(one);
}

/* ---- round trip ---- */

/* Every special of XML and JSON, Chinese, emoji, 4,000 characters. */
static void long_text(char *out)
{
	static const char start[] = "路灯😀<&>\"']]>\\\r\n\t%+=&amp;𠮷";
	size_t characters = 0;

	strcpy(out, start);
	for (const char *c = start; *c; c++)
		characters += ((unsigned char)*c & 0xc0) != 0x80;
	for (out += strlen(out); characters < 4000; characters++, out += 3)
		strcpy(out, "灯");
}

static void gives_back_every_character(void **state)
{
	static char text[16 * 1024];
	char id[ID_TEXT];
	struct buf form;
	json_t *one;

	(void)state;
	long_text(text);
	start_form(&form);
	web_add(&form, "service_code", SERVICE);
	web_add(&form, "lat", "30.3912");
	web_add(&form, "long", "114.8931");
	web_add(&form, "address_string", "寒溪社区 8号 <东>");
	web_add(&form, "description", text);
	web_add(&form, "media_url", "https://example.org/1.jpg?a=1&b=2");
	web_add(&form, "phone", "13900000000");
	post(id, &form);
	one = show(id);
	assert_string_equal(json_text_at(one, "description"), text);
	assert_string_equal(json_text_at(one, "address"), "寒溪社区 8号 <东>");
	assert_string_equal(json_text_at(one, "media_url"),
	    "https://example.org/1.jpg?a=1&b=2");
	assert_string_equal(json_text_at(one, "service_code"), SERVICE);
	assert_true(json_real_value(json_at(one, "lat")) == 30.3912);
	assert_true(json_real_value(json_at(one, "long")) == 114.8931);
	assert_true(json_is_null(json_at(one, "zipcode")));
	json_decref(one);
}

/* xmllint is no friend of ours: what it reads is XML. */
static void run_xpath(
    char *out, size_t size, const char *xml, const char *xpath)
{
	const char *path = city_path(&city, "answer.xml");
	const char *argv[] = { "/usr/bin/xmllint", "--xpath", xpath, path,
		NULL };
	struct run run;

	file_write(path, xml);
	run_program(&run, argv, PATIENCE_MS);
	assert_int_equal(run.code, 0);
	snprintf(out, size, "%s", run_text(&run.out));
	run_free(&run);
}

static void says_the_same_in_xml(void **state)
{
	static const char text[] = "路灯😀<&>\"']]>\n𠮷";
	char id[ID_TEXT], target[128], said[1024];
	struct web_answer answer;

	(void)state;
	if (!file_exists("/usr/bin/xmllint"))
		skip();
	post_simple(id, text);
	snprintf(target, sizeof(target), V2 "requests/%s.xml", id);
	web_ask(&answer, &city, target, NULL, NULL);
	assert_int_equal(answer.status, 200);
	assert_string_equal(answer.type, "text/xml; charset=utf-8");
	run_xpath(said, sizeof(said), web_text(&answer),
	    "string(/service_requests/request/description)");
	said[strlen(said) - 1] = '\0'; /* xmllint's own line feed */
	assert_string_equal(said, text);
	run_xpath(said, sizeof(said), web_text(&answer),
	    "concat(/service_requests/request/service_request_id, '|', "
	    "/service_requests/request/media_url, '|')");
	assert_memory_equal(said, id, ID_TEXT - 1);
	assert_string_equal(said + ID_TEXT - 1, "||\n");
	web_free(&answer);
}

static void never_says_who_asked(void **state)
{
	char id[ID_TEXT], target[128];
	struct web_answer answer;
	struct buf form;

	(void)state;
	start_form(&form);
	web_add(&form, "service_code", SERVICE);
	web_add(&form, "address_string", "8号");
	web_add(&form, "first_name", "王小明");
	web_add(&form, "phone", "13911112222");
	web_add(&form, "email", "ming@example.org");
	post(id, &form);
	snprintf(target, sizeof(target), V2 "requests/%s.json", id);
	web_ask(&answer, &city, target, NULL, NULL);
	assert_null(strstr(web_text(&answer), "王小明"));
	assert_null(strstr(web_text(&answer), "13911112222"));
	assert_null(strstr(web_text(&answer), "ming@"));
	web_free(&answer);
	assert_int_equal(file_count(city_log(&city, "gatewayd"), "1391111"), 0);
}

/* ---- lists ---- */

static bool lists(const char *query, const char *id)
{
	char target[512];
	json_t *list, *one;
	bool found = false;
	size_t i;

	snprintf(target, sizeof(target), V2 "requests.json?%s", query);
	list = web_json(&city, 200, target, NULL);
	json_array_foreach(list, i, one)
	{
		found |=
		    strcmp(json_text_at(one, "service_request_id"), id) == 0;
	}
	json_decref(list);
	return found;
}

static size_t count_listed(const char *query)
{
	char target[512];
	json_t *list;
	size_t count;

	snprintf(target, sizeof(target), V2 "requests.json?%s", query);
	list = web_json(&city, 200, target, NULL);
	count = json_array_size(list);
	json_decref(list);
	return count;
}

static void filters_what_it_lists(void **state)
{
	char id[ID_TEXT], other[ID_TEXT], query[256], past[TIME_TEXT];
	struct clock clock = clock_system();

	(void)state;
	post_simple(id, "垃圾没人收");
	post_simple(other, "垃圾没人收二");
	assert_true(lists("", id));
	assert_true(lists("status=open&jurisdiction_id=4207", id));
	assert_false(lists("status=closed", id));
	assert_true(lists("service_code=" SERVICE ",road", id));
	assert_false(lists("service_code=road", id));
	snprintf(query, sizeof(query), "service_request_id=%s,%s&status=closed",
	    id, other);
	assert_int_equal(count_listed(query), 2);
	assert_int_equal(count_listed("service_request_id=none"), 0);
	assert_int_equal(count_listed("page_size=1"), 1);
	assert_true(lists("page_size=1", other));
	assert_true(lists("page_size=1&page=2", id));
	time_format(past, clock_now_ms(&clock) - 3600 * 1000);
	snprintf(query, sizeof(query), "end_date=%s", past);
	assert_false(lists(query, id));
	snprintf(query, sizeof(query), "start_date=%s", past);
	assert_true(lists(query, id));
	snprintf(query, sizeof(query), "updated_after=%s", past);
	assert_true(lists(query, id));
	snprintf(query, sizeof(query), "updated_before=%s", past);
	assert_false(lists(query, id));
}

static void shows_nothing_that_did_not_come_by_open311(void **state)
{
	char target[128];
	json_t *done = cli_json(&city, GRID, "ticket", "open", "--title",
	    "内部", "--text", "内部", "--source", "visit", NULL);

	(void)state;
	snprintf(target, sizeof(target), V2 "requests/%s.json",
	    json_text_at(done, "id"));
	json_decref(web_json(&city, 404, target, NULL));
	json_decref(done);
}

/* ---- a life ---- */

static long post_update(const char *id, const char *status,
    const char *description, const char *update_id, char *update_out)
{
	struct web_answer answer;
	struct buf form;
	long code;

	start_form(&form);
	web_add(&form, "service_request_id", id);
	web_add(&form, "status", status);
	web_add(&form, "description", description);
	web_add(&form, "update_id", update_id);
	web_ask(&answer, &city, V2 "servicerequestupdates.json",
	    (const char *)form.data, NULL);
	code = answer.status;
	if (code == 201 && update_out) {
		json_t *done = json_loads(web_text(&answer), 0, NULL);

		strcpy(update_out,
		    json_text_at(json_array_get(done, 0), "update_id"));
		json_decref(done);
	}
	web_free(&answer);
	buf_free(&form);
	return code;
}

static struct id parse(const char *text)
{
	struct id id;

	assert_int_equal(id_parse(&id, text), 0);
	return id;
}

static void settle(const char *id)
{
	struct id ticket = parse(id);

	wait_held(&city, &ticket, PLACE, STATE_OPEN);
	cli_exits(0, &city, GRID, "ticket", "accept", id, NULL);
	cli_exits(0, &city, GRID, "ticket", "note", id, "内部记录", NULL);
	cli_exits(0, &city, GRID, "ticket", "resolve", id, "--solved", "--text",
	    "已清运", NULL);
	wait_held(&city, &ticket, "4207-12345", STATE_RESOLVED);
	city_wait_quiet(&city);
}

static size_t count_updates(const char *id, const char *text, const char *more)
{
	char target[512];
	json_t *list, *one;
	size_t i, found = 0;

	snprintf(target, sizeof(target),
	    V2 "servicerequestupdates.json?service_request_id=%s%s", id, more);
	list = web_json(&city, 200, target, NULL);
	json_array_foreach(list, i, one)
	{
		found += strcmp(json_text_at(one, "description"), text) == 0;
		assert_string_equal(
		    json_text_at(one, "service_request_id"), id);
	}
	json_decref(list);
	return found;
}

static void lives_from_open_to_closed(void **state)
{
	char id[ID_TEXT], first[80], second[80];
	struct id ticket;

	(void)state;
	post_simple(id, "垃圾满了");
	ticket = parse(id);
	wait_held(&city, &ticket, PLACE, STATE_OPEN);
	city_wait_quiet(&city);
	assert_int_equal(post_update(id, "open", "又多了", "u-1", first), 201);
	assert_int_equal(post_update(id, "open", "又多了", "u-1", second), 201);
	assert_string_equal(first, second);
	assert_int_equal(post_update(id, "closed", "算了", "u-2", NULL), 403);
	settle(id);
	expect_status(id, "closed");
	assert_int_equal(count_updates(id, "又多了", ""), 1);
	assert_int_equal(count_updates(id, "已清运", ""), 1);
	assert_int_equal(count_updates(id, "内部记录", ""), 0);
	assert_int_equal(
	    count_updates(id, "已清运", "&end_date=2020-01-01T00:00:00Z"), 0);
	assert_int_equal(post_update(id, "open", "还有", "u-3", NULL), 201);
	expect_status(id, "open");
	settle(id);
	assert_int_equal(post_update(id, "closed", "谢谢", "u-4", NULL), 201);
	expect_status(id, "closed");
	assert_int_equal(post_update(id, "open", "再来", "u-5", NULL), 403);
	assert_int_equal(count_updates(id, "谢谢", ""), 1);
	assert_true(lists("status=closed", id));
}

/* ---- errors ---- */

static void refuses_in_the_format_asked_for(void **state)
{
	struct web_answer answer;
	struct buf form = { 0 };
	json_t *errors;

	(void)state;
	web_add(&form, "service_code", SERVICE);
	errors =
	    web_json(&city, 403, V2 "requests.json", (const char *)form.data);
	assert_int_equal(
	    json_number_at(json_array_get(errors, 0), "code"), 403);
	json_decref(errors);
	web_ask(
	    &answer, &city, V2 "requests.xml", (const char *)form.data, "en");
	assert_int_equal(answer.status, 403);
	assert_non_null(strstr(web_text(&answer),
	    "<errors><error><code>403</code><description>api_key"));
	web_free(&answer);
	buf_free(&form);
	json_decref(web_json(
	    &city, 404, V2 "requests.json?jurisdiction_id=x.gov", NULL));
	json_decref(web_json(&city, 404, V2 "services/none.json", NULL));
	json_decref(web_json(&city, 404, V2 "requests/17.json", NULL));
	json_decref(web_json(
	    &city, 404, V2 "requests/01KAKX0000000000000000000A.json", NULL));
	json_decref(web_json(&city, 404, V2 "nothing.json", NULL));
	json_decref(web_json(&city, 400, V2 "requests.json?page=x", NULL));
	json_decref(web_json(&city, 405, V2 "services.json", "a=b"));
}

/* ---- what there is ---- */

static void tells_what_there_is(void **state)
{
	struct web_answer answer;
	char url[128];
	json_t *found;

	(void)state;
	web_ask(&answer, &city, "/open311/discovery.json", NULL, NULL);
	assert_int_equal(answer.status, 200);
	assert_string_equal(answer.type, "application/json");
	web_free(&answer);
	web_ask(&answer, &city, "/open311/discovery.xml", NULL, NULL);
	assert_string_equal(answer.type, "text/xml");
	web_free(&answer);
	found = web_json(&city, 200, "/open311/discovery.json", NULL);
	snprintf(
	    url, sizeof(url), "http://127.0.0.1:%d/open311/v2", city.http_port);
	assert_string_equal(json_text_at(found, "endpoints[0].url"), url);
	json_decref(found);
	found = web_json(&city, 200, V2 "services.json", NULL);
	assert_true(json_array_size(found) > 50);
	json_decref(found);
	found = web_json(&city, 200, V2 "services/" SERVICE ".json", NULL);
	assert_string_equal(json_text_at(found, "service_code"), SERVICE);
	json_decref(found);
}

/* A client in another language, written from the specification alone. */
static void satisfies_a_client_that_it_has_never_seen(void **state)
{
	char url[128];
	const char *const argv[] = { "/usr/bin/python3",
		SOURCE_DIR "/tests/flow/clients/open311.py", url, api_key,
		NULL };
	struct run run;

	(void)state;
	if (!file_exists(argv[0]))
		skip();
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/open311/discovery.json",
	    city.http_port);
	run_program(&run, argv, 2 * PATIENCE_MS);
	if (run.code != 0)
		fail_msg("%s%s", run_text(&run.out), run_text(&run.err));
	assert_non_null(strstr(run_text(&run.out), "checks"));
	run_free(&run);
}

static void gives_the_resident_an_address_to_look_at(void **state)
{
	struct web_answer answer;
	struct buf form;
	json_t *done;
	const char *page;

	(void)state;
	start_form(&form);
	web_add(&form, "service_code", SERVICE);
	web_add(&form, "address_id", PLACE);
	done =
	    web_json(&city, 201, V2 "requests.json", (const char *)form.data);
	page = strstr(
	    json_text_at(json_array_get(done, 0), "service_notice"), "/t/");
	assert_non_null(page);
	web_ask(&answer, &city, page, NULL, NULL);
	assert_int_equal(answer.status, 200);
	assert_non_null(strstr(web_text(&answer), "我的诉求"));
	web_free(&answer);
	json_decref(done);
	buf_free(&form);
}

static void has_a_token_for_each_request(void **state)
{
	char id[ID_TEXT], target[128];
	json_t *found;

	(void)state;
	post_simple(id, "垃圾");
	snprintf(target, sizeof(target), V2 "tokens/%s.json", id);
	found = web_json(&city, 200, target, NULL);
	assert_string_equal(
	    json_text_at(json_array_get(found, 0), "service_request_id"), id);
	assert_string_equal(
	    json_text_at(json_array_get(found, 0), "token"), id);
	json_decref(found);
}

static int close_city(void **state)
{
	(void)state;
	city_close(&city);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_there_is),
		cmocka_unit_test(gives_back_every_character),
		cmocka_unit_test(says_the_same_in_xml),
		cmocka_unit_test(never_says_who_asked),
		cmocka_unit_test(filters_what_it_lists),
		cmocka_unit_test(shows_nothing_that_did_not_come_by_open311),
		cmocka_unit_test(lives_from_open_to_closed),
		cmocka_unit_test(refuses_in_the_format_asked_for),
		cmocka_unit_test(satisfies_a_client_that_it_has_never_seen),
		cmocka_unit_test(gives_the_resident_an_address_to_look_at),
		cmocka_unit_test(has_a_token_for_each_request),
	};

	return flow_end(cmocka_run_group_tests(tests, open_city, close_city));
}
