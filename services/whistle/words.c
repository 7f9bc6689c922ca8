#include "words.h"

#include <string.h>
#include "lang.h"

static const char *const states[STATE_COUNT] = {
	[STATE_OPEN] = NC_("state", "open"),
	[STATE_ACCEPTED] = NC_("state", "accepted"),
	[STATE_WAITING] = NC_("state", "waiting"),
	[STATE_SUSPENDED] = NC_("state", "suspended"),
	[STATE_RESOLVED] = NC_("state", "resolved"),
	[STATE_CLOSED] = NC_("state", "closed"),
	[STATE_EXCLUDED] = NC_("state", "excluded"),
	[STATE_MERGED] = NC_("state", "merged"),
};

static const char *const verbs[VERB_COUNT] = {
	[VERB_OPEN] = NC_("verb", "open"),
	[VERB_ACCEPT] = NC_("verb", "accept"),
	[VERB_NOTE] = NC_("verb", "note"),
	[VERB_FORWARD] = NC_("verb", "forward"),
	[VERB_WHISTLE] = NC_("verb", "whistle"),
	[VERB_CHECK_IN] = NC_("verb", "check in"),
	[VERB_RETURN] = NC_("verb", "return"),
	[VERB_RULE] = NC_("verb", "rule"),
	[VERB_EXTEND] = NC_("verb", "extend"),
	[VERB_REMIND] = NC_("verb", "remind"),
	[VERB_SUPERVISE] = NC_("verb", "supervise"),
	[VERB_SUSPEND] = NC_("verb", "suspend"),
	[VERB_RESUME] = NC_("verb", "resume"),
	[VERB_RESOLVE] = NC_("verb", "resolve"),
	[VERB_REOPEN] = NC_("verb", "reopen"),
	[VERB_RATE] = NC_("verb", "rate"),
	[VERB_EXCLUDE] = NC_("verb", "exclude"),
	[VERB_MERGE] = NC_("verb", "merge"),
	[VERB_TAKE_OVER] = NC_("verb", "take over"),
	[VERB_ERASE_CONTACT] = NC_("verb", "erase contact"),
};

static const char *const kinds[KIND_COUNT] = {
	[KIND_APPEAL] = NC_("kind", "appeal"),
	[KIND_CALLOUT] = NC_("kind", "callout"),
};

static const char *const colours[COLOUR_COUNT] = {
	[COLOUR_BLUE] = NC_("colour", "blue"),
	[COLOUR_YELLOW] = NC_("colour", "yellow"),
	[COLOUR_RED] = NC_("colour", "red"),
};

static const char *const outcomes[OUTCOME_COUNT] = {
	[OUTCOME_SOLVED] = NC_("outcome", "solved"),
	[OUTCOME_EXPLAINED] = NC_("outcome", "explained"),
};

static const char *const channels[CHANNEL_COUNT] = {
	[CHANNEL_GOVERNMENT] = NC_("channel", "government"),
	[CHANNEL_SELF_GOVERNMENT] = NC_("channel", "self-government"),
	[CHANNEL_MARKET] = NC_("channel", "market"),
	[CHANNEL_COMMUNITY_FUNDS] = NC_("channel", "community funds"),
	[CHANNEL_MEDIATION] = NC_("channel", "mediation"),
	[CHANNEL_UNSTATED] = NC_("channel", "not stated"),
};

static const char *const satisfactions[SATISFACTION_COUNT] = {
	[SATISFACTION_SATISFIED] = NC_("rating", "satisfied"),
	[SATISFACTION_MOSTLY] = NC_("rating", "mostly satisfied"),
	[SATISFACTION_DISSATISFIED] = NC_("rating", "dissatisfied"),
	[SATISFACTION_NOT_RATED] = NC_("rating", "no verdict"),
};

static const char *const deadlines[DEADLINE_COUNT] = {
	[DEADLINE_ACCEPT] = NC_("deadline", "to accept"),
	[DEADLINE_CHECK_IN] = NC_("deadline", "to check in"),
	[DEADLINE_RESOLVE] = NC_("deadline", "to resolve"),
};

static const char *const sources[SOURCE_COUNT] = {
	[SOURCE_HOTLINE] = NC_("source", "hotline"),
	[SOURCE_PATROL] = NC_("source", "patrol"),
	[SOURCE_VISIT] = NC_("source", "visit"),
	[SOURCE_RESIDENT] = NC_("source", "resident"),
	[SOURCE_WHISTLE] = NC_("source", "whistle"),
};

static const char *const whistles[WHISTLE_COUNT] = {
	[WHISTLE_LAW] = NC_("whistle", "law enforcement"),
	[WHISTLE_PROJECT] = NC_("whistle", "key project"),
	[WHISTLE_EMERGENCY] = NC_("whistle", "emergency"),
};

static const char *const roles[ROLE_COUNT] = {
	[ROLE_WORKER] = NC_("role", "worker"),
	[ROLE_DISPATCHER] = NC_("role", "dispatcher"),
	[ROLE_CLERK] = NC_("role", "clerk"),
	[ROLE_HOTLINE] = NC_("role", "hotline"),
	[ROLE_SUPERVISOR] = NC_("role", "supervisor"),
	[ROLE_ENGINEER] = NC_("role", "engineer"),
	[ROLE_READER] = NC_("role", "reader"),
};

static const char *const findings[FINDING_COUNT] = {
	[FINDING_TRUE] = NC_("finding", "as it was told"),
	[FINDING_UNTRUE] = NC_("finding", "not as it was told"),
};

static const struct {
	const char *const *words;
	unsigned count;
} lists[WORD_LIST_COUNT] = {
	[WORD_STATE] = { states, STATE_COUNT },
	[WORD_VERB] = { verbs, VERB_COUNT },
	[WORD_KIND] = { kinds, KIND_COUNT },
	[WORD_COLOUR] = { colours, COLOUR_COUNT },
	[WORD_OUTCOME] = { outcomes, OUTCOME_COUNT },
	[WORD_CHANNEL] = { channels, CHANNEL_COUNT },
	[WORD_SATISFACTION] = { satisfactions, SATISFACTION_COUNT },
	[WORD_DEADLINE] = { deadlines, DEADLINE_COUNT },
	[WORD_SOURCE] = { sources, SOURCE_COUNT },
	[WORD_WHISTLE] = { whistles, WHISTLE_COUNT },
	[WORD_ROLE] = { roles, ROLE_COUNT },
	[WORD_FINDING] = { findings, FINDING_COUNT },
};

const char *words_of(enum word_list list, unsigned value)
{
	if (value == 0)
		return "-";
	if (value >= lists[list].count || !lists[list].words[value])
		return word_name(list, value);
	return lang_word(lists[list].words[value]);
}

/* A word and what it is called. */
struct called {
	const char *word;
	const char *text;
};

static const char *called(
    const struct called *list, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].word, word) == 0)
			return lang_word(list[i].text);
	return word;
}

#define CALLED(list, word) called(list, sizeof(list) / sizeof((list)[0]), word)

static const struct called node_states[] = {
	{ "running", NC_("node", "running") },
	{ "recovering", NC_("node", "recovering") },
	{ "full", NC_("node", "full") },
	{ "draining", NC_("node", "stopping") },
	{ "unreachable", NC_("node", "unreachable") },
};

const char *words_node_state(const char *state)
{
	return CALLED(node_states, state);
}

static const struct called triage_reasons[] = {
	{ "none", NC_("reason", "nothing to do by routine") },
	{ "competent", NC_("reason", "this unit can settle it") },
	{ "above_us", NC_("reason", "a level above is competent") },
	{ "below_us", NC_("reason", "a level below is competent") },
	{ "department", NC_("reason", "a department leads") },
	{ "whistle", NC_("reason", "the item calls departments at once") },
	{ "unknown_item", NC_("reason", "a person must say what it is") },
	{ "unknown_place", NC_("reason", "a person must say where it is") },
	{ "not_routine",
	    NC_("reason", "it came back, so a person looks at it") },
};

const char *words_triage_reason(const char *reason)
{
	return CALLED(triage_reasons, reason);
}

const char *words_unit_kind(enum unit_kind kind)
{
	switch (kind) {
	case UNIT_AREA:
		return C_("unit", "area");
	case UNIT_DEPARTMENT:
		return C_("unit", "department");
	case UNIT_HOTLINE:
		return C_("unit", "hotline");
	}
	return "?";
}

static const struct called levels[] = {
	{ "city", NC_("level", "city") },
	{ "district", NC_("level", "district") },
	{ "street", NC_("level", "street") },
	{ "community", NC_("level", "community") },
	{ "grid", NC_("level", "grid") },
	{ "hotline", NC_("level", "hotline") },
};

const char *words_level(const char *level)
{
	return CALLED(levels, level);
}

static const struct called fields[] = {
	{ "to", NC_("field", "the receiving unit") },
	{ "text", NC_("field", "the text") },
	{ "item", NC_("field", "the item") },
	{ "place", NC_("field", "the place") },
	{ "colour", NC_("field", "the colour") },
	{ "kind", NC_("field", "the kind") },
	{ "source", NC_("field", "the source") },
	{ "external_id", NC_("field", "the source's own number") },
	{ "title", NC_("field", "the title") },
	{ "address", NC_("field", "the address") },
	{ "contact", NC_("field", "the contact details") },
	{ "whistle", NC_("field", "the kind of whistle") },
	{ "situation", NC_("field", "the situation") },
	{ "meet_at", NC_("field", "the meeting place") },
	{ "meet_ms", NC_("field", "the meeting time") },
	{ "callouts", NC_("field", "the departments") },
	{ "basis", NC_("field", "the basis") },
	{ "outcome", NC_("field", "the outcome") },
	{ "channel", NC_("field", "the channel") },
	{ "satisfaction", NC_("field", "the verdict") },
	{ "until_ms", NC_("field", "the time until which it waits") },
	{ "master", NC_("field", "the ticket to follow (--into)") },
	{ "finding", NC_("field", "whether it was as told") },
	{ "contacted_ms", NC_("field", "the time of the contact") },
	{ "measures", NC_("field", "the measures") },
};

const char *words_field(const char *field)
{
	return CALLED(fields, field);
}

/* Phrases of the layers below that reach people through lang_text. */
__attribute__((unused)) static const char *const foreign_phrases[] = {
	/* base/err.h */
	N_("out of memory"),
	N_("input or output failed"),
	N_("no space left in the store"),
	N_("a stored record is damaged"),
	N_("not found"),
	N_("exists already"),
	N_("not valid"),
	N_("too large"),
	N_("made by another version"),
	N_("in use by another process"),
	N_("not permitted"),
	N_("not reachable"),
	N_("no answer in time"),
	N_("a commit whose result is not known"),
	/* ticket/event.c */
	N_("missing"),
	N_("not said by this verb"),
	N_("filled in by the holder only"),
	N_("out of range"),
	N_("too long"),
	N_("holds a control character"),
	N_("of the wrong length"),
	N_("not set"),
	N_("only one department can lead"),
	N_("a department or ticket is named twice"),
	N_("deadline and due_ms go together"),
	N_("not a file's name"),
	N_("a file's size and type go together"),
	N_("a file is named twice"),
	/* base/csv.c */
	N_("a quote is opened and never closed"),
	N_("a quote inside a field: put the field in quotes and double the "
	   "quote"),
	N_("text after a closing quote, perhaps an unclosed quote"),
	N_("longer than 262144 bytes, or an unclosed quote"),
	N_("more than 64 fields"),
	N_("not UTF-8 text"),
	N_("not UTF-8 text, and this system cannot convert GB18030"),
	N_("not GB18030 text, as the file's start is"),
};
