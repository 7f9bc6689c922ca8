#include "power.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
#include "disk/power.h"
#include "harness/disk.h"
#include "harness/harness.h"

#define MKFS "/sbin/mkfs.ext4"

enum {
	DISK_MIB = 1024, /* of which only what is written is taken */
	TRIES = 200,
};

static struct {
	bool is_entered;
	const char *missing;
	const struct city *city; /* NULL: there is none with such disks */
	int images[CITY_NODES_MAX];
	bool is_off[CITY_NODES_MAX];
	unsigned felt[CITY_NODES_MAX]; /* by the daemon itself, as mended */
} power;

/* ---- disks ---- */

static int new_image(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd >= 0 && ftruncate(fd, (off_t)DISK_MIB << 20) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool make_ext4(int image)
{
	char path[64];
	const char *argv[] = { MKFS, "-q", "-F", "-b", "4096", "-N", "1024",
		"-m", "0", "-J", "size=4", "-E", "lazy_itable_init=1", path,
		NULL };
	struct run run;

	snprintf(path, sizeof(path), "/proc/%ld/fd/%d", (long)getpid(), image);
	run_program(&run, argv, PATIENCE_MS);
	if (run.code != 0)
		fprintf(stderr, "%s", run_text(&run.err));
	bool is_made = run.code == 0;
	run_free(&run);
	return is_made;
}

/* The device over the image; it goes when it is not mounted any more. */
static int set_up_loop(char path_out[32], int image)
{
	struct loop_config config = { .fd = (uint32_t)image,
		.info.lo_flags = LO_FLAGS_AUTOCLEAR };
	int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC), fd = -1;

	for (int i = 0; control >= 0 && i < TRIES; i++) {
		int number = ioctl(control, LOOP_CTL_GET_FREE);
		snprintf(path_out, 32, "/dev/loop%d", number);
		fd = number < 0 ? -1 : open(path_out, O_RDWR | O_CLOEXEC);
		if (fd < 0 || !ioctl(fd, LOOP_CONFIGURE, &config))
			break;
		close(fd); /* somebody else was faster */
		fd = -1;
	}
	if (control >= 0)
		close(control);
	return fd;
}

static bool mount_image(int image, const char *at)
{
	char device[32];
	int fd = set_up_loop(device, image);
	bool is_mounted =
	    fd >= 0 && mount(device, at, "ext4", MS_NOATIME,
			   "errors=remount-ro,noinit_itable") == 0;

	if (fd >= 0)
		close(fd);
	return is_mounted;
}

/* The kernel may still be at it when its daemon is gone. */
static bool unmount(const char *at)
{
	for (int i = 0; i < TRIES; i++) {
		if (umount2(at, 0) == 0)
			return true;
		if (errno != EBUSY)
			return false;
		breathe();
	}
	return false;
}

/* ---- can it be done? ---- */

static const char *try_all(void)
{
	const char *missing = NULL;
	char at[] = "/tmp/whistle-power-XXXXXX";
	int image;

	if (access(MKFS, X_OK))
		return "mkfs.ext4 (e2fsprogs) is missing";
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return "no mounts of our own are allowed here";
	image = new_image("try");
	if (!mkdtemp(at))
		missing = "there is no folder to mount at";
	else if (image < 0 || !make_ext4(image) || !mount_image(image, at))
		missing = "no file can be mounted here (loop, ext4)";
	else if (power_shut_down(at))
		missing = "ext4 cannot be shut down here";
	umount2(at, MNT_DETACH);
	rmdir(at);
	if (image >= 0)
		close(image);
	return missing;
}

const char *power_enter(void)
{
	if (!power.is_entered)
		power.missing = try_all();
	power.is_entered = true;
	return power.missing;
}

const char *power_missing(void)
{
	return power.is_entered ? power.missing : "nobody has tried";
}

/* ---- of a city ---- */

static const char *folder_of(const struct city *city, size_t at)
{
	return city_path(city, "data/%s", city->daemons[at].name);
}

static unsigned felt_by(const struct city *city, size_t at)
{
	const struct disk_faults *disk = disk_of(city, city->daemons[at].name);

	return atomic_load(&disk->felt[DISK_POWER_FAILS]);
}

static void make_durable(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(syncfs(fd), 0);
	close(fd);
}

/* What city init has put into the folder is put onto the disk. */
static void power_disk(const struct city *city, size_t at)
{
	const char *folder = folder_of(city, at);
	const char *mark =
	    city_path(city, "data/%s/founding", city->daemons[at].name);
	bool is_founding = file_exists(mark);

	power.images[at] = new_image(city->daemons[at].name);
	power.is_off[at] = false;
	power.felt[at] = felt_by(city, at);
	assert_true(power.images[at] >= 0);
	assert_true(make_ext4(power.images[at]));
	if (!mount_image(power.images[at], folder))
		fail_msg("%s cannot be mounted: %s", folder, strerror(errno));
	assert_int_equal(chmod(folder, 0700), 0);
	if (is_founding)
		file_write(mark, "");
	make_durable(folder);
}

void power_open(struct city *city)
{
	if (power_missing())
		return;
	power.city = city;
	for (size_t i = 0; i < city->daemon_count; i++)
		power_disk(city, i);
}

void power_cut(const struct city *city, size_t at)
{
	assert_int_equal(power_shut_down(folder_of(city, at)), 0);
	power.is_off[at] = true;
}

void power_mend(const struct city *city, size_t at)
{
	const char *folder = folder_of(city, at);
	unsigned felt;

	if (power_missing())
		return;
	felt = felt_by(city, at);
	if (!power.is_off[at] && felt == power.felt[at])
		return;
	power.felt[at] = felt;
	power.is_off[at] = false;
	if (!unmount(folder) || !mount_image(power.images[at], folder))
		fail_msg("%s does not come back: %s", folder, strerror(errno));
}

/* For whoever wants to look at the city later its store stays behind. */
static void take_away(size_t at)
{
	const char *folder = folder_of(power.city, at);
	char store[CITY_PATH + 64], kept[CITY_PATH + 64];
	bool is_kept;

	snprintf(store, sizeof(store), "%s/data.mdb", folder);
	snprintf(kept, sizeof(kept), "%s.kept", folder);
	is_kept = getenv("WHISTLE_FLOW_KEEP") && file_exists(store);
	if (is_kept)
		file_copy(kept, store);
	umount2(folder, MNT_DETACH);
	close(power.images[at]);
	if (is_kept)
		assert_int_equal(rename(kept, store), 0);
}

void power_close(void)
{
	if (!power.city)
		return;
	for (size_t i = 0; i < power.city->daemon_count; i++)
		take_away(i);
	power.city = NULL;
}
