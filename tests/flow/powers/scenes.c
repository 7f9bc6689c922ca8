#include "powers/scenes.h"

#include <stdlib.h>
#include <string.h>

/*
 * A step is who and what: + opens; ^ sends up, v down, p to a department, q to
 * one of the city; a accepts, k checks in, b gives back, r resolves, t rates; w
 * blows the whistle, and * goes on with its callout; z suspends, x excludes, m
 * merges into the first of all.
 */
const struct scene scenes[] = {
	{ .name = "no ticket" },
	{ "a street's, accepted, confidential", 'a', KIND_APPEAL, AT_STREET,
	    AT_GRID, "GCS", .is_confidential = true, .is_followed = true,
	    .steps = "G+ G^ C^ Sa" },
	{ "a callout, open", 'o', KIND_CALLOUT, AT_DEPARTMENT, AT_STREET, "SP",
	    .is_followed = true, .steps = "G+ G^ C^ Sa Sw *" },
	{ "a hotline's, with a district, accepted", 'a', KIND_APPEAL,
	    AT_DISTRICT, AT_HOTLINE, "HYD", .is_followed = true,
	    .steps = "H+ Yv Da" },
	{ "a grid's own, open", 'o', KIND_APPEAL, AT_GRID, AT_GRID, "G",
	    .steps = "G+" },
	{ "a grid's own, accepted, nobody's", 'a', KIND_APPEAL, AT_GRID,
	    AT_GRID, "G", .has_no_contact = true, .steps = "G+ Ga" },
	{ "a community's, open", 'o', KIND_APPEAL, AT_COMMUNITY, AT_GRID, "GC",
	    .steps = "G+ G^" },
	{ "a district's, open", 'o', KIND_APPEAL, AT_DISTRICT, AT_GRID, "GCSD",
	    .steps = "G+ G^ C^ S^" },
	{ "the city's, accepted", 'a', KIND_APPEAL, AT_CITY, AT_GRID, "GCSDY",
	    .steps = "G+ G^ C^ S^ D^ Ya" },
	{ "a department's, accepted", 'a', KIND_APPEAL, AT_DEPARTMENT, AT_GRID,
	    "GCSDP", .steps = "G+ G^ C^ S^ Dp Pa" },
	{ "a department of the city's, open", 'o', KIND_APPEAL,
	    AT_CITY_DEPARTMENT, AT_HOTLINE, "HYQ", .steps = "H+ Yq" },
	{ "waiting for a department", 'w', KIND_APPEAL, AT_STREET, AT_GRID,
	    "GCS", .is_followed = true, .steps = "G+ G^ C^ Sa Sw",
	    .called = AT_DEPARTMENT },
	{ "a callout, checked in", 'a', KIND_CALLOUT, AT_DEPARTMENT, AT_STREET,
	    "SP", .steps = "G+ G^ C^ Sa Sw * Pk" },
	{ "a callout, given back", 'o', KIND_CALLOUT, AT_STREET, AT_STREET,
	    "SP", .was_returned = true, .steps = "G+ G^ C^ Sa Sw * Pb" },
	{ "a callout, given to another", 'o', KIND_CALLOUT, AT_CITY_DEPARTMENT,
	    AT_STREET, "SPQ", .was_returned = true,
	    .steps = "G+ G^ C^ Sa Sw * Pb Sq" },
	{ "resolved", 'r', KIND_APPEAL, AT_GRID, AT_GRID, "GCS",
	    .steps = "G+ G^ C^ Sa Sr" },
	{ "a hotline's, resolved", 'r', KIND_APPEAL, AT_HOTLINE, AT_HOTLINE,
	    "HYD", .steps = "H+ Yv Da Dr" },
	{ "closed", 'c', KIND_APPEAL, AT_GRID, AT_GRID, "GCS",
	    .steps = "G+ G^ C^ Sa Sr Gt" },
	{ "suspended", 's', KIND_APPEAL, AT_STREET, AT_GRID, "GCS",
	    .steps = "G+ G^ C^ Sa Yz" },
	{ "excluded", 'e', KIND_APPEAL, AT_STREET, AT_GRID, "GCS",
	    .steps = "G+ G^ C^ Sa Dx" },
	{ "merged", 'm', KIND_APPEAL, AT_STREET, AT_GRID, "GCS",
	    .steps = "G+ G^ C^ Sa Sm" },
};
const unsigned scene_count = sizeof(scenes) / sizeof(*scenes);

static const struct {
	char letter;
	enum ask ask;
} steps[] = {
	{ '+', DO_OPEN },
	{ '^', DO_UP },
	{ 'v', DO_DOWN },
	{ 'p', DO_ACROSS },
	{ 'q', DO_ACROSS },
	{ 'a', DO_ACCEPT },
	{ 'k', DO_CHECK_IN },
	{ 'b', DO_RETURN },
	{ 'r', DO_RESOLVE },
	{ 't', DO_RATE },
	{ 'w', DO_WHISTLE },
	{ 'z', DO_SUSPEND },
	{ 'x', DO_EXCLUDE },
	{ 'm', DO_MERGE },
};

static enum ask step_ask(char letter)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (steps[i].letter == letter)
			return steps[i].ask;
	fail_msg("no step %c", letter);
	return DO_OPEN;
}

/* Where this step goes, where that is not the ask's own way. */
static struct unit_code step_to(char step, enum ask ask)
{
	if (ask == DO_DOWN)
		return unit_code(place_codes[AT_DISTRICT]);
	if (ask == DO_WHISTLE)
		return unit_code(place_codes[AT_DEPARTMENT]);
	if (ask == DO_ACROSS)
		return unit_code(place_codes[step == 'q' ? AT_CITY_DEPARTMENT
							 : AT_DEPARTMENT]);
	return (struct unit_code){ "" };
}

static void put_file(const struct scene *scene, enum place place)
{
	struct question put = { .scene = scene,
		.ask = DO_PUT,
		.role = ROLE_SUPERVISOR,
		.place = place };

	people_do(&put, 1);
}

/* One step of all of them. */
static void walk(
    struct id *ids, const struct scene *scene, const char *step, size_t count)
{
	struct question *questions = calloc(count, sizeof(*questions));
	enum place place = place_of(step[0]);
	enum ask ask = step_ask(step[1]);
	/* whom the others follow stays */
	size_t from = ask == DO_MERGE ? 1 : 0;

	assert_non_null(questions);
	if (ask == DO_OPEN && scene->is_confidential)
		put_file(scene, place);
	for (size_t i = from; i < count; i++)
		questions[i] = (struct question){ .scene = scene,
			.ask = ask,
			.role = ROLE_SUPERVISOR,
			.place = place,
			.ticket = ids[i],
			.master = ids[0],
			.to = step_to(step[1], ask),
			.with_file = i == 0 && scene->is_confidential };
	people_do(questions + from, count - from);
	for (size_t i = 0; ask == DO_OPEN && i < count; i++)
		ids[i] = questions[i].opened;
	free(questions);
}

static void to_callouts(struct id *ids, struct city *city, size_t count)
{
	struct ticket ticket;

	for (size_t i = 0; i < count; i++) {
		see(&ticket, city, "streetd", &ids[i]);
		assert_int_equal(ticket.callout_count, 1);
		ids[i] = ticket.callouts[0].ticket;
	}
}

static char state_letter(enum state state)
{
	static const char letters[] = "-oawsrcem";

	return letters[state];
}

static void check(struct city *city, const struct scene *scene,
    const struct id *id, bool is_master)
{
	struct ticket ticket;

	see(&ticket, city, place_nodes[scene->holder], id);
	if (is_master)
		return;
	if (state_letter(ticket.state) != scene->state ||
	    strcmp(ticket.holder.s, place_codes[scene->holder]) != 0 ||
	    strcmp(ticket.origin.s, place_codes[scene->origin]) != 0)
		fail_msg("“%s” is %s with %s", scene->name,
		    word_name(WORD_STATE, ticket.state), ticket.holder.s);
	assert_int_equal(ticket.stay_count, strlen(scene->had));
}

void scene_make(
    struct id *ids, struct city *city, const struct scene *scene, size_t count)
{
	for (const char *step = scene->steps; *step; step++) {
		if (*step == ' ')
			continue;
		if (*step == '*') {
			to_callouts(ids, city, count);
			continue;
		}
		walk(ids, scene, step++, count);
	}
	city_wait_quiet(city);
	for (size_t i = 0; i < count; i++)
		check(city, scene, &ids[i], scene->state == 'm' && i == 0);
}
