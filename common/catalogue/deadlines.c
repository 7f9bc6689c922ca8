/* How fast, by item and colour, and which rule says so. */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "catalogue/inside.h"

/* A rule, counted from some moment. */
struct due {
	int64_t by_ms; /* 0: no rule */
	struct time_limit limit;
	const char *field;	 /* of the file: "accept" */
	const struct item *item; /* whose rule it is; NULL: the colour's */
	enum colour colour;
};

struct dues {
	struct due accept, resolve;
};

/* What is asked, once the defaults are filled in. */
struct question {
	const struct catalogue *catalogue;
	const struct item *item;
	enum kind kind;
	enum colour colour;
	int64_t from_ms;
};

static struct due count(const struct question *question, struct due due)
{
	if (calendar_add(&due.by_ms, question->catalogue->calendar,
		question->from_ms, due.limit) != 0)
		due.by_ms = 0;
	return due;
}

static struct due sooner(struct due a, struct due b)
{
	return b.by_ms < a.by_ms ? b : a;
}

static struct dues of_item(const struct question *question)
{
	const struct item *item = question->item;

	return (struct dues){
		count(question, (struct due){ .limit = item->accept,
				    .field = "accept",
				    .item = item }),
		count(question, (struct due){ .limit = item->resolve,
				    .field = "resolve",
				    .item = item }),
	};
}

static struct dues of_one_colour(
    const struct question *question, enum colour colour)
{
	const struct catalogue *catalogue = question->catalogue;

	return (struct dues){
		count(question,
		    (struct due){ .limit = catalogue->colours[colour].check_in,
			.field = "check_in",
			.colour = colour }),
		count(question,
		    (struct due){ .limit = catalogue->colours[colour].resolve,
			.field = "resolve",
			.colour = colour }),
	};
}

/* No slower than the colours that are less grave. */
static struct dues of_colour(const struct question *question)
{
	struct dues dues = of_one_colour(question, question->colour);

	for (unsigned i = question->colour - 1; i > COLOUR_NONE; i--) {
		struct dues less = of_one_colour(question, (enum colour)i);

		dues.accept = sooner(dues.accept, less.accept);
		dues.resolve = sooner(dues.resolve, less.resolve);
	}
	return dues;
}

/* An appeal: the item's times, shortened by a graver colour. */
static struct dues of_appeal(const struct question *question)
{
	struct dues dues = of_item(question);

	if (question->colour > question->item->colour) {
		struct dues graver = of_colour(question);

		dues.accept = sooner(dues.accept, graver.accept);
		dues.resolve = sooner(dues.resolve, graver.resolve);
	}
	return dues;
}

/* A callout: the colour's times, but no later than its item. */
static struct dues of_callout(const struct question *question)
{
	struct dues dues = of_colour(question);

	if (question->item != NULL)
		dues.resolve = sooner(dues.resolve, of_item(question).resolve);
	return dues;
}

static struct dues find_dues(struct question question)
{
	struct dues dues = { 0 };

	if ((unsigned)question.colour >= COLOUR_COUNT)
		question.colour = COLOUR_NONE;
	if (question.colour == COLOUR_NONE && question.item != NULL)
		question.colour = question.item->colour;
	if (question.kind == KIND_CALLOUT && question.colour != COLOUR_NONE)
		dues = of_callout(&question);
	else if (question.kind == KIND_APPEAL && question.item != NULL)
		dues = of_appeal(&question);
	dues.accept = sooner(dues.accept, dues.resolve);
	return dues;
}

struct deadlines catalogue_deadlines(const struct catalogue *catalogue,
    const struct item *item, enum kind kind, enum colour colour,
    int64_t from_ms)
{
	struct dues dues = find_dues(
	    (struct question){ catalogue, item, kind, colour, from_ms });

	return (struct deadlines){ dues.accept.by_ms, dues.resolve.by_ms };
}

/* ", counted from …" when work time begins only later. */
static void say_opening(
    char *out, size_t size, const struct calendar *calendar, int64_t from_ms)
{
	char text[TIME_TEXT];
	int64_t opening_ms;

	out[0] = '\0';
	if (calendar_opening(&opening_ms, calendar, from_ms) == 0 &&
	    opening_ms != from_ms)
		snprintf(out, size, ", counted from %s",
		    calendar_time(text, calendar, opening_ms));
}

static void say_unknown(char *out, size_t size, const struct calendar *calendar,
    int64_t from_ms, int64_t by_ms)
{
	int year;

	out[0] = '\0';
	if (!calendar_knows(&year, calendar, from_ms, by_ms))
		snprintf(
		    out, size, "; the calendar lacks the holidays of %d", year);
}

char *deadline_explain(char *out, size_t size,
    const struct catalogue *catalogue, enum deadline which,
    const struct item *item, enum kind kind, enum colour colour,
    int64_t from_ms)
{
	const struct calendar *calendar = catalogue->calendar;
	struct dues dues = find_dues(
	    (struct question){ catalogue, item, kind, colour, from_ms });
	const struct due *due =
	    which == DEADLINE_RESOLVE ? &dues.resolve : &dues.accept;
	char limit[TIME_LIMIT_TEXT], words[TIME_LIMIT_TEXT], from[TIME_TEXT];
	char opening[64] = "", unknown[64] = "";

	if (size == 0)
		return out;
	out[0] = '\0';
	if (which == DEADLINE_NONE || due->by_ms == 0)
		return out;
	if (time_limit_is_working(due->limit)) {
		say_opening(opening, sizeof(opening), calendar, from_ms);
		say_unknown(
		    unknown, sizeof(unknown), calendar, from_ms, due->by_ms);
	}
	snprintf(out, size, "%s %s: %s %s = %s from %s%s%s",
	    due->item != NULL ? "item" : "colour",
	    due->item != NULL ? due->item->code
			      : word_name(WORD_COLOUR, due->colour),
	    due->field, time_limit_format(limit, due->limit),
	    time_limit_words(words, due->limit),
	    calendar_time(from, calendar, from_ms), opening, unknown);
	return out;
}

/* Could what the limit gives be in a year that is not known? */
static bool is_past(
    const struct calendar *calendar, struct time_limit limit, int64_t now_ms)
{
	int64_t by_ms;
	int year;

	return time_limit_is_working(limit) &&
	       calendar_add(&by_ms, calendar, now_ms, limit) == 0 &&
	       !calendar_knows(&year, calendar, now_ms, by_ms);
}

size_t catalogue_past_calendar(const struct item **first_out,
    const struct catalogue *catalogue, int64_t now_ms)
{
	size_t count_out = 0;

	*first_out = NULL;
	for (size_t i = 0; i < catalogue_item_count(catalogue); i++) {
		const struct item *item = catalogue_item_at(catalogue, i);

		if (!is_past(catalogue->calendar, item->accept, now_ms) &&
		    !is_past(catalogue->calendar, item->resolve, now_ms))
			continue;
		if (count_out++ == 0)
			*first_out = item;
	}
	return count_out;
}

/* "item lamp"; borrowed from nobody. */
static void say_source(char *out, size_t size, const struct due *due)
{
	bool is_item = due->item != NULL;

	snprintf(out, size, "%s %s", is_item ? "item" : "colour",
	    is_item ? due->item->code : word_name(WORD_COLOUR, due->colour));
}

/* Adds "item lamp: accept 2h", or only ", resolve 2d" where the source is
 * the one that stands before. */
static void add_rule(
    char *text, char before[64], const struct due *due, const char *field)
{
	size_t len = strlen(text);
	char source[64], limit[TIME_LIMIT_TEXT];

	say_source(source, sizeof(source), due);
	if (strcmp(source, before) == 0)
		snprintf(text + len, DEADLINE_RULE_TEXT - len, ", %s %s", field,
		    time_limit_format(limit, due->limit));
	else
		snprintf(text + len, DEADLINE_RULE_TEXT - len, "%s%s: %s %s",
		    len > 0 ? "; " : "", source, field,
		    time_limit_format(limit, due->limit));
	memcpy(before, source, sizeof(source));
}

static void add_unknown(
    char *text, const struct question *question, const struct due *due)
{
	size_t len = strlen(text);

	if (time_limit_is_working(due->limit))
		say_unknown(text + len, DEADLINE_RULE_TEXT - len,
		    question->catalogue->calendar, question->from_ms,
		    due->by_ms);
}

char *catalogue_deadline_rule(char text_out[DEADLINE_RULE_TEXT],
    const struct catalogue *catalogue, const struct item *item, enum kind kind,
    enum colour colour, int64_t from_ms, bool accept, bool resolve)
{
	struct question question = { catalogue, item, kind, colour, from_ms };
	struct dues dues = find_dues(question);
	char source[64] = "";

	text_out[0] = '\0';
	if (dues.resolve.by_ms == 0)
		return text_out;
	if (accept)
		add_rule(text_out, source, &dues.accept,
		    kind == KIND_CALLOUT ? "check in" : "accept");
	if (resolve)
		add_rule(text_out, source, &dues.resolve, "resolve");
	if (accept || resolve)
		add_unknown(text_out, &question,
		    resolve ? &dues.resolve : &dues.accept);
	return text_out;
}

int64_t catalogue_after(
    const struct catalogue *catalogue, struct time_limit limit, int64_t from_ms)
{
	int64_t by_ms;

	if (limit.amount == 0 ||
	    calendar_add(&by_ms, catalogue->calendar, from_ms, limit) != 0)
		return 0;
	return by_ms;
}

/* What a limit of the head is reckoned without. */
static void add_unknown_year(char text[DEADLINE_RULE_TEXT],
    const struct catalogue *catalogue, struct time_limit limit, int64_t from_ms)
{
	struct question question = { .catalogue = catalogue,
		.from_ms = from_ms };
	struct due due = { .limit = limit,
		.by_ms = catalogue_after(catalogue, limit, from_ms) };

	if (due.by_ms != 0)
		add_unknown(text, &question, &due);
}

void catalogue_return_rule(char text[DEADLINE_RULE_TEXT],
    const struct catalogue *catalogue, int64_t from_ms)
{
	struct time_limit limit = catalogue->return_window;
	char length[TIME_LIMIT_TEXT];
	size_t len = strlen(text);

	if (limit.amount == 0)
		return;
	snprintf(text + len, DEADLINE_RULE_TEXT - len, "%sreturn %s",
	    len > 0 ? "; " : "", time_limit_format(length, limit));
	if (strstr(text, "; the calendar lacks") == NULL)
		add_unknown_year(text, catalogue, limit, from_ms);
}

char *catalogue_extend_rule(char text_out[DEADLINE_RULE_TEXT],
    const struct catalogue *catalogue, unsigned count, int64_t from_ms)
{
	struct time_limit limit = catalogue->extend;
	char length[TIME_LIMIT_TEXT];

	snprintf(text_out, DEADLINE_RULE_TEXT, "extended %s (%u of %u)",
	    time_limit_format(length, limit), count, catalogue->extensions);
	add_unknown_year(text_out, catalogue, limit, from_ms);
	return text_out;
}
