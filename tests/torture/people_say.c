/* The words of each wish. */
#include <string.h>
#include "harness/harness.h"
#include "people_inside.h"

static void fill_open(struct particulars *what, const struct said *said)
{
	what->kind = KIND_APPEAL;
	what->source =
	    said->who == WHO_HOTLINE ? SOURCE_HOTLINE : SOURCE_PATROL;
	what->title = "一件说不清归谁管的事";
	what->external_id = said->mark;
	what->item = said->about->story->item;
	if (said->who == WHO_HOTLINE)
		what->place = unit_of(said->about, WHO_GRID);
}

static void fill_whistle(struct particulars *what, const struct said *said)
{
	static struct callout called[2];

	called[0] = (struct callout){
		.department = unit_of(said->about, WHO_LEAD),
		.lead = true,
	};
	called[1] = (struct callout){
		.department = unit_of(said->about, WHO_ASSIST),
	};
	what->colour = COLOUR_RED;
	what->whistle = WHISTLE_LAW;
	what->callouts = called;
	what->callout_count = 2;
}

void said_fill(struct wire_request *request, const struct said *said)
{
	struct particulars *what = &request->command.what;

	if (said->verb == VERB_NONE) {
		request_clear(request, ASK_SHOW);
		request->show.ticket = said->ticket;
		return;
	}
	request_clear(request, ASK_COMMAND);
	request->command.verb = said->verb;
	request->command.ticket = said->ticket;
	what->text = said->mark;
	switch (said->verb) {
	case VERB_OPEN:
		fill_open(what, said);
		break;
	case VERB_FORWARD:
		what->to = unit_of(said->about, said->to);
		break;
	case VERB_WHISTLE:
		fill_whistle(what, said);
		break;
	case VERB_RESOLVE:
		what->outcome = OUTCOME_SOLVED;
		what->channel = CHANNEL_GOVERNMENT;
		break;
	case VERB_RATE:
		what->satisfaction = SATISFACTION_SATISFIED;
		break;
	default:
		break;
	}
}
