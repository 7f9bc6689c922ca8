/*
 * A hotline's day: orders go in, are settled, every change comes back, each
 * caller is asked and the rating goes in, though the hotline is away, unwell
 * and forgetful, and the gateway is killed twice.
 * WHISTLE_FLOW_LONG=1: 5,000 orders instead of a few hundred.
 */
#include "harness/harness.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/hotline.h"

#define GRID	"grid-420704001002001"
#define GRID_AT "420704001002001"

/* The staff are so many orders behind. */
enum { SHORT_DAY = 240, LONG_DAY = 5000, BEHIND = 20 };

static struct city city;
static struct hotline *hotline;
static struct id tickets[LONG_DAY + 16];
static size_t ticket_count;

static int open_city(void **state)
{
	(void)state;
	city_prepare(&city);
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

/* Until the gateway says that it has it; however often that takes. */
static void send_order(struct id *ticket_out, unsigned number)
{
	int64_t until_ms = now_ms() + PATIENCE_MS;
	json_t *answer = NULL;
	char body[512];
	long status;

	snprintf(body, sizeof(body),
	    "{\"number\":\"D-%u\",\"kind\":\"投诉\",\"title\":\"垃圾没人收\","
	    "\"content\":\"第 %u 件\",\"item\":\"garbage\","
	    "\"division\":\"%s\",\"phone\":\"1390000%04u\"}",
	    number, number, GRID_AT, number % 10000);
	for (;;) {
		status = hotline_ask(
		    &answer, hotline, "POST", "/hotline/v1/tickets", body);
		if (status == 200 || status == 201)
			break;
		if ((status != 0 && status < 500) || now_ms() > until_ms)
			fail_msg("order %u: %ld", number, status);
		json_decref(answer);
		breathe();
	}
	assert_int_equal(id_parse(ticket_out, json_text_at(answer, "id")), 0);
	json_decref(answer);
}

static void kill_gateway(void)
{
	daemon_kill(&city, "gatewayd");
	daemon_start(&city, "gatewayd", NULL);
}

/* The gateway has noticed that something is wrong with the hotline. */
static bool has_failed(void *context)
{
	json_t *answer = NULL;
	bool is_so = false;

	(void)context;
	if (hotline_ask(&answer, hotline, "GET", "/hotline/v1/callbacks", "") ==
	    200)
		is_so = json_number_at(answer, "failed") > 0;
	json_decref(answer);
	return is_so;
}

static bool has_come_twice(void *context)
{
	(void)context;
	return hotline_tally(hotline).again > 0;
}

/* Three outages of the hotline and two of the gateway. */
static void weather(size_t hour)
{
	switch (hour) {
	case 4:
		hotline_feel(hotline, HOTLINE_AWAY);
		break;
	case 6:
	case 14:
		kill_gateway();
		break;
	case 8:
	case 16:
		assert_true(wait_until(has_failed, NULL, PATIENCE_MS));
		hotline_feel(hotline, HOTLINE_WELL);
		break;
	case 20:
		assert_true(wait_until(has_come_twice, NULL, PATIENCE_MS));
		hotline_feel(hotline, HOTLINE_WELL);
		break;
	case 12:
		hotline_feel(hotline, HOTLINE_UNWELL);
		break;
	case 18:
		hotline_feel(hotline, HOTLINE_LOSSY);
		break;
	default:
		break;
	}
}

static void act(
    const char *operator_name, enum verb verb, const struct id *ticket)
{
	struct wish wish;

	wish_start(&wish, verb, ticket);
	if (verb == VERB_RESOLVE) {
		wish.what->text = "已清运";
		wish.what->outcome = OUTCOME_SOLVED;
		wish.what->channel = CHANNEL_GOVERNMENT;
	}
	wish_do(&city, operator_name, &wish);
}

/* Settled by the grid's worker; the rating is the hotline's own to send. */
static void settle(size_t number)
{
	const struct id *ticket = &tickets[number];

	wait_held(&city, ticket, GRID_AT, STATE_OPEN);
	act(GRID, VERB_ACCEPT, ticket);
	act(GRID, VERB_RESOLVE, ticket);
}

static void send_day(size_t count)
{
	size_t hour = 0;

	for (size_t i = 0; i < count; i++) {
		struct id again;

		for (; hour <= i * 24 / count; hour++)
			weather(hour);
		send_order(&tickets[i], (unsigned)i);
		if (i % 10 == 0) {
			send_order(&again, (unsigned)i);
			assert_true(id_equal(&again, &tickets[i]));
		}
		if (i >= BEHIND)
			settle(i - BEHIND);
	}
	for (size_t i = count - BEHIND; i < count; i++)
		settle(i);
	ticket_count = count;
}

static struct view views[LONG_DAY + 16];

static bool has_heard_all(void *context)
{
	(void)context;
	for (size_t i = 0; i < ticket_count; i++)
		if (hotline_heard(hotline, &tickets[i]) < views[i].seq)
			return false;
	return true;
}

static void check_heard(void)
{
	struct hotline_tally tally;

	city_wait_quiet(&city);
	views_read(views, &city, "gatewayd", tickets, ticket_count, NULL, NULL);
	assert_true(wait_until(has_heard_all, NULL, PATIENCE_MS));
	tally = hotline_tally(hotline);
	assert_int_equal(tally.disordered, 0);
	assert_int_equal(tally.unsigned_, 0);
	for (size_t i = 0; i < ticket_count; i++)
		assert_int_equal(
		    hotline_heard(hotline, &tickets[i]), views[i].seq);
}

/* As long as it goes on: a long day has long evenings. */
static void wait_until_all_are_rated(void)
{
	unsigned before = 0, rated = hotline_rated(hotline);
	int64_t until_ms = now_ms() + PATIENCE_MS;

	while (rated < ticket_count) {
		if (now_ms() > until_ms)
			fail_msg("%u of %zu are rated", rated, ticket_count);
		if (rated > before)
			until_ms = now_ms() + PATIENCE_MS;
		before = rated;
		breathe();
		rated = hotline_rated(hotline);
	}
}

static void say_figures(int64_t took_ms)
{
	struct hotline_tally tally = hotline_tally(hotline);

	print_message("%zu orders, %u ratings, %u callbacks, %u of them twice "
		      "or more, in %lld s\n",
	    ticket_count, hotline_rated(hotline), tally.taken, tally.again,
	    (long long)(took_ms / 1000));
}

static void tells_every_change_through_all_outages(void **state)
{
	struct node_status status;
	int64_t started_ms = now_ms();

	(void)state;
	hotline_rates(hotline, true);
	send_day(getenv("WHISTLE_FLOW_LONG") ? LONG_DAY : SHORT_DAY);
	wait_until_all_are_rated();
	check_heard();
	say_figures(now_ms() - started_ms);
	assert_true(node_status(&status, &city, "gatewayd"));
	assert_int_equal(status.tickets, ticket_count);
	assert_int_equal(hotline_rated(hotline), ticket_count);
	for (size_t i = 0; i < ticket_count; i++)
		assert_int_equal(views[i].state, STATE_CLOSED);
}

static bool is_idle(void *context)
{
	json_t *answer = NULL;
	bool is_empty = false;

	(void)context;
	if (hotline_ask(&answer, hotline, "GET", "/hotline/v1/callbacks", "") ==
	    200)
		is_empty = json_number_at(answer, "waiting") == 0;
	json_decref(answer);
	return is_empty;
}

static bool has_come_again(void *context)
{
	unsigned *before = context;

	return hotline_tally(hotline).again > *before;
}

static void replays_one_on_request(void **state)
{
	char number[ID_TEXT], target[128];
	unsigned before;

	(void)state;
	assert_true(wait_until(is_idle, NULL, PATIENCE_MS));
	before = hotline_tally(hotline).again;
	snprintf(target, sizeof(target), "/hotline/v1/callbacks/%s-1",
	    id_format(number, &tickets[0]));
	assert_int_equal(hotline_ask(NULL, hotline, "POST", target, ""), 202);
	assert_true(wait_until(has_come_again, &before, PATIENCE_MS));
	snprintf(target, sizeof(target), "/hotline/v1/callbacks/%s-99", number);
	assert_int_equal(hotline_ask(NULL, hotline, "POST", target, ""), 404);
}

static bool heard_second(void *context)
{
	return hotline_heard(hotline, context) >= 2;
}

static bool is_refused(void *context)
{
	json_t *answer = NULL;
	bool is_so = false;

	(void)context;
	if (hotline_ask(&answer, hotline, "GET", "/hotline/v1/callbacks", "") ==
		200 &&
	    json_number_at(answer, "waiting") > 0)
		is_so = json_number_at(answer, "callbacks[0].status") == 422;
	json_decref(answer);
	return is_so;
}

/* The first callback of the refused ticket may have gone already, then it
 * is a later one that is refused. */
static void lets_others_pass_one_that_is_refused(void **state)
{
	struct id *refused = &tickets[ticket_count];
	struct id *other = &tickets[ticket_count + 1];

	(void)state;
	hotline_feel(hotline, HOTLINE_UNWELL);
	send_order(refused, 100001);
	hotline_refuse(hotline, refused);
	hotline_feel(hotline, HOTLINE_WELL);
	send_order(other, 100002);
	assert_true(wait_until(heard_second, other, PATIENCE_MS));
	assert_true(wait_until(is_refused, NULL, PATIENCE_MS));
	hotline_refuse(hotline, NULL);
	ticket_count += 2;
	check_heard();
}

static void keeps_the_old_address_when_the_new_is_wrong(void **state)
{
	(void)state;
	file_write(city_path(&city, "hotline.yaml"), "url: nowhere\n");
	kill(city_daemon(&city, "gatewayd")->pid, SIGHUP);
	city_wait_log(&city, "gatewayd", "two lines: url and client", 0);
	send_order(&tickets[ticket_count++], 100003);
	check_heard();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_every_change_through_all_outages),
		cmocka_unit_test(replays_one_on_request),
		cmocka_unit_test(lets_others_pass_one_that_is_refused),
		cmocka_unit_test(keeps_the_old_address_when_the_new_is_wrong),
	};

	return flow_end(cmocka_run_group_tests(tests, open_city, close_city));
}
