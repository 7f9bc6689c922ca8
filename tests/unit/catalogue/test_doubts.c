/* What the checker doubts: a catalogue that is sound, and hardly does what
 * it was written for. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "city.h"

/* Of a city, a district and a street; communities and grids have none. */
static const uint64_t usual_powers[ORG_LEVELS_MAX] = {
	POWER(WHISTLE_OUT) | POWER(PERMIT),
	POWER(WHISTLE_OUT),
	POWER(WHISTLE_OUT),
};

/* A unit that is taken away; NULL: none. */
static const char *city_lacks;

static void take_away(struct city *city, const char *unit)
{
	char text[sizeof(sound_units) + sizeof(more_units)];
	char *line, *end;

	snprintf(text, sizeof(text), "%s%s", sound_units, more_units);
	line = strstr(text, unit);
	assert_non_null(line);
	end = strchr(line, '\n') + 1;
	memmove(line, end, strlen(end) + 1);
	org_close(&city->folder.org);
	folder_write(&city->folder, "units.csv", text);
	folder_load(&city->folder);
}

static void expect_with(long line, const char *by, const uint64_t *powers,
    long reported, const char *part)
{
	struct city city;

	city_make(&city);
	if (city_lacks)
		take_away(&city, city_lacks);
	if (line)
		folder_write_line(
		    &city.folder, "catalogue.yaml", sound_catalogue, line, by);
	city_load(&city);
	assert_int_equal(city.folder.report.count, 0);
	assert_int_equal(catalogue_doubts(&city.folder.report, city.catalogue,
			     city.folder.dir, powers),
	    0);
	if (!has_problem(
		&city.folder.report, "catalogue.yaml", reported, part)) {
		print_error("expected %ld: %s\n", reported, part);
		report_print(&city.folder.report, stderr);
		fail();
	}
	city_remove(&city);
}

static void expect(long line, const char *by, long reported, const char *part)
{
	expect_with(line, by, usual_powers, reported, part);
}

#define ITEM(rest) "  - {code: x, zh: 某, en: X, domain: safe, " rest "}\n"
#define TIMES	   "colour: blue, accept: 1d, resolve: 2d"

static void doubts_an_item_that_routine_never_finds(void **state)
{
	(void)state;
	expect(0, NULL, 22, "plan: it has no keywords");
}

static void doubts_a_keyword_that_leads_to_another_item(void **state)
{
	(void)state;
	expect(22, ITEM("keywords: [外墙P2P], competent: city, " TIMES), 22,
	    "x: none of its keywords leads to it");
	expect(22, ITEM("keywords: [某某, 外墙P2P], competent: city, " TIMES),
	    22,
	    "a text that says only \"外墙P2P\" goes to nobody: it counts as "
	    "much for another item (paint)");
}

static void doubts_a_department_that_is_no_ones(void **state)
{
	(void)state;
	expect(14,
	    "  - {code: gaj, zh: 公安局, en: Police}\n"
	    "  - {code: none, zh: 无, en: None}\n",
	    15, "none: no unit of the city has this department");
}

/* The one district has it, and the other has none. */
static void doubts_an_item_that_nobody_is_competent_for_somewhere(void **state)
{
	(void)state;
	city_lacks = "420703-cgj";
	expect(0, NULL, 16,
	    "lamp: for 1 of 3 units of the level street no department cgj is "
	    "competent (the first is 420703100)");
	expect(0, NULL, 26,
	    "S1: for 1 of 3 units of the level street no department cgj is "
	    "competent (the first is 420703100)");
	city_lacks = NULL;
}

static void doubts_a_whistle_that_nobody_may_blow(void **state)
{
	(void)state;
	expect(22,
	    ITEM("keywords: [某], competent: community, lead: gaj, "
		 "whistle: auto, " TIMES),
	    22, "x: units of its level (community) may not blow the whistle");
	expect(4, "returns: 2\nwhistles:\n  - {kind: law, levels: [grid]}\n", 6,
	    "law: units of the level grid may not blow the whistle at all");
	expect(4, "returns: 2\nwhistles:\n  - {kind: law, levels: [grid]}\n",
	    28, "S1: no level may blow a whistle of the kind law");
}

static void doubts_a_city_that_nobody_can_give_a_permit_in(void **state)
{
	static const uint64_t none[ORG_LEVELS_MAX] = { 0 };

	(void)state;
	expect_with(0, NULL, none, 0, "no level of this city may permit");
}

static void doubts_a_domain_without_items(void **state)
{
	(void)state;
	expect(10,
	    "  - {code: safe, zh: 安全, en: Safety}\n"
	    "  - {code: dull, zh: 无, en: None}\n",
	    11, "dull: no item is of this domain");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doubts_an_item_that_routine_never_finds),
		cmocka_unit_test(doubts_a_keyword_that_leads_to_another_item),
		cmocka_unit_test(doubts_a_department_that_is_no_ones),
		cmocka_unit_test(
		    doubts_an_item_that_nobody_is_competent_for_somewhere),
		cmocka_unit_test(doubts_a_whistle_that_nobody_may_blow),
		cmocka_unit_test(
		    doubts_a_city_that_nobody_can_give_a_permit_in),
		cmocka_unit_test(doubts_a_domain_without_items),
	};

	return cmocka_run_group_tests_name(
	    "catalogue/doubts", tests, NULL, NULL);
}
