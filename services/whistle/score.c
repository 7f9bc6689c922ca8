/* whistle score: its commands and what is said of them. */
#include "base/err.h"
#include "commands.h"
#include "lang.h"
#include "score_board.h"

static const struct option_row show_rows[] = {
	{ "under", OPTION_TEXT, &score_show.under, 0, 0, "UNIT",
	    N_("only this unit and those below it") },
	{ "kind", OPTION_TEXT, &score_show.kind, 0, 0, "KIND",
	    N_("area or department (both)") },
	{ "level", OPTION_TEXT, &score_show.level, 0, 0, "LEVEL",
	    N_("only units of this level: district, street … (all)") },
	SCORE_FILTER_ROWS(score_show.filter),
	{ "by-item", OPTION_FLAG, &score_show.by_item, 0, 0, "",
	    N_("a line for each item of the catalogue") },
	{ "by-domain", OPTION_FLAG, &score_show.by_domain, 0, 0, "",
	    N_("a line for each domain of the catalogue") },
	{ "sort", OPTION_TEXT, &score_show.sort, 0, 0, "RATE",
	    N_("response, completion or satisfaction (satisfaction)") },
	{ "explain", OPTION_FLAG, &score_show.explain, 0, 0, "",
	    N_("of one unit: how each rate comes about, what is left out, and "
	       "what every count means") },
	{ "tickets", OPTION_FLAG, &score_show.tickets, 0, 0, "",
	    N_("the same, and which tickets these are") },
};

static const struct cli_command rows[] = {
	{ "score", "show", "[UNIT]", 0, 1, CLI_ROWS(show_rows), score_board_run,
	    NULL, N_("show the scoreboard: response, completion, satisfaction"),
	    N_("Response: accepted or checked in before the deadline, of "
	       "all that were due. Completion: rated as resolved, of all "
	       "rated. Satisfaction: satisfied, of all that gave a verdict; "
	       "what mostly satisfied counts is the catalogue's. Score: one "
	       "number from the three, by the catalogue's weights. In "
	       "brackets: how many of how many. A star: this node knows only "
	       "some of the unit's tickets.") },
	{ "score", "rank", "", 0, 0, score_rank_rows, SCORE_RANK_ROWS,
	    score_rank_run, NULL, N_("rank units by their score or a rate"),
	    N_("Units with the same figure, to a tenth of a per cent, share "
	       "a rank. A unit without a denominator, or whose tickets the "
	       "node does not all know, is listed apart.") },
	{ "score", "trend", "UNIT", 1, 1, score_trend_rows, SCORE_TREND_ROWS,
	    score_trend_run, NULL, N_("show a unit's rates month by month"),
	    N_("What happens counts in its month, in China's time.") },
	{ "score", "burden", "UNIT", 1, 1, score_burden_rows, SCORE_BURDEN_ROWS,
	    score_burden_run, NULL,
	    N_("show what a unit was sent, and by whom"),
	    N_("Received: every ticket that it got, but for verification. "
	       "Sent down: of those, dispatched from above. By permit: though "
	       "not on its list. Called: by a whistle. Returned: what it gave "
	       "back to that unit.") },
	{ "score", "tickets", "UNIT", 1, 1, score_tickets_rows,
	    SCORE_TICKETS_ROWS, score_tickets_run, NULL,
	    N_("list the tickets behind a rate or a count"),
	    N_("Sides of a rate: in, its numerator; missed, the rest of its "
	       "denominator; left-out, what is in neither (excluded, or rated "
	       "without a verdict); open, what does not count yet.") },
};

const struct cli_commands score_commands = { CLI_ROWS(rows) };
