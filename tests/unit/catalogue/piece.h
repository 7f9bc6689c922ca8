/*
 * The small city of tests/fuzz/city with a piece of one file put in another's
 * place, in a folder of its own, and what its loading says of it.
 */
#ifndef TESTS_UNIT_CATALOGUE_PIECE_H
#define TESTS_UNIT_CATALOGUE_PIECE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "catalogue/catalogue.h"
#include "org/city.h"

#define SMALL_CITY SOURCE_DIR "/tests/fuzz/city"

static const char small_calendar[] =
    "version: 1\nnote: x\nzone_minutes: 480\nyears: [2026]\n"
    "week: [mon, tue, wed, thu, fri]\nhours: [\"08:00-09:00\"]\n"
    "holidays:\n  - {from: 2026-10-01, to: 2026-10-07, zh: 国庆, en: x}\n"
    "work_days:\n  - {date: 2026-10-10, zh: 调休, en: x}\n";

static const char *const files[] = { "units.csv", "nodes.yaml", "operators.csv",
	"catalogue.yaml", "calendar.yaml" };
enum { FILES = sizeof(files) / sizeof(files[0]) };

static char dir[64];

static inline int make_dir(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/whistle-limits-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static inline int remove_dir(void **state)
{
	char path[128];

	(void)state;
	for (size_t i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	return rmdir(dir);
}

static inline void read_small(struct buf *text, const char *name)
{
	char path[256];
	uint8_t *room;
	FILE *in;

	if (!strcmp(name, "calendar.yaml")) {
		assert_int_equal(
		    buf_add(text, small_calendar, sizeof(small_calendar)), 0);
		return;
	}
	snprintf(path, sizeof(path), SMALL_CITY "/%s", name);
	in = fopen(path, "r");
	assert_non_null(in);
	assert_int_equal(buf_grow(&room, text, 16 * 1024), 0);
	room[fread(room, 1, 16 * 1024 - 1, in)] = '\0';
	text->len = strlen((char *)room) + 1;
	fclose(in);
}

/* In file `name` the text `from` is what `make` writes. */
struct piece {
	const char *name, *from;
	void (*make)(FILE *out, long count);
};

static inline void write_file(
    const char *name, const struct piece *piece, long count)
{
	struct buf text = { 0 };
	char path[128];
	const char *at;
	FILE *out;

	read_small(&text, name);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	out = fopen(path, "w");
	assert_non_null(out);
	at = (const char *)text.data;
	if (!strcmp(piece->name, name)) {
		const char *found = strstr(at, piece->from);

		assert_non_null(found);
		fwrite(at, 1, (size_t)(found - at), out);
		piece->make(out, count);
		at = found + strlen(piece->from);
	}
	fputs(at, out);
	assert_int_equal(fclose(out), 0);
	buf_free(&text);
}

static inline void load(
    struct report *report, const struct piece *piece, long count)
{
	struct org *org = NULL;
	struct catalogue *catalogue = NULL;

	for (size_t i = 0; i < FILES; i++)
		write_file(files[i], piece, count);
	if (org_load(&org, report, dir, 0) == 0)
		catalogue_load(&catalogue, report, dir, org);
	catalogue_close(&catalogue);
	org_close(&org);
}

static inline bool says(const struct report *report, const char *sentence)
{
	for (size_t i = 0; i < report->count; i++)
		if (strstr(report->problems[i].text, sentence))
			return true;
	return false;
}

#endif
