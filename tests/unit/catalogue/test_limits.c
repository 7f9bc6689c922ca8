/*
 * The bounds of a city's files, each at its edge: as much as there may be is
 * taken, one more is refused with a sentence that says how many there may be.
 * deploy/limits.md lists them.
 */
#include "piece.h"

#include "catalogue/calendar_inside.h"
#include "catalogue/inside.h"

/* ---- the pieces ---- */

static void put_many(FILE *out, const char *word, long count)
{
	for (long i = 0; i < count; i++)
		fputs(word, out);
}

static void write_name(FILE *out, long count)
{
	put_many(out, "n", count);
}

static void write_city(FILE *out, long count)
{
	fputs("city: ", out);
	put_many(out, "c", count);
}

static void write_url(FILE *out, long count)
{
	fputs("{name: cityd, public_url: \"https://", out);
	put_many(out, "u", count - (long)strlen("https://"));
	fputs("\"", out);
}

static void write_durable_keys(FILE *out, const char *list, long count)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";

	fprintf(out, "{name: cityd, %s: [", list);
	for (long i = 0; i < count; i++) {
		fputs(i ? ", \"" : "\"", out);
		for (int k = 0; k < ORG_KEY_TEXT - 1; k++)
			fputc(digits[i], out);
		fputs("\"", out);
	}
	fputs("]", out);
}

static void write_old_keys(FILE *out, long count)
{
	write_durable_keys(out, "old_keys", count);
}

static void write_retired_keys(FILE *out, long count)
{
	write_durable_keys(out, "retired_keys", count);
}

static void write_was(FILE *out, long count)
{
	fputs("{name: cityd, was: [", out);
	for (long i = 0; i < count; i++)
		fprintf(out, "%swas%ld", i ? ", " : "", i);
	fputs("]", out);
}

/* A chain of levels below the city, each with its one unit. */
static void write_levels(FILE *out, long count)
{
	static const char *const codes[] = { "4207", "420704", "420704001",
		"420704001001", "420704001001001" };

	fputs("4207,鄂州市,city,area,\n", out);
	for (long i = 1; i < count; i++)
		fprintf(out, "%s,x,l%ld,area,%s\n", codes[i % 5], i,
		    codes[(i - 1) % 5]);
}

static void write_nodes(FILE *out, long count)
{
	fputs("nodes:\n", out);
	/* five are there already */
	for (long i = 5; i < count; i++)
		fprintf(out,
		    "  - {name: n%ld, level: grid, serves: [4207], endpoint: "
		    "\"tcp://127.0.0.1:%ld\"}\n",
		    i, 10000 + i);
}

static void write_returns(FILE *out, long count)
{
	fprintf(out, "returns: %ld", count);
}

static void write_extensions(FILE *out, long count)
{
	fprintf(out, "returns: 2\nextensions: %ld", count);
}

static void write_weight(FILE *out, long count)
{
	fprintf(out,
	    "returns: 2\nscore: {weights: {response: %ld, completion: 1, "
	    "satisfaction: 1}, mostly_satisfied: full, departments: {raters: "
	    "street, part: 30}}",
	    count);
}

static void write_item(FILE *out, const char *code, long number)
{
	fprintf(out,
	    "  - {code: %s%ld, zh: 事项%ld, en: item %ld, domain: livable, "
	    "competent: city, direct: false, immediate: false, colour: blue, "
	    "accept: 30m, resolve: 7d",
	    code, number, number, number);
}

/* One is there already. */
static void write_items(FILE *out, long count)
{
	fputs("items:\n", out);
	for (long i = 1; i < count; i++) {
		write_item(out, "i", i);
		fputs("}\n", out);
	}
}

static void write_keywords(FILE *out, long count)
{
	fputs("items:\n", out);
	write_item(out, "k", 0);
	fputs(", keywords: [", out);
	/* the item that is there has one */
	for (long i = 1; i < count; i++)
		fprintf(out, "%s词%ld号", i == 1 ? "" : ", ", i);
	fputs("]}\n", out);
}

static void write_domains(FILE *out, long count)
{
	fputs("domains:\n", out);
	for (long i = 1; i < count; i++)
		fprintf(
		    out, "  - {code: d%ld, zh: 域%ld, en: d%ld}\n", i, i, i);
}

static void write_situations(FILE *out, long count)
{
	fputs("situations:\n", out);
	for (long i = 1; i < count; i++)
		fprintf(out,
		    "  - {code: T%ld, area: city, zh: 情形%ld, en: s%ld, "
		    "kind: law, colour: blue, lead: zjj, assist: []}\n",
		    i, i, i);
}

static void write_assist(FILE *out, long count)
{
	fputs("items:\n", out);
	write_item(out, "a", 0);
	fputs(", lead: zjj, assist: [", out);
	for (long i = 0; i < count; i++)
		fprintf(out, "%sx%ld", i ? ", " : "", i);
	fputs("]}\n", out);
}

static void write_hours(FILE *out, long count)
{
	fputs("hours: [", out);
	for (long i = 0; i < count; i++)
		fprintf(out, "%s\"%02ld:00-%02ld:30\"", i ? ", " : "", i, i);
	fputs("]", out);
}

static void write_years(FILE *out, long count)
{
	fputs("years: [2026", out);
	for (long i = 1; i < count; i++)
		fprintf(out, ", %ld", 2026 + i);
	fputs("]", out);
}

/* One a day, but for the last days of each month. One is there already. */
static void write_days(FILE *out, long count, const char *form)
{
	enum { DAYS = 28, MONTHS = 12 };

	for (long i = 1; i < count; i++)
		fprintf(out, form, 2027 + i / DAYS / MONTHS,
		    i / DAYS % MONTHS + 1, i % DAYS + 1);
}

static void write_holidays(FILE *out, long count)
{
	fputs("holidays:\n", out);
	write_days(out, count,
	    "  - {from: %1$04ld-%2$02ld-%3$02ld, "
	    "to: %1$04ld-%2$02ld-%3$02ld, zh: 节, en: x}\n");
}

static void write_work_days(FILE *out, long count)
{
	fputs("work_days:\n", out);
	write_days(
	    out, count, "  - {date: %04ld-%02ld-%02ld, zh: 调休, en: x}\n");
}

/* ---- the edges ---- */

static const struct edge {
	const char *what;
	struct piece piece;
	long max;
	const char *sentence; /* of one more */
} edges[] = {
	{ "a node's name", { "nodes.yaml", "communityd", write_name },
	    NAME_MAX_BYTES - 1, "63 bytes at most" },
	{ "an operator's name", { "operators.csv", "worker", write_name },
	    NAME_MAX_BYTES - 1, "63 bytes at most" },
	{ "a unit's name", { "units.csv", "凤凰社区", write_name },
	    UNIT_NAME_MAX - 1, "over 191 bytes" },
	{ "the city's name", { "nodes.yaml", "city: 鄂州市", write_city },
	    UNIT_NAME_MAX - 1, "over 191 bytes" },
	{ "a public address", { "nodes.yaml", "{name: cityd", write_url },
	    NODE_PUBLIC_URL_MAX, "at most 200 bytes" },
	{ "keys that are heard",
	    { "nodes.yaml", "{name: cityd", write_old_keys }, NODE_OLD_KEYS_MAX,
	    "at most 8" },
	{ "retired keys", { "nodes.yaml", "{name: cityd", write_retired_keys },
	    NODE_RETIRED_KEYS_MAX, "at most 24" },
	{ "returns", { "catalogue.yaml", "returns: 2", write_returns },
	    RETURNS_MAX, "16" },
	{ "extensions", { "catalogue.yaml", "returns: 2", write_extensions },
	    EXTENSIONS_MAX, "16" },
	{ "a weight", { "catalogue.yaml", "returns: 2", write_weight },
	    SCORE_WEIGHT_MAX, "1000" },
	{ "items", { "catalogue.yaml", "items:\n", write_items }, ITEMS_MAX,
	    "1 to 2048" },
	{ "keywords", { "catalogue.yaml", "items:\n", write_keywords },
	    KEYWORDS_MAX, "32768" },
	{ "domains", { "catalogue.yaml", "domains:\n", write_domains },
	    NAMED_MAX, "1 to 2048" },
	{ "situations", { "catalogue.yaml", "situations:\n", write_situations },
	    SITUATIONS_MAX, "2048 at most" },
	{ "parts of a day",
	    { "calendar.yaml", "hours: [\"08:00-09:00\"]", write_hours },
	    CALENDAR_HOURS_MAX, "8" },
};

static void each_bound_of_a_city_s_files_is_at_its_edge(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		const struct edge *edge = &edges[i];
		struct report report = { 0 };

		load(&report, &edge->piece, edge->max);
		if (report.count > 0)
			fail_msg("%s, %ld: refused: %s", edge->what, edge->max,
			    report.problems[0].text);
		report_free(&report);
		load(&report, &edge->piece, edge->max + 1);
		if (!says(&report, edge->sentence))
			fail_msg("%s, %ld: %s", edge->what, edge->max + 1,
			    report.count ? report.problems[0].text : "taken");
		report_free(&report);
	}
}

/* What as many would need besides is left out, so that others complain too:
 * only this sentence counts. */
static void of_these_there_are_so_many_and_no_more(void **state)
{
	static const struct edge counted[] = {
		{ "nodes", { "nodes.yaml", "nodes:\n", write_nodes },
		    ORG_NODES_MAX, "1 to 4096" },
		{ "former names", { "nodes.yaml", "{name: cityd", write_was },
		    NODE_WAS_MAX, "at most 8" },
		{ "years", { "calendar.yaml", "years: [2026]", write_years },
		    CALENDAR_YEARS_MAX, "1 to 100" },
		{ "holidays",
		    { "calendar.yaml", "holidays:\n", write_holidays },
		    CALENDAR_ROWS_MAX, "more than 4096 holidays or work days" },
		{ "make-up days",
		    { "calendar.yaml", "work_days:\n", write_work_days },
		    CALENDAR_ROWS_MAX, "more than 4096 holidays or work days" },
		{ "departments that assist",
		    { "catalogue.yaml", "items:\n", write_assist },
		    ITEM_ASSIST_MAX, "departments assist; 8 at most" },
		{ "level words",
		    { "units.csv", "4207,鄂州市,city,area,\n", write_levels },
		    CITY_WORDS_MAX - 4, "at most 16" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++) {
		const struct edge *edge = &counted[i];
		struct report report = { 0 };

		load(&report, &edge->piece, edge->max);
		assert_false(says(&report, edge->sentence));
		report_free(&report);
		load(&report, &edge->piece, edge->max + 1);
		assert_true(says(&report, edge->sentence));
		report_free(&report);
	}
}

#define IN_DIR(test) cmocka_unit_test_setup_teardown(test, make_dir, remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIR(each_bound_of_a_city_s_files_is_at_its_edge),
		IN_DIR(of_these_there_are_so_many_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
