#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "city.h"

static void expect_all(const struct wrong *wrongs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct wrong *wrong = &wrongs[i];
		struct city city;
		int err;

		city_make(&city);
		folder_write_line(&city.folder, "catalogue.yaml",
		    sound_catalogue, wrong->line, wrong->by);
		err = catalogue_load(&city.catalogue, &city.folder.report,
		    city.folder.dir, city.folder.org);
		if (err != ERR_INVALID ||
		    !has_problem(&city.folder.report, "catalogue.yaml",
			wrong->reported, wrong->part)) {
			print_error("expected %ld: %s\nfor %sbut got %d\n",
			    wrong->reported, wrong->part, wrong->by, err);
			report_print(&city.folder.report, stderr);
			fail();
		}
		assert_null(city.catalogue);
		city_remove(&city);
	}
}

#define EXPECT_ALL(wrongs)                                                     \
	expect_all(wrongs, sizeof(wrongs) / sizeof(wrongs[0]))

/* One item in place of "plan", with `rest` after its names. */
#define ITEM(rest) "  - {code: x, zh: 某, en: X, " rest "}\n"
#define TIMES	   "colour: blue, accept: 1d, resolve: 2d"

static void loads_a_sound_one(void **state)
{
	struct city city;
	const struct item *item;

	(void)state;
	city_make(&city);
	city_load(&city);
	assert_int_equal(catalogue_item_count(city.catalogue), 7);
	item = catalogue_item(city.catalogue, "lamp");
	assert_ptr_equal(item, catalogue_item_at(city.catalogue, 0));
	assert_int_equal(item->competent, 2);
	assert_true(item->direct && !item->immediate);
	assert_int_equal(item->whistle, ITEM_WHISTLE_AUTO);
	assert_int_equal(item->colour, COLOUR_YELLOW);
	assert_int_equal(time_limit_ms(item->accept), 2 * 3600 * 1000);
	assert_string_equal(item->lead, "cgj");
	assert_int_equal(item->assist_count, 2);
	assert_string_equal(item->assist[1], "zjj");
	item = catalogue_item(city.catalogue, "plan");
	assert_string_equal(item->lead, "");
	assert_int_equal(item->whistle, ITEM_WHISTLE_NO);
	assert_null(catalogue_item(city.catalogue, "none"));
	assert_null(catalogue_item(city.catalogue, ""));
	assert_null(catalogue_item_at(city.catalogue, 7));
	city_remove(&city);
}

static void loads_lists_and_situations(void **state)
{
	struct city city;
	const struct situation *situation;

	(void)state;
	city_make(&city);
	city_load(&city);
	situation = catalogue_situation(city.catalogue, "S1");
	assert_ptr_equal(situation, catalogue_situation_at(city.catalogue, 0));
	assert_int_equal(situation->kind, WHISTLE_LAW);
	assert_int_equal(situation->colour, COLOUR_RED);
	assert_int_equal(catalogue_situation_count(city.catalogue), 1);
	assert_null(catalogue_situation_at(city.catalogue, 1));
	assert_string_equal(
	    catalogue_domain(city.catalogue, "safe")->zh, "安全");
	assert_null(catalogue_domain(city.catalogue, "urban"));
	assert_int_equal(catalogue_domain_count(city.catalogue), 1);
	assert_string_equal(
	    catalogue_department(city.catalogue, "gaj")->en, "Police");
	assert_string_equal(
	    catalogue_area(city.catalogue, "urban")->en, "Urban");
	assert_int_equal(catalogue_returns_max(city.catalogue), 2);
	assert_string_equal(catalogue_name(city.catalogue), "清单");
	city_remove(&city);
}

static void limits_have_their_usual_values(void **state)
{
	struct city city;

	(void)state;
	city_make(&city);
	city_load(&city);
	assert_int_equal(catalogue_extensions_max(city.catalogue), 3);
	assert_int_equal(time_limit_ms(catalogue_extend(city.catalogue)),
	    INT64_C(3) * 24 * 3600 * 1000);
	assert_int_equal(catalogue_return_window(city.catalogue).amount, 0);
	assert_int_equal(catalogue_resident_wait(city.catalogue).amount, 0);
	assert_int_equal(catalogue_after(city.catalogue,
			     catalogue_return_window(city.catalogue), 1000),
	    0);
	city_remove(&city);
}

static void a_city_sets_its_own_limits(void **state)
{
	struct city city;

	(void)state;
	city_make(&city);
	folder_write_line(&city.folder, "catalogue.yaml", sound_catalogue, 4,
	    "returns: 2\nextensions: 0\nextend: 36h\nreturn_window: 1d\n"
	    "resident_wait: 2d\n");
	city_load(&city);
	assert_int_equal(catalogue_extensions_max(city.catalogue), 0);
	assert_int_equal(time_limit_ms(catalogue_extend(city.catalogue)),
	    INT64_C(36) * 3600 * 1000);
	assert_int_equal(time_limit_ms(catalogue_return_window(city.catalogue)),
	    INT64_C(24) * 3600 * 1000);
	assert_int_equal(time_limit_ms(catalogue_resident_wait(city.catalogue)),
	    INT64_C(48) * 3600 * 1000);
	city_remove(&city);
}

#define SCORE_HEAD                                                             \
	"returns: 2\nscore:\n"                                                 \
	"  weights: {response: 30, completion: 40, satisfaction: 30}\n"

static void a_city_weighs_its_rates(void **state)
{
	const struct catalogue_score *score;
	struct city city;

	(void)state;
	city_make(&city);
	city_load(&city);
	assert_false(catalogue_score(city.catalogue)->is_given);
	assert_int_equal(catalogue_score(city.catalogue)->mostly_halves, 2);
	city_remove(&city);
	city_make(&city);
	folder_write_line(&city.folder, "catalogue.yaml", sound_catalogue, 4,
	    SCORE_HEAD "  mostly_satisfied: half\n"
		       "  departments: {raters: street, part: 30}\n");
	city_load(&city);
	score = catalogue_score(city.catalogue);
	assert_true(score->is_given);
	assert_int_equal(score->response, 30);
	assert_int_equal(score->completion, 40);
	assert_int_equal(score->satisfaction, 30);
	assert_int_equal(score->mostly_halves, 1);
	assert_string_equal(score->raters, "street");
	assert_int_equal(score->raters_part, 30);
	city_remove(&city);
}

static void refuses_scores_that_are_none(void **state)
{
	static const struct wrong wrongs[] = {
		{ 4,
		    SCORE_HEAD "  mostly_satisfied: full\n"
			       "  departments: {raters: street, part: 29}\n",
		    8,
		    "part 29: the ratings of level street weigh at least 30" },
		{ 4,
		    SCORE_HEAD "  mostly_satisfied: full\n"
			       "  departments: {raters: street, part: 101}\n",
		    8, "at most 100 per cent" },
		{ 4, SCORE_HEAD "  mostly_satisfied: full\n", 5,
		    "score has no departments; say whose ratings weigh" },
		{ 4,
		    SCORE_HEAD "  mostly_satisfied: full\n"
			       "  departments: {raters: village, part: 40}\n",
		    8, "raters \"village\" is no level of units.csv" },
		{ 4,
		    SCORE_HEAD "  mostly_satisfied: nearly\n"
			       "  departments: {raters: street, part: 40}\n",
		    7, "\"nearly\" is none of full, half, none" },
		{ 4,
		    "returns: 2\nscore:\n"
		    "  weights: {response: 0, completion: 0, satisfaction: "
		    "0}\n"
		    "  mostly_satisfied: full\n"
		    "  departments: {raters: street, part: 40}\n",
		    6, "every weight is 0" },
		{ 4,
		    "returns: 2\nscore:\n"
		    "  weights: {response: 1001, completion: 0, "
		    "satisfaction: 0}\n"
		    "  mostly_satisfied: full\n"
		    "  departments: {raters: street, part: 40}\n",
		    6, "a weight is more than 1000" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_limits_without_end(void **state)
{
	static const struct wrong wrongs[] = {
		{ 4, "returns: 2\nextensions: 17\n", 5, "17 extensions" },
		{ 4, "returns: 2\nextend: soon\n", 5, "extend: \"soon\"" },
		{ 4, "returns: 2\nreturn_window: 0d\n", 5,
		    "return_window: \"0d\"" },
		{ 4, "returns: 2\nextend: 3wd\n", 5,
		    "extend: 3wd needs a calendar" },
		{ 4, "returns: 2\nreturn_window: 4wh\n", 5,
		    "return_window: 4wh needs a calendar" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void keeps_a_kind_of_whistle_for_some(void **state)
{
	struct city city;

	(void)state;
	city_make(&city);
	folder_write_line(&city.folder, "catalogue.yaml", sound_catalogue, 4,
	    "returns: 2\nwhistles:\n"
	    "  - {kind: project, levels: [district, city], roles: "
	    "[supervisor]}\n"
	    "  - {kind: emergency, levels: [street]}\n");
	city_load(&city);
	assert_true(catalogue_may_whistle(
	    city.catalogue, WHISTLE_LAW, 2, ROLE_DISPATCHER));
	assert_true(catalogue_may_whistle(
	    city.catalogue, WHISTLE_NONE, 4, ROLE_DISPATCHER));
	assert_true(catalogue_may_whistle(
	    city.catalogue, WHISTLE_PROJECT, 1, ROLE_SUPERVISOR));
	assert_true(catalogue_may_whistle(
	    city.catalogue, WHISTLE_PROJECT, 1, ROLE_NONE));
	assert_false(catalogue_may_whistle(
	    city.catalogue, WHISTLE_PROJECT, 1, ROLE_DISPATCHER));
	assert_false(catalogue_may_whistle(
	    city.catalogue, WHISTLE_PROJECT, 2, ROLE_SUPERVISOR));
	assert_true(catalogue_may_whistle(
	    city.catalogue, WHISTLE_EMERGENCY, 2, ROLE_DISPATCHER));
	assert_false(catalogue_may_whistle(
	    city.catalogue, WHISTLE_EMERGENCY, 0, ROLE_SUPERVISOR));
	city_remove(&city);
}

static void refuses_whistles_that_nobody_can_blow(void **state)
{
	static const struct wrong wrongs[] = {
		{ 4, "returns: 2\nwhistles:\n  - {kind: war, levels: [city]}\n",
		    6, "\"war\" is none of law, project, emergency" },
		{ 4, "returns: 2\nwhistles:\n  - {kind: law, levels: []}\n", 6,
		    "law: no level may blow it" },
		{ 4, "returns: 2\nwhistles:\n  - {kind: law, levels: [moon]}\n",
		    6, "law: no area has the level \"moon\"" },
		{ 4,
		    "returns: 2\nwhistles:\n  - {kind: law, levels: [city], "
		    "roles: [worker]}\n",
		    6, "law: \"worker\" is no role that may whistle" },
		{ 4,
		    "returns: 2\nwhistles:\n  - {kind: law, levels: [city]}\n"
		    "  - {kind: law, levels: [street]}\n",
		    7, "law stands twice" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_a_situation_whose_department_is_no_ones(void **state)
{
	struct city city;

	(void)state;
	city_make(&city);
	folder_write_line(&city.folder, "units.csv", sound_units, 0, "");
	org_close(&city.folder.org);
	folder_load(&city.folder);
	assert_int_equal(catalogue_load(&city.catalogue, &city.folder.report,
			     city.folder.dir, city.folder.org),
	    ERR_INVALID);
	assert_true(has_problem(&city.folder.report, "catalogue.yaml", 26,
	    "S1: no unit of the city has the department gaj"));
	city_remove(&city);
}

static void needs_the_city_first(void **state)
{
	struct city city;

	(void)state;
	city_make(&city);
	assert_int_equal(catalogue_load(&city.catalogue, &city.folder.report,
			     city.folder.dir, NULL),
	    ERR_INVALID);
	assert_true(has_problem(&city.folder.report, "catalogue.yaml", 0,
	    "cannot be checked without the city's units"));
	assert_null(city.catalogue);
	city_remove(&city);
}

static void says_that_the_file_is_missing(void **state)
{
	struct city city;
	char path[128];

	(void)state;
	city_make(&city);
	snprintf(path, sizeof(path), "%s/catalogue.yaml", city.folder.dir);
	unlink(path);
	assert_int_equal(catalogue_load(&city.catalogue, &city.folder.report,
			     city.folder.dir, city.folder.org),
	    ERR_INVALID);
	assert_int_equal(city.folder.report.count, 1);
	city_remove(&city);
}

static void refuses_another_shape(void **state)
{
	static const struct wrong wrongs[] = {
		{ 1, "version: 2\n", 1, "version 2 of the format" },
		{ 1, "version: one\n", 1, "version" },
		{ 2, "name: ''\n", 2, "has no name" },
		{ 4, "returns: 17\n", 4, "17 returns; at most 16" },
		{ 4, "", 1, "returns" },
		{ 3, "notes: x\n", 3, "notes" },
		{ 22, ITEM("domain: safe, competent: city, " TIMES ", a: b"),
		    22, "a" },
		{ 22,
		    ITEM("domain: safe, competent: city, colour: blue, "
			 "accept: 1d"),
		    22, "resolve" },
		{ 22,
		    ITEM(
			"domain: safe, competent: city, direct: maybe, " TIMES),
		    22, "direct" },
		{ 10, "", 9, "domains" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_colours_that_contradict(void **state)
{
	static const struct wrong wrongs[] = {
		{ 6,
		    "  - {code: pink, zh: a, en: a, check_in: 1h, resolve: "
		    "2h}\n",
		    6, "colour \"pink\" is none of red, yellow, blue" },
		{ 6, "", 5, "colour red is missing" },
		{ 7,
		    "  - {code: red, zh: a, en: a, check_in: 1h, resolve: "
		    "2h}\n",
		    7, "colour red stands twice" },
		{ 6,
		    "  - {code: red, zh: a, en: a, check_in: 2h, resolve: "
		    "1h}\n",
		    6, "colour red: check_in 2h is after resolve 1h" },
		{ 6,
		    "  - {code: red, zh: a, en: a, check_in: soon, resolve: "
		    "1h}\n",
		    6, "check_in \"soon\" is not a time; write 30m" },
		{ 6,
		    "  - {code: red, zh: a, en: a, check_in: 5h, resolve: "
		    "1d}\n",
		    5, "colour red is graver than yellow but slower" },
		{ 6,
		    "  - {code: red, zh: '', en: a, check_in: 5m, resolve: "
		    "1d}\n",
		    6, "colour red has no name" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_lists_with_bad_codes(void **state)
{
	static const struct wrong wrongs[] = {
		{ 10,
		    "  - {code: safe, zh: a, en: a}\n"
		    "  - {code: safe, zh: b, en: b}\n",
		    11, "safe stands twice in domains" },
		{ 10, "  - {code: 安全, zh: a, en: a}\n", 10,
		    "\"安全\" cannot be a code" },
		{ 10, "  - {code: safe, zh: a, en: ''}\n", 10,
		    "safe has no name in zh or en" },
		{ 24, "  - {code: '', zh: a, en: a}\n", 24,
		    "\"\" cannot be a code" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_items_that_refer_to_nothing(void **state)
{
	static const struct wrong wrongs[] = {
		{ 22, ITEM("domain: none, competent: city, " TIMES), 22,
		    "x: domain \"none\" is not in domains" },
		{ 22, ITEM("domain: safe, competent: province, " TIMES), 22,
		    "x: no area has the level \"province\"" },
		{ 22, ITEM("domain: safe, competent: hotline, " TIMES), 22,
		    "x: no area has the level \"hotline\"" },
		{ 22, ITEM("domain: safe, competent: city, lead: fire, " TIMES),
		    22, "x: department \"fire\" is not in departments" },
		{ 22,
		    ITEM("domain: safe, competent: city, lead: zjj, assist: "
			 "[fire], " TIMES),
		    22, "x: department \"fire\" is not in departments" },
		{ 22,
		    ITEM("domain: safe, competent: city, colour: green, "
			 "accept: 1d, resolve: 2d"),
		    22, "x: colour \"green\" is none of" },
		{ 22,
		    ITEM("domain: safe, competent: city, lead: zjj, "
			 "whistle: loud, " TIMES),
		    22, "x: whistle \"loud\" is none of auto, ask" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_departments_that_no_unit_above_has(void **state)
{
	static const struct wrong wrongs[] = {
		{ 22, ITEM("domain: safe, competent: city, lead: cgj, " TIMES),
		    22,
		    "x: no unit at or above its competent level has the "
		    "department cgj" },
		{ 22,
		    ITEM("domain: safe, competent: city, lead: zjj, assist: "
			 "[cgj], " TIMES),
		    22, "has the department cgj; add one to units.csv" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_items_that_contradict_themselves(void **state)
{
	static const struct wrong wrongs[] = {
		{ 22,
		    ITEM("domain: safe, competent: city, colour: blue, "
			 "accept: 3d, resolve: 2d"),
		    22, "x: accept 3d is after resolve 2d" },
		{ 22,
		    ITEM("domain: safe, competent: city, colour: blue, "
			 "accept: 3 days, resolve: 20d"),
		    22, "x: accept \"3 days\" is not a time" },
		{ 22,
		    ITEM("domain: safe, competent: city, colour: blue, "
			 "accept: 1d, resolve: 0d"),
		    22, "x: resolve \"0d\" is not a time" },
		{ 22,
		    ITEM(
			"domain: safe, competent: city, whistle: auto, " TIMES),
		    22, "x: a whistle calls departments, but it has no lead" },
		{ 22,
		    ITEM(
			"domain: safe, competent: city, assist: [zjj], " TIMES),
		    22, "x: departments assist but none leads" },
		{ 22,
		    ITEM("domain: safe, competent: city, lead: zjj, assist: "
			 "[zjj], " TIMES),
		    22, "x: department zjj is named twice" },
		{ 22,
		    ITEM("domain: safe, competent: city, lead: zjj, assist: "
			 "[gaj, gaj], " TIMES),
		    22, "x: department gaj is named twice" },
		{ 22,
		    ITEM("domain: safe, competent: city, lead: zjj, assist: "
			 "[a, b, c, d, e, f, g, h, i], " TIMES),
		    22, "x: 9 departments assist; 8 at most" },
		{ 22,
		    ITEM("domain: safe, competent: city, lead: zjj, whistle: "
			 "auto, immediate: true, " TIMES),
		    22, "x: immediate items are settled without a whistle" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_codes_that_are_none_or_taken(void **state)
{
	static const struct wrong wrongs[] = {
		{ 22,
		    "  - {code: lamp, zh: a, en: a, domain: safe, competent: "
		    "city, " TIMES "}\n",
		    22, "lamp stands twice in items" },
		{ 22,
		    "  - {code: a b, zh: a, en: a, domain: safe, competent: "
		    "city, " TIMES "}\n",
		    22, "\"a b\" cannot be a code" },
		{ 22,
		    "  - {code: a-code-that-is-32-characters-long, zh: a, "
		    "en: a, domain: safe, competent: city, " TIMES "}\n",
		    22, "cannot be a code" },
		{ 22,
		    "  - {code: x, zh: '', en: a, domain: safe, competent: "
		    "city, " TIMES "}\n",
		    22, "x has no name in zh or en" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_keywords_that_two_items_share(void **state)
{
	static const struct wrong wrongs[] = {
		{ 22,
		    ITEM("domain: safe, keywords: [公交], competent: "
			 "city, " TIMES),
		    22, "x: keyword \"公交\" is item bus's too; leave it to" },
		{ 22,
		    ITEM("domain: safe, keywords: [ｐ２p], competent: "
			 "city, " TIMES),
		    22, "is item paint's too" },
		{ 22,
		    ITEM("domain: safe, keywords: [某, 某], competent: "
			 "city, " TIMES),
		    22, "x: keyword \"某\" stands twice; remove one" },
		{ 22,
		    ITEM("domain: safe, keywords: [''], competent: "
			 "city, " TIMES),
		    22, "x: an empty keyword" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static void refuses_situations_that_contradict(void **state)
{
	static const struct wrong wrongs[] = {
		{ 26,
		    "  - {code: S1, area: none, zh: a, en: a, kind: law, "
		    "colour: red, lead: cgj}\n",
		    26, "S1: area \"none\" is not in areas" },
		{ 26,
		    "  - {code: S1, area: urban, zh: a, en: a, kind: war, "
		    "colour: red, lead: cgj}\n",
		    26, "S1: kind \"war\" is none of law, project" },
		{ 26,
		    "  - {code: S1, area: urban, zh: a, en: a, kind: law, "
		    "colour: red, lead: ''}\n",
		    26, "S1: a whistle calls departments; name the lead" },
		{ 26,
		    "  - {code: S1, area: urban, zh: a, en: a, kind: law, "
		    "colour: none, lead: cgj}\n",
		    26, "S1: colour \"none\" is none of" },
		{ 26,
		    "  - {code: S1, area: urban, zh: a, en: a, kind: law, "
		    "colour: red, lead: cgj, assist: [cgj]}\n",
		    26, "S1: department cgj is named twice" },
		{ 0,
		    "  - {code: S1, area: urban, zh: a, en: a, kind: law, "
		    "colour: red, lead: cgj}\n",
		    27, "S1 stands twice in situations" },
		{ 26,
		    "  - {code: S1, area: urban, zh: a, en: a, kind: law, "
		    "colour: red, lead: fire}\n",
		    26, "S1: department \"fire\" is not in departments" },
	};

	(void)state;
	EXPECT_ALL(wrongs);
}

static unsigned next(unsigned *seed)
{
	*seed = *seed * 1103515245U + 12345U;
	return *seed >> 16;
}

static void never_crashes_on_broken_files(void **state)
{
	static const char bytes[] = "\n,,\"'-:[]{}#049 \t\xe5\xff"
				    "adhm";
	unsigned seed = 11;
	unsigned refused = 0;
	struct city city;

	(void)state;
	city_make(&city);
	for (int round = 0; round < 500; round++) {
		char *text = strdup(sound_catalogue);
		int err;

		assert_non_null(text);
		for (unsigned i = 0; i < 1 + (unsigned)round % 4; i++)
			text[next(&seed) % strlen(text)] =
			    bytes[next(&seed) % (sizeof(bytes) - 1)];
		folder_write(&city.folder, "catalogue.yaml", text);
		report_free(&city.folder.report);
		err = catalogue_load(&city.catalogue, &city.folder.report,
		    city.folder.dir, city.folder.org);
		assert_true(err == 0 || err == ERR_INVALID);
		assert_int_equal(err == 0, city.folder.report.count == 0);
		refused += err != 0;
		catalogue_close(&city.catalogue);
		free(text);
	}
	assert_true(refused > 200);
	city_remove(&city);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loads_a_sound_one),
		cmocka_unit_test(loads_lists_and_situations),
		cmocka_unit_test(limits_have_their_usual_values),
		cmocka_unit_test(a_city_sets_its_own_limits),
		cmocka_unit_test(a_city_weighs_its_rates),
		cmocka_unit_test(refuses_scores_that_are_none),
		cmocka_unit_test(refuses_limits_without_end),
		cmocka_unit_test(keeps_a_kind_of_whistle_for_some),
		cmocka_unit_test(refuses_whistles_that_nobody_can_blow),
		cmocka_unit_test(
		    refuses_a_situation_whose_department_is_no_ones),
		cmocka_unit_test(needs_the_city_first),
		cmocka_unit_test(says_that_the_file_is_missing),
		cmocka_unit_test(refuses_another_shape),
		cmocka_unit_test(refuses_colours_that_contradict),
		cmocka_unit_test(refuses_lists_with_bad_codes),
		cmocka_unit_test(refuses_items_that_refer_to_nothing),
		cmocka_unit_test(refuses_departments_that_no_unit_above_has),
		cmocka_unit_test(refuses_items_that_contradict_themselves),
		cmocka_unit_test(refuses_codes_that_are_none_or_taken),
		cmocka_unit_test(refuses_keywords_that_two_items_share),
		cmocka_unit_test(refuses_situations_that_contradict),
		cmocka_unit_test(never_crashes_on_broken_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
