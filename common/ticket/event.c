#include "ticket/event.h"

#include <string.h>

#include "base/err.h"
#include "ticket/attachment.h"
#include "ticket/field.h"

/* What only the holder fills in. */
#define HOLDERS                                                                \
	(F_ACCEPT_BY | F_RESOLVE_BY | F_CONTACT_KEY | F_CONTACT_HASH | F_DUE | \
	    F_DEADLINE | F_PARENT | F_LEAD | F_STEP | F_RETURN_BY | F_RULE)
#define WHAT_AND_WHERE (F_ITEM | F_PLACE)
#define CUSTODY	       (F_ACCEPT_BY | F_CONTACT_KEY | F_RETURN_BY | F_RULE)
#define CALL_OUT       (F_CALL | F_SITUATION | F_MEET_AT | F_MEET)

/*
 * Which verb says what. `may` and `must` are of an event; a command may say
 * the same without HOLDERS and without `derived`, which follows from the
 * ticket, and `beside`, which becomes an event of its own; `wish` is what a
 * command must say.
 */
static const struct verb_fields {
	uint64_t may;
	uint64_t must;
	uint64_t derived;
	uint64_t beside;
	uint64_t wish;
} verb_fields[VERB_COUNT] = {
	[VERB_OPEN] = {
		.may = F_TEXT | WHAT_AND_WHERE | F_COLOUR | F_TO | CUSTODY |
		    F_RESOLVE_BY | F_EXTERNAL_ID | F_TITLE | F_ADDRESS |
		    F_PARENT | F_LEAD | F_URGENT | F_CONFIDENTIAL | F_CALLBACK |
		    F_CONTACT_HASH | CALL_OUT | F_ATTACHMENTS,
		.must = F_KIND | F_SOURCE,
		.derived = F_TO | F_COLOUR,
		.beside = F_MASTER,
		.wish = F_KIND | F_SOURCE,
	},
	[VERB_ACCEPT] = {
		.may = F_TEXT | WHAT_AND_WHERE | F_RESOLVE_BY | F_RULE,
	},
	[VERB_NOTE] = {
		.may = F_ATTACHMENTS,
		.must = F_TEXT,
		.wish = F_TEXT,
	},
	[VERB_FORWARD] = {
		.may = F_TEXT | WHAT_AND_WHERE | CUSTODY | F_RESOLVE_BY |
		    F_BASIS,
		.must = F_TO,
		.wish = F_TO,
	},
	[VERB_WHISTLE] = {
		.may = F_TEXT | WHAT_AND_WHERE | CALL_OUT | F_ATTACHMENTS,
		.must = F_COLOUR | F_CALLOUTS,
		.wish = F_COLOUR | F_CALLOUTS,
	},
	[VERB_CHECK_IN] = {
		.may = F_TEXT | F_ATTACHMENTS,
	},
	[VERB_RETURN] = {
		.may = F_BASIS | WHAT_AND_WHERE | CUSTODY | F_ATTACHMENTS,
		.must = F_TEXT | F_TO,
		.derived = F_TO,
		.wish = F_TEXT | F_BASIS,
	},
	[VERB_RULE] = {
		.may = WHAT_AND_WHERE | CUSTODY | F_RESOLVE_BY | F_BASIS,
		.must = F_TEXT | F_TO,
		.wish = F_TEXT | F_TO,
	},
	[VERB_EXTEND] = {
		.may = F_RULE,
		.must = F_TEXT | F_RESOLVE_BY,
		.wish = F_TEXT,
	},
	[VERB_REMIND] = {
		.may = F_TEXT | F_DEADLINE | F_DUE,
		.wish = F_TEXT,
	},
	[VERB_SUPERVISE] = {
		.may = F_TEXT | F_DEADLINE | F_DUE | F_STEP,
		.wish = F_TEXT,
	},
	[VERB_SUSPEND] = {
		.may = F_UNTIL | F_BASIS | F_RESIDENT,
		.must = F_TEXT,
		.wish = F_TEXT,
	},
	[VERB_RESUME] = {
		.may = F_TEXT | F_RESOLVE_BY | F_RULE,
	},
	[VERB_RESOLVE] = {
		.may = F_TEXT | WHAT_AND_WHERE | F_CHANNEL | F_CONTACT_KEY |
		    F_FINDING | F_CONTACTED | F_MEASURES | F_ATTACHMENTS,
		.must = F_OUTCOME | F_TO,
		.derived = F_TO,
		.wish = F_OUTCOME,
	},
	[VERB_REOPEN] = {
		.may = WHAT_AND_WHERE | CUSTODY | F_RESOLVE_BY | F_ATTACHMENTS,
		.must = F_TEXT | F_TO,
		.derived = F_TO,
		.wish = F_TEXT,
	},
	[VERB_RATE] = {
		.may = F_TEXT | F_RESPONDED | F_RESOLVED,
		.must = F_SATISFACTION,
		.wish = F_SATISFACTION,
	},
	[VERB_EXCLUDE] = {
		.may = F_BASIS,
		.must = F_TEXT,
		.wish = F_TEXT,
	},
	[VERB_MERGE] = {
		.may = F_TEXT,
		.must = F_MASTER,
		.wish = F_MASTER,
	},
	[VERB_TAKE_OVER] = {
		.may = CUSTODY,
		.must = F_TEXT | F_TO,
		.derived = F_TO,
		.wish = F_TEXT,
	},
	[VERB_ERASE_CONTACT] = {
		.may = F_TEXT | F_BASIS | F_RULE,
		.wish = F_BASIS,
	},
};

static const char missing[] = "missing";
static const char not_here[] = "not said by this verb";
static const char holders_own[] = "filled in by the holder only";
static const char out_of_range[] = "out of range";
static const char one_lead[] = "only one department can lead";
static const char named_twice[] = "a department or ticket is named twice";
static const char bad_name[] = "not a file's name";
static const char size_and_type[] = "a file's size and type go together";
static const char file_twice[] = "a file is named twice";
static const char both[] = "deadline and due_ms go together";

void particulars_clear(struct particulars *what)
{
	memset(what, 0, sizeof(*what));
	what->text = what->item = what->external_id = what->title = "";
	what->address = what->situation = what->meet_at = what->basis = "";
	what->rule = what->measures = "";
}

/* Beyond ASCII any character will do: people have names. */
static bool name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' ||
	       (uint8_t)c >= 0x80;
}

bool operator_name_is_valid(const char *name, bool is_event)
{
	size_t len = 0;

	if (is_event && (strcmp(name, OPERATOR_AUTOPILOT) == 0 ||
			    strcmp(name, OPERATOR_TIMER) == 0))
		return true;
	while (len < NAME_MAX_BYTES && name_char(name[len]))
		len++;
	return len > 0 && len < NAME_MAX_BYTES && name[len] == '\0' &&
	       bytes_is_text(bytes_of(name, len));
}

/* Names the first field of `wrong`, if there is any. */
static int complain(const char **field_out, const char **problem_out,
    uint64_t wrong, const char *problem)
{
	if (!wrong)
		return 0;
	*field_out = field_name((enum field_bit)__builtin_ctzll(wrong));
	*problem_out = problem;
	return ERR_INVALID;
}

static const char *callouts_problem(
    const struct particulars *what, bool is_command)
{
	size_t leads = 0;

	for (size_t i = 0; i < what->callout_count; i++) {
		const struct callout *callout = &what->callouts[i];

		if (code_is_empty(&callout->department))
			return missing;
		if (is_command != id_is_zero(&callout->ticket))
			return is_command ? holders_own : missing;
		leads += callout->lead;
		for (size_t k = 0; k < i; k++)
			if (code_equal(&callout->department,
				&what->callouts[k].department) ||
			    (!is_command && id_equal(&callout->ticket,
						&what->callouts[k].ticket)))
				return named_twice;
	}
	return leads > 1 ? one_lead : NULL;
}

static const char *attachments_problem(
    const struct particulars *what, bool is_command)
{
	static const struct hash none;

	for (size_t i = 0; i < what->attachment_count; i++) {
		const struct attachment *file = &what->attachments[i];

		if (hash_equal(&file->hash, &none))
			return missing;
		if (!file->name || !attachment_name_is_valid(file->name))
			return bad_name;
		if ((unsigned)file->type >= FILE_TYPE_COUNT ||
		    file->size > FILE_MAX_BYTES)
			return out_of_range;
		if ((file->size == 0) != (file->type == FILE_NONE) ||
		    (file->size == 0 && !is_command))
			return size_and_type;
		for (size_t k = 0; k < i; k++)
			if (hash_equal(&file->hash, &what->attachments[k].hash))
				return file_twice;
	}
	return NULL;
}

/* The fields that a verb wants beyond its row, because of another field. */
static uint64_t wanted(const struct particulars *what, enum verb verb,
    uint64_t said, bool is_command)
{
	switch (verb) {
	case VERB_OPEN:
		if (what->kind == KIND_CALLOUT)
			return F_TO | F_PARENT | F_COLOUR;
		return said & (F_TITLE | F_TEXT) || !is_command ? 0 : F_TITLE;
	case VERB_RESOLVE:
		return what->outcome == OUTCOME_SOLVED ? F_CHANNEL : F_TEXT;
	case VERB_SUSPEND: /* nobody waits for a resident for ever */
		return said & F_RESIDENT && !is_command ? F_UNTIL : 0;
	case VERB_REMIND:
		return said & F_TEXT ? 0 : F_DEADLINE | F_DUE;
	case VERB_SUPERVISE:
		if (said & F_TEXT)
			return said & F_DEADLINE ? F_STEP : 0;
		return F_DEADLINE | F_DUE | F_STEP;
	case VERB_ERASE_CONTACT: /* by the clock: the catalogue's rule */
		return said & F_RULE ? 0 : F_BASIS;
	default:
		return 0;
	}
}

/* … and those that it then may not have. */
static uint64_t unwanted(const struct particulars *what, enum verb verb)
{
	if (verb == VERB_OPEN && what->kind == KIND_APPEAL)
		return F_PARENT | F_LEAD | CALL_OUT;
	if (verb == VERB_RESOLVE && what->outcome == OUTCOME_EXPLAINED)
		return F_CHANNEL;
	if (verb == VERB_SUPERVISE && what->deadline == DEADLINE_NONE)
		return F_STEP;
	return 0;
}

/* Values that exclude each other. */
static int pairs_check(const char **field_out, const char **problem_out,
    const struct particulars *what, enum verb verb, bool is_command)
{
	bool is_callout = what->kind == KIND_CALLOUT;
	bool is_called = what->source == SOURCE_WHISTLE;

	if (verb == VERB_OPEN && is_callout != is_called)
		return complain(field_out, problem_out, F_SOURCE, out_of_range);
	if (verb == VERB_OPEN && is_callout && is_command)
		return complain(field_out, problem_out, F_KIND, holders_own);
	if ((what->deadline == DEADLINE_NONE) != (what->due_ms == 0))
		return complain(field_out, problem_out, F_DEADLINE, both);
	*problem_out = callouts_problem(what, is_command);
	if (*problem_out)
		return complain(
		    field_out, problem_out, F_CALLOUTS, *problem_out);
	*problem_out = attachments_problem(what, is_command);
	return *problem_out ? complain(field_out, problem_out, F_ATTACHMENTS,
				  *problem_out)
			    : 0;
}

int particulars_check(const char **field_out, const char **problem_out,
    const struct particulars *what, enum verb verb, bool is_command)
{
	const struct verb_fields *row;
	uint64_t said, may, must;
	int err;

	*field_out = "verb";
	*problem_out = out_of_range;
	if ((unsigned)verb >= VERB_COUNT ||
	    !(verb_fields[verb].may | verb_fields[verb].must))
		return ERR_INVALID;
	row = &verb_fields[verb];
	may = row->may | row->must;
	must = is_command ? row->wish : row->must;
	if (is_command)
		may |= row->beside;

	err = field_read_all(&said, field_out, problem_out, what);
	if (err == 0)
		err = complain(field_out, problem_out, said & ~may, not_here);
	if (err == 0 && is_command)
		err = complain(field_out, problem_out,
		    said & may & (HOLDERS | row->derived), holders_own);
	must |= wanted(what, verb, said, is_command);
	if (err == 0)
		err = complain(field_out, problem_out, must & ~said, missing);
	if (err == 0)
		err = complain(field_out, problem_out,
		    said & unwanted(what, verb), not_here);
	if (err == 0)
		err =
		    pairs_check(field_out, problem_out, what, verb, is_command);
	if (err == 0)
		*field_out = *problem_out = "";
	return err;
}
