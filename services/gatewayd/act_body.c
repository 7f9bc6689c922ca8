#include "gatewayd/act_body.h"

#include <stddef.h>
#include <string.h>
#include "base/err.h"
#include "gatewayd/ticket_json.h"

struct said {
	const char *text, *reason, *satisfaction, *basis;
	int responded, resolved;
};

#define IN(member, type, max, required)                                        \
	{                                                                      \
#member, BODY_##type, max, offsetof(struct said, member),      \
		    required                                                   \
	}

static const struct body_field text_fields[] = {
	IN(text, TEXT, TEXT_MAX_BYTES, true),
};
static const struct body_field reason_fields[] = {
	IN(reason, TEXT, TEXT_MAX_BYTES, true),
};
static const struct body_field basis_fields[] = {
	IN(basis, TEXT, TITLE_MAX_BYTES, true),
};
static const struct body_field rating_fields[] = {
	IN(responded, FLAG, 0, true),
	IN(resolved, FLAG, 0, true),
	IN(satisfaction, LABEL, 32, true),
	IN(text, TEXT, TEXT_MAX_BYTES, false),
};

static const struct act acts[] = {
	{ "notes", VERB_NOTE, text_fields, 1 },
	{ "remind", VERB_REMIND, text_fields, 1 },
	{ "supervise", VERB_SUPERVISE, text_fields, 1 },
	{ "withdraw", VERB_EXCLUDE, reason_fields, 1 },
	{ "rating", VERB_RATE, rating_fields, 4 },
	{ "reopen", VERB_REOPEN, reason_fields, 1 },
	{ "erase-contact", VERB_ERASE_CONTACT, basis_fields, 1 },
};

const struct act *act_find(const char *name)
{
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (strcmp(acts[i].name, name) == 0)
			return &acts[i];
	return NULL;
}

static int read_satisfaction(
    enum satisfaction *out, struct http_problem *problem_out, const char *word)
{
	unsigned value;

	for (unsigned i = 1; i < SATISFACTION_COUNT; i++)
		if (strcmp(ticket_json_satisfaction((enum satisfaction)i),
			word) == 0) {
			*out = (enum satisfaction)i;
			return 0;
		}
	if (word_parse(&value, WORD_SATISFACTION, word))
		return body_refuse(
		    problem_out, "satisfaction", FIELD_NOT_LISTED);
	*out = (enum satisfaction)value;
	return 0;
}

int act_read(struct command *command_out, struct http_problem *problem_out,
    struct arena *arena, const struct act *act, struct bytes body)
{
	struct said said = { "", "", "", "", -1, -1 };
	struct command command = { .verb = act->verb, .operator= "" };
	int rc = body_read(
	    &said, problem_out, arena, body, act->fields, act->field_count);

	particulars_clear(&command.what);
	command.what.text = said.text[0] ? said.text : said.reason;
	command.what.basis = said.basis;
	if (!rc && act->verb == VERB_RATE) {
		command.what.responded = said.responded == 1;
		command.what.resolved = said.resolved == 1;
		rc = read_satisfaction(
		    &command.what.satisfaction, problem_out, said.satisfaction);
	}
	if (!rc)
		*command_out = command;
	return rc;
}
