/* A take-over without the holder, and what becomes of what he did unheard. */
#include "world.h"

#include <string.h>

enum { LIMIT_MS = 31 * 1000 }; /* the catalogue's, and a second */

static int setup(void **state)
{
	return world_begin(state, 21);
}

static void check_all(struct world *world)
{
	world_check_views(world);
	world_check_holders(world);
	world_check_stores(world);
	world_check_stranded(world);
	world_check_audits(world);
}

static struct ticket at(struct world *world, unsigned node, const struct id *id)
{
	return node_ticket(&world->nodes[node], id);
}

static struct wire_request wish_take(const struct id *id, bool fence)
{
	struct wire_request request = wish_to(VERB_TAKE_OVER, id);

	request.command.what.text = "no word from them";
	request.command.fence = fence;
	return request;
}

/* Ordered, and nobody answers for as long as the catalogue says. */
static void ask_in_vain(
    struct world *world, const char *operator, const struct id * id)
{
	struct wire_request request = wish_take(id, false);
	struct wire_reply reply = world_ask(world, operator, & request);

	assert_int_equal(reply.result, RESULT_PENDING);
	assert_string_not_equal(reply.detail, "");
}

static void fence(
    struct world *world, const char *operator, const struct id * id)
{
	struct wire_request request = wish_take(id, true);

	must(world, operator, & request);
}

/* At the street, and everybody knows it. */
static struct id at_the_street(struct world *world)
{
	struct id id = open_ticket(world, "grid-1", "hole", NULL);

	world_settle(world);
	assert_string_equal(at(world, CITY, &id).holder.s, UNIT_STREET_1);
	return id;
}

static void cut_street(struct world *world, const struct id *id)
{
	world->nodes[STREET_1].is_cut = true;
	ask_in_vain(world, "district", id);
}

static void fence_street(struct world *world, const struct id *id)
{
	world_run(world, LIMIT_MS);
	fence(world, "district", id);
}

static void note_as(struct world *world, const char *operator,
    const struct id * id, const char *text)
{
	struct wire_request request = wish_note(id, text);

	must(world, operator, & request);
}

static void heal(struct world *world)
{
	world_heal(world);
	world_run(world, 1000);
	world_settle(world);
	check_all(world);
}

/* ---- when ---- */

static void waits_for_the_catalogues_time(void **state)
{
	struct world *world = *state;
	struct id id = at_the_street(world);
	struct wire_request request;
	struct wire_reply reply;
	int64_t first_ms;

	cut_street(world, &id);
	first_ms = world->now_ms;
	request = wish_take(&id, true);
	must_not(world, "district", &request, "fence_later");
	world_run(world, 20 * 1000);
	/* asked again, the first time counts */
	request = wish_take(&id, false);
	reply = world_ask(world, "district", &request);
	assert_int_equal(reply.result, RESULT_PENDING);
	assert_true(world->now_ms < first_ms + LIMIT_MS);
	world_run(world, first_ms + LIMIT_MS - world->now_ms);
	/* a restart does not forget it */
	node_kill(&world->nodes[DISTRICT]);
	node_start(&world->nodes[DISTRICT]);
	world_run(world, 2000);
	fence(world, "district", &id);
	struct ticket ticket = at(world, DISTRICT, &id);
	assert_string_equal(ticket.holder.s, UNIT_DISTRICT);
	assert_int_equal(ticket.term, 2);
	heal(world);
}

static void without_an_order_it_is_one(void **state)
{
	struct world *world = *state;
	struct id id = at_the_street(world);
	struct wire_request request = wish_take(&id, true);

	/* the street is there, and does it */
	must(world, "district", &request);
	world_settle(world);
	assert_string_equal(at(world, CITY, &id).holder.s, UNIT_DISTRICT);
	assert_int_equal(at(world, CITY, &id).term, 1);
	check_all(world);
}

static void an_answer_ends_the_wait(void **state)
{
	struct world *world = *state;
	struct id id = at_the_street(world);
	struct wire_request request;

	world->nodes[STREET_1].is_cut = true;
	request = wish_whistle(&id, UNIT_CGJ, UNIT_GAJ);
	must(world, "street-1", &request);
	ask_in_vain(world, "district", &id);
	world_run(world, LIMIT_MS);
	world_heal(world); /* it waits for departments: refused */
	world_settle(world);
	request = wish_take(&id, true);
	must_not(world, "district", &request, "wrong_state");
	assert_int_equal(at(world, CITY, &id).term, 1);
	check_all(world);
}

static void of_ones_own_it_is_the_ordinary_thing(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "district", "", UNIT_DISTRICT);
	struct wire_request request = wish_take(&id, true);

	must_not(world, "district", &request, "not_above");
	request = wish_forward(&id, UNIT_CGJ);
	must(world, "district", &request);
	request = wish_take(&id, true);
	must(world, "district", &request);
	world_settle(world);
	assert_int_equal(at(world, CITY, &id).term, 1);
	check_all(world);
}

static void those_without_the_power_cannot(void **state)
{
	struct world *world = *state;
	struct id id = at_the_street(world);
	struct wire_request request;

	cut_street(world, &id);
	world_run(world, LIMIT_MS);
	request = wish_take(&id, true);
	must_not(world, "cgj", &request, "not_above");
	request = wish_take(&id, true);
	must_not(world, "hotline", &request, "unknown_ticket");
	heal(world);
}

/* ---- what he did unheard ---- */

static void notes_unheard_are_stranded(void **state)
{
	struct world *world = *state;
	struct id id = at_the_street(world);

	cut_street(world, &id);
	note_as(world, "street-1", &id, "unheard one");
	note_as(world, "community-1", &id, "unheard two");
	fence_street(world, &id);
	note_as(world, "district", &id, "heard");
	heal(world);
	struct ticket ticket = at(world, GRID_1, &id);
	assert_string_equal(ticket.holder.s, UNIT_DISTRICT);
	assert_int_equal(ticket.term, 2);
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		if (!node_knows(&world->nodes[i], &id))
			continue;
		assert_int_equal(count_text(&world->nodes[i], &id, "heard"), 1);
		assert_int_equal(
		    count_text(&world->nodes[i], &id, "unheard"), 0);
		/* the order's own event, too, if it came before the fence */
		assert_true(count_stranded(&world->nodes[i], &id) >= 2);
	}
	assert_true(world_logged(world, "stranded="));
}

static void a_rating_unheard_is_taken_back(void **state)
{
	struct world *world = *state;
	struct id id = at_the_street(world);
	struct wire_request request;

	cut_street(world, &id);
	request = wish_resolve(&id);
	must(world, "street-1", &request);
	world_run(world, 1000);
	request = wish_rate(&id);
	must(world, "grid-1", &request);
	fence_street(world, &id);
	assert_int_equal(at(world, GRID_1, &id).state, STATE_CLOSED);
	heal(world);
	assert_int_equal(at(world, GRID_1, &id).state, STATE_OPEN);
	assert_false(at(world, GRID_1, &id).rating.is_given);
	assert_true(count_stranded(&world->nodes[CITY], &id) >= 2);
	/* and there is one rating in the end */
	request = wish_resolve(&id);
	must(world, "district", &request);
	world_settle(world);
	request = wish_rate(&id);
	must(world, "grid-1", &request);
	world_settle(world);
	request = wish_rate(&id);
	must_not(world, "grid-1", &request, "rated_already");
	world_settle(world);
	check_all(world);
}

/* Whoever had it in what is stranded learns that he has it no more. */
static void a_forward_unheard_is_taken_back(void **state)
{
	struct world *world = *state;
	struct id id = open_ticket(world, "street-1", "", UNIT_STREET_1);
	struct wire_request request;

	world_settle(world);
	assert_false(node_knows(&world->nodes[GRID_1], &id));
	cut_street(world, &id);
	request = wish_forward(&id, UNIT_GRID_1B);
	must(world, "street-1", &request);
	world_run(world, 1000);
	note_as(world, "grid-1b", &id, "at work");
	fence_street(world, &id);
	assert_string_equal(at(world, GRID_1, &id).holder.s, UNIT_GRID_1B);
	heal(world);
	assert_string_equal(at(world, GRID_1, &id).holder.s, UNIT_DISTRICT);
	assert_true(count_stranded(&world->nodes[GRID_1], &id) >= 2);
	/* also what comes later */
	note_as(world, "district", &id, "later");
	world_settle(world);
	assert_int_equal(count_text(&world->nodes[GRID_1], &id, "later"), 1);
	request = wish(ASK_SHOW);
	request.show.ticket = id;
	struct wire_reply reply = world_ask(world, "grid-1b", &request);
	assert_int_equal(reply.result, RESULT_DONE);
	assert_true(reply.show.stranded_count >= 2);
	check_all(world);
}

static void callouts_unheard_are_withdrawn(void **state)
{
	struct world *world = *state;
	struct id id = at_the_street(world);
	struct wire_request request;

	cut_street(world, &id);
	request = wish_whistle(&id, UNIT_CGJ, UNIT_GAJ);
	must(world, "street-1", &request);
	struct ticket unheard = at(world, STREET_1, &id);
	assert_int_equal(unheard.state, STATE_WAITING);
	fence_street(world, &id);
	heal(world);
	assert_int_equal(at(world, CITY, &id).state, STATE_OPEN);
	for (unsigned i = 0; i < 2; i++) {
		const struct id *callout = &unheard.callouts[i].ticket;
		assert_int_equal(
		    at(world, CITY, callout).state, STATE_EXCLUDED);
		assert_int_equal(
		    count_verb(&world->nodes[CITY], callout, VERB_EXCLUDE), 1);
	}
	/* whoever has it now whistles as if nothing had been */
	request = wish_forward(&id, UNIT_STREET_2);
	must(world, "district", &request);
	world_settle(world);
	request = wish_whistle(&id, UNIT_CGJ, UNIT_GAJ);
	must(world, "street-2", &request);
	world_settle(world);
	assert_int_equal(at(world, CITY, &id).state, STATE_WAITING);
	check_all(world);
}

static void a_merge_unheard_is_taken_back(void **state)
{
	struct world *world = *state;
	struct id id = at_the_street(world), master = at_the_street(world);
	struct wire_request request;

	cut_street(world, &id);
	request = wish_to(VERB_MERGE, &id);
	request.command.what.master = master;
	must(world, "street-1", &request);
	fence_street(world, &id);
	heal(world);
	assert_int_equal(at(world, STREET_1, &id).state, STATE_OPEN);
	request = wish_resolve(&master);
	must(world, "street-1", &request);
	world_settle(world);
	assert_int_equal(at(world, CITY, &id).state, STATE_OPEN);
	check_all(world);
}

/* ---- two at once ---- */

static void the_higher_fence_goes_first(void **state)
{
	struct world *world = *state;
	struct id id = at_the_street(world);

	cut_street(world, &id);
	ask_in_vain(world, "boss", &id);
	world->nodes[DISTRICT].is_cut = true;
	note_as(world, "street-1", &id, "unheard");
	fence_street(world, &id);
	note_as(world, "district", &id, "of the district");
	fence(world, "boss", &id);
	note_as(world, "boss", &id, "of the city");
	heal(world);
	for (unsigned i = 0; i < WORLD_NODES; i++) {
		struct world_node *node = &world->nodes[i];
		if (!node_knows(node, &id))
			continue;
		assert_string_equal(node_ticket(node, &id).holder.s, UNIT_CITY);
		assert_int_equal(count_text(node, &id, "of the city"), 1);
		assert_int_equal(count_text(node, &id, "of the district"), 0);
		assert_true(count_stranded(node, &id) >= 3);
	}
}

static void a_fenced_ticket_can_be_fenced_again(void **state)
{
	struct world *world = *state;
	struct id id = at_the_street(world);
	struct wire_request request;

	cut_street(world, &id);
	note_as(world, "street-1", &id, "unheard");
	fence_street(world, &id);
	request = wish_forward(&id, UNIT_STREET_2);
	must(world, "district", &request);
	world_run(world, 1000);
	world->nodes[STREET_2].is_cut = true;
	ask_in_vain(world, "district", &id);
	note_as(world, "street-2", &id, "unheard as well");
	fence_street(world, &id);
	assert_int_equal(at(world, DISTRICT, &id).term, 3);
	heal(world);
	assert_int_equal(at(world, STREET_1, &id).term, 3);
	assert_int_equal(at(world, STREET_2, &id).term, 3);
}

/* ---- whatever happens on the way ---- */

/* A street that did much unheard, fenced by district and city, and both have
 * gone on. */
static struct id troubled(struct world *world)
{
	struct id id = at_the_street(world);
	struct wire_request request;

	cut_street(world, &id);
	ask_in_vain(world, "boss", &id);
	world->nodes[DISTRICT].is_cut = true;
	note_as(world, "street-1", &id, "unheard");
	request = wish_whistle(&id, UNIT_CGJ, UNIT_GAJ);
	must(world, "street-1", &request);
	fence_street(world, &id);
	request = wish_forward(&id, UNIT_STREET_2);
	must(world, "district", &request);
	world_run(world, 500);
	request = wish_to(VERB_ACCEPT, &id);
	must(world, "street-2", &request);
	fence(world, "boss", &id);
	note_as(world, "boss", &id, "of the city");
	return id;
}

static void kill_all(struct world *world)
{
	for (unsigned i = 0; i < WORLD_NODES; i++)
		node_kill(&world->nodes[i]);
	for (unsigned i = 0; i < WORLD_NODES; i++)
		node_start(&world->nodes[i]);
}

/* One after the other of the turns in which it is sorted out is the last. */
static void kills_at_any_moment_change_nothing(void **state)
{
	(void)state;
	for (int steps = 1; steps < 40; steps += 3) {
		struct world *world = world_open(100 + (uint64_t)steps);
		world_settle(world);
		struct id id = troubled(world);
		world->nodes[STREET_1].is_cut = false;
		world->nodes[DISTRICT].is_cut = false;
		world_run(world, 1000);
		for (int i = 0; i < steps; i++)
			world_run(world, WORLD_STEP_MS);
		for (unsigned i = 0; i < WORLD_NODES; i++)
			world->nodes[i].is_dying = i % 2;
		world_run(world, WORLD_STEP_MS);
		kill_all(world);
		heal(world);
		assert_string_equal(at(world, GRID_1, &id).holder.s, UNIT_CITY);
		world_close(&world);
	}
}

static void repeats_and_losses_change_nothing(void **state)
{
	struct world *world = *state;
	struct id id = troubled(world);

	world->lose = 20;
	world->repeat = 40;
	world->delay_ms = 300;
	world->nodes[STREET_1].is_cut = false;
	world->nodes[DISTRICT].is_cut = false;
	world_run(world, 20 * 1000);
	heal(world);
	assert_string_equal(at(world, GRID_1, &id).holder.s, UNIT_CITY);
}

static void what_is_stranded_outlives_a_lost_store(void **state)
{
	struct world *world = *state;
	const unsigned losers[] = { CITY, DISTRICT, STREET_1, STREET_2,
		COMMUNITY_1, GRID_1 };
	struct id id = troubled(world);

	heal(world);
	unsigned count = count_stranded(&world->nodes[GATEWAY], &id);
	assert_int_equal(count, 0); /* it does not know the ticket */
	count = count_stranded(&world->nodes[CITY], &id);
	assert_true(count >= 5);
	for (size_t i = 0; i < sizeof(losers) / sizeof(*losers); i++) {
		node_lose_store(&world->nodes[losers[i]]);
		node_start(&world->nodes[losers[i]]);
		heal(world);
		assert_int_equal(
		    count_stranded(&world->nodes[losers[i]], &id), count);
	}
}

/* The street's disk is gone with what nobody has heard. */
static void a_street_without_its_store_follows(void **state)
{
	struct world *world = *state;
	struct id id = troubled(world);

	node_lose_store(&world->nodes[STREET_1]);
	heal(world);
	assert_string_equal(at(world, STREET_1, &id).holder.s, UNIT_CITY);
}

/* ---- who follows the journal ---- */

/* Each event of the log once and in its order, and none that is not there. */
static void check_followed(
    struct world_node *node, const struct id *id, const char *operator)
{
	struct world *world = node->world;
	struct ticket ticket = node_ticket(node, id);
	struct wire_request request = wish(ASK_FOLLOW);
	uint32_t seq = 0;

	request.follow.ticket = *id;
	request.follow.limit = 500;
	struct wire_reply reply = world_ask(world, operator, & request);
	assert_int_equal(reply.result, RESULT_DONE);
	for (size_t i = 0; i < reply.follow.count; i++) {
		struct buf ours = node_event(node, id, ++seq);
		struct bytes theirs = reply.follow.events[i].event;
		assert_int_equal(ours.len, theirs.len);
		assert_memory_equal(ours.data, theirs.data, ours.len);
		buf_free(&ours);
	}
	assert_int_equal(seq, ticket.seq);
}

static void a_follower_hears_what_is_in_the_log(void **state)
{
	struct world *world = *state;
	struct id id = troubled(world);

	heal(world);
	check_followed(&world->nodes[STREET_1], &id, "street-1");
	check_followed(&world->nodes[GRID_1], &id, "grid-1");
	check_followed(&world->nodes[DISTRICT], &id, "district");
	check_followed(&world->nodes[CITY], &id, "boss");
}

/* ---- whoever fences without the right ---- */

static struct event forged_fence(struct world *world, unsigned at_node,
    const struct id *id, const char *unit)
{
	struct event event =
	    forged_event(&world->nodes[at_node], id, VERB_TAKE_OVER, unit);

	event.term++;
	event.what.to = code_of(unit);
	event.what.text = "mine";
	return event;
}

static void is_refused(struct world *world, unsigned from, unsigned to,
    const struct event *event, const char *problem)
{
	struct buf packed = pack_event(event);
	struct bytes bytes = bytes_of(packed.data, packed.len);
	struct ticket before = node_ticket(&world->nodes[to], &event->ticket);

	world_run(world, 61 * 1000); /* it is said once a minute */
	world_forget_log(world);
	forge_delivery(&world->nodes[from], &world->nodes[to], &bytes, 1);
	if (!world_logged(world, problem))
		fail_msg("nobody said %s", problem);
	struct ticket after = node_ticket(&world->nodes[to], &event->ticket);
	assert_memory_equal(&before, &after, sizeof(after));
	assert_int_equal(count_stranded(&world->nodes[to], &event->ticket), 0);
	buf_free(&packed);
}

static void a_fence_by_those_who_may_not_is_refused(void **state)
{
	struct world *world = *state;
	struct id id = at_the_street(world);
	struct event event;

	/* below the holder */
	event = forged_fence(world, DISTRICT, &id, UNIT_COMMUNITY_1);
	is_refused(world, STREET_1, DISTRICT, &event, "not_above");
	/* beside it */
	event = forged_fence(world, DISTRICT, &id, UNIT_STREET_2);
	is_refused(world, STREET_2, DISTRICT, &event, "not_above");
	/* from the wrong side */
	event = forged_fence(world, DISTRICT, &id, UNIT_DISTRICT);
	is_refused(world, STREET_1, DISTRICT, &event, "wrong_side");
	/* for another */
	event = forged_fence(world, STREET_1, &id, UNIT_DISTRICT);
	event.what.to = code_of(UNIT_STREET_2);
	is_refused(world, DISTRICT, STREET_1, &event, "problem=");
	/* a term that nobody has begun, another verb */
	event = forged_fence(world, STREET_1, &id, UNIT_DISTRICT);
	event.term++;
	is_refused(world, DISTRICT, STREET_1, &event, "problem=");
	event = forged_event(
	    &world->nodes[STREET_1], &id, VERB_SUPERVISE, UNIT_DISTRICT);
	event.term++;
	event.what.text = "now";
	is_refused(world, DISTRICT, STREET_1, &event, "problem=");
}

/* Who has passed something on cannot fence it away. */
static void nobody_fences_away_what_it_has_passed_on(void **state)
{
	struct world *world = *state;
	struct id id = at_the_street(world);
	struct event event = forged_fence(world, CITY, &id, UNIT_DISTRICT);

	note_as(world, "street-1", &id, "one");
	note_as(world, "street-1", &id, "two");
	world_settle(world);
	is_refused(world, DISTRICT, CITY, &event, "fork");
	check_all(world);
}

/* ---- whatever comes first ---- */

enum { BRANCHES = 5 };

/* Events of several branches, and from which side each comes. */
struct branches {
	struct buf events[BRANCHES];
	struct hash hashes[BRANCHES];
	unsigned from[BRANCHES];
	unsigned count;
};

/* Behind another of them (-1: behind what there is); how many came before. */
static void add_branch(struct branches *all, struct event *event, int behind,
    uint32_t depth, unsigned from)
{
	unsigned at = all->count++;

	if (behind >= 0)
		event->prev = all->hashes[behind];
	event->seq += depth;
	event->time_ms += at;
	all->events[at] = pack_event(event);
	all->from[at] = from;
	hash_of(&all->hashes[at],
	    bytes_of(all->events[at].data, all->events[at].len));
}

static void add_note(struct world *world, struct branches *all,
    const struct id *id, const char *unit, int behind, uint32_t depth,
    uint32_t more_terms, unsigned from)
{
	struct event event =
	    forged_event(&world->nodes[STREET_1], id, VERB_NOTE, unit);

	event.what.text = "note";
	event.term += more_terms;
	add_branch(all, &event, behind, depth, from);
}

static void add_fence(struct world *world, struct branches *all,
    const struct id *id, const char *unit, int behind, uint32_t depth)
{
	struct event event = forged_fence(world, STREET_1, id, unit);

	add_branch(all, &event, behind, depth, DISTRICT);
}

/* The community did two things; the district fenced the first, and went on;
 * the city fenced behind the community's first. */
static void first_set(
    struct branches *all, struct world *world, const struct id *id)
{
	add_note(world, all, id, UNIT_COMMUNITY_1, -1, 0, 0, COMMUNITY_1);
	add_note(world, all, id, UNIT_COMMUNITY_1, 0, 1, 0, COMMUNITY_1);
	add_fence(world, all, id, UNIT_DISTRICT, -1, 0);
	add_note(world, all, id, UNIT_DISTRICT, 2, 1, 1, DISTRICT);
	add_fence(world, all, id, UNIT_CITY, 0, 1);
}

/* Both fenced at the same place, and both went on. */
static void second_set(
    struct branches *all, struct world *world, const struct id *id)
{
	add_note(world, all, id, UNIT_COMMUNITY_1, -1, 0, 0, COMMUNITY_1);
	add_fence(world, all, id, UNIT_DISTRICT, -1, 0);
	add_note(world, all, id, UNIT_DISTRICT, 1, 1, 1, DISTRICT);
	add_fence(world, all, id, UNIT_CITY, -1, 0);
	add_note(world, all, id, UNIT_CITY, 3, 1, 1, DISTRICT);
}

static void deliver(
    struct world *world, const struct branches *all, unsigned which)
{
	forge_event(&world->nodes[all->from[which]], &world->nodes[STREET_1],
	    bytes_of(all->events[which].data, all->events[which].len));
}

/* The number of the permutation as the order of the events. */
static void order_of(unsigned order[BRANCHES], unsigned number)
{
	unsigned left[BRANCHES] = { 0, 1, 2, 3, 4 };

	for (unsigned n = BRANCHES; n > 0; n--) {
		unsigned at = number % n;
		order[BRANCHES - n] = left[at];
		memmove(left + at, left + at + 1, (n - at - 1) * sizeof(*left));
		number /= n;
	}
}

static void comes_out(struct world *world, const struct id *id,
    const struct branches *all, const unsigned *winners)
{
	struct world_node *street = &world->nodes[STREET_1];
	struct ticket ticket = node_ticket(street, id);

	assert_true(hash_equal(&ticket.last, &all->hashes[winners[1]]));
	assert_int_equal(ticket.term, 2);
	assert_int_equal(count_stranded(street, id), BRANCHES - 2);
}

static void try_all(struct world *world, const unsigned winners[2],
    void (*make)(struct branches *, struct world *, const struct id *))
{
	for (unsigned number = 0; number < 120; number++) {
		struct branches all = { .count = 0 };
		unsigned order[BRANCHES];
		struct id id =
		    open_ticket(world, "community-1", "", UNIT_COMMUNITY_1);
		world_run(world, 100);
		make(&all, world, &id);
		order_of(order, number);
		for (unsigned i = 0; i < BRANCHES; i++)
			deliver(world, &all, order[i]);
		/* what had a gap was asked for, and comes again */
		for (unsigned i = 0; i < BRANCHES; i++)
			deliver(world, &all, i);
		comes_out(world, &id, &all, winners);
		for (unsigned i = 0; i < BRANCHES; i++)
			buf_free(&all.events[i]);
	}
	node_check_audit(&world->nodes[STREET_1]);
}

static void the_order_of_arrival_changes_nothing(void **state)
{
	struct world *world = *state;
	const unsigned first[] = { 2, 3 }, second[] = { 3, 4 };

	try_all(world, first, first_set);
	try_all(world, second, second_set);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, setup, world_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(waits_for_the_catalogues_time),
		IN_WORLD(without_an_order_it_is_one),
		IN_WORLD(an_answer_ends_the_wait),
		IN_WORLD(of_ones_own_it_is_the_ordinary_thing),
		IN_WORLD(those_without_the_power_cannot),
		IN_WORLD(notes_unheard_are_stranded),
		IN_WORLD(a_rating_unheard_is_taken_back),
		IN_WORLD(a_forward_unheard_is_taken_back),
		IN_WORLD(callouts_unheard_are_withdrawn),
		IN_WORLD(a_merge_unheard_is_taken_back),
		IN_WORLD(the_higher_fence_goes_first),
		IN_WORLD(a_fenced_ticket_can_be_fenced_again),
		cmocka_unit_test(kills_at_any_moment_change_nothing),
		IN_WORLD(repeats_and_losses_change_nothing),
		IN_WORLD(what_is_stranded_outlives_a_lost_store),
		IN_WORLD(a_street_without_its_store_follows),
		IN_WORLD(a_follower_hears_what_is_in_the_log),
		IN_WORLD(a_fence_by_those_who_may_not_is_refused),
		IN_WORLD(nobody_fences_away_what_it_has_passed_on),
		IN_WORLD(the_order_of_arrival_changes_nothing),
	};

	return cmocka_run_group_tests_name("engine/fence", tests, NULL, NULL);
}
