/*
 * A resident follows one ticket by a secret address, adds a remark, opens it
 * again and rates it once, over six real daemons.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/hotline.h"
#include "harness/web.h"

#define GRID	"grid-420704001002001"
#define GRID_AT "420704001002001"
#define HOTLINE "4207-12345"
#define PUBLIC	"https://12345.example.org/whistle"
#define RATING                                                                 \
	"action=rate&seq=1&responded=yes&resolved=yes&satisfaction=satisfied"

static struct city city;
static struct hotline *hotline;

static int open_city(void **state)
{
	(void)state;
	char path[CITY_PATH + 16];

	city_prepare(&city);
	snprintf(path, sizeof(path), "%s/nodes.yaml", city.from);
	file_edit(path, "    http: ", "    public_url: " PUBLIC "\n    http: ");
	city_found(&city);
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

static void open_order_with(
    struct id *ticket_out, char link[128], const char *number, const char *more)
{
	json_t *answer = NULL;
	char body[512];

	snprintf(body, sizeof(body),
	    "{\"number\":\"%s\",\"title\":\"垃圾没人收\",\"content\":\"三栋王大"
	    "妈\",\"item\":\"garbage\",\"division\":\"" GRID_AT
	    "\",\"address\":\"寒溪社区8号\",\"caller\":\"王小明\","
	    "\"phone\":\"13900001111\"%s}",
	    number, more);
	assert_int_equal(
	    hotline_ask(&answer, hotline, "POST", "/hotline/v1/tickets", body),
	    201);
	assert_int_equal(id_parse(ticket_out, json_text_at(answer, "id")), 0);
	snprintf(link, 128, "%s", json_text_at(answer, "link"));
	json_decref(answer);
	wait_held(&city, ticket_out, GRID_AT, STATE_OPEN);
	city_wait_quiet(&city);
}

static void open_order(
    struct id *ticket_out, char link[128], const char *number)
{
	open_order_with(ticket_out, link, number, "");
}

static void settle(const struct id *ticket)
{
	char id[ID_TEXT];

	id_format(id, ticket);
	cli_exits(0, &city, GRID, "ticket", "accept", id, NULL);
	cli_exits(0, &city, GRID, "ticket", "note", id, "内部：联系不上", NULL);
	cli_exits(0, &city, GRID, "ticket", "resolve", id, "--solved", "--text",
	    "已清运 <b>&", NULL);
	wait_held(&city, ticket, HOTLINE, STATE_RESOLVED);
	city_wait_quiet(&city);
}

static long status_of(const char *target, const char *form)
{
	struct web_answer answer;
	long status;

	web_ask(&answer, &city, target, form, NULL);
	status = answer.status;
	web_free(&answer);
	return status;
}

static bool page_has(const char *target, const char *form, const char *language,
    const char *text)
{
	struct web_answer answer;
	bool has;

	web_ask(&answer, &city, target, form, language);
	assert_string_equal(answer.type, "text/html; charset=utf-8");
	has = strstr(web_text(&answer), text) != NULL;
	web_free(&answer);
	return has;
}

static void keep_page(const char *target, const char *name)
{
	struct web_answer answer;

	if (!getenv("WHISTLE_FLOW_KEEP"))
		return;
	web_ask(&answer, &city, target, NULL, NULL);
	file_write(city_path(&city, "%s", name), web_text(&answer));
	web_free(&answer);
}

static void says_nothing_personal(void **state)
{
	static const char *const personal[] = { "王", "1390000", "垃圾没人收",
		"寒溪", "P-1", "内部" };
	struct id ticket;
	char link[128];

	(void)state;
	open_order(&ticket, link, "P-1");
	settle(&ticket);
	for (size_t i = 0; i < sizeof(personal) / sizeof(personal[0]); i++)
		assert_false(page_has(link, NULL, NULL, personal[i]));
	assert_true(page_has(link, NULL, NULL, "已清运 &lt;b&gt;&amp;"));
	assert_false(page_has(link, NULL, NULL, "<script"));
	keep_page(link, "resolved.html");
}

static void says_less_of_a_confidential_ticket(void **state)
{
	struct id ticket;
	char link[128];

	(void)state;
	open_order_with(&ticket, link, "P-8", ",\"confidential\":true");
	settle(&ticket);
	assert_true(page_has(link, NULL, NULL, "已办结"));
	assert_true(page_has(link, NULL, NULL, "这是保密件"));
	assert_false(page_has(link, NULL, NULL, "已清运"));
	assert_false(page_has(link, NULL, NULL, "垃圾"));
}

/* ---- its address ---- */

enum { MODULES_MAX = 100, SCALE = 4 };

struct picture {
	bool dark[MODULES_MAX][MODULES_MAX];
	int size;
};

/* Half blocks: what is light is drawn. */
static void from_blocks(struct picture *picture, const char *blocks)
{
	int x = 0, y = 0;

	memset(picture, 0, sizeof(*picture));
	for (; *blocks; blocks++) {
		bool upper, lower;

		if (*blocks == '\n') {
			picture->size = x;
			x = 0;
			y += 2;
			continue;
		}
		assert_true(x < MODULES_MAX && y + 1 < MODULES_MAX);
		upper = *blocks == ' ' || strncmp(blocks, "▄", 3) == 0;
		lower = *blocks == ' ' || strncmp(blocks, "▀", 3) == 0;
		picture->dark[y][x] = upper;
		picture->dark[y + 1][x++] = lower;
		blocks += *blocks == ' ' ? 0 : 2;
	}
}

static void from_svg(struct picture *picture, const char *svg)
{
	const char *at = strstr(svg, "viewBox=\"0 0 ");

	memset(picture, 0, sizeof(*picture));
	assert_non_null(at);
	picture->size = atoi(at + 13);
	assert_true(picture->size > 0 && picture->size < MODULES_MAX);
	while ((at = strchr(at + 1, 'M')) != NULL) {
		int x, y;

		assert_int_equal(sscanf(at, "M%d,%dh1v1h-1z", &x, &y), 2);
		assert_true(x < picture->size && y < picture->size);
		picture->dark[y][x] = true;
	}
}

static void paint(const struct picture *picture, const char *path)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fprintf(
	    file, "P1\n%d %d\n", picture->size * SCALE, picture->size * SCALE);
	for (int y = 0; y < picture->size * SCALE; y++)
		for (int x = 0; x < picture->size * SCALE; x++)
			fputs(picture->dark[y / SCALE][x / SCALE] ? "1 " : "0 ",
			    file);
	assert_int_equal(fclose(file), 0);
}

/* As a telephone's camera would. */
static void expect_read(const struct picture *picture, const char *link)
{
	const char *path = city_path(&city, "qr.pbm");
	const char *const argv[] = { "/usr/bin/zbarimg", "--quiet", "--raw",
		path, NULL };
	struct run run;
	char *said;

	paint(picture, path);
	run_program(&run, argv, PATIENCE_MS);
	said = (char *)(uintptr_t)run_text(&run.out);
	said[strcspn(said, "\n")] = '\0';
	assert_string_equal(said, link);
	run_free(&run);
}

static void gives_an_address_that_a_camera_reads(void **state)
{
	const char *svg = city_path(&city, "qr.svg");
	char link[128], whole[256], image[160], *drawn;
	struct picture picture;
	struct web_answer answer;
	struct id ticket;
	struct run run;
	size_t len;

	(void)state;
	if (!file_exists("/usr/bin/zbarimg"))
		skip();
	open_order(&ticket, link, "P-9");
	snprintf(whole, sizeof(whole), PUBLIC "%s", link);
	cli(&run, &city, "hotline", "ticket", "link", "P-9", "--qr", "--svg",
	    svg, NULL);
	assert_int_equal(run.code, 0);
	assert_memory_equal(run_text(&run.out), whole, strlen(whole));
	from_blocks(&picture, strchr(run_text(&run.out), '\n') + 1);
	expect_read(&picture, whole);
	run_free(&run);
	drawn = file_read(&len, svg);
	from_svg(&picture, drawn);
	expect_read(&picture, whole);
	snprintf(image, sizeof(image), "%s/qr.svg", link);
	web_ask(&answer, &city, image, NULL, NULL);
	assert_string_equal(answer.type, "image/svg+xml");
	assert_string_equal(web_text(&answer), drawn);
	web_free(&answer);
	free(drawn);
}

static void gives_an_address_to_the_hotline_alone(void **state)
{
	struct id ticket;
	char link[128];

	(void)state;
	open_order(&ticket, link, "P-10");
	cli_exits(1, &city, GRID, "ticket", "link", "P-10", NULL);
	cli_exits(4, &city, "hotline", "ticket", "link", "P-none", NULL);
	link[strlen(link) - 1] ^= 1;
	strcat(link, "/qr.svg");
	assert_int_equal(status_of(link, NULL), 404);
}

static void opens_by_the_whole_secret_only(void **state)
{
	struct id ticket;
	char link[128];

	(void)state;
	open_order(&ticket, link, "P-2");
	assert_int_equal(status_of(link, NULL), 200);
	link[strlen(link) - 1] ^= 1;
	assert_int_equal(status_of(link, NULL), 404);
	link[3 + 26] = '\0';
	assert_int_equal(status_of(link, NULL), 404);
	assert_true(page_has("/t/x", NULL, NULL, "链接无效"));
}

static void speaks_chinese_first_and_english_on_request(void **state)
{
	struct id ticket;
	char link[128];

	(void)state;
	open_order(&ticket, link, "P-3");
	assert_true(page_has(link, NULL, NULL, "<html lang=\"zh-CN\">"));
	assert_true(page_has(link, NULL, NULL, "预计办结时间"));
	assert_true(page_has(link, NULL, "fr", "<html lang=\"zh-CN\">"));
	assert_true(page_has(link, NULL, "en-GB,en", "<html lang=\"en\">"));
	assert_true(page_has(link, NULL, "en", "Expected to be settled by"));
	keep_page(link, "open.html");
}

static struct ticket seen(const struct id *id)
{
	struct ticket ticket;

	city_wait_quiet(&city);
	see(&ticket, &city, "gatewayd", id);
	return ticket;
}

static void adds_a_remark_once_however_often_it_is_sent(void **state)
{
	static const char form[] =
	    "action=remark&seq=2&text=%E8%BF%98%E6%9C%89";
	struct id ticket;
	char link[128];
	uint32_t seq;

	(void)state;
	open_order(&ticket, link, "P-4");
	seq = seen(&ticket).seq;
	assert_int_equal(status_of(link, form), 303);
	assert_int_equal(status_of(link, form), 303);
	assert_int_equal(seen(&ticket).seq, seq + 1);
	assert_true(page_has(link, NULL, NULL, "您补充了说明"));
	assert_false(page_has(link, NULL, NULL, "还有"));
	assert_int_equal(status_of(link, "action=remark&text="), 400);
	assert_int_equal(status_of(link, "action=remark&text=%01"), 400);
	assert_int_equal(status_of(link, "action=close"), 400);
	assert_int_equal(status_of(link, RATING), 303);
	assert_int_equal(seen(&ticket).seq, seq + 1);
}

static void reopens_and_then_rates_once(void **state)
{
	struct id ticket;
	char link[128], done[160];

	(void)state;
	open_order(&ticket, link, "P-5");
	settle(&ticket);
	assert_int_equal(
	    status_of(link, "action=reopen&seq=5&text=%E6%B2%A1%E6%94%B6"),
	    303);
	wait_held(&city, &ticket, GRID_AT, STATE_OPEN);
	settle(&ticket);
	assert_int_equal(status_of(link, "action=rate&responded=yes"), 400);
	assert_int_equal(status_of(link, RATING), 303);
	assert_int_equal(seen(&ticket).state, STATE_CLOSED);
	assert_int_equal(
	    seen(&ticket).rating.satisfaction, SATISFACTION_SATISFIED);
	assert_int_equal(status_of(link, RATING "&again=1"), 303);
	assert_int_equal(
	    seen(&ticket).rating.satisfaction, SATISFACTION_SATISFIED);
	snprintf(done, sizeof(done), "%s?done=already", link);
	assert_true(page_has(done, NULL, NULL, "每件诉求只评价一次"));
	keep_page(done, "rated.html");
}

static void slows_down_who_asks_too_often(void **state)
{
	struct id ticket;
	char link[128];
	int served = 0;

	(void)state;
	open_order(&ticket, link, "P-6");
	while (served < 200 && status_of(link, NULL) == 200)
		served++;
	assert_true(served >= 60 && served < 125);
	assert_int_equal(status_of(link, NULL), 429);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_nothing_personal),
		cmocka_unit_test(says_less_of_a_confidential_ticket),
		cmocka_unit_test(gives_an_address_that_a_camera_reads),
		cmocka_unit_test(gives_an_address_to_the_hotline_alone),
		cmocka_unit_test(opens_by_the_whole_secret_only),
		cmocka_unit_test(speaks_chinese_first_and_english_on_request),
		cmocka_unit_test(adds_a_remark_once_however_often_it_is_sent),
		cmocka_unit_test(reopens_and_then_rates_once),
		cmocka_unit_test(slows_down_who_asks_too_often),
	};

	return flow_end(cmocka_run_group_tests(tests, open_city, close_city));
}
