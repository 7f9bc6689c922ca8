#include "gatewayd/problem.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/bytes.h"
#include "gatewayd/law_words.h"
#include "gatewayd/problem_text.h"
#include "ticket/law.h"

static const struct {
	unsigned status;
	const char *slug;
} kinds[PROBLEM_COUNT] = {
#define X(name, status, slug) [PROBLEM_##name] = { status, slug },
	PROBLEMS(X)
#undef X
};

static const struct problem_words faults[FIELD_FAULT_COUNT] = {
#define X(name, en, zh) [FIELD_##name] = { en, zh },
	FIELD_FAULTS(X)
#undef X
};

/* What the law can answer over HTTP; what is not here is 422. */
static const struct refusal_row {
	enum refusal refusal;
	enum problem_kind kind;
	unsigned retry_after_s;
	const char *field;
	struct problem_words detail;
} refusals[] = {
	{ REFUSAL_UNKNOWN_TICKET, PROBLEM_NO_SUCH_TICKET, 0, "", { 0 } },
	{ REFUSAL_STORE_FULL, PROBLEM_STORE_FULL, 60, "", { 0 } },
	{ REFUSAL_RECOVERING, PROBLEM_RECOVERING, 10, "", { 0 } },
	{ REFUSAL_TOO_FAST, PROBLEM_TOO_FAST, 1, "", { 0 } },
	{ REFUSAL_NO_POWER, PROBLEM_FORBIDDEN, 0, "", { 0 } },
	{ REFUSAL_NO_ROLE, PROBLEM_FORBIDDEN, 0, "", { 0 } },
	{ REFUSAL_WRONG_UNIT, PROBLEM_FORBIDDEN, 0, "", { 0 } },
	{ REFUSAL_NOT_HERE, PROBLEM_FORBIDDEN, 0, "", { 0 } },
	{ REFUSAL_FILE_TYPE, PROBLEM_FILE_TYPE, 0, "", { 0 } },
	{ REFUSAL_FILE_TOO_LARGE, PROBLEM_FILE_TOO_LARGE, 0, "", { 0 } },
	{ REFUSAL_FILE_QUOTA, PROBLEM_TOO_FAST, 60, "", { 0 } },
	{ REFUSAL_FILE_SEALED, PROBLEM_NO_SUCH_FILE, 0, "", { 0 } },
	{ REFUSAL_FILE_MISSING, PROBLEM_REFUSED, 0, "attachments",
	    { "An attachment was not sent before, or is no longer there.",
		"所附文件未曾上传，或已不在。" } },
	{ REFUSAL_UNKNOWN_ITEM, PROBLEM_REFUSED, 0, "item",
	    { "The catalogue has no such item.", "清单中没有该事项。" } },
	{ REFUSAL_BAD_MASTER, PROBLEM_NOT_LAWFUL, 0, "same_as", { 0 } },
	{ REFUSAL_UNKNOWN_UNIT, PROBLEM_REFUSED, 0, "division",
	    { "The city has no such division.", "本市没有该行政区划。" } },
	{ REFUSAL_BAD_FIELD, PROBLEM_REFUSED, 0, "",
	    { "A field is missing or not right.", "字段缺失或有误。" } },
};

/* How the law calls what an order calls something else. */
static const struct {
	const char *law;
	const char *order;
} field_names[] = {
	{ "place", "division" },
	{ "text", "content" },
	{ "external_id", "number" },
	{ "contact", "phone" },
};

unsigned problem_status(enum problem_kind kind)
{
	return kinds[kind].status;
}

const char *problem_slug(enum problem_kind kind)
{
	return kinds[kind].slug;
}

struct http_problem problem_of(enum problem_kind kind)
{
	return (struct http_problem){ .kind = kind };
}

static void set_field(struct http_problem *problem, const char *field)
{
	size_t len = text_cut(field, PROBLEM_FIELD_MAX - 1);

	memcpy(problem->field, field, len);
	problem->field[len] = '\0';
}

struct http_problem problem_field(const char *field, enum field_fault fault)
{
	struct http_problem problem = problem_of(PROBLEM_BAD_FIELD);

	set_field(&problem, field);
	problem.fault = fault;
	return problem;
}

static const struct refusal_row *row_of(const char *refusal)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (strcmp(refusal_name(refusals[i].refusal), refusal) == 0)
			return &refusals[i];
	return NULL;
}

static const char *order_field(const char *law_field)
{
	for (size_t i = 0; i < sizeof(field_names) / sizeof(field_names[0]);
	     i++)
		if (strcmp(field_names[i].law, law_field) == 0)
			return field_names[i].order;
	return law_field;
}

struct http_problem problem_refusal(const char *refusal, const char *detail)
{
	const struct refusal_row *row = row_of(refusal);
	struct http_problem problem =
	    problem_of(row ? row->kind : PROBLEM_REFUSED);

	snprintf(problem.refusal, sizeof(problem.refusal), "%s", refusal);
	if (!row)
		return problem;
	problem.retry_after_s = row->retry_after_s;
	set_field(&problem, row->field);
	if (row->refusal == REFUSAL_BAD_FIELD)
		set_field(&problem, order_field(detail));
	return problem;
}

/* An act on a ticket: what has no problem of its own is the law's answer to
 * this ticket as it is. */
struct http_problem problem_of_act(const char *refusal, const char *detail)
{
	struct http_problem problem = problem_refusal(refusal, detail);

	if (problem.kind == PROBLEM_FORBIDDEN ||
	    (problem.kind == PROBLEM_REFUSED && !problem.field[0]))
		problem.kind = PROBLEM_NOT_LAWFUL;
	return problem;
}

static bool is_language(const char *accept_language, const char *language)
{
	if (!accept_language)
		return false;
	accept_language += strspn(accept_language, " \t");
	return strncasecmp(accept_language, language, 2) == 0 &&
	       strchr("-_,; \t", accept_language[2]) != NULL;
}

bool problem_is_chinese(const char *accept_language)
{
	return is_language(accept_language, "zh");
}

bool problem_is_english(const char *accept_language)
{
	return is_language(accept_language, "en");
}

static const char *say(const struct problem_words *words, bool is_chinese)
{
	return is_chinese ? words->zh : words->en;
}

/* "“division” is not a division's code." */
static json_t *field_detail(const struct http_problem *problem, bool is_chinese)
{
	const char *fault = say(&faults[problem->fault], is_chinese);

	return is_chinese ? json_sprintf("“%s”%s。", problem->field, fault)
			  : json_sprintf("“%s” %s.", problem->field, fault);
}

static json_t *detail(const struct http_problem *problem, bool is_chinese)
{
	const struct refusal_row *row = row_of(problem->refusal);
	const char *law = law_words(problem->refusal, is_chinese);

	if (problem->kind == PROBLEM_BAD_FIELD && problem->field[0])
		return field_detail(problem, is_chinese);
	if (row && row->detail.en)
		return json_string(say(&row->detail, is_chinese));
	if (law)
		return json_string(law);
	return json_string(
	    say(&problem_texts[problem->kind].detail, is_chinese));
}

char *problem_detail(const struct http_problem *problem, bool is_chinese)
{
	json_t *said = detail(problem, is_chinese);
	char *text = said ? strdup(json_string_value(said)) : NULL;

	json_decref(said);
	return text;
}

char *problem_render(const struct http_problem *problem, bool is_chinese)
{
	json_t *object = json_pack("{s:o, s:s, s:i, s:o}", "type",
	    json_sprintf("urn:whistle:problem:%s", kinds[problem->kind].slug),
	    "title", say(&problem_texts[problem->kind].title, is_chinese),
	    "status", (int)kinds[problem->kind].status, "detail",
	    detail(problem, is_chinese));
	char *text = NULL;
	bool is_whole = object != NULL;

	if (is_whole && problem->field[0])
		is_whole = json_object_set_new(object, "field",
			       json_string(problem->field)) == 0;
	if (is_whole && problem->refusal[0])
		is_whole = json_object_set_new(object, "refusal",
			       json_string(problem->refusal)) == 0;
	if (is_whole)
		text = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	return text;
}
