#include "wish.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "base/err.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "words.h"

struct wish wish;

enum how {
	AS_TEXT,
	AS_UNIT,
	AS_WORD, /* of a list: `number` */
	AS_TIME,
	AS_FLAG,
	AS_VALUE, /* a flag that stands for a word: `number` */
};

/* One option: where it is said, how it is read, where it goes. */
static const struct saying {
	const char *option;
	const char *field; /* as ticket/event.h names it */
	const void *from;
	enum how how;
	size_t to;
	unsigned number;
} sayings[] = {
#define TO(member) offsetof(struct particulars, member)
	{ "title", "title", &wish.title, AS_TEXT, TO(title), 0 },
	{ "text", "text", &wish.text, AS_TEXT, TO(text), 0 },
	{ "reason", "text", &wish.reason, AS_TEXT, TO(text), 0 },
	{ "item", "item", &wish.item, AS_TEXT, TO(item), 0 },
	{ "place", "place", &wish.place, AS_UNIT, TO(place), 0 },
	{ "address", "address", &wish.address, AS_TEXT, TO(address), 0 },
	{ "source", "source", &wish.source, AS_WORD, TO(source), WORD_SOURCE },
	{ "number", "external_id", &wish.number, AS_TEXT, TO(external_id), 0 },
	{ "urgent", "urgent", &wish.urgent, AS_FLAG, TO(urgent), 0 },
	{ "confidential", "confidential", &wish.confidential, AS_FLAG,
	    TO(confidential), 0 },
	{ "callback", "callback", &wish.callback, AS_FLAG, TO(callback), 0 },
	{ "resident", "resident", &wish.resident, AS_FLAG, TO(resident), 0 },
	{ "basis", "basis", &wish.basis, AS_TEXT, TO(basis), 0 },
	{ "colour", "colour", &wish.colour, AS_WORD, TO(colour), WORD_COLOUR },
	{ "kind", "whistle", &wish.kind, AS_WORD, TO(whistle), WORD_WHISTLE },
	{ "situation", "situation", &wish.situation, AS_TEXT, TO(situation),
	    0 },
	{ "meet-at", "meet_at", &wish.meet_at, AS_TEXT, TO(meet_at), 0 },
	{ "meet", "meet_ms", &wish.meet, AS_TIME, TO(meet_ms), 0 },
	{ "until", "until_ms", &wish.until, AS_TIME, TO(until_ms), 0 },
	{ "permit", "basis", &wish.permit, AS_TEXT, TO(basis), 0 },
	{ "contacted", "contacted_ms", &wish.contacted, AS_TIME,
	    TO(contacted_ms), 0 },
	{ "measures", "measures", &wish.measures, AS_TEXT, TO(measures), 0 },
	{ "as-told", "finding", &wish.as_told, AS_VALUE, TO(finding),
	    FINDING_TRUE },
	{ "not-as-told", "finding", &wish.not_as_told, AS_VALUE, TO(finding),
	    FINDING_UNTRUE },
	{ "solved", "outcome", &wish.solved, AS_VALUE, TO(outcome),
	    OUTCOME_SOLVED },
	{ "explained", "outcome", &wish.explained, AS_VALUE, TO(outcome),
	    OUTCOME_EXPLAINED },
	{ "channel", "channel", &wish.channel, AS_WORD, TO(channel),
	    WORD_CHANNEL },
	{ "satisfied", "satisfaction", &wish.satisfied, AS_VALUE,
	    TO(satisfaction), SATISFACTION_SATISFIED },
	{ "mostly", "satisfaction", &wish.mostly, AS_VALUE, TO(satisfaction),
	    SATISFACTION_MOSTLY },
	{ "dissatisfied", "satisfaction", &wish.dissatisfied, AS_VALUE,
	    TO(satisfaction), SATISFACTION_DISSATISFIED },
	{ "not-rated", "satisfaction", &wish.not_rated, AS_VALUE,
	    TO(satisfaction), SATISFACTION_NOT_RATED },
#undef TO
};

enum { SAYINGS = sizeof(sayings) / sizeof(sayings[0]) };

/* RFC 3339, or "2026-11-21 15:00" in the process's time zone. */
static enum cli_exit read_time(void *to, const char *option, const char *text)
{
	struct tm tm = { .tm_isdst = -1 };
	int64_t time_ms;
	if (time_parse(&time_ms, text) == 0) {
		memcpy(to, &time_ms, sizeof(time_ms));
		return CLI_DONE;
	}
	const char *end = strptime(text, "%Y-%m-%d %H:%M", &tm);
	time_t seconds = end && *end == '\0' ? mktime(&tm) : -1;
	if (seconds > 0) {
		time_ms = (int64_t)seconds * 1000;
		memcpy(to, &time_ms, sizeof(time_ms));
		return CLI_DONE;
	}
	say_error(_("--%s: “%s” is no time; write it like 2026-11-21 15:00."),
	    option, text);
	return CLI_USAGE;
}

static enum cli_exit read_text(void *to, const char *option, const char *text)
{
	if (!bytes_is_text(bytes_of(text, strlen(text)))) {
		say_error(_("--%s is not UTF-8 text."), option);
		return CLI_USAGE;
	}
	memcpy(to, &text, sizeof(text));
	return CLI_DONE;
}

static enum cli_exit read_unit(void *to, struct cli *cli, const char *text)
{
	const struct unit *unit;
	enum cli_exit exit = session_unit(&unit, cli, text);
	if (unit)
		memcpy(to, &unit->code, sizeof(unit->code));
	return exit;
}

static enum cli_exit read_word(
    void *to, const struct saying *saying, const char *text)
{
	unsigned value;
	enum cli_exit exit = session_word(
	    &value, (enum word_list)saying->number, saying->option, text);
	memcpy(to, &value, sizeof(value));
	return exit;
}

static enum cli_exit read_value(void *to, const struct saying *saying)
{
	unsigned value;
	memcpy(&value, to, sizeof(value));
	if (value != 0) {
		say_error(_("--%s contradicts another option: give one."),
		    saying->option);
		return CLI_USAGE;
	}
	memcpy(to, &saying->number, sizeof(saying->number));
	return CLI_DONE;
}

static enum cli_exit read_saying(
    struct particulars *what, struct cli *cli, const struct saying *saying)
{
	void *to = (char *)what + saying->to;
	const char *text = NULL;
	bool is_set = false;
	if (saying->how == AS_FLAG || saying->how == AS_VALUE) {
		memcpy(&is_set, saying->from, sizeof(is_set));
		if (!is_set)
			return CLI_DONE;
		if (saying->how == AS_VALUE)
			return read_value(to, saying);
		memcpy(to, &is_set, sizeof(is_set));
		return CLI_DONE;
	}
	memcpy(&text, saying->from, sizeof(text));
	if (!text || !*text)
		return CLI_DONE;
	switch (saying->how) {
	case AS_UNIT:
		return read_unit(to, cli, text);
	case AS_WORD:
		return read_word(to, saying, text);
	case AS_TIME:
		return read_time(to, saying->option, text);
	default:
		return read_text(to, saying->option, text);
	}
}

enum cli_exit wish_read(struct wished *wished_out, struct cli *cli)
{
	particulars_clear(&wished_out->what);
	for (size_t i = 0; i < SAYINGS; i++) {
		enum cli_exit exit =
		    read_saying(&wished_out->what, cli, &sayings[i]);
		if (exit != CLI_DONE)
			return exit;
	}
	wished_out->what.callouts = wished_out->callouts;
	return CLI_DONE;
}

/* ---- checks, contact ---- */

static bool has_option(const struct cli_command *command, const char *option)
{
	for (size_t i = 0; i < command->row_count; i++)
		if (strcmp(command->rows[i].name, option) == 0)
			return true;
	return false;
}

/* "--solved or --explained": the options that say a field. */
static void options_of(char *out, size_t size,
    const struct cli_command *command, const char *field)
{
	size_t len = 0;
	out[0] = '\0';
	for (size_t i = 0; i < SAYINGS && len < size; i++) {
		if (strcmp(sayings[i].field, field) != 0 ||
		    !has_option(command, sayings[i].option))
			continue;
		len += (size_t)snprintf(out + len, size - len, "%s--%s",
		    len > 0 ? _(" or ") : "", sayings[i].option);
	}
}

enum cli_exit wish_check(const struct wished *wished, enum verb verb,
    const struct cli_command *command)
{
	const char *field;
	const char *problem;
	char options[256];
	int err =
	    particulars_check(&field, &problem, &wished->what, verb, true);
	if (err == 0)
		return CLI_DONE;
	/* What else is missing depends on how it ended. */
	if (verb == VERB_RESOLVE && !wished->what.outcome) {
		field = "outcome";
		problem = "missing";
	}
	options_of(options, sizeof(options), command, field);
	if (!options[0])
		snprintf(options, sizeof(options), "%s", words_field(field));
	if (strcmp(problem, "missing") == 0)
		say_error(_("Something is missing: %s."), options);
	else
		say_error(_("%s: %s."), options, lang_text(problem));
	return CLI_USAGE;
}

/* False when the line is too long or no text. */
static bool read_line(char *out, int size, FILE *file)
{
	out[0] = '\0';
	if (!fgets(out, size, file))
		return feof(file);
	size_t len = strcspn(out, "\r\n");
	bool is_whole = out[len] != '\0' || feof(file);
	out[len] = '\0';
	return is_whole && bytes_is_text(bytes_of(out, len));
}

enum cli_exit wish_contact(struct buf *out, const char *path)
{
	char name[CONTACT_MAX_BYTES];
	char phone[CONTACT_MAX_BYTES];
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
	if (!file) {
		say_error(_("%s cannot be read."), path);
		return CLI_NOT_FOUND;
	}
	bool is_good = read_line(name, sizeof(name), file) &&
		       read_line(phone, sizeof(phone), file);
	if (file != stdin)
		fclose(file);
	struct wire_contact contact = { name, phone };
	is_good = is_good && wire_contact_pack(out, &contact) == 0;
	explicit_bzero(name, sizeof(name));
	explicit_bzero(phone, sizeof(phone));
	if (is_good && out->len > 0 && out->len <= CONTACT_MAX_BYTES)
		return CLI_DONE;
	say_error(_("%s needs a name on its first line and a phone number on "
		    "its second, at most %d bytes of UTF-8 text in all."),
	    path, CONTACT_MAX_BYTES);
	return CLI_USAGE;
}
