/*
 * A run in a process of its own, and how a run that fails gets shorter: whole
 * classes go first, then pieces of the plan, halves before quarters, as long
 * as the same check fails.
 */
#include "sim.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONGEST_S = 300, SHRINK_RUNS = 600 };

static int remove_one(
    const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	(void)stat;
	(void)type;
	(void)ftw;
	return remove(path);
}

__attribute__((noreturn)) static void be_child(
    const struct plan *plan, struct sim_outcome *shared)
{
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (nowhere >= 0 && !getenv("WHISTLE_SIM_LOG"))
		dup2(nowhere, STDERR_FILENO);
	alarm(LONGEST_S);
	plan_run(plan, shared);
	_exit(0);
}

static void judge_end(struct sim_outcome *outcome, int status)
{
	struct sim_verdict *verdict = &outcome->verdict;

	if (outcome->is_over || verdict->text[0])
		return;
	snprintf(verdict->place, sizeof(verdict->place), "the process");
	if (WIFSIGNALED(status))
		snprintf(verdict->text, sizeof(verdict->text),
		    "ended by signal %d: %s", WTERMSIG(status),
		    strsignal(WTERMSIG(status)));
	else
		snprintf(verdict->text, sizeof(verdict->text),
		    "ended with exit code %d", WEXITSTATUS(status));
}

void child_run(struct sim_outcome *outcome_out, const struct plan *plan)
{
	struct sim_outcome *shared = mmap(NULL, sizeof(*shared),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0;
	pid_t pid;

	panic_if(shared == MAP_FAILED);
	fflush(stdout);
	pid = fork();
	panic_if(pid < 0);
	if (pid == 0)
		be_child(plan, shared);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	judge_end(shared, status);
	if (shared->dir[0])
		nftw(shared->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	*outcome_out = *shared;
	munmap(shared, sizeof(*shared));
}

/* ---- shorter ---- */

struct shrinking {
	struct plan *plan;
	const char *place;
	unsigned runs;
};

/* Without the steps that `drop` says: does it still fail so? Then they stay
 * away. */
static bool still_fails(struct shrinking *shrinking, const bool drop[STEPS_MAX])
{
	struct plan shorter = *shrinking->plan;
	struct sim_outcome outcome;
	bool is_any = false;

	for (unsigned i = 0; i < shorter.count; i++) {
		is_any = is_any || (drop[i] && !shorter.is_dropped[i]);
		shorter.is_dropped[i] = shorter.is_dropped[i] || drop[i];
	}
	if (!is_any || shrinking->runs == SHRINK_RUNS)
		return false;
	shrinking->runs++;
	child_run(&outcome, &shorter);
	if (!outcome.verdict.text[0] ||
	    strcmp(outcome.verdict.place, shrinking->place))
		return false;
	*shrinking->plan = shorter;
	return true;
}

static void drop_classes(struct shrinking *shrinking)
{
	for (unsigned class = 0; class <= STEP_WISH; class ++) {
		bool drop[STEPS_MAX] = { false };
		for (unsigned i = 0; i < shrinking->plan->count; i++)
			drop[i] = shrinking->plan->kinds[i] == class;
		still_fails(shrinking, drop);
	}
}

static void drop_pieces(struct shrinking *shrinking)
{
	unsigned count = shrinking->plan->count;

	for (unsigned size = count / 2; size > 0; size /= 2)
		for (unsigned at = 0; at < count; at += size) {
			bool drop[STEPS_MAX] = { false };
			for (unsigned i = at; i < at + size && i < count; i++)
				drop[i] = true;
			still_fails(shrinking, drop);
		}
}

/* Nothing that happens after it has failed is part of the story. */
static void drop_end(struct shrinking *shrinking)
{
	for (unsigned kept = 0; kept < shrinking->plan->count; kept += 8) {
		bool drop[STEPS_MAX] = { false };
		for (unsigned i = kept; i < shrinking->plan->count; i++)
			drop[i] = true;
		if (still_fails(shrinking, drop))
			return;
	}
}

void shrink(struct plan *plan, const struct sim_verdict *verdict)
{
	struct shrinking shrinking = { .plan = plan, .place = verdict->place };

	plan->tells = false;
	drop_end(&shrinking);
	drop_classes(&shrinking);
	drop_pieces(&shrinking);
	printf("shrunk in %u runs\n", shrinking.runs);
}
