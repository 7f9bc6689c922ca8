#include "people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/harness.h"
#include "people_inside.h"

enum {
	AGAIN_MS = 700,
	REFUSED_MS = 150, /* then another try */
	NEW_AFTER = 60,
	REPEAT_ONE_IN = 40,
	ASIDE_ONE_IN = 3,
};

/* ---- who ---- */

static const char *const grids[] = { "420704001001001", "420704001001002",
	"420704002001001", "420703100001001" };
enum { GRIDS = sizeof(grids) / sizeof(*grids) };

static const char *other_grid(const char *grid)
{
	return grid == grids[0] ? grids[1] : grid == grids[1] ? grids[0] : grid;
}

struct unit_code unit_of(const struct a_case *a_case, enum who who)
{
	static const int lengths[] = {
		[WHO_COMMUNITY] = 12,
		[WHO_STREET] = 9,
		[WHO_LEAD] = 6,
		[WHO_ASSIST] = 6,
		[WHO_CITY] = 4,
		[WHO_HOTLINE] = 4,
	};
	char text[UNIT_CODE_MAX];

	if (who == WHO_GRID)
		return unit_code(a_case->grid);
	if (who == WHO_OTHER_GRID)
		return unit_code(other_grid(a_case->grid));
	snprintf(text, sizeof(text), "%.*s%s", lengths[who], a_case->grid,
	    who == WHO_LEAD	 ? "-zjj"
	    : who == WHO_ASSIST	 ? "-cgj"
	    : who == WHO_HOTLINE ? "-12345"
				 : "");
	return unit_code(text);
}

static struct client *client_of(struct people *people, const struct said *said)
{
	struct unit_code unit = unit_of(said->about, said->who);
	char name[UNIT_CODE_MAX + 8];

	snprintf(name, sizeof(name), "op-%s", unit.s);
	return city_client(
	    people->city, said->who == WHO_HOTLINE ? "hotline" : name, NULL);
}

/* ---- saying ---- */

static void say(struct people *people, struct said *said)
{
	struct client *client = client_of(people, said);
	struct wire_request request;

	if (id_is_zero(&said->request))
		said->request = client_id(client);
	else if (said->said_ms)
		people->sums.said_again++;
	said_fill(&request, said);
	request.id = said->request;
	said->said_ms = now_ms();
	int rc = client_send(client, &request);
	assert_true(rc == 0 || rc == ERR_UNREACHABLE);
}

static void mark(struct people *people, struct said *said)
{
	memset(&said->request, 0, sizeof(said->request));
	snprintf(said->mark, MARK_TEXT, "m%u", ++people->marks);
}

/*
 * Another try of what was refused, under the same number: a copy of it may
 * still be on its way, and be done when it comes. Only an order that its holder
 * refused stays refused, so that after many tries it is another wish.
 */
static void said_anew(struct people *people, struct said *said)
{
	said->said_ms = 0;
	said->not_before_ms = now_ms() + REFUSED_MS;
	if (++said->refusals % NEW_AFTER == 0 && said->verb != VERB_OPEN)
		mark(people, said);
}

static struct said *said_new(struct people *people, struct a_case *about)
{
	for (size_t i = 0; i < SAID_MAX; i++) {
		struct said *said = &people->said[i];
		if (said->is_used)
			continue;
		*said = (struct said){ .is_used = true, .about = about };
		return said;
	}
	return NULL;
}

/* ---- steps ---- */

static const struct id *ticket_of(
    const struct a_case *a_case, const struct step *step)
{
	if (step->about == ABOUT_IT)
		return &a_case->ticket;
	return &a_case->callouts[step->about == ABOUT_ASSIST];
}

static void begin_step(struct people *people, struct a_case *a_case)
{
	const struct step *step = &a_case->story->steps[a_case->step];
	struct said *said;

	if (step->who == WHO_NOBODY) {
		a_case->is_done = true;
		people->sums.finished++;
		return;
	}
	said = said_new(people, a_case);
	assert_non_null(said);
	said->who = step->who;
	said->verb = step->verb;
	said->to = step->to;
	said->ticket = *ticket_of(a_case, step);
	said->is_step = true;
	mark(people, said);
}

static void begin_case(struct people *people)
{
	struct a_case *a_case = calloc(1, sizeof(*a_case));

	assert_non_null(a_case);
	a_case->next = people->cases;
	people->cases = a_case;
	a_case->grid = grids[dice_throw(people->dice, GRIDS)];
	do
		a_case->story = &stories[dice_throw(people->dice, story_count)];
	while (!strcmp(a_case->story->name, "handed_over") &&
	       other_grid(a_case->grid) == a_case->grid);
	people->sums.opened++;
	begin_step(people, a_case);
}

/* Somebody says something beside what is being done. */
static void say_aside(
    struct people *people, struct a_case *a_case, const struct said *done)
{
	struct said *said;

	if (done->verb != VERB_RATE && dice_throw(people->dice, ASIDE_ONE_IN))
		return;
	said = said_new(people, a_case);
	if (!said)
		return;
	said->ticket = done->ticket;
	said->who = WHO_CITY;
	said->verb = dice_throw(people->dice, 2) ? VERB_NOTE : VERB_REMIND;
	if (done->verb == VERB_OPEN) {
		said->ticket = a_case->ticket;
		said->who = done->who;
		said->verb = VERB_NOTE;
	}
	if (done->verb == VERB_RATE) {
		said->who = done->who;
		said->verb = VERB_RATE;
		said->must_fail = true;
	}
	mark(people, said);
}

/* ---- what is heard ---- */

static void remember(struct people *people, const struct said *said,
    const struct wire_reply *reply)
{
	struct old *old = &people->old[people->old_next++ % OLD_WISHES];

	*old = (struct old){ .said = *said,
		.ticket = reply->command.ticket,
		.seq = reply->command.seq };
	old->said.is_step = false;
}

static void check_repeated(
    struct people *people, struct said *said, const struct wire_reply *reply)
{
	if (!id_equal(&reply->command.ticket, &said->first_ticket) ||
	    reply->command.seq != said->first_seq)
		fail_msg("%s %s said again is another", said->mark,
		    word_name(WORD_VERB, said->verb));
	people->sums.repeated++;
	said->is_used = false;
}

static void is_done(
    struct people *people, struct said *said, const struct wire_reply *reply)
{
	struct a_case *a_case = said->about;

	if (said->is_repeat) {
		check_repeated(people, said, reply);
		return;
	}
	if (said->must_fail)
		fail_msg("%s: a second rating was taken", said->mark);
	people->sums.acknowledged++;
	ledger_add(
	    people->ledger, said->verb, &reply->command.ticket, said->mark);
	remember(people, said, reply);
	if (said->verb == VERB_OPEN)
		a_case->ticket = reply->command.ticket;
	said->is_used = false;
	struct said was = *said;
	say_aside(people, a_case, &was);
	if (was.is_step) {
		a_case->step++;
		begin_step(people, a_case);
	}
}

static bool is_refused_for(const struct wire_reply *reply, const char *reason)
{
	return !strcmp(reply->refusal, reason);
}

/* Not yet there, not now; or what is beside the case is not to be. */
static void is_refused(
    struct people *people, struct said *said, const struct wire_reply *reply)
{
	people->sums.refused++;
	snprintf(said->refusal, sizeof(said->refusal), "%.23s", reply->refusal);
	if (is_refused_for(reply, "bad_field") ||
	    is_refused_for(reply, "no_power") ||
	    is_refused_for(reply, "no_role"))
		fail_msg("%s may not be: %s %s",
		    word_name(WORD_VERB, said->verb), reply->refusal,
		    reply->detail);
	if (said->is_repeat && !is_refused_for(reply, "recovering") &&
	    !is_refused_for(reply, "too_fast"))
		fail_msg("%s %s was done, and said again it is refused: %s",
		    said->mark, word_name(WORD_VERB, said->verb),
		    reply->refusal);
	people->sums.rated_twice += said->must_fail;
	if (said->is_step)
		said_anew(people, said);
	else
		said->is_used = false;
}

/* The callouts' tickets, once the whistle is seen. */
static void is_shown(
    struct people *people, struct said *said, const struct wire_reply *reply)
{
	struct a_case *a_case = said->about;
	unsigned found = 0;

	for (size_t i = 0; i < reply->show.callout_count; i++) {
		const struct ticket *callout = &reply->show.callouts[i].ticket;
		bool leads = strstr(callout->stays[1].unit.s, "-zjj") ||
			     strstr(callout->holder.s, "-zjj");
		a_case->callouts[!leads] = callout->id;
		found++;
	}
	if (found < 2) {
		said_anew(people, said);
		return;
	}
	said->is_used = false;
	a_case->step++;
	begin_step(people, a_case);
}

static void hear_one(
    struct people *people, struct said *said, const struct wire_reply *reply)
{
	if (reply->result == RESULT_PENDING || reply->result == RESULT_FAILED)
		return; /* asked again, under the same number */
	if (reply->result == RESULT_INVALID)
		fail_msg("%s makes no sense: %s",
		    word_name(WORD_VERB, said->verb), reply->detail);
	if (reply->result != RESULT_DONE)
		is_refused(people, said, reply);
	else if (said->verb == VERB_NONE)
		is_shown(people, said, reply);
	else
		is_done(people, said, reply);
}

static void hear(struct people *people)
{
	struct wire_reply reply;

	for (unsigned i = 0; i < people->city->asker_count; i++) {
		struct client *client = people->city->askers[i].client;
		if (!strcmp(people->city->askers[i].operator, "admin"))
			continue; /* the city's own looks */
		while (client_take(&reply, client, 0) == 0)
			for (size_t k = 0; k < SAID_MAX; k++)
				if (people->said[k].is_used &&
				    id_equal(
					&people->said[k].request, &reply.id)) {
					hear_one(
					    people, &people->said[k], &reply);
					break;
				}
	}
}

/* ---- at work ---- */

/* What was done long ago is said again, word for word. */
static void say_old(struct people *people)
{
	const struct old *old =
	    &people->old[dice_throw(people->dice, OLD_WISHES)];
	struct said *said;

	if (!old->said.is_used || dice_throw(people->dice, REPEAT_ONE_IN))
		return;
	said = said_new(people, old->said.about);
	if (!said)
		return;
	*said = old->said;
	said->is_repeat = true;
	said->first_ticket = old->ticket;
	said->first_seq = old->seq;
	said->said_ms = 0;
}

void people_work(struct people *people)
{
	int64_t now = now_ms();

	for (size_t i = 0; i < SAID_MAX; i++) {
		struct said *said = &people->said[i];
		if (said->is_used && now >= said->not_before_ms &&
		    (id_is_zero(&said->request) ||
			now - said->said_ms > AGAIN_MS))
			say(people, said);
	}
	hear(people);
	ledger_sync(people->ledger);
	if (people->repeats)
		say_old(people);
}

void people_begin(struct people *people, unsigned cases)
{
	people->repeats = true;
	while (cases-- > 0)
		begin_case(people);
}

bool people_are_done(const struct people *people)
{
	for (size_t i = 0; i < SAID_MAX; i++)
		if (people->said[i].is_used)
			return false;
	return true;
}

void people_rest(struct people *people)
{
	people->repeats = false;
}

void people_explain(const struct people *people)
{
	char id[ID_TEXT];

	for (size_t i = 0; i < SAID_MAX; i++) {
		const struct said *said = &people->said[i];
		if (said->is_used)
			fprintf(stderr,
			    "%s: step %u, %s by %s of %s: last refused: %s\n",
			    said->about->story->name, said->about->step,
			    word_name(WORD_VERB, said->verb),
			    unit_of(said->about, said->who).s,
			    id_format(id, &said->ticket),
			    said->refusal[0] ? said->refusal : "no answer");
	}
}

void people_store_lost(struct people *people, const char *node)
{
	for (size_t i = 0; i < OLD_WISHES; i++) {
		struct old *old = &people->old[i];
		struct unit_code unit;
		if (!old->said.is_used)
			continue;
		unit = unit_of(old->said.about, old->said.who);
		if (!strcmp(
			org_unit(people->city->org, &unit)->node->name, node))
			old->said.is_used = false;
	}
}

struct people_sums people_sums(const struct people *people)
{
	return people->sums;
}

void people_open(struct people **people_out, struct city *city,
    struct ledger *ledger, struct dice *dice)
{
	struct people *people = calloc(1, sizeof(*people));

	assert_non_null(people);
	people->city = city;
	people->ledger = ledger;
	people->dice = dice;
	*people_out = people;
}

void people_close(struct people **people)
{
	struct a_case *next;

	if (!*people)
		return;
	for (struct a_case *at = (*people)->cases; at; at = next) {
		next = at->next;
		free(at);
	}
	free(*people);
	*people = NULL;
}
