#include "faults_inside.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include "harness/harness.h"
#include "power.h"

enum {
	EVERY_MS = 25,	   /* another fault, about so often */
	DOWN_MS = 400,	   /* at most, before it is started again */
	STOPPED_MS = 900,  /* at most … */
	LONG_MS = 11000,   /* … or so long that it is missed: */
	LONG_ONE_IN = 150, /* … seldom */
	WAY_MS = 700,
	JUMP_MS = 10 * 60 * 1000,
};

/* How often each is thrown. */
static const unsigned weights[FAULT_COUNT] = {
	[FAULT_KILL] = 36,
	[FAULT_STOP] = 12,
	[FAULT_CUT] = 8,
	[FAULT_TEAR] = 12,
	[FAULT_HOLD] = 12,
	[FAULT_SLOW] = 8,
	[FAULT_SYNC] = 10,
	[FAULT_WRITE] = 8,
	[FAULT_HEAD] = 8,
	[FAULT_FULL] = 20,
	[FAULT_DRAG] = 8,
	[FAULT_POWER] = 5,
	[FAULT_CLOCK] = 6,
};

const char *fault_word(enum fault fault)
{
	static const char *const words[] = {
#define X(name, word, text) word,
		FAULT_LIST(X)
#undef X
	};

	return words[fault];
}

const char *fault_text(enum fault fault)
{
	static const char *const texts[] = {
#define X(name, word, text) text,
		FAULT_LIST(X)
#undef X
	};

	return texts[fault];
}

void faults_start_node(struct faults *faults, size_t at)
{
	struct city *city = faults->city;
	const char *name = city->daemons[at].name;
	char own[CITY_PATH];
	const char *options[] = { "--listen", own, NULL };

	power_mend(city, at);
	snprintf(own, sizeof(own), "ipc://%.100s/%s.own", city->dir, name);
	daemon_start(city, name, options);
	faults->victims[at].start_ms = 0;
	faults->victims[at].wake_ms = 0;
}

int64_t faults_in(struct faults *faults, unsigned at_most_ms)
{
	return now_ms() + 1 + dice_throw(faults->dice, at_most_ms);
}

/* ---- each fault ---- */

/* A full disk ends nobody who has a store; to make one there must be room. */
static bool had_no_room(const struct faults *faults, size_t at)
{
	return faults->victims[at].has_new_store &&
	       atomic_load(&disk_at(faults, at)->full) > 0;
}

/* It has ended by itself: because its disk failed? */
static void excuse(struct faults *faults, size_t at, int status)
{
	unsigned failures = failures_of(disk_at(faults, at));

	if (failures == faults->victims[at].excuses && !had_no_room(faults, at))
		fail_msg(
		    "%s has ended: %d", faults->city->daemons[at].name, status);
	faults->victims[at].excuses = failures;
}

static void begin_kill(struct faults *faults, size_t at)
{
	struct daemon *daemon = &faults->city->daemons[at];

	if (process_kill(daemon->pid))
		faults->felt[FAULT_KILL]++;
	else
		excuse(faults, at, 0); /* it was faster */
	daemon->pid = 0;
	faults->victims[at].start_ms = faults_in(faults, DOWN_MS);
	faults->victims[at].wake_ms = 0;
}

static void begin_stop(struct faults *faults, size_t at)
{
	bool is_long = dice_throw(faults->dice, LONG_ONE_IN) == 0;

	daemon_signal(faults->city, faults->city->daemons[at].name, SIGSTOP);
	faults->victims[at].wake_ms =
	    is_long ? now_ms() + LONG_MS : faults_in(faults, STOPPED_MS);
	faults->felt[FAULT_STOP]++;
}

/* The way up from it, or that of people to it. */
static void begin_way(struct faults *faults, size_t at, enum way_mode mode)
{
	const struct city *city = faults->city;
	const struct node *node = org_node(city->org, city->daemons[at].name);
	size_t child = at, above = at;
	struct way *way = NULL;

	if (node->parent && dice_throw(faults->dice, 4))
		above = node->parent->index;
	else
		child = LINKS_PEOPLE;
	for (size_t i = 0; i < WAYS_MAX; i++) {
		struct way *other = &faults->ways[i];
		if (!other->until_ms)
			way = other;
		else if (other->child == child && other->node == above)
			return;
	}
	if (!way)
		return;
	*way = (struct way){ child, above, faults_in(faults, WAY_MS) };
	links_set(faults->links, child, above, mode);
}

static void jump(struct faults *faults)
{
	moved_by((int64_t)dice_throw(faults->dice, 2 * JUMP_MS) - JUMP_MS);
	faults->felt[FAULT_CLOCK]++;
}

static void begin(struct faults *faults, enum fault fault, size_t at)
{
	static const enum disk_fault written[] = { DISK_WRITE_FAILS,
		DISK_NO_SPACE, DISK_SHORT_WRITE };
	static const enum way_mode held[] = { WAY_HELD, WAY_UP, WAY_DOWN };

	switch (fault) {
	case FAULT_KILL:
		begin_kill(faults, at);
		break;
	case FAULT_STOP:
		begin_stop(faults, at);
		break;
	case FAULT_CUT:
		begin_way(faults, at, WAY_CUT);
		break;
	case FAULT_TEAR:
		begin_way(faults, at, WAY_TEAR);
		break;
	case FAULT_HOLD:
		begin_way(faults, at, held[dice_throw(faults->dice, 3)]);
		break;
	case FAULT_SLOW:
		begin_way(faults, at, WAY_SLOW);
		break;
	case FAULT_SYNC:
		strike(faults, at, DISK_SYNC_FAILS);
		break;
	case FAULT_WRITE:
		strike(faults, at, written[dice_throw(faults->dice, 3)]);
		break;
	case FAULT_HEAD:
		strike(faults, at, DISK_HEAD_FAILS);
		break;
	case FAULT_FULL:
	case FAULT_DRAG:
		begin_full(faults, at, fault);
		break;
	case FAULT_POWER:
		begin_power(faults, at);
		break;
	case FAULT_CLOCK:
		jump(faults);
		break;
	case FAULT_LOST: /* between two cycles */
	case FAULT_OLD:
	case FAULT_COUNT:
		break;
	}
}

/* ---- all of them ---- */

const char *faults_missing(enum fault fault)
{
	return fault == FAULT_POWER ? power_missing() : NULL;
}

static unsigned weight(enum fault fault)
{
	return faults_missing(fault) ? 0 : weights[fault];
}

static enum fault throw_fault(struct faults *faults)
{
	unsigned sum = 0, thrown;
	enum fault fault = 0;

	for (unsigned i = 0; i < FAULT_COUNT; i++)
		sum += weight((enum fault)i);
	thrown = dice_throw(faults->dice, sum);
	while (thrown >= weight(fault))
		thrown -= weight(fault++);
	return fault;
}

static void wake(struct faults *faults, size_t at)
{
	daemon_signal(faults->city, faults->city->daemons[at].name, SIGCONT);
	faults->victims[at].wake_ms = 0;
}

void faults_mind(struct faults *faults)
{
	for (size_t i = 0; i < faults->city->daemon_count; i++) {
		struct daemon *daemon = &faults->city->daemons[i];
		struct victim *victim = &faults->victims[i];
		int status = 0;
		if (!daemon->pid || process_lives(&status, daemon->pid))
			continue;
		daemon->pid = 0;
		excuse(faults, i, status);
		victim->start_ms = faults_in(faults, DOWN_MS);
		victim->wake_ms = 0;
	}
}

static void end_due(struct faults *faults, int64_t now)
{
	for (size_t i = 0; i < faults->city->daemon_count; i++) {
		struct victim *victim = &faults->victims[i];
		if (victim->start_ms && now >= victim->start_ms)
			faults_start_node(faults, i);
		else if (victim->wake_ms && now >= victim->wake_ms)
			wake(faults, i);
		if (victim->mend_ms && now >= victim->mend_ms)
			end_full(faults, i);
	}
	for (size_t i = 0; i < WAYS_MAX; i++) {
		struct way *way = &faults->ways[i];
		if (!way->until_ms || now < way->until_ms)
			continue;
		links_set(faults->links, way->child, way->node, WAY_OPEN);
		way->until_ms = 0;
	}
}

void faults_work(struct faults *faults)
{
	int64_t now = now_ms();

	faults_mind(faults);
	end_due(faults, now);
	if (now < faults->next_ms)
		return;
	faults->next_ms = faults_in(faults, 2 * EVERY_MS);
	size_t at =
	    dice_throw(faults->dice, (unsigned)faults->city->daemon_count);
	enum fault fault = throw_fault(faults);
	if (!faults->victims[at].start_ms)
		begin(faults, fault, at);
}

void faults_heal(struct faults *faults)
{
	for (size_t i = 0; i < faults->city->daemon_count; i++)
		disk_mend(disk_at(faults, i));
	faults_mind(faults);
	for (size_t i = 0; i < faults->city->daemon_count; i++)
		faults->victims[i].has_new_store = false;
	end_due(faults, INT64_MAX);
	links_heal(faults->links);
}

unsigned faults_felt(const struct faults *faults, enum fault fault)
{
	struct way_effects ways = links_effects(faults->links);

	switch (fault) {
	case FAULT_CUT:
		return ways.cut;
	case FAULT_TEAR:
		return ways.torn;
	case FAULT_HOLD:
		return ways.held;
	case FAULT_SLOW:
		return ways.slowed;
	case FAULT_SYNC:
		return disks_felt(faults, DISK_SYNC_FAILS);
	case FAULT_WRITE:
		return disks_felt(faults, DISK_WRITE_FAILS) +
		       disks_felt(faults, DISK_NO_SPACE) +
		       disks_felt(faults, DISK_SHORT_WRITE);
	case FAULT_HEAD:
		return disks_felt(faults, DISK_HEAD_FAILS);
	case FAULT_POWER:
		return faults->felt[fault] +
		       disks_felt(faults, DISK_POWER_FAILS);
	default:
		return faults->felt[fault];
	}
}

void faults_open(struct faults **faults_out, struct city *city,
    struct links *links, struct dice *dice)
{
	struct faults *faults = calloc(1, sizeof(*faults));

	assert_non_null(faults);
	faults->city = city;
	faults->links = links;
	faults->dice = dice;
	*faults_out = faults;
}

void faults_close(struct faults **faults)
{
	free(*faults);
	*faults = NULL;
}
