#include "harness/harness.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "harness/moved.h"

static int64_t *ahead_ms; /* NULL: nobody moves the time */
static char path[64];

int64_t civil_ms(const char *civil)
{
	char text[TIME_TEXT];
	int64_t time_ms = 0;

	snprintf(text, sizeof(text), "%.10sT%.5s:00+08:00", civil,
	    strlen(civil) == 16 ? civil + 11 : "");
	if (time_parse(&time_ms, text))
		fail_msg("%s is no time", civil);
	return time_ms;
}

char *civil_format(char text_out[CIVIL_TEXT], int64_t time_ms)
{
	time_t seconds = (time_t)(time_ms / 1000 + 8 * 3600);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text_out, CIVIL_TEXT, "%Y-%m-%d %H:%M", &tm);
	return text_out;
}

static int64_t machine_ms(void)
{
	struct clock clock = clock_system();

	return clock_now_ms(&clock);
}

int64_t moved_now_ms(void)
{
	return machine_ms() + (ahead_ms ? *ahead_ms : 0);
}

static void end(void)
{
	unlink(path);
}

static void map_file(void)
{
	const char *tmp = getenv("TMPDIR");
	void *at;

	snprintf(path, sizeof(path), "%.40s/whistle-clock-XXXXXX",
	    tmp && tmp[0] ? tmp : "/tmp");
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(atexit(end), 0);
	assert_int_equal(ftruncate(fd, sizeof(*ahead_ms)), 0);
	at = mmap(
	    NULL, sizeof(*ahead_ms), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(at != MAP_FAILED);
	close(fd);
	ahead_ms = at;
}

/* Of what is started from here on. */
static void hand_on(void)
{
	setenv("WHISTLE_FLOW_CLOCK", path, 1);
	preload_add(CLOCK_LIBRARY);
}

void moved_start(const char *civil)
{
	assert_null(ahead_ms);
	map_file();
	moved_to(civil);
	hand_on();
}

void moved_to(const char *civil)
{
	moved_by(civil_ms(civil) - moved_now_ms());
}

void moved_by(int64_t ms)
{
	assert_non_null(ahead_ms);
	__atomic_store_n(ahead_ms, *ahead_ms + ms, __ATOMIC_RELAXED);
}
