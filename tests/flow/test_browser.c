/*
 * The resident's page in a real browser: on a phone, with scripts and with
 * scripts off, by clicks. Ends with 77, which is counted as skipped, where
 * there is no browser. WHISTLE_FLOW_PICTURES=DIR keeps what was seen.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/browser.h"
#include "harness/hotline.h"

#define GRID	"grid-420704001002001"
#define GRID_AT "420704001002001"
#define HOTLINE "4207-12345"

enum { SKIPPED = 77, WIDE = 390, HIGH = 844, NARROW = 320, FINGER = 44 };

static struct city city;
static struct hotline *hotline;
static struct browser *browser;
static char base[64], link[128];
static struct id ticket;

static int open_city(void **state)
{
	(void)state;
	city_prepare(&city);
	city_found(&city);
	hotline_open(&hotline, &city);
	city_start(&city);
	snprintf(base, sizeof(base), "http://127.0.0.1:%d", city.http_port);
	return 0;
}

static int close_city(void **state)
{
	(void)state;
	city_close(&city);
	hotline_close(&hotline);
	return 0;
}

static int close_browser(void **state)
{
	(void)state;
	browser_close(&browser);
	return 0;
}

/* ---- steps ---- */

static void open_browser(const char *language, bool no_script)
{
	const struct browser_wish wish = { WIDE, HIGH, true, no_script,
		language };

	browser_open(&browser, &wish, city.dir);
}

static void open_order(const char *number)
{
	json_t *answer = NULL;
	char body[512];

	snprintf(body, sizeof(body),
	    "{\"number\":\"%s\",\"title\":\"垃圾没人收\",\"content\":\"三天没"
	    "人来\",\"item\":\"garbage\",\"division\":\"" GRID_AT
	    "\",\"caller\":\"王小明\",\"phone\":\"13900001111\"}",
	    number);
	assert_int_equal(
	    hotline_ask(&answer, hotline, "POST", "/hotline/v1/tickets", body),
	    201);
	assert_int_equal(id_parse(&ticket, json_text_at(answer, "id")), 0);
	snprintf(
	    link, sizeof(link), "%s%s", base, json_text_at(answer, "link"));
	json_decref(answer);
	wait_held(&city, &ticket, GRID_AT, STATE_OPEN);
	city_wait_quiet(&city);
}

static void settle(void)
{
	char id[ID_TEXT];

	id_format(id, &ticket);
	cli_exits(0, &city, GRID, "ticket", "accept", id, NULL);
	cli_exits(0, &city, GRID, "ticket", "resolve", id, "--solved", "--text",
	    "已于今天上午清运，并与物业约定每天早晚各收一次。", NULL);
	wait_held(&city, &ticket, HOTLINE, STATE_RESOLVED);
	city_wait_quiet(&city);
}

/* Looked at by a person when one wants to; never blank. */
static void look(const char *name)
{
	const char *folder = getenv("WHISTLE_FLOW_PICTURES");
	char path[CITY_PATH];

	snprintf(path, sizeof(path), "%s/%s.png", folder ? folder : "", name);
	assert_true(browser_picture(browser, folder ? path : NULL) > 16 * 1024);
}

static void rate(void)
{
	browser_click(browser, "input[name=responded][value=yes]");
	browser_click(browser, "input[name=resolved][value=yes]");
	browser_click(browser, "input[name=satisfaction][value=satisfied]");
	look("rating");
	browser_click(browser, "input[value=rate] ~ button");
}

static void check_quiet(void)
{
	assert_int_equal(browser_complaints(browser), 0);
	assert_int_equal(browser_strangers(browser, base), 0);
}

/* Nothing sticks out on either side, and a finger hits what it aims at. */
static void check_fits(int width)
{
	struct browser_box box = browser_box(browser, "main");

	assert_true(box.x >= 0 && box.x + box.width <= width + 0.5);
	box = browser_box(browser, "html");
	assert_true(box.width <= width + 0.5);
	if (browser_count(browser, "button") > 0)
		assert_true(browser_box(browser, "button").height >= FINGER);
	if (browser_count(browser, ".choices label") > 0)
		assert_true(
		    browser_box(browser, ".choices label").height >= FINGER);
}

static void resize(int width, int height, bool is_phone)
{
	json_decref(browser_command(browser,
	    "Emulation.setDeviceMetricsOverride",
	    json_pack("{s:i, s:i, s:f, s:b}", "width", width, "height", height,
		"deviceScaleFactor", 2.0, "mobile", (int)is_phone)));
}

static void prefer(const char *scheme)
{
	json_decref(browser_command(browser, "Emulation.setEmulatedMedia",
	    json_pack("{s:[{s:s, s:s}]}", "features", "name",
		"prefers-color-scheme", "value", scheme)));
}

/* ---- tests ---- */

static void tells_a_phone_how_it_stands(void **state)
{
	(void)state;
	open_order("W-1");
	open_browser("zh-CN", false);
	browser_go(browser, link);
	browser_wait_says(browser, ".state", "已派发，待受理");
	browser_wait_says(browser, "dl", "预计办结时间");
	browser_wait_says(browser, ".steps", "已受理登记");
	check_fits(WIDE);
	look("open");
	browser_click(browser, "header a");
	browser_wait_says(browser, "h1", "My request");
	look("open-en");
	check_quiet();
}

static void takes_a_remark(void **state)
{
	(void)state;
	open_order("W-2");
	open_browser("zh-CN", false);
	browser_go(browser, link);
	browser_click(browser, "summary");
	browser_type(browser, "textarea", "还有一堆在后门，今天更多了。");
	look("remark");
	browser_click(browser, "input[value=remark] ~ button");
	browser_wait_says(browser, "[role=status]", "已收到您的补充");
	browser_wait_says(browser, ".steps", "您补充了说明");
	check_quiet();
}

static void rates_by_clicks_and_only_once(void **state)
{
	(void)state;
	open_order("W-3");
	settle();
	open_browser("zh-CN", false);
	browser_go(browser, link);
	browser_wait_says(browser, ".answer", "已于今天上午清运");
	check_fits(WIDE);
	look("resolved");
	rate();
	browser_wait_says(browser, "[role=status]", "感谢您的评价");
	browser_wait_says(browser, ".state", "已结案");
	assert_int_equal(browser_count(browser, "input[type=radio]"), 0);
	look("rated");
	check_quiet();
}

/* A page left open beside the one that was rated still has the form. */
static void refuses_a_second_rating_politely(void **state)
{
	(void)state;
	open_order("W-4");
	settle();
	open_browser("zh-CN", false);
	browser_go(browser, link);
	browser_tab(browser);
	browser_go(browser, link);
	rate();
	browser_first_tab(browser);
	browser_click(browser, "input[name=responded][value=no]");
	browser_click(browser, "input[name=resolved][value=no]");
	browser_click(browser, "input[name=satisfaction][value=dissatisfied]");
	browser_click(browser, "input[value=rate] ~ button");
	browser_wait_says(browser, "[role=status]", "每件诉求只评价一次");
	browser_wait_says(browser, "main", "满意");
	look("rated-again");
	check_quiet();
}

static void opens_again_what_is_not_solved(void **state)
{
	(void)state;
	open_order("W-5");
	settle();
	open_browser("zh-CN", false);
	browser_go(browser, link);
	browser_click(browser, "summary");
	browser_type(browser, "#reopen-text", "今天又没有人来收。");
	look("reopen");
	browser_click(browser, "input[value=reopen] ~ button");
	browser_wait_says(browser, "[role=status]", "已重新交办");
	wait_held(&city, &ticket, GRID_AT, STATE_OPEN);
	check_quiet();
}

static void needs_no_script(void **state)
{
	(void)state;
	open_order("W-6");
	settle();
	open_browser("en-GB", true);
	browser_go(browser, "data:text/html,<title>no</title><p id=p>off</p>"
			    "<script>p.textContent='on'</script>");
	browser_wait_says(browser, "#p", "off");
	browser_go(browser, link);
	browser_wait_says(browser, "h1", "My request");
	browser_click(browser, "details:last-of-type summary");
	browser_type(browser, "#remark-text", "Thank you");
	browser_click(browser, "input[value=remark] ~ button");
	browser_wait_says(browser, "[role=status]", "received");
	rate();
	browser_wait_says(browser, "[role=status]", "Thank you");
	check_quiet();
}

static void is_seen_on_every_screen_by_day_and_night(void **state)
{
	char *day, *night;

	(void)state;
	open_order("W-7");
	settle();
	open_browser("zh-CN", false);
	browser_go(browser, link);
	day = browser_style(browser, "body", "background-color");
	resize(NARROW, 568, true);
	check_fits(NARROW);
	look("narrow");
	prefer("dark");
	night = browser_style(browser, "body", "background-color");
	assert_string_not_equal(day, night);
	look("dark");
	resize(1280, 800, false);
	check_fits(1280);
	look("desktop");
	free(night);
	free(day);
	check_quiet();
}

static void says_so_when_the_address_is_wrong(void **state)
{
	(void)state;
	open_browser("zh-CN", false);
	link[strlen(link) - 1] ^= 1;
	browser_go(browser, link);
	browser_wait_says(browser, "[role=alert]", "链接无效");
	look("wrong");
	assert_int_equal(browser_strangers(browser, base), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, close_browser)
	const struct CMUnitTest tests[] = {
		TEST(tells_a_phone_how_it_stands),
		TEST(takes_a_remark),
		TEST(rates_by_clicks_and_only_once),
		TEST(refuses_a_second_rating_politely),
		TEST(opens_again_what_is_not_solved),
		TEST(needs_no_script),
		TEST(is_seen_on_every_screen_by_day_and_night),
		TEST(says_so_when_the_address_is_wrong),
	};

	if (browser_missing()) {
		printf("skipped: %s\n", browser_missing());
		return SKIPPED;
	}
	return flow_end(cmocka_run_group_tests(tests, open_city, close_city));
}
