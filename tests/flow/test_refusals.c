/*
 * What a clerk reads when the law says no: every refusal that can be provoked
 * at the command line is, in both languages; of the others the texts are
 * looked at. Each says what is wrong and what to do.
 */
#include "harness/harness.h"
#include "harness/story.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "lang.h"
#include "refusals.h"
#include "ticket/law.h"

#define GRID	   "grid-420704001002001"
#define NEIGHBOUR  "grid-420704001003001"
#define COMMUNITY  "comm-420704001002"
#define STREET	   "street-420704001"
#define DISTRICT   "echeng"
#define HEAD	   "echeng-head"
#define CITY	   "city"
#define HOTLINE	   "hotline"
#define DEPARTMENT "420704-zjj"

static struct city city;

static int open_city(void **state)
{
	(void)state;
	moved_start("2026-11-24 09:00");
	city_open(&city);
	story_in(&city);
	return 0;
}

/* ---- the texts themselves ---- */

static bool has_chinese(const char *text)
{
	return strstr(text, "请") != NULL;
}

/* What is wrong, and then what to do; in Chinese politely. */
static void reads_well(const char *word, const char *en, const char *zh)
{
	const char *first = strchr(en, '.');

	if (!*en || !*zh || !strcmp(en, zh) || strstr(en, word) ||
	    strstr(en, "{detail}") || strstr(zh, "{detail}"))
		fail_msg("%s: “%s” “%s”", word, en, zh);
	if (!first || !strchr(first + 1, '.'))
		fail_msg("%s does not say what to do: %s", word, en);
	if (!has_chinese(zh))
		fail_msg("%s does not say what to do: %s", word, zh);
}

static void explain(char out[REFUSAL_TEXT], const char *lang, const char *word,
    const char *detail)
{
	struct cli cli = { .org = city.org };

	assert_true(lang_set(lang));
	refusals_explain(out, &cli, word, detail);
}

static void every_refusal_says_what_to_do_in_both_languages(void **state)
{
	static const char *const details[] = { "", "420704001" };
	char en[REFUSAL_TEXT], zh[REFUSAL_TEXT];

	(void)state;
	for (unsigned i = REFUSAL_NONE + 1; i < REFUSAL_COUNT; i++) {
		const char *word = refusal_name((enum refusal)i);

		for (int k = 0; k < 2; k++) {
			explain(en, "en", word, details[k]);
			explain(zh, "zh", word, details[k]);
			reads_well(word, en, zh);
		}
	}
}

/* A unit, a state, roles and a time are said as people say them. */
static void details_are_said_in_words(void **state)
{
	char text[REFUSAL_TEXT];

	(void)state;
	explain(text, "zh", "not_holder", "420704001");
	assert_non_null(strstr(text, "凤凰街道"));
	explain(text, "zh", "wrong_state", "waiting");
	assert_null(strstr(text, "waiting"));
	explain(text, "zh", "no_role", "dispatcher,supervisor");
	assert_null(strstr(text, "dispatcher"));
	explain(text, "en", "no_role", "dispatcher,supervisor");
	assert_non_null(strstr(text, "dispatcher, supervisor"));
	explain(text, "zh", "bad_field", "until_ms");
	assert_null(strstr(text, "until_ms"));
	explain(text, "en", "return_window", "2026-11-24T09:00:00+08:00");
	assert_null(strstr(text, "+08:00"));
}

/* ---- provoked ---- */

static void says(const char *lang, const char *why, const char *who,
    const char *verb, const char *ticket, const char *const more[6])
{
	struct run run;

	cli(&run, &city, who, "--lang", lang, "ticket", verb, ticket, more[0],
	    more[1], more[2], more[3], more[4], more[5], NULL);
	if (run.code != 1 || !strstr(run_text(&run.err), why))
		fail_msg("%s by %s: exit code %d, not 1 with “%s”: %s", verb,
		    who, run.code, why, run_text(&run.err));
	run_free(&run);
}

/* Refused, with both texts. */
#define REFUSED(en, zh, who, verb, ticket, ...)                                \
	do {                                                                   \
		const char *const more[6] = { __VA_ARGS__ };                   \
		says("en", en, who, verb, ticket, more);                       \
		says("zh", zh, who, verb, ticket, more);                       \
	} while (0)

static const char *plain(const char *who)
{
	return opens(who, "--title", "有件事", "--source", "visit", NULL);
}

static const char *sent_up(void)
{
	const char *ticket = plain(GRID);

	does(GRID, "forward", ticket, "420704001002", "--reason", "请社区",
	    NULL);
	sees(COMMUNITY, ticket, "open", "420704001002");
	does(COMMUNITY, "forward", ticket, "420704001", "--reason", "请街道",
	    NULL);
	sees(STREET, ticket, "open", "420704001");
	return ticket;
}

static void by_who_asks(void **state)
{
	const char *own = plain(GRID), *up = sent_up();

	(void)state;
	REFUSED("while the ticket is open", "状态为“待签收”", GRID, "rate", own,
	    "--satisfied");
	REFUSED("it is with 凤凰街道 (420704001). Ask that unit",
	    "请联系该单位", GRID, "resolve", up, "--solved");
	does(GRID, "accept", own, NULL);
	REFUSED("(420704001002001), which holds the ticket", "请向上级提出",
	    GRID, "suspend", own, "--reason", "明年");
	REFUSED("Ask one of them", "请联系其中之一", NEIGHBOUR, "remind", own,
	    "请快办");
	REFUSED("Send the ticket to a level", "请转给有权办理的层级", STREET,
	    "exclude", own, "--reason", "不归我们");
	REFUSED("one of these: dispatcher, supervisor", "调度员、督办员", GRID,
	    "whistle", own, DEPARTMENT, "--colour", "red");
	REFUSED("Ask gridd, with --node", "请用 --node 指定 gridd", GRID,
	    "note", own, "问问", "--node", "cityd");
	does(GRID, "resolve", own, "--solved", NULL);
	sees(STREET, own, "resolved", "420704001002001");
	REFUSED("(420704001002001). Ask that unit to do it", "请由其办理",
	    STREET, "reopen", own, "--reason", "没好");
}

static void by_where_it_goes(void **state)
{
	const char *own = plain(GRID), *up = sent_up();

	(void)state;
	REFUSED("cannot go to", "请另选", GRID, "forward", own, "420704001003",
	    "--reason", "给他们");
	REFUSED("has been with 吴都社区", "已到过吴都社区", STREET, "forward",
	    up, "420704001002", "--reason", "还是社区");
	REFUSED("nobody to return it to", "请自行办理或上报", GRID, "return",
	    own, "--basis", "职责清单", "--reason", "不是我们的");
	does(STREET, "forward", up, "420704", "--reason", "请区里", NULL);
	sees(DISTRICT, up, "open", "420704");
	REFUSED("not on the receiver's list", "请", DISTRICT, "forward", up,
	    "420704002", "--item", "road.plan", "--reason", "请办");
	does(HEAD, "rule", up, "420704001", "--reason", "归街道", NULL);
	sees(STREET, up, "open", "420704001");
	REFUSED("Only another ruling", "请", STREET, "return", up, "--basis",
	    "职责清单", "--reason", "不归我们");
}

/* Three communities, two returns. */
static void by_how_often(void **state)
{
	static const char *const units[] = { "420704001002", "420704001003",
		"420704001004" };
	static const char *const people[] = { COMMUNITY, "comm-420704001003",
		"comm-420704001004" };
	const char *ticket = plain(STREET), *late = plain(STREET);
	const char *quarrel = opens(GRID, "--title", "吵架", "--item",
	    "dispute", "--place", "420704001002001", NULL);

	(void)state;
	for (int i = 0; i < 3; i++) {
		does(STREET, "forward", ticket, units[i], "--reason", "请办",
		    NULL);
		sees(people[i], ticket, "open", units[i]);
		if (i == 2)
			break;
		does(people[i], "return", ticket, "--basis", "职责清单",
		    "--reason", "不在辖区", NULL);
		sees(STREET, ticket, "open", "420704001");
	}
	REFUSED("as often as the catalogue allows", "请", people[2], "return",
	    ticket, "--basis", "职责清单", "--reason", "不在辖区");
	for (int i = 0; i < 3; i++)
		does(GRID, "extend", quarrel, "--reason", "等配件", NULL);
	REFUSED("ask a level above to suspend", "请上级批准挂账", GRID,
	    "extend", quarrel, "--reason", "还要等");
	REFUSED("nothing to extend", "请继续办理", STREET, "extend", late,
	    "--reason", "要等");
	does(GRID, "accept", quarrel, NULL);
	does(GRID, "suspend", quarrel, "--resident", "--reason", "问问", NULL);
	does(GRID, "resume", quarrel, NULL);
	REFUSED("waited for once", "等待过一次", GRID, "suspend", quarrel,
	    "--resident", "--reason", "再问问");
	does(STREET, "forward", late, "420704001002", "--reason", "请办", NULL);
	sees(COMMUNITY, late, "open", "420704001002");
	it_is("2026-11-26 09:00");
	REFUSED("was over at 2026-11-25", "2026-11-25", COMMUNITY, "return",
	    late, "--basis", "职责清单", "--reason", "不在辖区");
}

static void by_whistles_and_duplicates(void **state)
{
	const char *ticket = plain(STREET), *other = plain(CITY);
	const char *callout, *first, *second;

	(void)state;
	REFUSED("Accept this ticket instead", "请直接签收", STREET, "check-in",
	    ticket, NULL);
	REFUSED("cannot be merged into that one", "请", STREET, "merge", ticket,
	    "--into", ticket);
	does(STREET, "whistle", ticket, DEPARTMENT, "--colour", "red", NULL);
	callout = callout_of(STREET, ticket, DEPARTMENT);
	REFUSED("has been called out for this ticket already",
	    "住房和城乡建设局", STREET, "whistle", ticket, DEPARTMENT,
	    "--colour", "red");
	sees(DEPARTMENT, callout, "open", DEPARTMENT);
	REFUSED("Use “whistle ticket check-in”",
	    "请用“whistle ticket check-in”", DEPARTMENT, "accept", callout,
	    NULL);
	does(CITY, "accept", other, NULL);
	REFUSED("Correct it and try again", "请改正后再试", "admin", "suspend",
	    other, "--reason", "等等", "--until", "2020-01-01 00:00");
	first = plain(HOTLINE);
	second = plain(HOTLINE);
	sees(CITY, first, "open", "4207");
	sees(CITY, second, "open", "4207");
	does(CITY, "merge", second, "--into", first, NULL);
	REFUSED("would end with it", "请", HOTLINE, "exclude", first,
	    "--reason", "不用了");
}

static void where_no_caller_is_known(void **state)
{
	(void)state;
	REFUSED("erase it there", "请在该系统中删除", HEAD, "erase-contact",
	    plain(GRID), "--basis", "本人要求");
}

static void once_it_is_rated(void **state)
{
	const char *ticket = plain(GRID);

	(void)state;
	does(GRID, "resolve", ticket, "--solved", NULL);
	does(GRID, "rate", ticket, "--satisfied", NULL);
	REFUSED("open a new ticket", "请另开新单", GRID, "rate", ticket,
	    "--dissatisfied");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    every_refusal_says_what_to_do_in_both_languages),
		cmocka_unit_test(details_are_said_in_words),
		cmocka_unit_test(by_who_asks),
		cmocka_unit_test(by_where_it_goes),
		cmocka_unit_test(by_how_often),
		cmocka_unit_test(by_whistles_and_duplicates),
		cmocka_unit_test(where_no_caller_is_known),
		cmocka_unit_test(once_it_is_rated),
	};

	return flow_end(
	    cmocka_run_group_tests_name("refusals", tests, open_city, NULL));
}
