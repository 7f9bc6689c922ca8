#include "deeds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "catalogue/triage.h"
#include "chance.h"
#include "words.h"

/* What was said, as long as it has no answer. */
struct wish {
	const struct unit *unit;
	struct wire_request request;
	struct callout callouts[1 + ITEM_ASSIST_MAX];
};

struct doing {
	struct stage *stage;
	const struct demo_case *row;
	const struct ticket *ticket;
	const struct unit *holder;
	struct command command;
	struct callout callouts[1 + ITEM_ASSIST_MAX];
};

static unsigned luck(const struct doing *doing, const char *what, unsigned of)
{
	char question[64];

	snprintf(question, sizeof(question), "%s %u", what,
	    (unsigned)doing->ticket->seq);
	return chance(doing->stage->seed, doing->row->key, question, of);
}

/* The sentence differs from unit to unit and from step to step. */
static const char *sentence(const struct doing *doing, enum words occasion)
{
	return words(occasion, luck(doing, "sentence", 1u << 20));
}

static void say(struct doing *doing, enum verb verb, enum words occasion)
{
	doing->command.verb = verb;
	doing->command.what.text = sentence(doing, occasion);
}

static void forward(
    struct doing *doing, const struct unit_code *to, enum words occasion)
{
	say(doing, VERB_FORWARD, occasion);
	doing->command.what.to = *to;
}

static void call(struct doing *doing, const struct unit_code *department)
{
	struct particulars *what = &doing->command.what;
	struct callout *callout = &doing->callouts[what->callout_count];

	memset(callout, 0, sizeof(*callout));
	callout->department = *department;
	callout->lead = what->callout_count == 0;
	what->callout_count++;
}

static void whistle(struct doing *doing, enum colour colour)
{
	say(doing, VERB_WHISTLE, WORDS_WHISTLE);
	doing->command.what.colour = colour ? colour : COLOUR_BLUE;
	doing->command.what.whistle = WHISTLE_LAW;
	doing->command.what.callouts = doing->callouts;
}

/* ---- looking at the ticket: what would routine consider? ---- */

static const struct unit *department_of(
    const struct doing *doing, const char *name)
{
	const struct unit *host = doing->holder;
	const struct unit *department = NULL;

	for (; host && !department && *name; host = host->parent)
		department = org_department(doing->stage->org, host, name);
	return department;
}

/* What the levels below could not settle: the item's departments. */
static bool call_for_item(struct doing *doing)
{
	const struct item *item =
	    catalogue_item(doing->stage->catalogue, doing->ticket->item);
	const struct unit *lead =
	    item ? department_of(doing, item->lead) : NULL;

	if (!lead)
		return false;
	call(doing, &lead->code);
	for (size_t i = 0; i < item->assist_count; i++) {
		const struct unit *unit = department_of(doing, item->assist[i]);
		if (unit)
			call(doing, &unit->code);
	}
	whistle(doing, item->colour);
	return true;
}

static void follow_suggestion(
    struct doing *doing, const struct wire_suggestion *suggestion)
{
	/* The level below could not settle it: that is what departments are
	 * called for. */
	bool came_up = doing->holder->kind == UNIT_AREA &&
		       doing->holder->depth <= PLAN_WHISTLES_DEPTH &&
		       strcmp(suggestion->reason,
			   triage_reason_name(TRIAGE_NOT_ROUTINE)) == 0;

	if (strcmp(suggestion->verb, "whistle") == 0 &&
	    suggestion->department_count > 0) {
		for (size_t i = 0; i < suggestion->department_count; i++)
			call(doing, &suggestion->departments[i]);
		whistle(doing, suggestion->colour);
	} else if (strcmp(suggestion->verb, "forward") == 0 &&
		   !code_is_empty(&suggestion->to)) {
		forward(doing, &suggestion->to, WORDS_DISPATCH);
	} else if (!came_up || !call_for_item(doing)) {
		say(doing, VERB_ACCEPT, WORDS_ACCEPT);
	}
}

/* As anybody would: first look at the ticket, then decide. */
static int look(struct doing *doing)
{
	struct wire_request request = { .kind = ASK_SHOW };
	struct wire_reply reply;
	int rc;

	request.show.ticket = doing->ticket->id;
	request.show.external_id = "";
	rc = staff_ask(&reply, doing->stage->staff, doing->holder, &request);
	if (rc)
		return rc;
	if (reply.result != RESULT_DONE || !reply.has_body)
		return ERR_NOT_FOUND;
	follow_suggestion(doing, &reply.show.suggestion);
	return 0;
}

/* ---- the other intents ---- */

static void give_back(struct doing *doing)
{
	say(doing, VERB_RETURN, WORDS_RETURN);
	doing->command.what.basis =
	    words(WORDS_BASIS, luck(doing, "basis", 1u << 20));
}

/* The item's departments that have not had it. */
static const struct unit *other_department(const struct doing *doing)
{
	const struct item *item =
	    catalogue_item(doing->stage->catalogue, doing->ticket->item);

	for (size_t i = 0; item && i < item->assist_count; i++) {
		const struct unit *unit = department_of(doing, item->assist[i]);
		if (unit && !ticket_stay(doing->ticket, &unit->code))
			return unit;
	}
	return NULL;
}

static void explain(struct doing *doing)
{
	bool is_placed = !code_is_empty(&doing->ticket->place);

	say(doing, VERB_RESOLVE, is_placed ? WORDS_EXPLAINED : WORDS_NO_PLACE);
	doing->command.what.outcome = OUTCOME_EXPLAINED;
}

static void elsewhere(struct doing *doing)
{
	const struct unit *unit = other_department(doing);

	if (unit)
		forward(doing, &unit->code, WORDS_ELSEWHERE);
	else if (doing->ticket->kind == KIND_CALLOUT)
		explain(doing);
	else
		say(doing, VERB_ACCEPT, WORDS_ACCEPT);
}

/* Government solves what departments and streets solve; nearer to the
 * people there are other ways (the five of Wenjiang). */
static enum channel channel_of(const struct doing *doing)
{
	static const enum channel near[] = { CHANNEL_SELF_GOVERNMENT,
		CHANNEL_SELF_GOVERNMENT, CHANNEL_SELF_GOVERNMENT,
		CHANNEL_MEDIATION, CHANNEL_MEDIATION, CHANNEL_GOVERNMENT,
		CHANNEL_GOVERNMENT, CHANNEL_MARKET, CHANNEL_COMMUNITY_FUNDS };
	enum { NEAR = sizeof(near) / sizeof(near[0]), NEAR_DEPTH = 3 };

	if (doing->holder->kind != UNIT_AREA ||
	    doing->holder->depth < NEAR_DEPTH)
		return CHANNEL_GOVERNMENT;
	return near[luck(doing, "channel", NEAR)];
}

static void solve(struct doing *doing)
{
	say(doing, VERB_RESOLVE, WORDS_SOLVED);
	doing->command.what.outcome = OUTCOME_SOLVED;
	doing->command.what.channel = channel_of(doing);
}

static void satisfy(
    struct doing *doing, enum satisfaction satisfaction, enum words occasion)
{
	say(doing, VERB_RATE, occasion);
	doing->command.what.satisfaction = satisfaction;
}

/* Who came late is told so; who could only explain is rarely thanked. */
static void rate(struct doing *doing)
{
	const struct ticket *ticket = doing->ticket;
	bool is_late = ticket->flags & TICKET_LATE_ACCEPT;
	bool is_solved = ticket->outcome == OUTCOME_SOLVED;
	unsigned luck_now = luck(doing, "rating", is_late ? 40 : 100) +
			    (is_late ? 60 : 0) + (is_solved ? 0 : 40) +
			    15u * ticket->reopens;

	if (luck_now < 60)
		satisfy(doing, SATISFACTION_SATISFIED, WORDS_GOOD);
	else if (luck_now < 90)
		satisfy(doing, SATISFACTION_MOSTLY,
		    is_late ? WORDS_LATE : WORDS_FAIR);
	else if (luck_now < 97)
		satisfy(doing, SATISFACTION_NOT_RATED, WORDS_FAIR);
	else
		satisfy(doing, SATISFACTION_DISSATISFIED,
		    is_late ? WORDS_LATE : WORDS_POOR);
	if (doing->command.what.satisfaction == SATISFACTION_NOT_RATED)
		doing->command.what.text = "";
	doing->command.what.responded = !is_late;
	doing->command.what.resolved = is_solved;
}

static int prepare(struct doing *doing, enum intent intent)
{
	switch (intent) {
	case INTENT_LOOK:
		return look(doing);
	case INTENT_UP:
		forward(doing, &doing->holder->parent->code, WORDS_UP);
		break;
	case INTENT_ACCEPT:
		say(doing, VERB_ACCEPT, WORDS_ACCEPT);
		break;
	case INTENT_CHECK_IN:
		say(doing, VERB_CHECK_IN, WORDS_CHECK_IN);
		break;
	case INTENT_CHECK_IN_LATE:
		say(doing, VERB_CHECK_IN, WORDS_CHECK_IN_LATE);
		break;
	case INTENT_RETURN:
		give_back(doing);
		break;
	case INTENT_ELSEWHERE:
		elsewhere(doing);
		break;
	case INTENT_NOTE:
		say(doing, VERB_NOTE, WORDS_NOTE);
		break;
	case INTENT_SOLVE:
		solve(doing);
		break;
	case INTENT_EXPLAIN:
		explain(doing);
		break;
	case INTENT_REOPEN:
		say(doing, VERB_REOPEN, WORDS_REOPEN);
		break;
	case INTENT_RATE:
		rate(doing);
		break;
	case INTENT_NOTHING:
	case INTENT_LEAVE:
		return ERR_INVALID;
	}
	return 0;
}

/* ---- said until there is an answer ---- */

static int make_wish(
    struct stage *stage, struct demo_case *row, enum intent intent)
{
	struct doing doing = {
		.stage = stage, .row = row, .ticket = &row->now
	};
	struct wish *wish;
	int rc;

	doing.holder = org_unit(stage->org, &row->now.holder);
	particulars_clear(&doing.command.what);
	doing.command.ticket = row->now.id;
	rc = doing.holder ? prepare(&doing, intent) : ERR_NOT_FOUND;
	if (rc)
		return rc;
	wish = calloc(1, sizeof(*wish));
	if (!wish)
		return ERR_NOMEM;
	wish->unit = doing.holder;
	wish->request.kind = ASK_COMMAND;
	wish->request.command = doing.command;
	memcpy(wish->callouts, doing.callouts, sizeof(wish->callouts));
	if (doing.command.what.callout_count)
		wish->request.command.what.callouts = wish->callouts;
	row->wish = wish;
	return 0;
}

static void note(struct deed *deed_out, struct stage *stage,
    const struct wish *wish, const struct wire_reply *reply, int64_t begun_ms)
{
	char seq[16];

	deed_out->verb = wish->request.command.verb;
	deed_out->result = reply->result;
	snprintf(deed_out->refusal, sizeof(deed_out->refusal), "%s %s",
	    result_name(reply->result), reply->refusal);
	if (reply->result != RESULT_DONE || !reply->has_body)
		return;
	snprintf(seq, sizeof(seq), "%u", (unsigned)reply->command.seq);
	record_add(stage->record, deed_out->verb, &reply->command.ticket, seq,
	    wish->unit->node->name, begun_ms);
}

int deed_do(struct deed *deed_out, struct stage *stage, struct demo_case *row,
    enum intent intent)
{
	struct clock clock = clock_system();
	struct wire_reply reply;
	int rc = row->wish ? 0 : make_wish(stage, row, intent);

	*deed_out = (struct deed){ .result = RESULT_FAILED };
	if (rc)
		return rc;
	int64_t begun_ms = clock_now_ms(&clock);
	deed_out->verb = row->wish->request.command.verb;
	rc = staff_ask(
	    &reply, stage->staff, row->wish->unit, &row->wish->request);
	if (rc == ERR_TIMEOUT)
		return rc;
	if (!rc)
		note(deed_out, stage, row->wish, &reply, begun_ms);
	free(row->wish);
	row->wish = NULL;
	return rc;
}

void deed_forget(struct stage *stage, struct demo_case *row)
{
	if (row->wish)
		record_add(stage->record, row->wish->request.command.verb,
		    &row->now.id, "?", row->wish->unit->node->name, 0);
	free(row->wish);
	row->wish = NULL;
}
