#include "story.h"

#include <string.h>
#include <time.h>
#include "attach.h"
#include "base/err.h"
#include "lang.h"
#include "rule_text.h"
#include "say.h"
#include "session.h"
#include "unit_name.h"
#include "words.h"

static const char indent[] = "        ";

static void line_text(FILE *out, const char *label, const char *text)
{
	if (!*text)
		return;
	fprintf(out, "%s%s", indent, label);
	say_line(out, text);
	fputc('\n', out);
}

static void line_time(FILE *out, const char *label, int64_t time_ms)
{
	char text[STORY_TIME_TEXT];
	if (time_ms)
		line_text(out, label, story_time(text, time_ms));
}

static void tell_open(FILE *out, struct cli *cli, const struct event *event)
{
	const struct particulars *what = &event->what;
	char unit[UNIT_NAME_TEXT];
	if (what->kind == KIND_CALLOUT)
		fprintf(out, _("called out %s"),
		    unit_name(unit, cli->org, &what->to));
	else
		fprintf(out, _("opened the ticket (%s)"),
		    words_of(WORD_SOURCE, what->source));
	fputc('\n', out);
	line_text(out, _("Title: "), what->title);
	line_text(out, _("Number: "), what->external_id);
}

/* Up, down or to a department: the word depends on where it goes. */
static void tell_forward(FILE *out, struct cli *cli, const struct event *event)
{
	const struct unit *from = org_unit(cli->org, &event->unit);
	const struct unit *to = org_unit(cli->org, &event->what.to);
	char name[UNIT_NAME_TEXT];
	unit_name(name, cli->org, &event->what.to);
	if (from && to && unit_is_within(from, to))
		fprintf(out, _("sent the ticket up to %s"), name);
	else if (from && to && unit_is_within(to, from))
		fprintf(out, _("dispatched the ticket to %s"), name);
	else
		fprintf(out, _("forwarded the ticket to %s"), name);
	fputc('\n', out);
}

static void tell_whistle(FILE *out, struct cli *cli, const struct event *event)
{
	const struct particulars *what = &event->what;
	char name[UNIT_NAME_TEXT];
	fprintf(out, _("blew the whistle: %s"),
	    words_of(WORD_COLOUR, what->colour));
	if (what->whistle)
		fprintf(out, _(", %s"), words_of(WORD_WHISTLE, what->whistle));
	fputc('\n', out);
	for (size_t i = 0; i < what->callout_count; i++)
		line_text(out,
		    what->callouts[i].lead ? _("Leads: ") : _("Assists: "),
		    unit_name(name, cli->org, &what->callouts[i].department));
	line_text(out, _("Situation: "), what->situation);
	line_text(out, _("Meet at: "), what->meet_at);
	line_time(out, _("Meet: "), what->meet_ms);
}

static void tell_resolve(FILE *out, const struct event *event)
{
	if (event->what.outcome == OUTCOME_SOLVED)
		fprintf(out, _("resolved the ticket: solved (%s)"),
		    words_of(WORD_CHANNEL, event->what.channel));
	else
		fputs(_("resolved the ticket: explained"), out);
	fputc('\n', out);
}

static void tell_rate(FILE *out, const struct event *event)
{
	fprintf(out, _("rated: %s, %s, %s"),
	    event->what.responded ? _("responded") : _("not responded"),
	    event->what.resolved ? C_("rating", "resolved") : _("not resolved"),
	    words_of(WORD_SATISFACTION, event->what.satisfaction));
	fputc('\n', out);
}

static void tell_deadline(FILE *out, const struct event *event)
{
	fputs(
	    event->verb == VERB_REMIND ? _("reminded") : _("supervised"), out);
	if (event->what.deadline)
		fprintf(out, _(": time %s"),
		    words_of(WORD_DEADLINE, event->what.deadline));
	fputc('\n', out);
	line_time(out, _("Due: "), event->what.due_ms);
	if (event->what.step > 1)
		line_text(out, _("Raised: "), _("two levels above are told"));
}

static void tell_to(
    FILE *out, struct cli *cli, const struct event *event, const char *format)
{
	char name[UNIT_NAME_TEXT];
	unit_name(name, cli->org, &event->what.to);
	const char *hole = strstr(format, "{unit}");
	if (hole)
		fprintf(out, "%.*s%s%s\n", (int)(hole - format), format, name,
		    hole + strlen("{unit}"));
	else
		fprintf(out, "%s\n", format);
}

/* A term after the first: once at least it went without the holder. */
static void tell_take_over(FILE *out, const struct event *event)
{
	if (event->term > 1)
		fprintf(
		    out, _("took the ticket over, in term %u\n"), event->term);
	else
		fprintf(out, "%s\n", _("took the ticket over"));
}

static void tell_merge(FILE *out, const struct event *event)
{
	char id[ID_TEXT];
	fprintf(out, _("merged the ticket: it follows %s\n"),
	    id_format(id, &event->what.master));
}

static void tell_what(FILE *out, struct cli *cli, const struct event *event)
{
	switch (event->verb) {
	case VERB_OPEN:
		return tell_open(out, cli, event);
	case VERB_FORWARD:
		return tell_forward(out, cli, event);
	case VERB_WHISTLE:
		return tell_whistle(out, cli, event);
	case VERB_RESOLVE:
		return tell_resolve(out, event);
	case VERB_RATE:
		return tell_rate(out, event);
	case VERB_REMIND:
	case VERB_SUPERVISE:
		return tell_deadline(out, event);
	case VERB_ACCEPT:
		return tell_to(out, cli, event, _("accepted the ticket"));
	case VERB_NOTE:
		return tell_to(out, cli, event, _("noted"));
	case VERB_CHECK_IN:
		return tell_to(out, cli, event, _("checked in"));
	case VERB_RESUME:
		return tell_to(out, cli, event,
		    strcmp(event->operator, OPERATOR_AUTOPILOT) == 0
			? *event->what.rule
			      ? _("goes on: whoever raised it has "
				  "answered")
			      : _("goes on: every department called is "
				  "done")
			: _("goes on: it is no longer suspended"));
	case VERB_RULE:
		return tell_to(out, cli, event, _("ruled: it is for {unit}"));
	case VERB_EXTEND:
		return tell_to(out, cli, event, _("took more time"));
	case VERB_SUSPEND:
		return tell_to(out, cli, event,
		    event->what.resident
			? _("waits for whoever raised it: the clock stops")
			: _("suspended the ticket: the clock stops"));
	case VERB_EXCLUDE:
		return tell_to(out, cli, event,
		    _("excluded the ticket: it leaves the scores"));
	case VERB_ERASE_CONTACT:
		return tell_to(out, cli, event,
		    _("erased the caller's name and phone number"));
	case VERB_TAKE_OVER:
		return tell_take_over(out, event);
	case VERB_MERGE:
		return tell_merge(out, event);
	case VERB_RETURN:
		return tell_to(
		    out, cli, event, _("returned the ticket to {unit}"));
	case VERB_REOPEN:
		return tell_to(out, cli, event,
		    _("reopened the ticket; it goes to {unit}"));
	default:
		fprintf(out, "%s\n", words_of(WORD_VERB, event->verb));
	}
}

static const char *text_label(enum verb verb)
{
	switch (verb) {
	case VERB_OPEN:
		return _("Text: ");
	case VERB_NOTE:
	case VERB_ACCEPT:
	case VERB_CHECK_IN:
		return _("Note: ");
	case VERB_RESOLVE:
		return _("Reply: ");
	case VERB_RATE:
		return _("In their words: ");
	case VERB_WHISTLE:
		return _("Asked of them: ");
	default:
		return _("Reason: ");
	}
}

static void tell_rest(FILE *out, struct cli *cli, const struct event *event)
{
	const struct particulars *what = &event->what;
	char name[UNIT_NAME_TEXT];
	char rule[RULE_TEXT];
	line_text(out, text_label(event->verb), what->text);
	line_text(out, _("Basis: "), what->basis);
	if (*what->item)
		line_text(out, _("Item: "), session_item_name(cli, what->item));
	if (!code_is_empty(&what->place))
		line_text(
		    out, _("Place: "), unit_name(name, cli->org, &what->place));
	line_text(out, _("Address: "), what->address);
	line_time(out,
	    what->kind == KIND_CALLOUT ? _("Check in by: ") : _("Accept by: "),
	    what->accept_by_ms);
	line_time(out, _("Resolve by: "), what->resolve_by_ms);
	line_text(out, _("By the rule: "),
	    rule_text(rule, cli, what->rule, RULE_ALL));
	line_time(out, _("May be returned until: "), what->return_by_ms);
	line_time(out, _("Waits until: "), what->until_ms);
	if (what->finding)
		line_text(
		    out, _("Found: "), words_of(WORD_FINDING, what->finding));
	line_time(out, _("Spoken to: "), what->contacted_ms);
	line_text(out, _("Measures: "), what->measures);
	for (size_t i = 0; i < what->attachment_count; i++) {
		char file[ATTACH_TEXT];
		line_text(
		    out, _("File: "), attach_tell(file, &what->attachments[i]));
	}
}

static const char *who(const char *operator)
{
	if (strcmp(operator, OPERATOR_AUTOPILOT) == 0)
		return _("by routine");
	if (strcmp(operator, OPERATOR_TIMER) == 0)
		return _("by the clock");
	return operator;
}

void story_print(FILE *out, struct cli *cli, const struct event *event)
{
	char time[STORY_TIME_TEXT];
	char unit[UNIT_NAME_TEXT];
	fprintf(out, "%4u  %s  %s, %s\n%s", event->seq,
	    story_time(time, event->time_ms),
	    unit_name(unit, cli->org, &event->unit), who(event->operator),
	    indent);
	tell_what(out, cli, event);
	tell_rest(out, cli, event);
}
