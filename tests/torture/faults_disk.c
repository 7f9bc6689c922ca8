/* What is done to disks, and to the power of the machines that they are in. */
#include "faults_inside.h"

#include "harness/harness.h"
#include "power.h"

enum {
	DOWN_MS = 400, /* at most, before a machine is on again */
	CALLS_MAX = 3, /* of those that a disk lets pass before it fails */
	DRAG_MS = 60,  /* each sync, at most */
	FULL_MS = 3000,
	BLACK_OUT_ONE_IN = 12,
};

struct disk_faults *disk_at(const struct faults *faults, size_t at)
{
	return disk_of(faults->city, faults->city->daemons[at].name);
}

unsigned failures_of(const struct disk_faults *disk)
{
	unsigned sum = 0;

	for (int i = 0; i < DISK_FAULTS; i++)
		sum += atomic_load(&disk->felt[i]);
	return sum;
}

static unsigned full_calls(const struct disk_faults *disk, enum fault fault)
{
	return atomic_load(fault == FAULT_FULL ? &disk->full : &disk->slow);
}

void begin_full(struct faults *faults, size_t at, enum fault fault)
{
	struct disk_faults *disk = disk_at(faults, at);
	struct victim *victim = &faults->victims[at];

	if (victim->mend_ms)
		return;
	if (fault == FAULT_DRAG)
		atomic_store(
		    &disk->sync_ms, 1 + (int)dice_throw(faults->dice, DRAG_MS));
	else
		atomic_store(&disk->is_full, 1);
	victim->full = fault;
	victim->full_before = full_calls(disk, fault);
	victim->mend_ms = faults_in(faults, FULL_MS);
}

void end_full(struct faults *faults, size_t at)
{
	struct disk_faults *disk = disk_at(faults, at);
	struct victim *victim = &faults->victims[at];

	disk_mend(disk);
	victim->mend_ms = 0;
	faults->felt[victim->full] +=
	    full_calls(disk, victim->full) > victim->full_before;
}

void strike(struct faults *faults, size_t at, enum disk_fault fault)
{
	disk_strike(
	    disk_at(faults, at), fault, dice_throw(faults->dice, CALLS_MAX));
}

/* Its daemon may have felt it before it dies. */
static void cut_power(struct faults *faults, size_t at, unsigned down_ms)
{
	struct daemon *daemon = &faults->city->daemons[at];
	struct victim *victim = &faults->victims[at];

	power_cut(faults->city, at);
	process_kill(daemon->pid);
	daemon->pid = 0;
	victim->excuses = failures_of(disk_at(faults, at));
	victim->start_ms = faults_in(faults, down_ms);
	victim->wake_ms = 0;
	faults->felt[FAULT_POWER]++;
}

void faults_black_out(struct faults *faults)
{
	for (size_t i = 0; i < faults->city->daemon_count; i++)
		if (!faults->victims[i].start_ms)
			cut_power(faults, i, DOWN_MS);
}

/* At the edge of a write or a sync, or at any moment; seldom of all. */
void begin_power(struct faults *faults, size_t at)
{
	if (dice_throw(faults->dice, 2))
		strike(faults, at, DISK_POWER_FAILS);
	else if (dice_throw(faults->dice, BLACK_OUT_ONE_IN))
		cut_power(faults, at, DOWN_MS);
	else
		faults_black_out(faults);
}

/* Of all disks. */
unsigned disks_felt(const struct faults *faults, enum disk_fault fault)
{
	unsigned sum = 0;

	for (size_t i = 0; i < faults->city->daemon_count; i++)
		sum += atomic_load(&disk_at(faults, i)->felt[fault]);
	return sum;
}
