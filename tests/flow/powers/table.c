#include "powers/table.h"

#include <assert.h>
#include <string.h>

#define X(name, code, level, node, parent) code,
const char *const place_codes[PLACE_COUNT] = { PLACES(X) };
#undef X
#define X(name, code, level, node, parent) node,
const char *const place_nodes[PLACE_COUNT] = { PLACES(X) };
#undef X
#define X(name, code, level, node, parent) AT_##parent,
const enum place place_parents[PLACE_COUNT] = { PLACES(X) };
#undef X
#define X(name, code, level, node, parent) level,
const char place_levels[PLACE_COUNT] = { PLACES(X) };
#undef X
#define X(name, text, verb) text,
const char *const ask_names[ASK_COUNT] = { ASKS(X) };
#undef X
#define X(name, text, verb) VERB_##verb,
const enum verb ask_verbs[ASK_COUNT] = { ASKS(X) };
#undef X

const char place_letters[PLACE_COUNT + 1] = "YDSCGPQHdscgp";

enum place place_of(char letter)
{
	const char *at = strchr(place_letters, letter);

	assert(letter && at);
	return (enum place)(at - place_letters);
}

/*
 * A row a verb: in which states of an appeal, and of a callout; who (Holder,
 * Origin, Above, Stayed); which roles (Worker, Dispatcher, Clerk, Hotline,
 * Supervisor); units of which levels. "*": any. `not_who` is the word for
 * somebody else.
 */
static const struct rule {
	enum ask ask;
	const char *appeal, *callout, *who, *not_who, *roles, *levels;
} rules[] = {
	{ DO_ACCEPT, "o", "", "H", "not_holder", "WDCS", "gcsdyp" },
	{ DO_NOTE, "oawsrm", "oawsrm", "HOAS", "not_involved", "WDCHS", "*" },
	{ DO_UP, "oa", "oa", "H", "not_holder", "WDCHS", "gcsdh" },
	{ DO_DOWN, "oa", "oa", "H", "not_holder", "WDCHS", "csdy" },
	{ DO_ACROSS, "oa", "oa", "H", "not_holder", "WDCHS", "csdy" },
	{ DO_WHISTLE, "oaw", "", "H", "not_holder", "DS", "sdy" },
	{ DO_CHECK_IN, "", "o", "H", "not_holder", "CS", "p" },
	{ DO_RETURN, "oa", "oa", "H", "not_holder", "WDCS", "gcsdyp" },
	{ DO_RULE, "oa", "oa", "HA", "not_involved", "S", "dy" },
	{ DO_EXTEND, "oaw", "oaw", "H", "not_holder", "WDCS", "*" },
	{ DO_REMIND, "oaw", "oaw", "OA", "not_involved", "WDHS", "*" },
	{ DO_SUPERVISE, "oaw", "oaw", "A", "not_above", "DHS", "*" },
	{ DO_SUSPEND, "a", "a", "A", "not_above", "S", "dy" },
	{ DO_AWAIT, "a", "a", "H", "not_holder", "WDCS", "gcsdyp" },
	{ DO_RESUME, "s", "s", "HA", "not_involved", "WDCS", "*" },
	{ DO_RESOLVE, "oa", "a", "H", "not_holder", "WDCS", "gcsdyp" },
	{ DO_REOPEN, "r", "r", "O", "not_origin", "WDHS", "gcsdyh" },
	{ DO_RATE, "r", "r", "O", "not_origin", "WDHS", "gcsdyh" },
	{ DO_EXCLUDE, "oas", "oas", "A", "not_above", "DHS", "dy" },
	{ DO_MERGE, "oa", "", "H", "not_holder", "DHS", "csdyh" },
	{ DO_TAKE_OVER, "oa", "oa", "A", "not_above", "DS", "sdy" },
	{ DO_ERASE, "oawsrcem", "oawsrcem", "OA", "not_involved", "DHS", "*" },
};

static const char role_letters[] = "-WDCHSER"; /* as enum role has them */

bool is_above(enum place above, enum place below)
{
	while (below != AT_CITY) {
		below = place_parents[below];
		if (below == above)
			return true;
	}
	return false;
}

static bool has_had(const struct scene *scene, enum place place)
{
	return strchr(scene->had, place_letters[place]) != NULL;
}

enum relation relation_to(const struct scene *scene, enum place place)
{
	if (!scene->state)
		return REL_NOTHING;
	if (place == scene->holder)
		return REL_HOLDER;
	if (place == scene->origin)
		return REL_ORIGIN;
	if (is_above(place, scene->holder))
		return REL_ABOVE;
	if (has_had(scene, place))
		return REL_FORMER;
	return scene->called && place == scene->called ? REL_CALLED
						       : REL_STRANGER;
}

/* Nobody stands above the city: it is its own level above. */
static bool is(const struct scene *scene, char who, enum place place)
{
	switch (who) {
	case 'H':
		return place == scene->holder;
	case 'O':
		return place == scene->origin;
	case 'A':
		return place == AT_CITY || is_above(place, scene->holder);
	default:
		return has_had(scene, place);
	}
}

static bool is_any(const struct scene *scene, const char *who, enum place place)
{
	for (; *who; who++)
		if (is(scene, *who, place))
			return true;
	return false;
}

static bool has(const char *letters, char letter)
{
	return letters[0] == '*' || (letter && strchr(letters, letter));
}

/* The hotline speaks for callers: it may press for, and withdraw, the
 * appeals that it took in. Whoever whistled may call a callout off. */
static const char *who_may(
    const struct scene *scene, const struct rule *rule, enum place place)
{
	bool speaks = place == AT_HOTLINE && scene->kind == KIND_APPEAL;

	if (rule->ask == DO_EXCLUDE && scene->kind == KIND_CALLOUT)
		return "AO";
	if ((rule->ask == DO_EXCLUDE || rule->ask == DO_SUPERVISE) && speaks)
		return "AO";
	return rule->who;
}

static const char *levels_of(
    const struct scene *scene, const struct rule *rule, enum place place)
{
	bool is_origin = place == scene->origin;

	if (rule->ask == DO_EXCLUDE && is_origin && place == AT_HOTLINE)
		return "*";
	if (rule->ask == DO_EXCLUDE && is_origin && scene->kind == KIND_CALLOUT)
		return "sdy";
	return rule->levels;
}

/* Some verbs need more of the ticket than its state. */
static const char *more(
    const struct scene *scene, enum ask ask, enum place place)
{
	bool is_home = scene->holder == scene->origin;

	if (ask == DO_RETURN && is_home)
		return "no_sender";
	if (ask == DO_ERASE && scene->has_no_contact)
		return "no_contact";
	if (ask == DO_TAKE_OVER && place == scene->holder)
		return "bad_target"; /* the city from itself */
	return "done";
}

/* Not dispatched: nobody there is below; who may send up, may send. */
static const char *no_power(enum ask ask, enum place place)
{
	return ask == DO_DOWN && has("gh", place_levels[place]) ? "bad_target"
								: "no_power";
}

static const char *state_refusal(
    const struct scene *scene, const struct rule *rule)
{
	bool is_callout = scene->kind == KIND_CALLOUT;
	const char *states = is_callout ? rule->callout : rule->appeal;
	const char *others = is_callout ? rule->appeal : rule->callout;

	if (rule->ask == DO_RATE && scene->state == 'c')
		return "rated_already";
	if (rule->ask == DO_RESOLVE && is_callout && scene->state == 'o' &&
	    scene->holder == scene->origin)
		return NULL; /* every department gave it back: it ends here */
	if (strchr(states, scene->state))
		return NULL;
	if (strchr(others, scene->state))
		return is_callout ? "not_callout" : "only_callout";
	/* time and routine end what waits and what was merged; no person */
	if ((rule->ask == DO_RESUME && scene->state == 'w') ||
	    ((rule->ask == DO_RESOLVE || rule->ask == DO_EXCLUDE) &&
		scene->state == 'm'))
		return "not_involved";
	return "wrong_state";
}

static const char *by_rule(const struct scene *scene, const struct rule *rule,
    char role, enum place place)
{
	const char *who = who_may(scene, rule, place);
	const char *refusal = state_refusal(scene, rule);

	if (refusal)
		return refusal;
	if (!is_any(scene, who, place))
		return who == rule->who ? rule->not_who : "not_involved";
	if (!has(rule->roles, role))
		return "no_role";
	if (!has(levels_of(scene, rule, place), place_levels[place]))
		return no_power(rule->ask, place);
	return more(scene, rule->ask, place);
}

/* ---- questions ---- */

/* Of its own unit, and of units below. */
static bool sees(const struct scene *scene, char role, enum place place)
{
	if (!scene->state || role == 'E')
		return false;
	if (place == AT_CITY)
		return true;
	for (const char *had = scene->had; *had; had++)
		if (place_of(*had) == place || is_above(place, place_of(*had)))
			return true;
	return false;
}

static const char *caller(
    const struct scene *scene, char role, enum place place)
{
	if (!sees(scene, role, place))
		return "not_found";
	if (scene->has_no_contact || !has("WDCHS", role))
		return "no caller";
	if (place == scene->holder)
		return "whole";
	/* who called a department out has the caller in its own ticket */
	if (scene->kind == KIND_CALLOUT && place == scene->origin &&
	    !scene->was_returned)
		return "no caller";
	if (place == scene->origin)
		return has("WH", role) ? "whole" : "masked";
	return has_had(scene, place) ? "masked" : "no caller";
}

static const char *question(
    const struct scene *scene, enum ask ask, char role, enum place place)
{
	switch (ask) {
	case DO_SHOW:
	case DO_LIST:
	case DO_FOLLOW:
		return sees(scene, role, place) ? "done" : "not_found";
	case DO_CONTACT:
		return caller(scene, role, place);
	case DO_RELOAD:
		return has("ES", role) ? "done" : "no_role";
	case DO_PUT:
		return has("ER", role) ? "no_role" : "done";
	case DO_GET:
		if (!sees(scene, role, place) || !scene->is_confidential)
			return "not_found";
		return role != 'R' && has_had(scene, place) ? "done"
							    : "file_sealed";
	default:
		return "done";
	}
}

/* A supervisor speaks for the units below, but at their own node. */
static const char *for_other(
    const struct scene *scene, char role, enum place place)
{
	if (role != 'S' || !is_above(place, AT_GRID))
		return place == AT_GRID
			   ? answer_to(scene, DO_NOTE,
				 (enum role)(
				     strchr(role_letters, role) - role_letters),
				 place)
			   : "wrong_unit";
	return "not_here";
}

/* A node knows what a unit of it, or of a node below it, has had. */
static bool is_known(const struct scene *scene, enum place place)
{
	static const char *const chain[] = { "cityd", "districtd", "streetd",
		"communityd", "gridd" };
	unsigned here = 0, deepest = 0;

	if (!scene->state)
		return false;
	if (place == AT_HOTLINE)
		return has_had(scene, AT_HOTLINE);
	for (unsigned i = 0; i < 5; i++) {
		here = strcmp(chain[i], place_nodes[place]) ? here : i;
		for (const char *had = scene->had; *had; had++)
			if (!strcmp(chain[i], place_nodes[place_of(*had)]) &&
			    i > deepest)
				deepest = i;
	}
	return here <= deepest;
}

const char *answer_to(
    const struct scene *scene, enum ask ask, enum role role, enum place place)
{
	char letter = role_letters[role];

	if (ask == DO_FOR_OTHER)
		return for_other(scene, letter, place);
	if (ask == DO_OPEN)
		return !has("WDHS", letter)		     ? "no_role"
		       : !has("gcsdyh", place_levels[place]) ? "no_power"
							     : "done";
	if (ask > DO_FOR_OTHER)
		return question(scene, ask, letter, place);
	if (!is_known(scene, place))
		return "not_found";
	for (unsigned i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rules[i].ask == ask)
			return by_rule(scene, &rules[i], letter, place);
	return "?";
}

bool is_lasting(enum ask ask)
{
	return ask != DO_OPEN && ask != DO_NOTE && ask != DO_REMIND &&
	       ask != DO_SUPERVISE && ask < DO_FOR_OTHER;
}

bool is_of_ticket(enum ask ask)
{
	return ask != DO_OPEN && (ask < DO_SCORE || ask == DO_GET);
}

bool is_asked(const struct scene *scene, enum ask ask, enum place place)
{
	if (ask == DO_UP && place == AT_CITY)
		return false; /* nobody is above */
	if (ask == DO_GET)
		return scene->is_confidential; /* it has a file */
	if (!is_of_ticket(ask))
		return !scene->state;
	return ask != DO_FOLLOW || scene->is_followed;
}
