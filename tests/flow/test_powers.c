/*
 * Powers, to the letter of the design: every role, at a unit of each level, in
 * each relation to a ticket, asks for each verb and each other thing, with keys
 * of their own, over real sockets; and each answer is the one that the table
 * says (powers/table.c), which was written from the documents. What is
 * refused writes nothing; what is done is done to a ticket of its own.
 */
#include <stdlib.h>
#include <string.h>
#include "powers/scenes.h"

enum { QUESTIONS_MAX = 60000, SHOWN = 40 };

static struct city city;
static struct question *asked;
static size_t asked_count;

#define X(name) #name,
static const char *const relation_names[] = { RELATIONS(X) };
#undef X

/* role × ask × level, role × ask × relation: how often */
static unsigned by_level[ROLE_COUNT][ASK_COUNT][sizeof(LEVELS)];
static unsigned by_relation[ROLE_COUNT][ASK_COUNT][RELATION_COUNT];
static unsigned done_of[ASK_COUNT], refused_of[ASK_COUNT];

static int open_city(void **state)
{
	(void)state;
	city_prepare(&city);
	people_write(&city);
	city_found(&city);
	city_start(&city);
	people_come(&city);
	asked = calloc(QUESTIONS_MAX, sizeof(*asked));
	assert_non_null(asked);
	return 0;
}

static int close_city(void **state)
{
	(void)state;
	people_go();
	free(asked);
	return 0;
}

static void note(const struct question *question)
{
	size_t level =
	    (size_t)(strchr(LEVELS, place_levels[question->place]) - LEVELS);
	enum relation relation = relation_to(question->scene, question->place);

	by_level[question->role][question->ask][level]++;
	by_relation[question->role][question->ask][relation]++;
	if (strcmp(question->answer, "done") != 0)
		refused_of[question->ask]++;
	else
		done_of[question->ask]++;
}

static const char *expected(const struct question *question)
{
	return answer_to(
	    question->scene, question->ask, question->role, question->place);
}

static size_t check_answers(void)
{
	size_t wrong = 0;

	for (size_t i = 0; i < asked_count; i++) {
		const struct question *question = &asked[i];
		const char *right = expected(question);

		note(question);
		if (!strcmp(question->answer, right))
			continue;
		if (wrong++ < SHOWN)
			fprintf(stderr,
			    "“%s” of %s by a %s of %s: %s; it should be %s\n",
			    ask_names[question->ask], question->scene->name,
			    word_name(WORD_ROLE, question->role),
			    place_codes[question->place], question->answer,
			    right);
	}
	return wrong;
}

/* Each of everybody's questions about the scene that is, or is not, done to
 * it for good. */
static void collect(const struct scene *scene, bool lasting)
{
	for (unsigned place = 0; place < PLACE_COUNT; place++)
		for (unsigned role = 1; role < ROLE_COUNT; role++)
			for (unsigned ask = 0; ask < ASK_COUNT; ask++) {
				struct question *question = &asked[asked_count];
				*question = (struct question){ .scene = scene,
					.ask = ask,
					.role = role,
					.place = place };
				if (!is_asked(scene, ask, place) ||
				    lasting != (is_lasting(ask) &&
						   !strcmp(expected(question),
						       "done")))
					continue;
				assert_true(asked_count < QUESTIONS_MAX - 2);
				asked_count++;
			}
}

static void name_tickets(
    const struct id *ids, bool each_its_own, const struct id *master)
{
	for (size_t i = 0; i < asked_count; i++) {
		asked[i].ticket = ids[each_its_own ? i : 0];
		asked[i].master = *master;
	}
}

static uint32_t events_of(const struct scene *scene, const struct id *id)
{
	struct ticket ticket;

	see(&ticket, &city, place_nodes[scene->holder], id);
	return ticket.seq;
}

/* One ticket for all who are refused, or who say something and leave it. */
static size_t ask_of_one(const struct scene *scene, struct id *one)
{
	uint32_t before, said = 0;

	asked_count = 0;
	collect(scene, false);
	if (scene->state) {
		scene_make(one, &city, scene, 2);
		name_tickets(&one[scene->state == 'm' ? 1 : 0], false, &one[1]);
	} else {
		struct id nobodys = { { 1, 2, 3 } };
		name_tickets(&nobodys, false, &nobodys);
	}
	before = scene->state ? events_of(scene, &asked[0].ticket) : 0;
	people_ask(asked, asked_count);
	for (size_t i = 0; i < asked_count; i++)
		said += asked[i].ask <= DO_FOR_OTHER &&
			!strcmp(asked[i].answer, "done");
	size_t wrong = check_answers();
	city_wait_quiet(&city);
	if (scene->state && !wrong)
		assert_int_equal(
		    events_of(scene, &asked[0].ticket), before + said);
	return wrong;
}

/* A ticket each for those who change it. */
static size_t ask_of_many(const struct scene *scene, const struct id *master)
{
	struct id *ids;

	asked_count = 0;
	collect(scene, true);
	if (!asked_count)
		return 0;
	ids = calloc(asked_count + 1, sizeof(*ids));
	assert_non_null(ids);
	scene_make(ids, &city, scene, asked_count + 1);
	name_tickets(ids + 1, true, master);
	people_ask(asked, asked_count);
	free(ids);
	return check_answers();
}

static void everybody_may_what_the_documents_say(void **state)
{
	struct id one[2];
	size_t wrong = 0, all = 0;
	(void)state;

	for (unsigned i = 0; i < scene_count; i++) {
		wrong += ask_of_one(&scenes[i], one);
		all += asked_count;
		if (scenes[i].state)
			wrong += ask_of_many(&scenes[i], &one[1]);
		all += scenes[i].state ? asked_count : 0;
	}
	print_message("%zu questions, %zu answered wrongly\n", all, wrong);
	assert_int_equal(wrong, 0);
}

static void check_levels(enum role role, enum ask ask)
{
	for (const char *level = LEVELS; *level; level++)
		if (!by_level[role][ask][level - LEVELS] &&
		    (ask != DO_UP || *level != 'y'))
			fail_msg("no %s of level %c asked for “%s”",
			    word_name(WORD_ROLE, role), *level, ask_names[ask]);
}

static void check_relations(enum role role, enum ask ask)
{
	for (unsigned is = 0; is < REL_NOTHING; is++)
		if (!by_relation[role][ask][is] &&
		    (ask != DO_GET || is != REL_CALLED))
			fail_msg("no %s that is the ticket's %s asked for “%s”",
			    word_name(WORD_ROLE, role), relation_names[is],
			    ask_names[ask]);
}

/* Each role asked for each thing, from each level and in each relation. */
static void nothing_was_left_unasked(void **state)
{
	(void)state;
	for (unsigned role = 1; role < ROLE_COUNT; role++)
		for (unsigned ask = 0; ask < ASK_COUNT; ask++) {
			check_levels(role, ask);
			if (is_of_ticket(ask))
				check_relations(role, ask);
		}
}

static void open_by_number(unsigned place, unsigned role)
{
	asked[asked_count++] = (struct question){ .scene = &scenes[0],
		.ask = DO_OPEN,
		.role = role,
		.place = place,
		.number = "the-same" };
}

/* A number that was taken gives the ticket that it is: to whoever may open
 * one, and to nobody else. */
static void a_number_gives_nothing_to_who_may_not_open(void **state)
{
	(void)state;
	asked_count = 0;
	for (unsigned place = 0; place < PLACE_COUNT; place++)
		if (place_levels[place] != 'p')
			open_by_number(place, ROLE_SUPERVISOR);
	people_do(asked, asked_count);
	asked_count = 0;
	for (unsigned place = 0; place < PLACE_COUNT; place++)
		for (unsigned role = 1; role < ROLE_COUNT; role++)
			open_by_number(place, role);
	people_ask(asked, asked_count);
	assert_int_equal(check_answers(), 0);
}

/* A verb that nobody could do would be as wrong as one that all can. */
static void each_thing_was_done_and_refused(void **state)
{
	(void)state;
	for (unsigned ask = 0; ask < ASK_COUNT; ask++) {
		bool is_everybodys =
		    ask == DO_SCORE || ask == DO_STATUS || ask == DO_NODES;

		if (!done_of[ask] && ask != DO_CONTACT)
			fail_msg("“%s” was never done", ask_names[ask]);
		if (!refused_of[ask] && !is_everybodys)
			fail_msg("“%s” was never refused", ask_names[ask]);
	}
	city_check_alive(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_may_what_the_documents_say),
		cmocka_unit_test(a_number_gives_nothing_to_who_may_not_open),
		cmocka_unit_test(nothing_was_left_unasked),
		cmocka_unit_test(each_thing_was_done_and_refused),
	};

	return flow_end(cmocka_run_group_tests_name(
	    "powers", tests, open_city, close_city));
}
