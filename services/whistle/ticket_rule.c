/*
 * whistle ticket extend … take-over: the verbs by which time is given and
 * taken, and by which those above see to it.
 */
#include "commands.h"
#include "lang.h"
#include "ticket_do.h"

#define BASIS                                                                  \
	TEXT("basis", basis, "TEXT", N_("the rule or list that it rests on"))

static const struct option_row ids_rows[] = { IDS_FROM };
static const struct option_row reason_rows[] = { REASON, IDS_FROM };
static const struct option_row exclude_rows[] = { REASON, BASIS, IDS_FROM };

static const struct option_row rule_rows[] = { REASON, BASIS, ITEM, PLACE,
	IDS_FROM };

static const struct option_row suspend_rows[] = {
	REASON,
	BASIS,
	TEXT("until", until, "TIME",
	    N_("goes on by itself then: 2026-11-21 15:00")),
	FLAG("resident", resident,
	    N_("this unit itself waits for an answer of whoever raised it, "
	       "once and as long as the catalogue lets it")),
	IDS_FROM,
};

static const struct option_row merge_rows[] = {
	TEXT("into", into, "ID", N_("the ticket that they follow")),
	REASON,
	IDS_FROM,
};

static const struct option_row take_over_rows[] = {
	REASON,
	FLAG("fence", fence,
	    N_("go on without the holder's node, which has not answered for "
	       "as long as the catalogue says (fence_after)")),
	IDS_FROM,
};

static const struct option_row erase_rows[] = {
	TEXT("basis", basis, "TEXT",
	    N_("what it rests on: the caller asked for it, a rule, a ruling; "
	       "without the caller's details")),
	REASON,
	IDS_FROM,
};

static const struct cli_command rows[] = {
	{ "ticket", "rule", "ID UNIT", 0, 2, CLI_ROWS(rule_rows),
	    DOING(VERB_RULE, WORDS_ID_UNIT),
	    N_("rule whose ticket it is: that unit keeps it"),
	    N_("UNIT is below the one that rules, or a department of it; it "
	       "may be the one that has the ticket.") },
	{ "ticket", "extend", "ID…", 0, -1, CLI_ROWS(reason_rows),
	    DOING(VERB_EXTEND, WORDS_IDS),
	    N_("take more time to resolve, as often as the catalogue allows"),
	    NULL },
	{ "ticket", "remind", "ID TEXT", 0, 2, CLI_ROWS(ids_rows),
	    DOING(VERB_REMIND, WORDS_ID_TEXT),
	    N_("remind the holder: the caller asks again, time is running"),
	    NULL },
	{ "ticket", "supervise", "ID TEXT", 0, 2, CLI_ROWS(ids_rows),
	    DOING(VERB_SUPERVISE, WORDS_ID_TEXT),
	    N_("press a holder below in writing"), NULL },
	{ "ticket", "suspend", "ID…", 0, -1, CLI_ROWS(suspend_rows),
	    DOING(VERB_SUSPEND, WORDS_IDS),
	    N_("let a ticket wait: the clock stops"),
	    N_("A level above permits a holder below to wait, for as long "
	       "as it says. With --resident the holder needs no permit: it "
	       "waits for whoever raised the issue, and goes on by itself "
	       "when they answer or the time is over.") },
	{ "ticket", "resume", "ID…", 0, -1, CLI_ROWS(reason_rows),
	    DOING(VERB_RESUME, WORDS_IDS),
	    N_("go on with a suspended ticket: the clock runs again"), NULL },
	{ "ticket", "exclude", "ID…", 0, -1, CLI_ROWS(exclude_rows),
	    DOING(VERB_EXCLUDE, WORDS_IDS),
	    N_("take a ticket out of the scores; call off a whistle's "
	       "callout"),
	    NULL },
	{ "ticket", "merge", "ID…", 0, -1, CLI_ROWS(merge_rows),
	    DOING(VERB_MERGE, WORDS_IDS),
	    N_("let duplicates follow one ticket: each caller is still "
	       "called back"),
	    NULL },
	{ "ticket", "take-over", "ID…", 0, -1, CLI_ROWS(take_over_rows),
	    DOING(VERB_TAKE_OVER, WORDS_IDS),
	    N_("take a ticket from a unit below"),
	    N_("The holder's node does it. When it does not answer, order it "
	       "all the same: the time begins. Once the catalogue's "
	       "fence_after is over, say it again with --fence. What the "
	       "holder did meanwhile, and nobody has heard of, then does not "
	       "count; it is kept, and “whistle ticket trace” shows it.") },
	{ "ticket", "erase-contact", "ID…", 0, -1, CLI_ROWS(erase_rows),
	    DOING(VERB_ERASE_CONTACT, WORDS_IDS),
	    N_("erase the caller's name and phone number on every node"),
	    N_("By the unit that took the ticket in, or one above the unit "
	       "that has it. Nobody can call the caller back afterwards, and "
	       "nothing brings the details back. The log stays whole, and "
	       "says who erased them and on what basis. Backups made before "
	       "still hold them, sealed; what people wrote into texts or "
	       "files is not touched.") },
};

const struct cli_commands ticket_rule_commands = { CLI_ROWS(rows) };
