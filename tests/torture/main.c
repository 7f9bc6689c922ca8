/*
 * Torture: a city of several nodes a level, people at work, and every kind of
 * trouble; then peace, and every store is read: nothing that was acknowledged
 * is lost, nothing is there twice, all logs are equal.
 *
 *	torture [--cycles N] [--seed S] [--cases N] [--chaos-ms N] [--quiet]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/options.h"
#include "check.h"
#include "faults.h"
#include "harness/harness.h"
#include "people.h"
#include "power.h"

enum {
	LIFE_CYCLES = 12, /* then another city: stores stay small */
	MORE = 6,
	HEAL_MS = 120 * 1000,
	SKIPPED = 77,
	LOOKS = 20, /* at stores in which something may still be on its way */
};

static int64_t cycles = 3, seed = 1, cases = 60, chaos_ms = 3000;
static bool is_short, is_unsynced;

/* Of all cities so far. */
static struct totals {
	unsigned felt[FAULT_COUNT];
	struct people_sums people;
	uint64_t tickets, events, rung, acknowledged;
	unsigned cities, cycles;
} totals;

struct life {
	struct city city;
	struct dice dice;
	struct links *links;
	struct ledger *ledger;
	struct people *people;
	struct faults *faults;
	char ledger_path[2 * CITY_PATH];
	unsigned cycles;
	struct check_sums sums; /* as of the last check */
};

static struct life life;

static void life_open(uint64_t number)
{
	struct city *city = &life.city;

	memset(&life, 0, sizeof(life));
	life.dice.state = (uint64_t)seed * 1000003 + number;
	city_prepare_from(city, SOURCE_DIR "/tests/torture/city");
	city_found(city);
	snprintf(
	    life.ledger_path, sizeof(life.ledger_path), "%s/ledger", city->dir);
	ledger_open(&life.ledger, life.ledger_path);
	disk_start(city);
	power_open(city);
	links_open(&life.links, city);
	faults_open(&life.faults, city, life.links, &life.dice);
	for (size_t i = 0; i < city->daemon_count; i++)
		faults_start_node(life.faults, i);
	people_open(&life.people, city, life.ledger, &life.dice);
	city_wait_up(city);
}

static void add_sums(void)
{
	struct people_sums people = people_sums(life.people);

	for (unsigned i = 0; i < FAULT_COUNT; i++)
		totals.felt[i] += faults_felt(life.faults, (enum fault)i);
	totals.people.opened += people.opened;
	totals.people.acknowledged += people.acknowledged;
	totals.people.refused += people.refused;
	totals.people.said_again += people.said_again;
	totals.people.repeated += people.repeated;
	totals.people.rated_twice += people.rated_twice;
	totals.tickets += life.sums.tickets;
	totals.events += life.sums.events;
	totals.rung += life.sums.rung;
	totals.acknowledged += life.sums.acknowledged;
	totals.cities++;
}

/* A check that cannot fire is worse than none: what nobody was told is
 * missed. */
static void check_the_checker(void)
{
	const char *path = city_path(&life.city, "ledger.wrong");
	struct check_sums sums;
	size_t count;
	struct ledger_line *lines = ledger_read(&count, life.ledger_path);
	struct ledger *wrong = NULL;

	assert_true(count > 0);
	ledger_open(&wrong, path);
	ledger_add(wrong, lines[0].verb, &lines[0].ticket, "never");
	ledger_close(&wrong);
	free(lines);
	char *problem = check_all(&sums, &life.city, path, moved_now_ms());
	assert_non_null(problem);
	assert_non_null(strstr(problem, "acknowledged and not there"));
	free(problem);
}

static void life_close(void)
{
	add_sums();
	check_the_checker();
	people_close(&life.people);
	city_stop(&life.city);
	cli_exits(0, &life.city, "admin", "store", "check", NULL);
	faults_close(&life.faults);
	links_close(&life.links);
	ledger_close(&life.ledger);
	power_close();
	city_close(&life.city);
}

/* ---- a cycle ---- */

static void trouble(void)
{
	int64_t until_ms = now_ms() + chaos_ms;

	people_begin(life.people, (unsigned)cases);
	while (now_ms() < until_ms) {
		faults_work(life.faults);
		people_work(life.people);
		breathe();
	}
}

static void peace(void)
{
	int64_t until_ms = now_ms() + HEAL_MS;

	faults_heal(life.faults);
	people_rest(life.people);
	while (!people_are_done(life.people)) {
		people_work(life.people);
		faults_heal(life.faults); /* also who has just ended */
		breathe();
		if (now_ms() < until_ms)
			continue;
		people_explain(life.people);
		fail_msg("people do not come to an end");
	}
	city_wait_up(&life.city);
	city_wait_quiet(&life.city);
}

/* Timers ring in peace, too: what is wrong must stay so. */
static void look(void)
{
	char *problem = NULL;

	for (unsigned i = 0; i < LOOKS; i++) {
		free(problem);
		problem = check_all(
		    &life.sums, &life.city, life.ledger_path, moved_now_ms());
		if (!problem)
			return;
		city_wait_quiet(&life.city);
	}
	fail_msg(
	    "seed %lld, cycle %u: %s", (long long)seed, totals.cycles, problem);
}

static void cycle(void)
{
	if (life.cycles++ > 0)
		faults_lose(life.faults, life.people);
	trouble();
	peace();
	look();
	totals.cycles++;
	if (!is_short)
		fprintf(stderr,
		    "cycle %u: %u kills in this city, %llu tickets, %llu "
		    "acknowledgements\n",
		    totals.cycles, faults_felt(life.faults, FAULT_KILL),
		    (unsigned long long)life.sums.tickets,
		    (unsigned long long)life.sums.acknowledged);
}

static void report_fault(enum fault fault)
{
	const char *missing = faults_missing(fault);

	printf("| %s: %s | ", fault_word(fault), fault_text(fault));
	if (missing)
		printf("left out: %s |\n", missing);
	else
		printf("%u |\n", totals.felt[fault]);
}

static void report(void)
{
	printf("| what | how often |\n| --- | --- |\n");
	for (unsigned i = 0; i < FAULT_COUNT; i++)
		report_fault((enum fault)i);
	printf("| cycles, each ended by peace and a check | %u |\n",
	    totals.cycles);
	printf("| cities | %u |\n| tickets | %llu |\n", totals.cities,
	    (unsigned long long)totals.tickets);
	printf("| acknowledgements, each found again | %llu |\n",
	    (unsigned long long)totals.acknowledged);
	printf("| wishes said again for want of an answer | %u |\n",
	    totals.people.said_again);
	printf("| … said again long after: the same answer | %u |\n",
	    totals.people.repeated);
	printf("| second ratings, all refused | %u |\n",
	    totals.people.rated_twice);
	printf("| deadlines told, each once | %llu |\n",
	    (unsigned long long)totals.rung);
	printf("| lost, or there twice | 0 |\n");
}

static bool all_were_felt(void)
{
	for (unsigned i = 0; i < FAULT_COUNT; i++)
		if (!totals.felt[i] &&
		    !faults_felt(life.faults, (enum fault)i) &&
		    !faults_missing((enum fault)i))
			return false;
	return true;
}

/* A few more when chance has left something out. */
static bool goes_on(int64_t done)
{
	return done < cycles || (done < cycles + MORE && !all_were_felt());
}

static void nothing_is_lost_and_nothing_is_there_twice(void **state)
{
	(void)state;
	moved_start("2026-11-20 09:00");
	for (int64_t i = 0; goes_on(i); i++) {
		if (i % LIFE_CYCLES == 0) {
			if (i)
				life_close();
			life_open((uint64_t)i);
		}
		cycle();
	}
	life_close();
	report();
}

/* ---- a store that does not sync ---- */

static void make_careless(void)
{
	for (size_t i = 0; i < life.city.daemon_count; i++) {
		const char *name = life.city.daemons[i].name;
		assert_int_equal(daemon_stop(&life.city, name), 0);
		atomic_store(&disk_of(&life.city, name)->is_careless, 1);
		faults_start_node(life.faults, i);
	}
	city_wait_up(&life.city);
}

/* All is done, and has come to the city; then all lose their power. */
static char *work_and_black_out(void)
{
	people_begin(life.people, (unsigned)cases);
	peace();
	look();
	faults_black_out(life.faults);
	for (size_t i = 0; i < life.city.daemon_count; i++)
		power_mend(&life.city, i);
	return check_all(
	    &life.sums, &life.city, life.ledger_path, moved_now_ms());
}

/*
 * A cut of the power that costs nobody anything may just not have been one. The
 * same daemons lose nothing when they sync, and what was acknowledged when
 * their syncs are none.
 */
static void a_power_cut_finds_out_who_does_not_sync(void **state)
{
	const char *missing = power_missing();
	char *problem;

	(void)state;
	if (missing) {
		fprintf(stderr, "skipped: %s\n", missing);
		exit(SKIPPED);
	}
	moved_start("2026-11-20 09:00");
	life_open(0);
	problem = work_and_black_out();
	if (problem)
		fail_msg("with syncs: %s", problem);
	faults_heal(life.faults);
	city_wait_up(&life.city);
	make_careless();
	problem = work_and_black_out();
	assert_non_null(problem);
	fprintf(stderr, "without syncs: %s\n", problem);
	assert_non_null(strstr(problem, "acknowledged and not there"));
	free(problem);
}

/* ---- the tests ---- */

/* A fault that nobody felt has tested nothing. */
static void every_fault_was_felt(void **state)
{
	(void)state;
	for (unsigned i = 0; i < FAULT_COUNT; i++)
		if (!totals.felt[i] && !faults_missing((enum fault)i))
			fail_msg("%s: never felt", fault_word((enum fault)i));
	assert_true(totals.acknowledged > 0);
}

static int read_options(int argc, char **argv)
{
	const struct option_row rows[] = {
		{ "cycles", OPTION_NUMBER, &cycles, 1, 1000000, "N",
		    "of trouble, peace and a check (3)" },
		{ "seed", OPTION_NUMBER, &seed, 0, INT64_MAX / 2000000, "S",
		    "another order of faults (1)" },
		{ "cases", OPTION_NUMBER, &cases, 1, 80, "N",
		    "begun in each cycle (60)" },
		{ "chaos-ms", OPTION_NUMBER, &chaos_ms, 1, 600000, "N",
		    "of trouble in each cycle (3000)" },
		{ "short", OPTION_FLAG, &is_short, 0, 0, NULL,
		    "say nothing of each cycle" },
		{ "unsynced", OPTION_FLAG, &is_unsynced, 0, 0, NULL,
		    "only: what a cut of the power does to who does not "
		    "sync" },
	};
	char message[256];
	int words = 0;

	if (!options_parse(&words, argv + 1, message, sizeof(message), rows,
		sizeof(rows) / sizeof(*rows), argc - 1, argv + 1) &&
	    words == 0)
		return 0;
	fprintf(stderr, "torture: %s\n", words ? "takes no words" : message);
	return 2;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_lost_and_nothing_is_there_twice),
		cmocka_unit_test(every_fault_was_felt),
	};
	const struct CMUnitTest unsynced[] = {
		cmocka_unit_test(a_power_cut_finds_out_who_does_not_sync),
	};

	if (read_options(argc, argv))
		return 2;
	power_enter();
	int failed =
	    is_unsynced
		? cmocka_run_group_tests_name("torture", unsynced, NULL, NULL)
		: cmocka_run_group_tests_name("torture", tests, NULL, NULL);
	power_close(); /* whatever is still open: its folder is removed */
	return flow_end(failed);
}
