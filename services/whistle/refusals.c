#include "refusals.h"

#include <stdio.h>
#include <string.h>
#include "lang.h"
#include "story.h"
#include "ticket/law.h"
#include "unit_name.h"
#include "words.h"

/* `{detail}` is replaced; `plain` is for an answer without a detail, NULL
 * when the text has no {detail}. */
static const struct {
	const char *text;
	const char *plain;
} explanations[REFUSAL_COUNT] = {
	[REFUSAL_NONE] = { N_("Not refused."), NULL },
	[REFUSAL_UNKNOWN_TICKET] = { N_(
	    "There is no such ticket. Check the number."), NULL },
	[REFUSAL_WRONG_STATE] = {
		N_("This cannot be done while the ticket is {detail}. Look at it "
		   "with “whistle ticket show”."),
		N_("This cannot be done in the ticket's present state. Look at it "
		   "with “whistle ticket show”."),
	},
	[REFUSAL_NOT_HOLDER] = {
		N_("Only the unit that holds the ticket can do this; it is with "
		   "{detail}. Ask that unit, or remind it."),
		N_("Only the unit that holds the ticket can do this. See who that "
		   "is with “whistle ticket show”."),
	},
	[REFUSAL_NOT_ORIGIN] = {
		N_("Only the unit that opened the ticket can do this; that was "
		   "{detail}. Ask that unit to do it."),
		N_("Only the unit that opened the ticket can do this. Ask that "
		   "unit to do it."),
	},
	[REFUSAL_FILE_TYPE] = { N_(
	    "Files of this type are not taken: only pictures, PDF, plain "
	    "UTF-8 text, video and sound. Send it as one of these."), NULL },
	[REFUSAL_FILE_TOO_LARGE] = { N_(
	    "The file is too large: at most 20 MiB, and 1 MiB of plain "
	    "text. Make it smaller and try again."), NULL },
	[REFUSAL_FILE_WRONG] = { N_(
	    "What arrived is not the file whose hash was named. Send it "
	    "again."), NULL },
	[REFUSAL_FILE_MISSING] = { N_(
	    "A file that is named has not been sent to this node, or is no "
	    "longer there. Send it again."), NULL },
	[REFUSAL_FILE_QUOTA] = { N_(
	    "Too much has been sent that no ticket names yet. It is "
	    "forgotten after a day; or name it first."), NULL },
	[REFUSAL_FILE_SEALED] = { N_(
	    "The ticket is confidential: only units that hold it or have "
	    "held it may open its files. Ask one of these."), NULL },
	[REFUSAL_NOT_ABOVE] = {
		N_("Only a unit above {detail}, which holds the ticket, can do "
		   "this. Ask the level above."),
		N_("Only a unit above the one that holds the ticket can do this. "
		   "Ask the level above."),
	},
	[REFUSAL_NOT_INVOLVED] = { N_(
	    "Only units that opened or held the ticket, or stand above its "
	    "holder, can do this. Ask one of them."), NULL },
	[REFUSAL_NO_POWER] = { N_(
	    "Units of this level may not do this. Send the ticket to a "
	    "level that may."), NULL },
	[REFUSAL_NO_ROLE] = {
		N_("Your role does not allow this. Ask a colleague who is one of "
		   "these: {detail}."),
		N_("Your role does not allow this. Ask a colleague whose role "
		   "does."),
	},
	[REFUSAL_WRONG_UNIT] = { N_(
	    "Your key cannot speak for that unit. Use the key of somebody "
	    "who works there."), NULL },
	[REFUSAL_UNKNOWN_UNIT] = {
		N_("There is no unit {detail}. Find its code with “whistle unit "
		   "list”."),
		N_("There is no such unit. Find its code with “whistle unit "
		   "list”."),
	},
	[REFUSAL_UNKNOWN_ITEM] = {
		N_("The catalogue has no item {detail}. See “whistle catalogue "
		   "items”."),
		N_("The catalogue has no such item. See “whistle catalogue "
		   "items”."),
	},
	[REFUSAL_BAD_TARGET] = {
		N_("The ticket cannot go to {detail} from here: only to the unit "
		   "above, to a unit below, or to a department that serves this "
		   "area. Choose one of these."),
		N_("The ticket cannot go there from here: only to the unit above, "
		   "to a unit below, or to a department that serves this area. "
		   "Choose one of these."),
	},
	[REFUSAL_VISITED] = {
		N_("The ticket has been with {detail} before and cannot be sent "
		   "there again. Settle it, or ask for a ruling."),
		N_("The ticket has been there before and cannot be sent there "
		   "again. Settle it, or ask for a ruling."),
	},
	[REFUSAL_RETURNS_USED] = { N_(
	    "The ticket has been returned as often as the catalogue "
	    "allows. This unit keeps it and settles it."), NULL },
	[REFUSAL_NO_SENDER] = { N_(
	    "This unit took the ticket in itself, so there is nobody to "
	    "return it to. Settle it, or send it up."), NULL },
	[REFUSAL_RETURN_WINDOW] = {
		N_("The time to return it was over at {detail}, so this unit "
		   "keeps the ticket. Settle it, or ask the district for a ruling."),
		N_("The time to return it is over, so this unit keeps the ticket. "
		   "Settle it, or ask the district for a ruling."),
	},
	[REFUSAL_RULED] = { N_(
	    "A ruling gave the ticket to this unit, which keeps it and "
	    "settles it. Only another ruling can move it."), NULL },
	[REFUSAL_NOT_ADMITTED] = { N_(
	    "The item is not on the receiver's list. Settle it here, or have "
	    "a district or the city send it with --permit."), NULL },
	[REFUSAL_EXTENSIONS_USED] = { N_(
	    "The time has been extended as often as the catalogue allows. "
	    "Settle it, or ask a level above to suspend it."), NULL },
	[REFUSAL_NO_AWAITING] = { N_(
	    "The catalogue gives no time to wait for residents "
	    "(resident_wait). Ask a level above to suspend the ticket."), NULL },
	[REFUSAL_AWAITED_ALREADY] = { N_(
	    "The resident has been waited for once. Settle it, extend its "
	    "time, or ask a level above to suspend it."), NULL },
	[REFUSAL_NO_DEADLINE] = { N_(
	    "The ticket has no time to resolve, so there is nothing to "
	    "extend. Go on with it as it is."), NULL },
	[REFUSAL_BAD_MASTER] = { N_(
	    "It cannot be merged into that one: the other must be with the "
	    "same unit, not ended, not merged itself and no callout. "
	    "Choose another."), NULL },
	[REFUSAL_FOLLOWED] = { N_(
	    "Other callers' tickets were merged into this one and would "
	    "end with it. Only a level above can exclude it."), NULL },
	[REFUSAL_CALLED_ALREADY] = {
		N_("{detail} has been called out for this ticket already. Wait "
		   "for it to check in, or remind it."),
		N_("A department has been called out for this ticket already. "
		   "Wait for it to check in, or remind it."),
	},
	[REFUSAL_WHISTLE_KIND] = {
		N_("Your unit's level or your role may not blow a whistle of "
		   "the kind “{detail}”. Ask a colleague whose role may, or "
		   "send the ticket to a level that may."),
		N_("Your unit's level or your role may not blow a whistle of "
		   "this kind. Ask a colleague whose role may, or send the "
		   "ticket to a level that may."),
	},
	[REFUSAL_TOO_MANY] = {
		N_("That is more than one ticket can have ({detail}). Settle this "
		   "one and open a new one for the rest."),
		N_("That is more than one ticket can have. Settle this one and "
		   "open a new one for the rest."),
	},
	[REFUSAL_RATED_ALREADY] = { N_(
	    "The ticket has been rated. One issue has one rating, and it "
	    "is never changed. If the trouble is back, open a new ticket."), NULL },
	[REFUSAL_ONLY_CALLOUT] = { N_(
	    "Only a department that was called by a whistle checks in. "
	    "Accept this ticket instead."), NULL },
	[REFUSAL_NOT_CALLOUT] = { N_(
	    "This is a whistle's callout: it is checked in, not accepted, "
	    "and neither calls departments nor follows another ticket. Use "
	    "“whistle ticket check-in”."), NULL },
	[REFUSAL_BAD_FIELD] = {
		N_("Something is missing or not valid: {detail}. Correct it and "
		   "try again."),
		N_("Something is missing or not valid. Correct it and try again."),
	},
	[REFUSAL_STORE_FULL] = { N_(
	    "The node's store is full: it takes in nothing new until there "
	    "is room. Tickets can still be finished. Tell the engineer."), NULL },
	[REFUSAL_RECOVERING] = { N_(
	    "The node is getting its tickets back from its neighbours and "
	    "takes nothing new until it has them. Try again soon."), NULL },
	[REFUSAL_NOT_HERE] = {
		N_("This node does not serve the unit. Ask {detail}, with "
		   "--node."),
		N_("This node does not serve the unit. Ask the one that "
		   "does, with --node."),
	},
	[REFUSAL_TOO_FAST] = { N_(
	    "Too many requests at once. Wait a moment and try again."), NULL },
	[REFUSAL_NO_FENCING] = { N_(
	    "The city's catalogue has no fence_after, so nothing is taken "
	    "over without an answer of the holder's node. See to it that "
	    "that node runs."), NULL },
	[REFUSAL_NO_CONTACT] = { N_(
	    "There is nothing to erase: the ticket has no caller's details, or "
	    "they have been erased. If a copy is left elsewhere, erase it "
	    "there."), NULL },
	[REFUSAL_FENCE_LATER] = {
		N_("The holder's node has been asked, and may still answer. "
		   "If it is silent until {detail}, say the same again."),
		N_("The holder's node has been asked, and may still "
		   "answer. Say the same again later."),
	},
};

static enum refusal refusal_of(const char *name)
{
	for (unsigned i = 1; i < REFUSAL_COUNT; i++)
		if (strcmp(refusal_name((enum refusal)i), name) == 0)
			return (enum refusal)i;
	return REFUSAL_COUNT;
}

/* "dispatcher,supervisor" */
static void say_roles(char out[UNIT_NAME_TEXT], const char *detail)
{
	char names[UNIT_NAME_TEXT];
	char *rest = names, *name;
	size_t len = 0;
	snprintf(names, sizeof(names), "%s", detail);
	out[0] = '\0';
	while ((name = strsep(&rest, ",")) != NULL && len < UNIT_NAME_TEXT) {
		unsigned role;
		bool is_role = word_parse(&role, WORD_ROLE, name) == 0;
		len += (size_t)snprintf(out + len, UNIT_NAME_TEXT - len, "%s%s",
		    len ? C_("roles", ", ") : "",
		    is_role ? words_of(WORD_ROLE, role) : name);
	}
}

/* To the minute, here. */
static void say_time(char out[UNIT_NAME_TEXT], const char *detail)
{
	enum { MINUTE_CHARS = 16 };
	char text[TIME_TEXT];
	int64_t time_ms;
	snprintf(out, UNIT_NAME_TEXT, "%s", detail);
	if (time_parse(&time_ms, detail) < 0)
		return;
	time_format(text, time_ms);
	text[10] = ' ';
	snprintf(out, UNIT_NAME_TEXT, "%.*s", MINUTE_CHARS, text);
}

/* A unit's name, a field's or a state's, or the detail itself. */
static void say_detail(char out[UNIT_NAME_TEXT], const struct cli *cli,
    enum refusal refusal, const char *detail)
{
	struct unit_code code;
	unsigned state;
	if (refusal == REFUSAL_NO_ROLE)
		say_roles(out, detail);
	else if (refusal == REFUSAL_RETURN_WINDOW)
		say_time(out, detail);
	else if (refusal == REFUSAL_WRONG_STATE &&
		 word_parse(&state, WORD_STATE, detail) == 0)
		snprintf(
		    out, UNIT_NAME_TEXT, "%s", words_of(WORD_STATE, state));
	else if (refusal == REFUSAL_WHISTLE_KIND &&
		 word_parse(&state, WORD_WHISTLE, detail) == 0)
		snprintf(
		    out, UNIT_NAME_TEXT, "%s", words_of(WORD_WHISTLE, state));
	else if (refusal == REFUSAL_BAD_FIELD)
		snprintf(out, UNIT_NAME_TEXT, "%s", words_field(detail));
	else if (refusal == REFUSAL_FENCE_LATER)
		story_moment(out, detail);
	else if (code_set(&code, detail) == 0)
		unit_name(out, cli->org, &code);
	else
		snprintf(out, UNIT_NAME_TEXT, "%s", detail);
}

void refusals_explain(char text_out[REFUSAL_TEXT], struct cli *cli,
    const char *refusal, const char *detail)
{
	enum refusal number = refusal_of(refusal);
	if (number == REFUSAL_COUNT || !explanations[number].text) {
		snprintf(text_out, REFUSAL_TEXT, _("Refused: %s (%s)."),
		    refusal, detail);
		return;
	}
	const char *plain = explanations[number].plain;
	const char *text = _(explanations[number].text);
	if (!*detail && plain)
		text = _(plain);
	const char *hole = strstr(text, "{detail}");
	if (!hole) {
		snprintf(text_out, REFUSAL_TEXT, "%s", text);
		return;
	}
	char said[UNIT_NAME_TEXT];
	say_detail(said, cli, number, detail);
	snprintf(text_out, REFUSAL_TEXT, "%.*s%s%s", (int)(hole - text), text,
	    said, hole + strlen("{detail}"));
}
