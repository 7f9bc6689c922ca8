/*
 * Powers hold: what a person or a node may not do is refused, with the
 * reason, whoever asks and however it is asked.
 */
#include "harness/harness.h"

#include <stdio.h>
#include <string.h>

#define GRID	  "grid-420704001002001"
#define GRID_AT	  "420704001002001"
#define NEIGHBOUR "grid-420704001002002"
#define STREET	  "street-420704001"
#define STREET_AT "420704001"

static struct city city;

static int open_city(void **state)
{
	(void)state;
	city_open(&city);
	return 0;
}

/* ---- tickets to try on ---- */

static struct id new_ticket(void)
{
	struct wish wish;

	wish_start(&wish, VERB_OPEN, NULL);
	wish.what->title = "有件事想请人看看";
	return wish_do(&city, GRID, &wish);
}

static void forward(
    const char *operator_name, const struct id *ticket, const char *to)
{
	struct wish wish;

	wish_start(&wish, VERB_FORWARD, ticket);
	wish.what->to = unit_code(to);
	wish.what->text = "请接着办";
	wish_do(&city, operator_name, &wish);
	wait_held(&city, ticket, to, STATE_OPEN);
}

static struct id ticket_of_street(void)
{
	struct id ticket = new_ticket();

	forward(GRID, &ticket, "420704001002");
	forward("comm-420704001002", &ticket, STREET_AT);
	return ticket;
}

static void simply(
    const char *operator_name, enum verb verb, const struct id *ticket)
{
	struct wish wish;

	wish_start(&wish, verb, ticket);
	if (verb == VERB_RESOLVE) {
		wish.what->outcome = OUTCOME_SOLVED;
		wish.what->channel = CHANNEL_GOVERNMENT;
		wish.what->text = "办好了";
	}
	if (verb == VERB_RATE) {
		wish.what->responded = wish.what->resolved = true;
		wish.what->satisfaction = SATISFACTION_SATISFIED;
	}
	wish_do(&city, operator_name, &wish);
}

static struct id resolved_ticket(void)
{
	struct id ticket = new_ticket();

	simply(GRID, VERB_ACCEPT, &ticket);
	simply(GRID, VERB_RESOLVE, &ticket);
	return ticket;
}

static void rating_of(struct wish *wish, const struct id *ticket)
{
	wish_start(wish, VERB_RATE, ticket);
	wish->what->satisfaction = SATISFACTION_DISSATISFIED;
}

/* Nothing more has happened to it than `events`. */
static void has_events(const struct id *id, const char *node, uint32_t events)
{
	struct ticket ticket;

	see(&ticket, &city, node, id);
	assert_int_equal(ticket.seq, events);
}

/* ---- people ---- */

static void refuses_a_second_rating(void **state)
{
	struct id ticket = resolved_ticket();
	struct wish wish;
	(void)state;

	simply(GRID, VERB_RATE, &ticket);
	rating_of(&wish, &ticket);
	wish_refused(&city, GRID, NULL, &wish, "rated_already");
	has_events(&ticket, "gridd", 4);
}

static void refuses_a_rating_by_another(void **state)
{
	struct id ticket = resolved_ticket();
	struct wish wish;
	(void)state;

	rating_of(&wish, &ticket);
	wish_refused(&city, NEIGHBOUR, NULL, &wish, "not_origin");
	city_wait_quiet(&city);
	rating_of(&wish, &ticket);
	wish_refused(&city, STREET, NULL, &wish, "not_origin");
	has_events(&ticket, "gridd", 3);
}

static void refuses_a_forward_by_who_does_not_hold_it(void **state)
{
	struct id ticket = ticket_of_street();
	struct wish wish;
	(void)state;

	wish_start(&wish, VERB_FORWARD, &ticket);
	wish.what->to = unit_code("420704001002");
	wish.what->text = "还是给社区";
	wish_refused(&city, GRID, NULL, &wish, "not_holder");
	wish.request.id = (struct id){ { 0 } };
	wish_refused(&city, NEIGHBOUR, NULL, &wish, "not_holder");
}

static void whistle_of(struct wish *wish, struct callout *callout,
    const struct id *ticket, const char *department)
{
	*callout = (struct callout){ .department = unit_code(department),
		.lead = true };
	wish_start(wish, VERB_WHISTLE, ticket);
	wish->what->colour = COLOUR_RED;
	wish->what->callouts = callout;
	wish->what->callout_count = 1;
}

static void refuses_the_verb_of_a_street_by_a_grids_key(void **state)
{
	struct id ticket = new_ticket();
	struct callout callout;
	struct wish wish;
	(void)state;

	whistle_of(&wish, &callout, &ticket, "420704-zjj");
	wish_refused(&city, GRID, NULL, &wish, "no_role");
}

/* A supervisor has every role, and for a grid still no more than a grid's
 * powers. */
static void refuses_what_the_level_may_not_whoever_asks(void **state)
{
	struct id ticket = new_ticket();
	struct callout callout;
	struct wish wish;
	(void)state;

	whistle_of(&wish, &callout, &ticket, "420704-zjj");
	wish.request.command.unit = unit_code(GRID_AT);
	wish_refused(&city, "admin", "gridd", &wish, "no_power");
}

static void refuses_a_command_for_another_unit(void **state)
{
	struct id ticket = ticket_of_street();
	struct wish wish;
	(void)state;

	wish_start(&wish, VERB_ACCEPT, &ticket);
	wish.request.command.unit = unit_code(STREET_AT);
	wish_refused(&city, GRID, NULL, &wish, "wrong_unit");
	wish.request.id = (struct id){ { 0 } };
	wish_refused(&city, GRID, "streetd", &wish, "wrong_unit");
}

static void refuses_a_unit_that_the_node_does_not_serve(void **state)
{
	struct id ticket = new_ticket();
	struct wish wish;
	(void)state;

	wish_start(&wish, VERB_NOTE, &ticket);
	wish.what->text = "问问";
	wish_refused(&city, GRID, "cityd", &wish, "not_here");
}

static void shows_nobody_the_tickets_of_others(void **state)
{
	struct id ticket = new_ticket();
	struct wire_request request;
	struct wire_reply reply;
	(void)state;

	city_wait_quiet(&city);
	request_clear(&request, ASK_SHOW);
	request.show.ticket = ticket;
	ask(&reply, &city, NEIGHBOUR, NULL, &request);
	assert_int_equal(reply.result, RESULT_NOT_FOUND);
	request.id = (struct id){ { 0 } };
	ask(&reply, &city, NEIGHBOUR, "cityd", &request);
	assert_int_equal(reply.result, RESULT_NOT_FOUND);
}

static void says_the_reason_in_words(void **state)
{
	struct id ticket = ticket_of_street();
	char id[ID_TEXT];
	struct run run;
	(void)state;

	cli(&run, &city, GRID, "--lang", "en", "ticket", "rate",
	    id_format(id, &ticket), "--satisfied", NULL);
	assert_int_equal(run.code, 1);
	assert_int_not_equal(strlen(run_text(&run.err)), 0);
	assert_null(strstr(run_text(&run.err), "wrong_state"));
	run_free(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_a_second_rating),
		cmocka_unit_test(refuses_a_rating_by_another),
		cmocka_unit_test(refuses_a_forward_by_who_does_not_hold_it),
		cmocka_unit_test(refuses_the_verb_of_a_street_by_a_grids_key),
		cmocka_unit_test(refuses_what_the_level_may_not_whoever_asks),
		cmocka_unit_test(refuses_a_command_for_another_unit),
		cmocka_unit_test(refuses_a_unit_that_the_node_does_not_serve),
		cmocka_unit_test(shows_nobody_the_tickets_of_others),
		cmocka_unit_test(says_the_reason_in_words),
	};

	return flow_end(
	    cmocka_run_group_tests_name("refuse", tests, open_city, NULL));
}
