/*
 * The hotline's interface, all of it, against the running gateway; and its
 * description: what is answered is described, and what is described has
 * been seen.
 */
#include "harness/harness.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "harness/hotline_inside.h"
#include "harness/openapi.h"

#define GRID	"grid-420704001002001"
#define GRID_AT "420704001002001"
#define HOTLINE "4207-12345"
#define TICKETS "/hotline/v1/tickets"
#define IMPORT	"/hotline/v1/import"
#define EXPORT	"/hotline/v1/export"

static struct city city;
static struct hotline *hotline;

/* A client beside the hotline's own, which may do everything. */
static void add_client(const char *name, const char *access)
{
	assert_int_equal(
	    sign_key_make(city_path(&city, "keys/http/%s.key", name)), 0);
	file_write(city_path(&city, "keys/http/%s.yaml", name), access);
}

/* An item whose time to accept is over at once. */
static void add_item(void)
{
	char path[CITY_PATH + 32];

	snprintf(path, sizeof(path), "%s/catalogue.yaml", city.from);
	file_edit(path, "  - {code: dust,",
	    "  - {code: quick, zh: 快件, en: Quick, domain: livable, keywords: "
	    "[快件快件], competent: grid, immediate: true, lead: cgj, colour: "
	    "blue, accept: 1s, resolve: 7d}\n  - {code: dust,");
}

static int open_city(void **state)
{
	(void)state;
	city_prepare(&city);
	add_item();
	city_found(&city);
	add_client("watcher", "scopes: [callbacks]\n");
	add_client("reader", "scopes: [read]\n");
	add_client("slow", "scopes: [read, open, act, rate, callbacks]\n"
			   "rate: 1\nburst: 1\n");
	hotline_open(&hotline, &city);
	city_start(&city);
	return 0;
}

static int close_city(void **state)
{
	(void)state;
	city_close(&city);
	hotline_close(&hotline);
	return 0;
}

/* ---- often said ---- */

static json_t *expect(
    long status, const char *method, const char *target, const char *body)
{
	json_t *answer = NULL;
	long got = hotline_ask(&answer, hotline, method, target, body);

	if (got != status)
		fail_msg("%s %s: %ld, not %ld: %s", method, target, got, status,
		    json_dumps(answer, 0));
	return answer;
}

static void expect_only(
    long status, const char *method, const char *target, const char *body)
{
	json_decref(expect(status, method, target, body));
}

/* One about a heap of garbage, in the first grid; more fields in `more`. */
static struct id open_order(const char *number, const char *more)
{
	char body[1024];
	json_t *answer;
	struct id id;

	snprintf(body, sizeof(body),
	    "{\"number\":\"%s\",\"item\":\"garbage\",\"division\":\"" GRID_AT
	    "\"%s}",
	    number, more);
	answer = expect(201, "POST", TICKETS, body);
	assert_int_equal(id_parse(&id, json_text_at(answer, "id")), 0);
	json_decref(answer);
	return id;
}

static const char *act_path(const char *number, const char *act)
{
	static char path[256];

	snprintf(path, sizeof(path), TICKETS "/%s/%s", number, act);
	return path;
}

static json_t *told(const char *number)
{
	char path[256];

	snprintf(path, sizeof(path), TICKETS "/%s", number);
	return expect(200, "GET", path, "");
}

static void expect_state(const char *number, const char *state)
{
	json_t *ticket = told(number);

	assert_string_equal(json_text_at(ticket, "state"), state);
	json_decref(ticket);
}

struct awaited {
	const char *number, *state;
};

static bool is_in_state(void *context)
{
	const struct awaited *awaited = context;
	json_t *ticket = told(awaited->number);
	bool is_so = strcmp(json_text_at(ticket, "state"), awaited->state) == 0;

	json_decref(ticket);
	return is_so;
}

static void await_state(const char *number, const char *state)
{
	struct awaited awaited = { number, state };

	if (!wait_until(is_in_state, &awaited, PATIENCE_MS))
		fail_msg("%s never becomes %s", number, state);
}

static void settle(const struct id *ticket)
{
	struct wish wish;

	wait_held(&city, ticket, GRID_AT, STATE_OPEN);
	wish_start(&wish, VERB_ACCEPT, ticket);
	wish_do(&city, GRID, &wish);
	wish_start(&wish, VERB_RESOLVE, ticket);
	wish.what->text = "已清运";
	wish.what->outcome = OUTCOME_SOLVED;
	wish.what->channel = CHANNEL_GOVERNMENT;
	wish_do(&city, GRID, &wish);
}

#define TEXT   "{\"text\":\"来电人补充\"}"
#define REASON "{\"reason\":\"来电人说的\"}"
#define BASIS  "{\"basis\":\"来电人要求\"}"
#define RATING                                                                     \
	"{\"responded\":true,\"resolved\":true,\"satisfaction\":\"基本满意\"," \
	"\"text\":\"尚可\"}"

/* ---- orders ---- */

static const char whole[] =
    "{\"number\":\"W/1\",\"kind\":\"投诉\",\"item_path\":\"市容->环卫->"
    "垃圾清运\",\"item\":\"garbage\",\"tags\":[\"夜间\",\"异味\"],"
    "\"title\":\"垃圾没人收\",\"content\":\"标签：不是标签\\n第二行\\n\","
    "\"address\":\"凤凰街道滨湖社区3号楼\",\"coordinates\":{\"longitude\":"
    "114.8912,\"latitude\":30.391},\"division\":\"" GRID_AT
    "\",\"caller\":\"张三\",\"phone\":\"13900000000\",\"confidential\":true,"
    "\"callback\":true,\"urgent\":true,\"urgency\":\"urgent\",\"created\":"
    "\"2026-11-01T08:30:00+08:00\",\"occurred\":\"2026-11-01T07:00:00+08:00\"}";

static void every_field_of_an_order_comes_back(void **state)
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
static void a_caller_s_details_are_erased(void **state)
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

static void an_order_is_found_by_its_ticket_s_id_too(void **state)
{
	struct id id = open_order("I-1", ",\"title\":\"垃圾\"");
	char text[ID_TEXT];
	json_t *ticket;

	(void)state;
	ticket = told(id_format(text, &id));
	assert_string_equal(json_text_at(ticket, "number"), "I-1");
	json_decref(ticket);
}

/* ---- acts ---- */

static json_t *act_with_key(
    long status, const char *path, const char *body, const char *key)
{
	struct hotline_request request = {
		.method = "POST", .target = path, .body = body, .key = key
	};
	json_t *answer = NULL;

	assert_int_equal(hotline_send(&answer, hotline, &request), status);
	return answer;
}

/* Said again under one key it is done once, and answered alike. */
static void acts_are_done_once_for_each_key(void **state)
{
	struct id id = open_order("A-1", ",\"title\":\"垃圾\"");
	json_t *first, *again, *other;
	struct ticket ticket;

	(void)state;
	wait_held(&city, &id, GRID_AT, STATE_OPEN);
	first = act_with_key(200, act_path("A-1", "notes"), TEXT, "one");
	again = act_with_key(200, act_path("A-1", "notes"), TEXT, "one");
	other = act_with_key(200, act_path("A-1", "notes"), TEXT, "two");
	assert_true(json_equal(first, again));
	assert_false(json_equal(first, other));
	json_decref(first);
	json_decref(again);
	json_decref(other);
	expect_only(200, "POST", act_path("A-1", "remind"), TEXT);
	expect_only(200, "POST", act_path("A-1", "supervise"), TEXT);
	expect_only(200, "POST", act_path("A-1", "withdraw"), REASON);
	see(&ticket, &city, "gridd", &id);
	assert_int_equal(ticket.state, STATE_EXCLUDED);
	expect_state("A-1", "excluded");
}

/* What was overheard cannot be sent as another act. */
static void the_name_of_an_act_is_signed(void **state)
{
	struct hotline_request request = { .method = "POST",
		.target = TICKETS "/A-1/notes",
		.body = TEXT,
		.key = "two",
		.signed_key = "one" };
	json_t *answer;

	(void)state;
	assert_int_equal(hotline_send(&answer, hotline, &request), 401);
	assert_string_equal(json_text_at(answer, "type"),
	    "urn:whistle:problem:wrong-signature");
	json_decref(answer);
}

static void a_survey_reopens_and_rates(void **state)
{
	struct id id = open_order("R-1", ",\"title\":\"垃圾\"");
	json_t *first, *again, *ticket;

	(void)state;
	settle(&id);
	await_state("R-1", "resolved");
	expect_only(200, "POST", act_path("R-1", "reopen"), REASON);
	settle(&id);
	await_state("R-1", "resolved");
	first = act_with_key(200, act_path("R-1", "rating"), RATING, "r");
	again = act_with_key(200, act_path("R-1", "rating"), RATING, "r");
	assert_true(json_equal(first, again));
	json_decref(first);
	json_decref(again);
	ticket = told("R-1");
	assert_string_equal(
	    json_text_at(ticket, "rating.satisfaction_zh"), "基本满意");
	assert_string_equal(json_text_at(ticket, "state"), "closed");
	json_decref(ticket);
}

/* R-1 is closed by now. */
static void what_the_law_refuses_is_said_in_the_language_asked_for(void **state)
{
	struct hotline_request request = {
		.method = "POST",
		.target = TICKETS "/R-1/rating",
		.body = RATING,
		.language = "zh-CN",
	};
	static const char *const texts[] = { "notes", "remind", "supervise" };
	static const char *const reasons[] = { "withdraw", "reopen" };
	json_t *answer = expect(409, "POST", request.target, RATING);

	(void)state;
	assert_string_equal(json_text_at(answer, "refusal"), "rated_already");
	assert_non_null(
	    strstr(json_text_at(answer, "detail"), "One issue has one rating"));
	json_decref(answer);
	assert_int_equal(hotline_send(&answer, hotline, &request), 409);
	assert_non_null(strstr(json_text_at(answer, "detail"), "一事一评"));
	json_decref(answer);
	for (size_t i = 0; i < 3; i++)
		expect_only(409, "POST", act_path("R-1", texts[i]), TEXT);
	for (size_t i = 0; i < 2; i++)
		expect_only(409, "POST", act_path("R-1", reasons[i]), REASON);
}

/* The holder's node is down: taken on, and where to look is said. */
static void what_the_holder_has_not_answered_is_on_its_way(void **state)
{
	static const char *const texts[] = { "notes", "remind", "supervise" };
	struct id id =
	    open_order("P-1", ",\"title\":\"垃圾\",\"phone\":\"13900000000\"");
	json_t *answer;

	(void)state;
	wait_held(&city, &id, GRID_AT, STATE_OPEN);
	city_wait_quiet(&city);
	daemon_stop(&city, "gridd");
	for (size_t i = 0; i < 3; i++)
		json_decref(act_with_key(
		    202, act_path("P-1", texts[i]), TEXT, "later"));
	json_decref(act_with_key(
	    202, act_path("P-1", "erase-contact"), BASIS, "later"));
	json_decref(
	    act_with_key(202, act_path("P-1", "withdraw"), REASON, "later"));
	daemon_start(&city, "gridd", NULL);
	await_state("P-1", "excluded");
	answer = act_with_key(200, act_path("P-1", "notes"), TEXT, "later");
	assert_true(json_is_true(json_object_get(answer, "done")));
	json_decref(answer);
}

/* ---- one more call ---- */

static void one_more_call_follows_and_each_caller_rates(void **state)
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

static void hints_at_what_may_be_a_duplicate(void **state)
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
static void a_whistle_s_colour_shows(void **state)
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

static void lists_each_ticket_once_by_its_last_change(void **state)
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

/* ---- callbacks ---- */

static bool is_refused(void *context)
{
	json_t *answer =
	    expect(200, "GET", "/hotline/v1/callbacks?state=refused", "");
	bool is_so = json_array_size(json_object_get(answer, "callbacks")) > 0;

	(void)context;
	json_decref(answer);
	return is_so;
}

static void says(const char *lang, const char *text, const char *id)
{
	struct run run;

	cli(&run, &city, "hotline", "--lang", lang, "gateway", "callbacks",
	    "show", id, NULL);
	assert_int_equal(run.code, 0);
	if (!strstr(run_text(&run.out), text))
		fail_msg("%s", run_text(&run.out));
	run_free(&run);
}

/* The same as people do it. */
static void by_command_line(const char *id)
{
	json_t *list = cli_json(
	    &city, "hotline", "gateway", "callbacks", "--failed", NULL);

	assert_string_equal(json_text_at(list, "callbacks[0].id"), id);
	json_decref(list);
	says("en", "Refused 1 times since", id);
	says("zh", "被拒收 1 次", id);
	cli_exits(
	    0, &city, "hotline", "gateway", "callbacks", "replay", id, NULL);
	cli_exits(0, &city, "hotline", "gateway", "callbacks", NULL);
	cli_exits(4, &city, "hotline", "gateway", "callbacks", "show",
	    "01M80453T3VTTMRZ2YZPNX2KWA-1", NULL);
	cli_exits(1, &city, "hotline", "gateway", "callbacks", "--client",
	    "reader", NULL);
	cli_exits(2, &city, "hotline", "gateway", "callbacks", "drop", NULL);
	cli_exits(3, &city, "hotline", "gateway", "callbacks", "--url",
	    "http://127.0.0.1:1", NULL);
}

static void callbacks_are_seen_and_sent_again(void **state)
{
	struct id id;
	char path[128], text[ID_TEXT];
	json_t *answer;

	(void)state;
	hotline_feel(hotline, HOTLINE_UNWELL);
	id = open_order("B-1", ",\"title\":\"垃圾\"");
	hotline_refuse(hotline, &id);
	hotline_feel(hotline, HOTLINE_WELL);
	assert_true(wait_until(is_refused, NULL, PATIENCE_MS));
	snprintf(path, sizeof(path), "/hotline/v1/callbacks/%s-1",
	    id_format(text, &id));
	answer = expect(200, "GET", path, "");
	assert_string_equal(json_text_at(answer, "state"), "refused");
	assert_string_equal(json_text_at(answer, "body.number"), "B-1");
	json_decref(answer);
	by_command_line(strrchr(path, '/') + 1);
	hotline_refuse(hotline, NULL);
	expect_only(202, "POST", path, "");
	expect_only(200, "GET", "/hotline/v1/callbacks?limit=1", "");
}

static bool is_late(void *context)
{
	json_t *ticket = told("D-1");
	bool is_so = json_is_true(json_object_get(ticket, "late_accept"));

	(void)context;
	json_decref(ticket);
	return is_so;
}

static bool has_heard(void *context)
{
	const struct ticket *ticket = context;

	return hotline_heard(hotline, &ticket->id) >= ticket->seq;
}

static void a_missed_deadline_is_told(void **state)
{
	struct ticket ticket;
	struct id id;
	json_t *answer;

	(void)state;
	answer = expect(201, "POST", TICKETS,
	    "{\"number\":\"D-1\",\"title\":\"x\",\"item\":\"quick\","
	    "\"division\":\"" GRID_AT "\"}");
	assert_int_equal(id_parse(&id, json_text_at(answer, "id")), 0);
	json_decref(answer);
	assert_true(wait_until(is_late, NULL, PATIENCE_MS));
	see(&ticket, &city, "gatewayd", &id);
	assert_true(wait_until(has_heard, &ticket, PATIENCE_MS));
}

/* ---- what each operation refuses ---- */

/* A path that is one, of nothing that is there. */
static const char *nowhere(const char *path)
{
	static char target[256];
	const char *rest = strchr(path, '}');

	snprintf(target, sizeof(target), "%.*s%s%s", (int)strcspn(path, "{"),
	    path, rest ? "NONE" : "", rest ? rest + 1 : "");
	return target;
}

static void expect_of(long status, const struct hotline_request *request)
{
	long got = hotline_send(NULL, hotline, request);

	if (got != status)
		fail_msg("%s %s: %ld, not %ld", request->method,
		    request->target, got, status);
}

static void use_up(struct hotline_request *request)
{
	int tries = 0;

	request->client = "slow";
	while (hotline_send(NULL, hotline, request) != 429)
		assert_true(++tries < 100);
	request->client = NULL;
}

static void send_wrong_bodies(struct hotline_request *request)
{
	request->type = "text/plain";
	expect_of(415, request);
	if (strcmp(request->target, IMPORT) == 0) {
		request->type = "text/csv";
		request->body = "title\nx\n";
		expect_of(400, request);
		return;
	}
	request->type = NULL;
	request->body = "{\"nonsense\":1}";
	expect_of(400, request);
	request->body = strstr(request->target, "rating") ? RATING
			: strstr(request->target, "reopen") ||
				strstr(request->target, "withdraw")
			    ? REASON
			: strstr(request->target, "erase") ? BASIS
							   : TEXT;
	if (strchr(request->target, 'N'))
		expect_of(404, request);
}

static void refuse_all(const char *method, const char *path)
{
	bool is_callbacks = strstr(path, "callbacks") != NULL;
	struct hotline_request request = {
		.method = method, .target = nowhere(path), .body = ""
	};
	bool takes_body = strcmp(method, "POST") == 0 && !is_callbacks &&
			  !strstr(path, "attachments");

	if (strstr(path, "openapi.json")) {
		request.is_unsigned = true;
		expect_of(200, &request);
		return;
	}
	if (strcmp(path, IMPORT) == 0)
		request.type = "text/csv";
	request.is_unsigned = true;
	expect_of(401, &request);
	request.is_unsigned = false;
	request.client = is_callbacks ? "reader" : "watcher";
	expect_of(403, &request);
	use_up(&request);
	if (takes_body)
		send_wrong_bodies(&request);
	else if (strchr(path, '{'))
		expect_of(404, &request);
}

static void each_operation_refuses_what_it_says(void **state)
{
	static char large[300 * 1024];

	(void)state;
	openapi_each(refuse_all);
	memset(large, ' ', sizeof(large) - 1);
	expect_only(413, "POST", TICKETS, large);
	expect_only(422, "POST", TICKETS,
	    "{\"number\":\"U-1\",\"title\":\"x\",\"item\":\"none\"}");
	expect_only(400, "GET", "/hotline/v1/callbacks?state=lost", "");
	expect_only(400, "GET", "/hotline/v1/similar?hours=0", "");
}

/* Keys and scopes are read again without a restart; a bad file changes
 * nothing. */
static void scopes_are_read_again(void **state)
{
	struct hotline_request request = { .method = "GET",
		.target = TICKETS "?limit=1",
		.client = "reader" };

	(void)state;
	expect_of(200, &request);
	file_write(city_path(&city, "keys/http/reader.yaml"),
	    "scopes: [everything]\n");
	daemon_signal(&city, "gatewayd", SIGHUP);
	city_wait_log(&city, "gatewayd", "http_keys=kept", 0);
	expect_of(200, &request);
	file_write(
	    city_path(&city, "keys/http/reader.yaml"), "scopes: [callbacks]\n");
	daemon_signal(&city, "gatewayd", SIGHUP);
	city_wait_log(&city, "gatewayd", "http_keys=loaded", 0);
	expect_of(403, &request);
}

/* ---- the description ---- */

static void the_gateway_gives_the_description_that_was_checked(void **state)
{
	json_t *file = json_load_file(
	    SOURCE_DIR "/services/gatewayd/openapi.json", 0, NULL);
	json_t *answer = expect(200, "GET", "/hotline/v1/openapi.json", "");

	(void)state;
	assert_true(json_equal(file, answer));
	json_decref(file);
	json_decref(answer);
}

static void an_order_names_a_file_that_was_sent_before(void **state)
{
	struct ticket ticket = { .seq = 1 };
	char body[512], path[128];
	json_t *answer =
	    expect(201, "POST", "/hotline/v1/attachments", "电话录音的文字稿");

	(void)state;
	snprintf(path, sizeof(path), "/hotline/v1/attachments/%s",
	    json_text_at(answer, "hash"));
	snprintf(body, sizeof(body),
	    "{\"number\":\"FILE-1\",\"title\":\"路灯不亮\","
	    "\"attachments\":[{\"hash\":\"%s\",\"name\":\"文字稿.txt\"}]}",
	    json_text_at(answer, "hash"));
	json_decref(answer);
	answer = expect(201, "POST", TICKETS, body);
	assert_int_equal(id_parse(&ticket.id, json_text_at(answer, "id")), 0);
	json_decref(answer);
	answer = expect(200, "GET", TICKETS "/FILE-1", "");
	assert_string_equal(
	    json_text_at(answer, "attachments[0].name"), "文字稿.txt");
	assert_string_equal(
	    json_text_at(answer, "attachments[0].type"), "text/plain");
	json_decref(answer);
	expect_only(200, "GET", path, "");
	expect_only(415, "POST", "/hotline/v1/attachments", "<html>");
	path[strlen(path) - 1] ^= 1;
	expect_only(404, "GET", path, "");
	body[strlen(body) - 3] = ';';
	expect_only(400, "POST", TICKETS, body);
	assert_true(wait_until(has_heard, &ticket, PATIENCE_MS));
}

static void all_that_is_described_has_been_seen(void **state)
{
	(void)state;
	openapi_check_covered();
}

/* ---- files ---- */

/* Text of whatever kind; the next page's address is not in it. */
static char *raw(long status, const char *method, const char *target,
    const char *type, const char *body)
{
	struct hotline_request request = { .method = method,
		.target = target,
		.type = type,
		.body = body ? body : "" };
	struct buf answer = { 0 };

	assert_int_equal(
	    hotline_exchange(&answer, hotline, hotline->curl, &request),
	    status);
	openapi_fail_if_wrong();
	assert_int_equal(buf_add(&answer, "", 1), 0);
	return (char *)answer.data;
}

static void takes_a_file_of_orders(void **state)
{
	static const char file[] =
	    "\xef\xbb\xbfnumber,title,content,place,urgency,more\n"
	    "ROW-1,路灯不亮,\"第一行\n第二行\"," GRID_AT ",是,x\n"
	    "ROW-2,\"没有收尾\n"
	    "ROW-3,地方不对,内容,999,否,x\n"
	    "ROW-4,说不清,内容,,也许,x\n"
	    ",没有号,内容,,,x\n";
	char *said = raw(200, "POST", IMPORT, "text/csv; charset=utf-8", file);

	(void)state;
	assert_non_null(
	    strstr(said, "{\"line\":2,\"number\":\"ROW-1\",\"id\":"));
	assert_non_null(strstr(
	    said, "{\"line\":4,\"number\":\"\",\"problem\":\"bad-record\""));
	assert_non_null(strstr(said, "\"field\":\"division\""));
	assert_non_null(strstr(said, "\"field\":\"urgent\""));
	assert_non_null(strstr(said, "\"field\":\"number\""));
	assert_non_null(strstr(said, "{\"complete\":true,\"new\":1,"
				     "\"existing\":0,\"refused\":4}\n"));
	free(said);
	said = raw(200, "POST", IMPORT, "text/csv", file);
	assert_non_null(strstr(said, "\"new\":0,\"existing\":1"));
	free(said);
	said = raw(200, "POST", IMPORT "?rows=refused", "text/csv", file);
	assert_null(strstr(said, "ROW-1"));
	assert_non_null(strstr(said, "\"number\":\"ROW-4\""));
	free(said);
	free(raw(400, "POST", IMPORT "?rows=some", "text/csv", file));
	free(raw(400, "POST", IMPORT, "text/csv", "title\nx\n"));
	free(raw(415, "POST", IMPORT, "application/json", "{}"));
}

static void gives_its_tickets_as_a_file(void **state)
{
	static const char query[] =
	    EXPORT "?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z"
		   "&limit=500&encoding=utf-8&bom=true&safe=true";
	char *file, *again;

	(void)state;
	city_wait_quiet(&city);
	file = raw(200, "GET", query, NULL, NULL);
	assert_memory_equal(file, "\xef\xbb\xbfnumber,kind,item,title", 25);
	assert_non_null(strstr(file, "\r\nROW-1,"));
	assert_non_null(strstr(file, "\"第一行\n第二行\""));
	assert_null(strstr(file, "13900000000"));
	again = raw(200, "POST", IMPORT, "text/csv", file);
	assert_non_null(strstr(again, "{\"complete\":true,\"new\":0,"));
	free(again);
	free(file);
	file = raw(200, "GET", EXPORT "?before=00000000000000000000000001",
	    NULL, NULL);
	assert_string_equal(file, "");
	free(file);
	file = raw(200, "GET", EXPORT "?all=true", NULL, NULL);
	assert_memory_equal(file, "number,kind,item,title", 22);
	assert_non_null(strstr(file, "\r\nROW-1,"));
	free(file);
	free(raw(400, "GET", EXPORT "?encoding=latin1", NULL, NULL));
}

static void signs_for_files_too(void **state)
{
	struct hotline_request request = {
		.method = "GET", .target = EXPORT, .is_unsigned = true
	};

	(void)state;
	assert_int_equal(hotline_send(NULL, hotline, &request), 401);
	request.method = "POST";
	request.target = IMPORT;
	request.type = "text/csv";
	assert_int_equal(hotline_send(NULL, hotline, &request), 401);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_of_an_order_comes_back),
		cmocka_unit_test(a_caller_s_details_are_erased),
		cmocka_unit_test(an_order_is_found_by_its_ticket_s_id_too),
		cmocka_unit_test(acts_are_done_once_for_each_key),
		cmocka_unit_test(the_name_of_an_act_is_signed),
		cmocka_unit_test(a_survey_reopens_and_rates),
		cmocka_unit_test(
		    what_the_law_refuses_is_said_in_the_language_asked_for),
		cmocka_unit_test(
		    what_the_holder_has_not_answered_is_on_its_way),
		cmocka_unit_test(one_more_call_follows_and_each_caller_rates),
		cmocka_unit_test(hints_at_what_may_be_a_duplicate),
		cmocka_unit_test(a_whistle_s_colour_shows),
		cmocka_unit_test(lists_each_ticket_once_by_its_last_change),
		cmocka_unit_test(callbacks_are_seen_and_sent_again),
		cmocka_unit_test(a_missed_deadline_is_told),
		cmocka_unit_test(takes_a_file_of_orders),
		cmocka_unit_test(gives_its_tickets_as_a_file),
		cmocka_unit_test(signs_for_files_too),
		cmocka_unit_test(each_operation_refuses_what_it_says),
		cmocka_unit_test(scopes_are_read_again),
		cmocka_unit_test(
		    the_gateway_gives_the_description_that_was_checked),
		cmocka_unit_test(an_order_names_a_file_that_was_sent_before),
		cmocka_unit_test(all_that_is_described_has_been_seen),
	};

	return flow_end(cmocka_run_group_tests(tests, open_city, close_city));
}
