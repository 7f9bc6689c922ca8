/*
 * Callers are in no file of a city. Names and numbers that nobody else has
 * come in by every way there is, good orders and bad ones, and go through
 * everything that is done with tickets; then every file is searched for
 * them, in every form. What the issue is about is in no log either.
 *
 * Allowed are two places only: `own`, the folder of what the test itself
 * hands in, and what is told to those who hold the ticket, which goes by
 * no file. The search is tried on files that have the words.
 */
#include "harness/harness.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "harness/hotline.h"
#include "harness/seeds.h"
#include "harness/upload.h"
#include "harness/web.h"

#define GRID	   "grid-420704001002001"
#define GRID_AT	   "420704001002001"
#define COMMUNITY  "comm-420704001002"
#define STREET	   "street-420704001"
#define STREET_AT  "420704001"
#define DEPARTMENT "420704-zjj"

/* Nine digits and two that say who; a name and a letter; a phrase. */
#define PHONE  "139042071"
#define CALLER "鲧禹奭"
#define WORDS  "蠡测鼍鸣"

static struct city city;
static struct hotline *hotline;
static char own[CITY_PATH], heard[CITY_PATH], backups[CITY_PATH];

static void make_folder(char path[CITY_PATH], const char *name)
{
	snprintf(path, CITY_PATH, "%.100s/%s", city.dir, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static int open_city(void **state)
{
	(void)state;
	city_prepare(&city);
	city_found(&city);
	make_folder(own, "own");
	make_folder(heard, "heard");
	make_folder(backups, "backups");
	file_write(
	    city_path(&city, "gateway.yaml"), "access_log: log/access.log\n");
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

/* ---- what others hear, kept to be searched ---- */

static void keep(const char *text)
{
	static unsigned count;
	char path[2 * CITY_PATH];

	snprintf(path, sizeof(path), "%s/%u", heard, ++count);
	file_write(path, text);
}

static void keep_json(json_t *json)
{
	char *text = json ? json_dumps(json, JSON_ENCODE_ANY) : NULL;

	if (text)
		keep(text);
	free(text);
	json_decref(json);
}

/* Runs the command line; what it says is kept. */
#define CLI(code, operator, ...)                                               \
	do {                                                                   \
		struct run run;                                                \
		cli(&run, &city, operator, __VA_ARGS__, NULL);                 \
		keep_run(&run, code);                                          \
	} while (0)

static void keep_run(struct run *run, int code)
{
	if (run->code != code)
		fail_msg("exit %d: %s%s", run->code, run_text(&run->out),
		    run_text(&run->err));
	keep(run_text(&run->out));
	keep(run_text(&run->err));
	run_free(run);
}

static const char *own_file(const char *name, const char *text)
{
	static char paths[8][2 * CITY_PATH];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", own, name);
	file_write(path, text);
	return path;
}

/* ---- whoever may, is told: in memory alone ---- */

static void is_told(const char *who, const char *ticket, const char *phone)
{
	json_t *shown =
	    cli_json(&city, who, "ticket", "show", ticket, "--contact", NULL);

	assert_string_equal(json_text_at(shown, "contact.phone"), phone);
	json_decref(shown);
}

/* ---- the ways in ---- */

static long order(const char *body)
{
	json_t *answer = NULL;
	long status =
	    hotline_ask(&answer, hotline, "POST", "/hotline/v1/tickets", body);

	keep_json(answer);
	return status;
}

#define ORDER(number, digits, more)                                            \
	"{\"number\":\"" number "\",\"kind\":\"投诉\",\"title\":\"" WORDS      \
	"标题\",\"content\":\"" WORDS "内容\",\"item\":\"garbage\","         \
	"\"caller\":\"" CALLER "甲\",\"phone\":\"" PHONE digits "\"" more "}"
#define THERE ",\"division\":\"" GRID_AT "\""

static void comes_by_the_hotline(void **state)
{
	struct hotline_request bad = { .method = "POST",
		.target = "/hotline/v1/tickets",
		.body = ORDER("N-7", "17", THERE),
		.is_unsigned = true };
	json_t *answer = NULL;
	(void)state;

	assert_int_equal(order(ORDER("N-1", "10", THERE)), 201);
	assert_int_equal(order(ORDER("N-1", "11", THERE)), 200);
	is_told("hotline", "N-1", PHONE "10");
	/* and what is refused, at every gate */
	assert_int_equal(
	    order(ORDER("N-2", "12", ",\"division\":\"99\"")), 400);
	assert_int_equal(order(ORDER("N-3", "13", ",\"nothing\":1")), 400);
	assert_int_equal(order(ORDER("N-4", "14", ",")), 400);
	assert_int_equal(
	    order(ORDER("N-5", "15", ",\"callback\":\"" PHONE "16\"")), 400);
	/* whoever names a field that there is not is told which: itself alone
	 */
	assert_int_equal(
	    hotline_ask(NULL, hotline, "POST", "/hotline/v1/tickets",
		ORDER("N-6", "16", ",\"" CALLER "\":\"" PHONE "\"")),
	    400);
	assert_int_equal(hotline_send(&answer, hotline, &bad), 401);
	keep_json(answer);
	bad.is_unsigned = false;
	bad.type = "text/plain";
	assert_int_equal(hotline_send(&answer, hotline, &bad), 415);
	keep_json(answer);
	/* where it should never stand, and may all the same */
	hotline_ask(&answer, hotline, "GET",
	    "/hotline/v1/tickets/" PHONE "18?phone=" PHONE "18", "");
	json_decref(answer);
}

static void comes_by_open311(void **state)
{
	struct web_answer answer;
	struct buf form = { 0 };
	char key[80], *file;
	size_t len;
	(void)state;

	file = file_read(&len, city_path(&city, "keys/open311/app.key"));
	assert_non_null(file);
	snprintf(key, sizeof(key), "%.64s", file);
	free(file);
	web_add(&form, "api_key", key);
	web_add(&form, "service_code", "garbage");
	web_add(&form, "address_id", GRID_AT);
	web_add(&form, "description", WORDS "描述");
	web_add(&form, "first_name", "乙");
	web_add(&form, "last_name", CALLER);
	web_add(&form, "phone", PHONE "20");
	json_t *done = web_json(
	    &city, 201, "/open311/v2/requests.json", (const char *)form.data);
	is_told("hotline",
	    json_text_at(json_array_get(done, 0), "service_request_id"),
	    PHONE "20");
	keep_json(done);
	web_add(&form, "service_code", CALLER); /* twice, and unknown */
	web_ask(&answer, &city, "/open311/v2/requests.xml",
	    (const char *)form.data, NULL);
	assert_true(answer.status >= 400);
	keep(web_text(&answer));
	web_free(&answer);
	buf_free(&form);
}

static const char sheet[] =
    "number,kind,title,content,item,division,caller,phone\n"
    "%s-1,投诉," WORDS "标题,内容,garbage," GRID_AT "," CALLER "丙," PHONE
    "%d\n"
    "%s-2,投诉," WORDS "标题,内容,nothing,99," CALLER "丁," PHONE "31\n"
    "%s-3,投诉," WORDS "标题,内容,garbage," GRID_AT "," CALLER "戊," PHONE
    "3200000000000000000000000000000000000000000000000000"
    "0000000000000000\n"
    "%s-4," CALLER "己," PHONE "33\n";

static const char *write_sheet(const char *name, const char *number, int digits)
{
	char text[2048];

	snprintf(
	    text, sizeof(text), sheet, number, digits, number, number, number);
	return own_file(name, text);
}

static void comes_by_file(void **state)
{
	struct upload what = { .path = write_sheet("http.csv", "H", 30),
		.target = "/hotline/v1/import" };
	const char *path = write_sheet("cli.csv", "C", 40);
	char report[2 * CITY_PATH];
	struct uploaded uploaded;
	(void)state;

	upload(&uploaded, &city, &what);
	assert_int_equal(upload_number(&uploaded, "new"), 1);
	assert_int_equal(upload_number(&uploaded, "refused"), 3);
	keep(uploaded.head);
	keep(uploaded.tail);
	is_told("hotline", "H-1", PHONE "30");
	snprintf(report, sizeof(report), "%s/refused.csv", own);
	CLI(1, "hotline", "import", path, "--report", report);
	is_told("hotline", "C-1", PHONE "40");
}

static void comes_by_the_command_line(void **state)
{
	const char *caller = own_file("caller", CALLER "庚\n" PHONE "50\n");
	const char *bad = own_file("bad", CALLER "辛\n" PHONE "51\n又一行\n");
	(void)state;

	CLI(0, GRID, "ticket", "open", "--title", WORDS "标题", "--number",
	    "G-1", "--contact-file", caller);
	is_told(GRID, "G-1", PHONE "50");
	/* a clerk may not, an item that is none, a node that is not asked */
	CLI(1, DEPARTMENT, "ticket", "open", "--title", WORDS "标题",
	    "--contact-file", caller);
	CLI(1, GRID, "ticket", "open", "--title", WORDS "标题", "--item",
	    "nothing", "--contact-file", caller);
	CLI(1, GRID, "ticket", "open", "--node", "cityd", "--title",
	    WORDS "标题", "--contact-file", caller);
	struct run run;
	cli(&run, &city, GRID, "ticket", "open", "--title", WORDS,
	    "--contact-file", bad, NULL);
	keep_run(&run, run.code);
}

/* By whoever has a key, in what is no request at all. */
static void comes_in_garbage(void **state)
{
	static const char text[] = "\x0a\x10"
				   "0123456789abcdef" CALLER PHONE "60" WORDS;
	struct net_client *client;
	struct buf answer = { 0 };
	struct net_key key;
	(void)state;

	rogue_key(&key, &city, GRID);
	client = rogue_open(&city, "gridd", &key);
	assert_int_equal(
	    net_client_send(client, bytes_of(text, sizeof(text) - 1)), 0);
	assert_int_equal(
	    net_client_receive(&answer, client, PATIENCE_MS, -1), 0);
	buf_add(&answer, "", 1);
	keep((const char *)answer.data);
	buf_free(&answer);
	net_client_close(&client);
}

/* ---- and through all that is done ---- */

static char ticket[ID_TEXT], callout[ID_TEXT];

static void find_ticket(void)
{
	json_t *shown = cli_json(&city, GRID, "ticket", "show", "G-1", NULL);

	snprintf(ticket, sizeof(ticket), "%s", json_text_at(shown, "id"));
	json_decref(shown);
}

static void held(const char *unit, enum state state)
{
	struct id id;

	assert_int_equal(id_parse(&id, ticket), 0);
	wait_held(&city, &id, unit, state);
}

static void find_callout(void)
{
	json_t *shown = cli_json(&city, STREET, "ticket", "show", ticket, NULL);

	snprintf(callout, sizeof(callout), "%s",
	    json_text_at(shown, "callouts[0].id"));
	json_decref(shown);
}

static bool department_has_it(void *context)
{
	struct run run;
	bool is_so;

	(void)context;
	cli(&run, &city, DEPARTMENT, "ticket", "show", callout, NULL);
	is_so = run.code == 0;
	run_free(&run);
	return is_so;
}

static void goes_up_and_is_whistled_for(void **state)
{
	(void)state;
	find_ticket();
	CLI(0, GRID, "ticket", "note", ticket, WORDS "补充");
	CLI(0, GRID, "ticket", "forward", ticket, "420704001002", "--reason",
	    WORDS);
	held("420704001002", STATE_OPEN);
	is_told(COMMUNITY, ticket, PHONE "50");
	is_told(GRID, ticket, PHONE "50");
	CLI(0, COMMUNITY, "ticket", "forward", ticket, STREET_AT, "--reason",
	    WORDS);
	held(STREET_AT, STATE_OPEN);
	is_told(COMMUNITY, ticket, "139****7150");
	CLI(0, STREET, "ticket", "accept", ticket);
	CLI(0, STREET, "ticket", "whistle", ticket, DEPARTMENT, "--colour",
	    "red", "--text", WORDS);
	find_callout();
	assert_true(wait_until(department_has_it, NULL, PATIENCE_MS));
	is_told(DEPARTMENT, callout, PHONE "50");
	CLI(0, DEPARTMENT, "ticket", "check-in", callout, WORDS);
	CLI(0, DEPARTMENT, "ticket", "resolve", callout, "--solved", "--text",
	    WORDS);
	CLI(4, DEPARTMENT, "ticket", "show", "N-1", "--contact");
}

/* Others than who has had it look, by every question there is. */
static void others_look(void **state)
{
	static const char *const who[] = { "admin", "engineer", "analyst",
		"echeng", "huarong-head", "420703-zjj" };
	(void)state;

	city_wait_quiet(&city);
	for (size_t i = 0; i < sizeof(who) / sizeof(*who); i++) {
		struct run run;
		cli(&run, &city, who[i], "ticket", "show", ticket, "--contact",
		    "--json", NULL);
		keep_run(&run, run.code);
		cli(&run, &city, who[i], "ticket", "list", "--json", NULL);
		keep_run(&run, run.code);
		cli(&run, &city, who[i], "ticket", "trace", ticket, NULL);
		keep_run(&run, run.code);
		cli(&run, &city, who[i], "ticket", "export", NULL);
		keep_run(&run, run.code);
	}
	CLI(0, "admin", "node", "list", "--json");
	CLI(0, "admin", "score", "show", "--json");
}

static void over_http(const char *target)
{
	struct web_answer answer;

	web_ask(&answer, &city, target, NULL, "zh");
	assert_int_equal(answer.status, 200);
	keep(web_text(&answer));
	web_free(&answer);
}

/* The page is for whoever has the link, and tells them no number. */
static void over_http_too(void **state)
{
	struct web_answer answer;
	json_t *json = NULL;
	(void)state;

	over_http("/open311/v2/requests.json");
	over_http("/open311/v2/requests.xml");
	assert_int_equal(
	    hotline_ask(&json, hotline, "GET", "/hotline/v1/callbacks", ""),
	    200);
	keep_json(json);
	assert_int_equal(
	    hotline_ask(NULL, hotline, "GET", "/hotline/v1/export", ""), 200);
	CLI(0, "hotline", "ticket", "link", "N-1");
	web_ask(&answer, &city, "/t/" PHONE "61", NULL, NULL);
	keep(web_text(&answer));
	web_free(&answer);
}

static void is_backed_up(const char *node)
{
	char path[2 * CITY_PATH];

	snprintf(path, sizeof(path), "%s/%s", backups, node);
	CLI(0, "admin", "--node", node, "backup", path);
}

static void is_copied_and_rotated(void **state)
{
	char path[2 * CITY_PATH];
	(void)state;

	for (size_t i = 0; i < city.daemon_count; i++)
		is_backed_up(city.daemons[i].name);
	snprintf(path, sizeof(path), "%s/tickets.csv", heard);
	CLI(0, "admin", "ticket", "export", "--output", path);
	CLI(0, "engineer", "key", "rotate", "gridd");
	daemon_kill(&city, "gridd");
	daemon_start(&city, "gridd", NULL);
	CLI(0, "engineer", "node", "reload", "communityd");
	city_meet_again(&city);
	city_wait_up(&city);
	is_told(GRID, ticket, PHONE "50");
	CLI(0, "admin", "store", "check");
}

static void is_erased(void **state)
{
	(void)state;
	CLI(0, GRID, "ticket", "remind", ticket, WORDS);
	CLI(0, "city", "ticket", "erase-contact", ticket, "--basis", WORDS);
	CLI(0, "hotline", "ticket", "erase-contact", "N-1", "--basis", WORDS);
	city_wait_quiet(&city);
	CLI(0, STREET, "ticket", "show", ticket, "--contact");
	city_stop(&city);
}

/* ---- the search ---- */

static void nowhere(const char *word, const char *folder, const char *but)
{
	struct seed_search search;
	struct seed seed;

	seed_make(&seed, word);
	seed_search(&search, &seed, folder, but);
	print_message("%s: %u files, %" PRIu64 " kB\n", word, search.files,
	    search.bytes / 1024);
	assert_true(search.files > 0);
	if (search.found)
		fail_msg("%s is in %u files, as %s in %s", word, search.found,
		    search.first_form, search.first);
}

static void the_search_finds_each_form(void **state)
{
	static const char escaped[] = "x=%E9%B2%A7%E7%A6%B9%E5%A5%AD&";
	static const char *const bodies[] = { "鲧禹奭", escaped,
		"%e9%b2%a7%e7%a6%b9%e5%a5%ad", "\"\\u9CA7\\u79B9\\u596D\"",
		"\"\\u9ca7\\u79b9\\u596d\"", "6bKn56a55aWt", "Yemyp+emueWlrQ==",
		"YWLpsqfnprnlpa0=", "aHR0cOmyp+emueWlreeUsg==" };
	struct seed_search search;
	struct seed seed;
	char path[2 * CITY_PATH];
	(void)state;

	seed_make(&seed, CALLER);
	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++)
		if (!seed_find(&seed, bytes_of(bodies[i], strlen(bodies[i]))))
			fail_msg("%s is not found", bodies[i]);
	assert_null(seed_find(&seed, bytes_of("鲧禹", 6)));
	/* it opens stores and backups: what the tickets say is there */
	seed_make(&seed, WORDS);
	for (size_t i = 0; i < city.daemon_count; i++) {
		snprintf(
		    path, sizeof(path), "%s/%s", backups, city.daemons[i].name);
		seed_search(&search, &seed,
		    city_path(&city, "data/%s", city.daemons[i].name), NULL);
		assert_true(search.found > 0);
	}
	seed_search(&search, &seed, backups, NULL);
	assert_true(search.found >= city.daemon_count);
	seed_make(&seed, PHONE);
	seed_search(&search, &seed, own, NULL);
	assert_true(search.found > 0);
}

static void no_file_has_a_caller(void **state)
{
	(void)state;
	nowhere(PHONE, city.dir, own);
	nowhere(CALLER, city.dir, own);
}

/* What is said of the issue is on the disk of the nodes, and in no log. */
static void no_log_has_what_people_say(void **state)
{
	(void)state;
	nowhere(WORDS, city_path(&city, "log"), NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_by_the_hotline),
		cmocka_unit_test(comes_by_open311),
		cmocka_unit_test(comes_by_file),
		cmocka_unit_test(comes_by_the_command_line),
		cmocka_unit_test(comes_in_garbage),
		cmocka_unit_test(goes_up_and_is_whistled_for),
		cmocka_unit_test(others_look),
		cmocka_unit_test(over_http_too),
		cmocka_unit_test(is_copied_and_rotated),
		cmocka_unit_test(is_erased),
		cmocka_unit_test(the_search_finds_each_form),
		cmocka_unit_test(no_file_has_a_caller),
		cmocka_unit_test(no_log_has_what_people_say),
	};

	return flow_end(cmocka_run_group_tests_name(
	    "secrets", tests, open_city, close_city));
}
