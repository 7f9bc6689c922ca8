#include "harness/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/harness.h"

enum { TICKETS = 1024, LATE_MS = 15 * 60 * 1000, WORDS = 40 };

static struct city *city;
static char ids[TICKETS][ID_TEXT];
static unsigned id_count;

void story_in(struct city *it)
{
	city = it;
}

void it_is(const char *civil)
{
	moved_to(civil);
	city_wait_quiet(city);
}

static const char *keep_id(const char *text)
{
	assert_true(id_count < TICKETS);
	snprintf(ids[id_count], ID_TEXT, "%s", text);
	return ids[id_count++];
}

/* ---- what is done ---- */

static void run_words(struct run *run_out, const char *who,
    const char *const first[], size_t count, va_list rest)
{
	const char *argv[ARGUMENTS_MAX] = { BIN_DIR "/whistle", "--home",
		city->home.path, "--as", who, "--lang", "en", "ticket" };
	const char *word;
	size_t len = 8;

	for (size_t i = 0; i < count; i++)
		argv[len++] = first[i];
	while ((word = va_arg(rest, const char *)) != NULL) {
		assert_true(len < WORDS);
		argv[len++] = word;
	}
	run_program(run_out, argv, 2 * PATIENCE_MS);
}

const char *opens(const char *who, ...)
{
	const char *first[] = { "open" };
	struct run run;
	va_list rest;

	va_start(rest, who);
	run_words(&run, who, first, 1, rest);
	va_end(rest);
	if (run.code != 0 || run.out.len < ID_TEXT)
		fail_msg("%s cannot open: %s", who, run_text(&run.err));
	((char *)run.out.data)[ID_TEXT - 1] = '\0';
	const char *id = keep_id(run_text(&run.out));
	run_free(&run);
	return id;
}

void does(const char *who, const char *verb, const char *ticket, ...)
{
	const char *first[] = { verb, ticket };
	struct run run;
	va_list rest;

	va_start(rest, ticket);
	run_words(&run, who, first, 2, rest);
	va_end(rest);
	if (run.code != 0)
		fail_msg("%s by %s: exit code %d: %s", verb, who, run.code,
		    run_text(&run.err));
	run_free(&run);
}

void may_not(
    const char *who, const char *verb, const char *ticket, const char *why, ...)
{
	const char *first[] = { verb, ticket };
	struct run run;
	va_list rest;

	va_start(rest, why);
	run_words(&run, who, first, 2, rest);
	va_end(rest);
	if (run.code != 1 || !strstr(run_text(&run.err), why))
		fail_msg("%s by %s: exit code %d, not 1 with “%s”: %s", verb,
		    who, run.code, why, run_text(&run.err));
	run_free(&run);
}

/* ---- what is seen ---- */

/* NULL when that node does not know it yet. */
static json_t *show(const char *who, const char *ticket)
{
	struct run run;
	json_t *shown = NULL;

	cli(&run, city, who, "ticket", "show", ticket, "--json", NULL);
	if (run.code == 0)
		shown = json_loads(run_text(&run.out), 0, NULL);
	else if (run.code != 4)
		fail_msg("%s cannot look: %s", who, run_text(&run.err));
	run_free(&run);
	return shown;
}

json_t *look_at(const char *who, const char *ticket)
{
	json_t *shown = show(who, ticket);

	if (!shown)
		fail_msg("%s does not know %s", who, ticket);
	return shown;
}

struct sight {
	const char *who, *ticket, *state, *holder;
	char last[128];
};

static bool is_seen(void *context)
{
	struct sight *sight = context;
	json_t *shown = show(sight->who, sight->ticket);

	city_check_alive(city);
	if (!shown)
		return false;
	const char *state = json_text_at(shown, "state");
	const char *holder = json_text_at(shown, "holder");
	snprintf(sight->last, sizeof(sight->last), "%s with %s", state, holder);
	bool is_so =
	    !strcmp(state, sight->state) && !strcmp(holder, sight->holder);
	json_decref(shown);
	return is_so;
}

void sees(
    const char *who, const char *ticket, const char *state, const char *holder)
{
	struct sight sight = { who, ticket, state, holder, "unknown" };

	if (!wait_until(is_seen, &sight, PATIENCE_MS))
		fail_msg("%s sees it %s, not %s with %s", who, sight.last,
		    state, holder);
}

void sees_word(
    const char *who, const char *ticket, const char *path, const char *word)
{
	json_t *shown = look_at(who, ticket);

	if (strcmp(json_text_at(shown, path), word) != 0)
		fail_msg("%s sees %s: %s, not %s", who, path,
		    json_text_at(shown, path), word);
	json_decref(shown);
}

void sees_number(
    const char *who, const char *ticket, const char *path, int64_t number)
{
	json_t *shown = look_at(who, ticket);

	if (json_number_at(shown, path) != number)
		fail_msg("%s sees %s: %lld, not %lld", who, path,
		    (long long)json_number_at(shown, path), (long long)number);
	json_decref(shown);
}

/* ---- deadlines ---- */

static int64_t time_at(json_t *shown, const char *field)
{
	const json_t *at = json_object_get(shown, field);
	int64_t time_ms = 0;

	if (json_is_string(at) && time_parse(&time_ms, json_string_value(at)))
		fail_msg("%s is no time", json_string_value(at));
	return time_ms;
}

static const char *last_rule(json_t *shown)
{
	json_t *event, *events = json_at(shown, "events");
	const char *rule = "";
	size_t i;

	json_array_foreach(events, i, event)
	{
		const json_t *said = json_object_get(event, "rule");
		if (said)
			rule = json_string_value(said);
	}
	return rule;
}

void is_due(const char *who, const char *ticket, const char *field,
    const char *civil, const char *rule)
{
	json_t *shown = look_at(who, ticket);
	int64_t due_ms = time_at(shown, field);
	char text[CIVIL_TEXT];

	if (due_ms < civil_ms(civil) || due_ms > civil_ms(civil) + LATE_MS)
		fail_msg("%s sees %s %s, not %s", who, field,
		    civil_format(text, due_ms), civil);
	if (rule && strcmp(last_rule(shown), rule) != 0)
		fail_msg("%s sees the rule “%s”, not “%s”", who,
		    last_rule(shown), rule);
	json_decref(shown);
}

static bool is_word(json_t *event, const char *key, const char *word)
{
	const char *is = json_string_value(json_object_get(event, key));

	return !strcmp(is ? is : "", word);
}

void was_told(const char *who, const char *ticket, const char *verb,
    const char *deadline, int step, int times)
{
	json_t *shown = look_at(who, ticket), *event;
	json_t *events = json_at(shown, "events");
	int count = 0;
	size_t i;

	json_array_foreach(events, i, event) count +=
	    is_word(event, "operator", "@timer") &&
	    is_word(event, "verb", verb) &&
	    is_word(event, "deadline", deadline) &&
	    json_integer_value(json_object_get(event, "step")) == step;
	if (count != times)
		fail_msg("%s sees %s of %s, step %d, %d times, not %d", who,
		    verb, deadline, step, count, times);
	json_decref(shown);
}

void happened(const char *who, const char *ticket, const char *verbs)
{
	json_t *shown = look_at(who, ticket), *event;
	json_t *events = json_at(shown, "events");
	char said[2048] = "";
	size_t i, len = 0;

	json_array_foreach(events, i, event)
	{
		len += (size_t)snprintf(said + len, sizeof(said) - len, "%s%s",
		    i ? " " : "", json_text_at(event, "verb"));
		assert_true(len < sizeof(said));
	}
	if (strcmp(said, verbs) != 0)
		fail_msg("%s sees “%s”, not “%s”", who, said, verbs);
	json_decref(shown);
}

const char *callout_of(
    const char *who, const char *ticket, const char *department)
{
	json_t *shown = look_at(who, ticket), *callout;
	json_t *callouts = json_at(shown, "callouts");
	const char *id = NULL;
	size_t i;

	json_array_foreach(callouts, i,
	    callout) if (is_word(callout, "department", department)) id =
	    keep_id(json_text_at(callout, "id"));
	if (!id)
		fail_msg("%s has not called %s", who, department);
	json_decref(shown);
	return id;
}

/* ---- scores ---- */

json_t *score_of(const char *who, const char *unit)
{
	json_t *board =
	    cli_json(city, who, "score", "show", "--under", unit, NULL);
	json_t *line, *found = NULL;
	size_t i;

	json_array_foreach(board, i, line) if (is_word(line, "unit", unit))
	    found = json_incref(line);
	json_decref(board);
	if (!found)
		fail_msg("%s finds no score of %s", who, unit);
	return found;
}

static int put_rate(char *to, size_t size, json_t *line, const char *rate)
{
	json_t *value = json_at(line, rate);

	return snprintf(to, size, "%s %lld/%lld", rate,
	    (long long)json_number_at(value, "in"),
	    (long long)json_number_at(value, "of"));
}

void scores(const char *who, const char *unit, const char *rates)
{
	json_t *line = score_of(who, unit);
	char said[256];
	int len = put_rate(said, sizeof(said), line, "response");

	len += snprintf(said + len, sizeof(said) - (size_t)len, ", ");
	len += put_rate(
	    said + len, sizeof(said) - (size_t)len, line, "completion");
	len += snprintf(said + len, sizeof(said) - (size_t)len, ", ");
	put_rate(said + len, sizeof(said) - (size_t)len, line, "satisfaction");
	if (strcmp(said, rates) != 0)
		fail_msg("%s has %s, not %s", unit, said, rates);
	json_decref(line);
}

void counts(const char *who, const char *unit, const char *count, int64_t by)
{
	json_t *line = score_of(who, unit);
	json_t *all = json_at(line, "counts");

	if (json_number_at(all, count) != by)
		fail_msg("%s has %s %lld, not %lld", unit, count,
		    (long long)json_number_at(all, count), (long long)by);
	json_decref(line);
}

void has_score(const char *who, const char *unit, const char *score)
{
	json_t *line = score_of(who, unit), *value = json_at(line, "score");
	char said[32] = "-";

	if (json_is_number(value))
		snprintf(said, sizeof(said), "%.1f%%",
		    100 * json_number_value(value));
	if (strcmp(said, score) != 0)
		fail_msg("%s has the score %s, not %s", unit, said, score);
	json_decref(line);
}
