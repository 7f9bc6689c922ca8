#include "catalogue_explain.h"

#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "catalogue/triage.h"
#include "json.h"
#include "lang.h"
#include "rule_text.h"
#include "say.h"
#include "story.h"
#include "unit_name.h"
#include "words.h"

enum { STEPS_MAX = ORG_LEVELS_MAX + 2 };

struct explanation {
	const struct explained_case *the_case;
	struct ticket ticket;
	const struct item *item, *item_hint;
	const struct unit *place, *place_hint;
	size_t count;
	struct decision steps[STEPS_MAX];
	const struct unit *units[STEPS_MAX]; /* who decides each step */
};

const char *catalogue_explain_level(const struct org *org, unsigned depth)
{
	for (size_t i = 0; i < org_unit_count(org); i++) {
		const struct unit *unit = org_unit_at(org, i);
		if (unit->kind == UNIT_AREA && unit->depth == depth)
			return unit->level;
	}
	return "";
}

static const struct unit *root_of(const struct org *org)
{
	const struct unit *unit = org_unit_at(org, 0);
	while (unit->parent)
		unit = unit->parent;
	return unit;
}

/* The ticket is with `unit` now, and has been where it was. */
static void move_to(struct ticket *ticket, const struct unit *unit)
{
	if (ticket->stay_count < TICKET_UNITS_MAX)
		ticket->stays[ticket->stay_count++] =
		    (struct stay){ .unit = unit->code, .visits = 1 };
	if (ticket->seq == 0)
		ticket->origin = unit->code;
	ticket->sender = ticket->holder;
	ticket->holder = unit->code;
	ticket->state = STATE_OPEN;
	ticket->kind = KIND_APPEAL;
	ticket->seq++;
}

static void learn(struct explanation *what, const struct decision *step)
{
	if (step->item) {
		what->item = step->item;
		snprintf(what->ticket.item, sizeof(what->ticket.item), "%s",
		    step->item->code);
		what->ticket.colour = (uint8_t)step->item->colour;
	}
	if (step->place) {
		what->place = step->place;
		what->ticket.place = step->place->code;
	}
}

static void follow(struct explanation *what, const struct cli *cli,
    const struct address_index *places, const struct unit *unit)
{
	while (unit && what->count < STEPS_MAX) {
		move_to(&what->ticket, unit);
		struct triage_case the_case = {
			.ticket = &what->ticket,
			.unit = unit,
			.title = what->the_case->title,
			.text = what->the_case->text,
			.address = what->the_case->address,
			.catalogue = cli->catalogue,
			.places = places,
			.org = cli->org,
			.powers = UINT64_MAX,
			.now_ms = clock_now_ms(&cli->clock),
		};
		struct decision *step = &what->steps[what->count];
		*step = triage_default(&the_case);
		what->units[what->count++] = unit;
		learn(what, step);
		unit = step->verb == VERB_FORWARD && !step->is_suggestion
			   ? step->to
			   : NULL;
	}
}

static void find_hints(struct explanation *what, const struct cli *cli,
    const struct address_index *places)
{
	if (!what->item)
		catalogue_classify(&what->item_hint, cli->catalogue,
		    what->the_case->title, what->the_case->text);
	if (!what->place)
		address_find(&what->place_hint, places, what->the_case->address,
		    what->the_case->text, NULL);
}

/* ---- for people ---- */

static const char *item_name(const struct item *item)
{
	return lang_is_chinese() ? item->zh : item->en;
}

static void tell_item(const struct explanation *what, const struct cli *cli)
{
	const struct item *item = what->item;
	if (!item) {
		printf(_("Item: the text does not say\n"));
		if (what->item_hint)
			printf(_("  perhaps %s (%s)\n"),
			    item_name(what->item_hint), what->item_hint->code);
		return;
	}
	printf(_("Item: %s (%s)\n"), item_name(item), item->code);
	printf(_("Competent level: %s\n"),
	    words_level(catalogue_explain_level(cli->org, item->competent)));
	printf(_("Colour: %s\n"), words_of(WORD_COLOUR, item->colour));
}

static void tell_place(const struct explanation *what, const struct cli *cli)
{
	char name[UNIT_NAME_TEXT];
	if (what->place) {
		printf(_("Place: %s\n"),
		    unit_name(name, cli->org, &what->place->code));
		return;
	}
	printf(_("Place: the text does not say\n"));
	if (what->place_hint)
		printf(_("  somewhere in %s\n"),
		    unit_name(name, cli->org, &what->place_hint->code));
}

static void tell_step(
    const struct cli *cli, const struct unit *unit, const struct decision *step)
{
	char name[UNIT_NAME_TEXT];
	printf("  %s: %s", unit_name(name, cli->org, &unit->code),
	    words_triage_reason(triage_reason_name(step->reason)));
	if (step->verb == VERB_NONE)
		printf(" → %s", _("a person decides"));
	else
		printf(" → %s%s", step->is_suggestion ? _("suggestion: ") : "",
		    words_of(WORD_VERB, step->verb));
	if (step->to)
		printf(" %s", unit_name(name, cli->org, &step->to->code));
	for (size_t i = 0; i < step->callout_count; i++)
		printf("%s%s", i > 0 ? ", " : " ",
		    unit_name(name, cli->org, &step->callouts[i].department));
	printf("\n");
}

/* Counted from now, as if it came in at this moment. */
static void explain_rule(char text_out[DEADLINE_RULE_TEXT],
    const struct explanation *what, const struct cli *cli)
{
	catalogue_deadline_rule(text_out, cli->catalogue, what->item,
	    KIND_APPEAL, what->item ? what->item->colour : COLOUR_NONE,
	    clock_now_ms(&cli->clock), true, true);
}

static void tell_deadlines(const struct explanation *what, struct cli *cli,
    const struct deadlines *deadlines)
{
	char time[STORY_TIME_TEXT];
	char rule[DEADLINE_RULE_TEXT], text[RULE_TEXT];
	if (deadlines->accept_by_ms)
		printf(_("Accept by: %s\n"),
		    story_time(time, deadlines->accept_by_ms));
	if (deadlines->resolve_by_ms)
		printf(_("Resolve by: %s\n"),
		    story_time(time, deadlines->resolve_by_ms));
	explain_rule(rule, what, cli);
	if (*rule)
		printf(_("By the rule: %s\n"),
		    rule_text(text, cli, rule, RULE_ALL));
}

static void tell(const struct explanation *what, struct cli *cli,
    const struct deadlines *deadlines)
{
	tell_item(what, cli);
	tell_place(what, cli);
	printf("%s\n", _("What routine would do:"));
	for (size_t i = 0; i < what->count; i++)
		tell_step(cli, what->units[i], &what->steps[i]);
	tell_deadlines(what, cli, deadlines);
}

/* ---- for scripts ---- */

static json_t *step_json(const struct unit *unit, const struct decision *step)
{
	json_t *departments = json_array();
	for (size_t i = 0; i < step->callout_count; i++)
		json_array_append_new(
		    departments, json_unit(&step->callouts[i].department));
	return json_pack("{s:o,s:o,s:b,s:o,s:o,s:o,s:o}", "unit",
	    json_unit(&unit->code), "verb", json_word(WORD_VERB, step->verb),
	    "is_suggestion", step->is_suggestion, "reason",
	    json_text(triage_reason_name(step->reason)), "to",
	    step->to ? json_unit(&step->to->code) : json_null(), "colour",
	    json_word(WORD_COLOUR, step->colour), "departments", departments);
}

static int tell_json(const struct explanation *what, const struct cli *cli,
    const struct deadlines *deadlines)
{
	char rule[DEADLINE_RULE_TEXT];
	json_t *steps = json_array();
	for (size_t i = 0; i < what->count; i++)
		json_array_append_new(
		    steps, step_json(what->units[i], &what->steps[i]));
	json_t *object = json_object();
	json_object_set_new(
	    object, "item", json_text(what->item ? what->item->code : ""));
	json_object_set_new(object, "item_hint",
	    json_text(what->item_hint ? what->item_hint->code : ""));
	json_object_set_new(
	    object, "place", json_text(what->place ? what->place->code.s : ""));
	json_object_set_new(object, "place_hint",
	    json_text(what->place_hint ? what->place_hint->code.s : ""));
	json_object_set_new(object, "steps", steps);
	json_object_set_new(
	    object, "accept_by", json_time(deadlines->accept_by_ms));
	json_object_set_new(
	    object, "resolve_by", json_time(deadlines->resolve_by_ms));
	explain_rule(rule, what, cli);
	json_object_set_new(object, "rule", json_text(rule));
	return json_print(object);
}

enum cli_exit catalogue_explain(
    struct cli *cli, const struct explained_case *the_case)
{
	struct explanation what = { .the_case = the_case };
	struct address_index *places;
	int err = address_index_open(&places, cli->org);
	if (err < 0)
		return say_failure(err, "whistle");
	follow(&what, cli, places,
	    the_case->at ? the_case->at : root_of(cli->org));
	find_hints(&what, cli, places);
	struct deadlines deadlines = catalogue_deadlines(cli->catalogue,
	    what.item, KIND_APPEAL, what.item ? what.item->colour : COLOUR_NONE,
	    clock_now_ms(&cli->clock));
	if (cli->json)
		err = tell_json(&what, cli, &deadlines);
	else
		tell(&what, cli, &deadlines);
	address_index_close(&places);
	return err < 0 ? say_failure(err, "JSON") : CLI_DONE;
}
