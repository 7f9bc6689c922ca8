/*
 * What is claimed, and what happens when it is not so. The world's checks are
 * written with cmocka's assertions; here these are ours, so that a breach in
 * a run without cmocka is a verdict with the place where it was found.
 */
#include "sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENDED = 3 };

struct sim sim;
static char said[200]; /* by print_error, just before a check fails */

void sim_fail(const char *place, const char *format, ...)
{
	struct sim_verdict *verdict = &sim.outcome->verdict;
	va_list args;

	va_start(args, format);
	vsnprintf(verdict->text, sizeof(verdict->text), format, args);
	va_end(args);
	snprintf(verdict->place, sizeof(verdict->place), "%s", place);
	sim_tell("VIOLATION: %s (%s)", verdict->text, place);
	fflush(stdout);
	_exit(ENDED);
}

void sim_tell(const char *format, ...)
{
	int64_t ms = sim.world ? sim.world->now_ms % DAY_MS : 0;
	va_list args;

	if (!sim.plan.tells)
		return;
	printf("%02d:%02d:%02d.%03d  ", (int)(ms / HOUR_MS),
	    (int)(ms / MINUTE_MS % 60), (int)(ms / 1000 % 60),
	    (int)(ms % 1000));
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

/* ---- cmocka's names ---- */

__attribute__((noreturn)) static void breach(
    const char *what, const char *file, int line)
{
	const char *name = strrchr(file, '/');
	char place[64];

	snprintf(
	    place, sizeof(place), "%.40s:%d", name ? name + 1 : file, line);
	sim_fail(place, "%s%s%s", said, said[0] ? " " : "", what);
}

void _assert_true(const LargestIntegralType result, const char *const claim,
    const char *const file, const int line)
{
	if (!result)
		breach(claim, file, line);
}

void _assert_int_equal(const LargestIntegralType a, const LargestIntegralType b,
    const char *const file, const int line)
{
	char text[80];

	if (a == b)
		return;
	snprintf(
	    text, sizeof(text), "%lld is not %lld", (long long)a, (long long)b);
	breach(text, file, line);
}

void _assert_string_equal(const char *const a, const char *const b,
    const char *const file, const int line)
{
	if (strcmp(a, b))
		breach("two texts differ", file, line);
}

void _assert_memory_equal(const void *const a, const void *const b,
    const size_t size, const char *const file, const int line)
{
	if (size && memcmp(a, b, size))
		breach("what must be the same differs", file, line);
}

void _fail(const char *const file, const int line)
{
	breach("", file, line);
}

void print_message(const char *const format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
}

void print_error(const char *const format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(said, sizeof(said), format, args);
	va_end(args);
	said[strcspn(said, "\n")] = '\0';
}
