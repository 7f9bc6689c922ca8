#include "offer.h"

#include <string.h>
#include "commands.h"
#include "session.h"

enum { LEVELS_SEEN_MAX = 2 * ORG_LEVELS_MAX };

static bool is_plain(const char *word)
{
	for (; *word; word++) {
		unsigned char c = (unsigned char)*word;
		bool is_letter = (c >= 'a' && c <= 'z') ||
				 (c >= 'A' && c <= 'Z') || c >= 0x80;
		if (!is_letter && !(c >= '0' && c <= '9') && !strchr("._-+", c))
			return false;
	}
	return true;
}

static bool begins(const char *word, const char *prefix)
{
	return strncmp(word, prefix, strlen(prefix)) == 0;
}

void offer_word(struct spot *spot, const char *word)
{
	if (!*word || !begins(word, spot->prefix) || !is_plain(word))
		return;
	printf("%s\n", word);
	spot->offered++;
}

void offer_nouns(struct spot *spot)
{
	const struct cli_command *row;
	const char *noun = "";
	for (size_t i = 0; (row = commands_at(i)) != NULL; i++) {
		if (strcmp(noun, row->noun) != 0)
			offer_word(spot, row->noun);
		noun = row->noun;
	}
}

void offer_verbs(struct spot *spot, const char *noun)
{
	const struct cli_command *row;
	for (size_t i = 0; (row = commands_at(i)) != NULL; i++)
		if (row->verb && strcmp(row->noun, noun) == 0)
			offer_word(spot, row->verb);
}

/* ---- from the city's files ---- */

/* Is `unit` seen only after a step to its parent? Codes are offered as
 * folders are: of all that begin alike, the uppermost first. */
static bool is_a_step_away(const struct spot *spot, const struct unit *unit)
{
	const struct unit *parent = unit->parent;
	return parent && begins(parent->code.s, spot->prefix) &&
	       strlen(parent->code.s) > strlen(spot->prefix);
}

static bool has_below(const struct unit *unit)
{
	return unit->last > unit->first;
}

/* By code; by name only what a code cannot be, and no name that is shared. */
static void offer_units(struct spot *spot)
{
	if (session_org(spot->cli) != CLI_DONE)
		return;
	const struct org *org = spot->cli->org;
	bool is_name = (unsigned char)spot->prefix[0] >= 0x80;
	for (size_t i = 0; i < org_unit_count(org); i++) {
		const struct unit *unit = org_unit_at(org, i);
		if (is_name) {
			offer_word(spot, unit->name);
		} else if (begins(unit->code.s, spot->prefix) &&
			   !is_a_step_away(spot, unit)) {
			offer_word(spot, unit->code.s);
			if (has_below(unit))
				spot->kind = "steps";
		}
	}
}

/* Those that can be called by their short name: of the operator's own unit
 * and of the units above it. Any other by its code. */
static void offer_departments(struct spot *spot)
{
	struct cli *cli = spot->cli;
	if (spot->prefix[0] >= '0' && spot->prefix[0] <= '9') {
		offer_units(spot);
		return;
	}
	if (session_operator(cli) != CLI_DONE)
		return;
	for (size_t i = 0; i < org_unit_count(cli->org); i++) {
		const struct unit *unit = org_unit_at(cli->org, i);
		const char *dash = strchr(unit->code.s, '-');
		if (unit->kind == UNIT_DEPARTMENT && dash &&
		    unit_is_within(cli->operator->unit, unit->parent))
			offer_word(spot, dash + 1);
	}
}

static void offer_operators(struct spot *spot)
{
	if (session_org(spot->cli) != CLI_DONE)
		return;
	const struct org *org = spot->cli->org;
	for (size_t i = 0; i < org_operator_count(org); i++)
		offer_word(spot, org_operator_at(org, i)->name);
}

static void offer_nodes(struct spot *spot)
{
	if (session_org(spot->cli) != CLI_DONE)
		return;
	const struct org *org = spot->cli->org;
	for (size_t i = 0; i < org_node_count(org); i++)
		offer_word(spot, org_node_at(org, i)->name);
}

static void offer_owners(struct spot *spot)
{
	offer_nodes(spot);
	offer_operators(spot);
}

/* Each level's word is one string in the whole city. */
static void offer_levels(struct spot *spot)
{
	const char *seen[LEVELS_SEEN_MAX];
	size_t count = 0, at;
	if (session_org(spot->cli) != CLI_DONE)
		return;
	const struct org *org = spot->cli->org;
	for (size_t i = 0; i < org_unit_count(org); i++) {
		const char *level = org_unit_at(org, i)->level;
		for (at = 0; at < count && seen[at] != level; at++)
			;
		if (at < count || count == LEVELS_SEEN_MAX)
			continue;
		seen[count++] = level;
		offer_word(spot, level);
	}
}

static void offer_items(struct spot *spot)
{
	if (session_catalogue(spot->cli) != CLI_DONE)
		return;
	const struct catalogue *catalogue = spot->cli->catalogue;
	for (size_t i = 0; i < catalogue_item_count(catalogue); i++)
		offer_word(spot, catalogue_item_at(catalogue, i)->code);
}

static void offer_situations(struct spot *spot)
{
	if (session_catalogue(spot->cli) != CLI_DONE)
		return;
	const struct catalogue *catalogue = spot->cli->catalogue;
	for (size_t i = 0; i < catalogue_situation_count(catalogue); i++)
		offer_word(spot, catalogue_situation_at(catalogue, i)->code);
}

static void offer_domains(struct spot *spot)
{
	if (session_catalogue(spot->cli) != CLI_DONE)
		return;
	const struct catalogue *catalogue = spot->cli->catalogue;
	for (size_t i = 0; i < catalogue_domain_count(catalogue); i++)
		offer_word(spot, catalogue_domain_at(catalogue, i)->code);
}

static void offer_files(struct spot *spot)
{
	spot->kind = "files";
}

static void offer_folders(struct spot *spot)
{
	spot->kind = "folders";
}

static void offer_verbs_of_first(struct spot *spot)
{
	if (spot->first)
		offer_verbs(spot, spot->first);
}

/* ---- which of these an argument is ---- */

/* The first row that fits counts; what a row does not name fits all. It
 * has a function, words, or else a list of the law. */
static const struct answer {
	const char *noun, *verb, *option, *argument;
	void (*offer)(struct spot *spot);
	const char *words[5];
	enum word_list list;
} answers[] = {
	{ .option = "as", .offer = offer_operators },
	{ .option = "node", .offer = offer_nodes },
	{ .noun = "key", .argument = "NAME", .offer = offer_owners },
	{ .argument = "NODE", .offer = offer_nodes },
	{ .argument = "UNIT", .offer = offer_units },
	{ .argument = "DEPARTMENT", .offer = offer_departments },
	{ .argument = "LEVEL", .offer = offer_levels },
	{ .argument = "ITEM", .offer = offer_items },
	{ .option = "situation", .offer = offer_situations },
	{ .option = "domain", .offer = offer_domains },
	{ .argument = "FILE", .offer = offer_files },
	{ .argument = "FILE.csv", .offer = offer_files },
	{ .argument = "DIR", .offer = offer_folders },
	{ .argument = "NOUN", .offer = offer_nouns },
	{ .argument = "VERB", .offer = offer_verbs_of_first },
	{ .argument = "SOURCE",
	    .words = { "hotline", "patrol", "visit", "resident" } },
	{ .noun = "unit",
	    .option = "kind",
	    .words = { "area", "department", "hotline" } },
	{ .noun = "score",
	    .option = "kind",
	    .words = { "area", "department" } },
	{ .argument = "RATE",
	    .words = { "response", "completion", "satisfaction" } },
	{ .argument = "zh|en", .words = { "zh", "en" } },
	{ .argument = "auto|always|never",
	    .words = { "auto", "always", "never" } },
	{ .argument = "ID|--all|--under UNIT",
	    .words = { "--all", "--under" } },
	{ .argument = "COLOUR", .list = WORD_COLOUR },
	{ .argument = "CHANNEL", .list = WORD_CHANNEL },
	{ .argument = "STATE", .list = WORD_STATE },
	{ .verb = "whistle", .option = "kind", .list = WORD_WHISTLE },
	{ .noun = "ticket", .option = "kind", .list = WORD_KIND },
};

static bool fits(const char *wanted, const char *word)
{
	return !wanted || (word && strcmp(wanted, word) == 0);
}

static void give_answer(struct spot *spot, const struct answer *answer)
{
	if (answer->offer) {
		answer->offer(spot);
		return;
	}
	for (size_t i = 0; answer->words[i]; i++)
		offer_word(spot, answer->words[i]);
	if (answer->words[0])
		return;
	for (unsigned i = 1; i < word_count(answer->list); i++)
		offer_word(spot, word_name(answer->list, i));
}

void offer_argument(struct spot *spot, const char *argument)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		const struct answer *answer = &answers[i];
		if (!fits(answer->noun, spot->noun) ||
		    !fits(answer->verb, spot->verb) ||
		    !fits(answer->option, spot->option) ||
		    !fits(answer->argument, argument))
			continue;
		give_answer(spot, answer);
		return;
	}
}
