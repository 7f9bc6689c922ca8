/*
 * sim: runs the simulated city for one seed after the other, and stops at the
 * first that breaks a promise, with a story of it. See README.md.
 */
#include "sim.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { USAGE = 2, FAILED = 1 };

static const char help[] =
    "sim [OPTION...]: the city in one process, with everything that can go "
    "wrong\n\n"
    "  --seeds N      so many seeds, one after the other (default 100)\n"
    "  --from S       the first of them (default 1)\n"
    "  --hours H      so many hours for all of them together (default: six\n"
    "                 minutes each), before what is needed to heal\n"
    "  --for S        no new seed after so many seconds\n"
    "  --seed S       that one alone; with what was given for the others\n"
    "  --story        with --seed: all that happens, in words\n"
    "  --same-twice   each seed twice: both runs must be the same\n"
    "  --caught       a breach is what is wanted: 0 when one was found\n"
    "  --no-shrink    do not look for the shortest story\n"
    "  --classes      the classes of faults\n"
    "  --without A,B  without those\n"
    "  --help\n\n"
    "Exit code: 0 all promises were kept, 1 one was not, 2 usage.\n";

struct options {
	uint64_t from, seeds;
	double hours, seconds;
	bool is_one, tells, is_twice, wants_breach, no_shrink;
	uint32_t without;
};

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- sums ---- */

static struct counts sums;
static uint64_t happened[CLASS_COUNT];
static uint64_t logs;

static void add_up(const struct sim_outcome *outcome)
{
	uint64_t *to = (uint64_t *)&sums;
	const uint64_t *from = (const uint64_t *)&outcome->counts;

	for (size_t i = 0; i < sizeof(sums) / sizeof(*to); i++)
		to[i] += from[i];
	logs ^= outcome->logs;
	for (unsigned i = 0; i < CLASS_COUNT; i++)
		happened[i] += outcome->happened[i];
}

/* Of the processes that ran the seeds. */
static double cpu_s(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void print_sums(uint64_t seeds, double seconds)
{
	uint64_t events = sums.letters + sums.turns + sums.commits;

	printf("%llu seeds, %.1f simulated hours (and %.0f skipped), %.1f s\n",
	    (unsigned long long)seeds, (double)sums.simulated_ms / HOUR_MS,
	    (double)sums.skipped_ms / HOUR_MS, seconds);
	printf("%llu events, %.0f a second (%.0f a second of processor time): "
	       "%llu letters, %llu turns, %llu commits\n",
	    (unsigned long long)events, (double)events / seconds,
	    (double)events / cpu_s(), (unsigned long long)sums.letters,
	    (unsigned long long)sums.turns, (unsigned long long)sums.commits);
	printf("%llu wishes, %llu done; %llu tickets, %llu closed, %llu "
	       "entries; %llu fences, %llu stranded\n",
	    (unsigned long long)sums.wishes, (unsigned long long)sums.done,
	    (unsigned long long)sums.tickets, (unsigned long long)sums.closed,
	    (unsigned long long)sums.events, (unsigned long long)sums.fenced,
	    (unsigned long long)sums.stranded);
	printf("%llu faults, %llu commits spoilt, %llu stores rebuilt:",
	    (unsigned long long)sums.faults, (unsigned long long)sums.spoilt,
	    (unsigned long long)sums.rebuilt);
	for (unsigned i = 0; i < CLASS_COUNT; i++)
		printf(" %s %llu", class_words[i],
		    (unsigned long long)happened[i]);
	printf("\nlogs %016llx\n", (unsigned long long)logs);
}

/* ---- seeds ---- */

static void plan_for(
    struct plan *plan, const struct options *options, uint64_t seed)
{
	int64_t lasts_ms = 6 * MINUTE_MS;

	if (options->hours > 0)
		lasts_ms = (int64_t)(options->hours * HOUR_MS /
				     (double)options->seeds);
	plan_make(plan, seed, lasts_ms);
	for (unsigned i = 0; i < plan->count; i++)
		plan->is_dropped[i] = plan->kinds[i] < CLASS_COUNT &&
				      options->without >> plan->kinds[i] & 1;
}

static void print_story(struct plan *plan, const struct options *options,
    const struct sim_verdict *verdict)
{
	struct sim_outcome outcome;

	printf("seed %llu: %s (%s)\n", (unsigned long long)plan->seed,
	    verdict->text, verdict->place);
	if (!options->no_shrink) {
		shrink(plan, verdict);
		plan->tells = true;
		child_run(&outcome, plan);
	}
	printf(
	    "again: sim --seed %llu --story", (unsigned long long)plan->seed);
	if (options->hours > 0)
		printf(" --hours %g --seeds %llu", options->hours,
		    (unsigned long long)options->seeds);
	printf("\n");
}

static bool is_same_again(
    const struct plan *plan, const struct sim_outcome *outcome)
{
	struct sim_outcome again;

	child_run(&again, plan);
	if (again.fingerprint == outcome->fingerprint)
		return true;
	printf("seed %llu: %016llx, and the second time %016llx\n",
	    (unsigned long long)plan->seed,
	    (unsigned long long)outcome->fingerprint,
	    (unsigned long long)again.fingerprint);
	return false;
}

/* False: a promise was broken. */
static bool run_seed(const struct options *options, uint64_t seed)
{
	struct plan plan;
	struct sim_outcome outcome;

	plan_for(&plan, options, seed);
	plan.tells = options->tells;
	child_run(&outcome, &plan);
	add_up(&outcome);
	if (options->is_one)
		printf("fingerprint %016llx\n",
		    (unsigned long long)outcome.fingerprint);
	if (outcome.verdict.text[0]) {
		if (options->wants_breach)
			printf("caught by seed %llu: %s (%s)\n",
			    (unsigned long long)seed, outcome.verdict.text,
			    outcome.verdict.place);
		else
			print_story(&plan, options, &outcome.verdict);
		return false;
	}
	return !options->is_twice || is_same_again(&plan, &outcome);
}

static int run_all(const struct options *options)
{
	double began_s = now_s();
	bool is_kept = true;
	uint64_t i = 0;

	while (is_kept && i < (options->is_one ? 1 : options->seeds) &&
	       (options->seconds <= 0 || now_s() - began_s < options->seconds))
		is_kept = run_seed(options, options->from + i++);
	print_sums(i, now_s() - began_s);
	if (options->wants_breach)
		return is_kept ? FAILED : 0;
	printf("%s\n",
	    is_kept ? "every promise was kept" : "A PROMISE WAS BROKEN");
	return is_kept ? 0 : FAILED;
}

/* ---- options ---- */

static uint32_t classes_of(const char *words)
{
	uint32_t classes = 0;

	for (unsigned i = 0; i < CLASS_COUNT; i++) {
		size_t len = strlen(class_words[i]);
		for (const char *at = words; (at = strstr(at, class_words[i]));
		     at += len)
			if ((at == words || at[-1] == ',') &&
			    (at[len] == ',' || !at[len]))
				classes |= 1u << i;
	}
	return classes;
}

static int print_classes(void)
{
	for (unsigned i = 0; i < CLASS_COUNT; i++)
		printf("%-12s %s\n", class_words[i], class_texts[i]);
	return 0;
}

enum option_number {
	SEEDS,
	FROM,
	HOURS,
	SEED,
	STORY,
	TWICE,
	CAUGHT,
	NO_SHRINK,
	CLASSES,
	WITHOUT,
	FOR,
	HELP
};

static const struct option longs[] = {
	{ "seeds", required_argument, NULL, SEEDS },
	{ "from", required_argument, NULL, FROM },
	{ "hours", required_argument, NULL, HOURS },
	{ "seed", required_argument, NULL, SEED },
	{ "story", no_argument, NULL, STORY },
	{ "same-twice", no_argument, NULL, TWICE },
	{ "caught", no_argument, NULL, CAUGHT },
	{ "no-shrink", no_argument, NULL, NO_SHRINK },
	{ "classes", no_argument, NULL, CLASSES },
	{ "for", required_argument, NULL, FOR },
	{ "without", required_argument, NULL, WITHOUT },
	{ "help", no_argument, NULL, HELP },
	{ 0 },
};

static void take_option(struct options *options, int option)
{
	switch (option) {
	case SEEDS:
		options->seeds = strtoull(optarg, NULL, 10);
		break;
	case FROM:
		options->from = strtoull(optarg, NULL, 10);
		break;
	case SEED:
		options->from = strtoull(optarg, NULL, 10);
		options->is_one = true;
		break;
	case HOURS:
		options->hours = strtod(optarg, NULL);
		break;
	case FOR:
		options->seconds = strtod(optarg, NULL);
		break;
	case WITHOUT:
		options->without = classes_of(optarg);
		break;
	case STORY:
		options->tells = true;
		break;
	case TWICE:
		options->is_twice = true;
		break;
	case CAUGHT:
		options->wants_breach = true;
		break;
	default:
		options->no_shrink = true;
		break;
	}
}

int main(int argc, char **argv)
{
	struct options options = { .from = 1, .seeds = 100 };
	int option;

	while ((option = getopt_long(argc, argv, "", longs, NULL)) >= 0) {
		if (option == CLASSES)
			return print_classes();
		if (option == HELP || option == '?') {
			fputs(help, option == HELP ? stdout : stderr);
			return option == HELP ? 0 : USAGE;
		}
		take_option(&options, option);
	}
	if (optind < argc || !options.seeds) {
		fputs(help, stderr);
		return USAGE;
	}
	plan_set_up();
	return run_all(&options);
}
