/*
 * A city folder of its own for each test, and the question that most of
 * them ask: which problem was found, in which file and line, and what does
 * the sentence say?
 */
#ifndef WHISTLE_TESTS_ORG_FOLDER_H
#define WHISTLE_TESTS_ORG_FOLDER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "org/org.h"

#define KEY_A "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
#define KEY_B "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"
#define KEY_C "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"

struct folder {
	char dir[32];
	struct report report;
	struct org *org;
};

static const char sound_units[] =
    "code,name,level,kind,parent\n"			 /* 1 */
    "4207,鄂州市,city,area,\n"				 /* 2 */
    "4207-12345,热线,hotline,hotline,4207\n"		 /* 3 */
    "4207-zjj,市住建局,city,department,4207\n"		 /* 4 */
    "420704,鄂城区,district,area,4207\n"		 /* 5 */
    "420704-zjj,区住建局,district,department,420704\n"	 /* 6 */
    "420703,华容区,district,area,4207\n"		 /* 7 */
    "420704001,凤凰街道,street,area,420704\n"		 /* 8 */
    "420704002,古楼街道,street,area,420704\n"		 /* 9 */
    "420703100,华容镇,street,area,420703\n"		 /* 10 */
    "420704001002,吴都社区,community,area,420704001\n"	 /* 11 */
    "420704002012,花园社区,community,area,420704002\n"	 /* 12 */
    "420703100202,柴汤村委会,community,area,420703100\n" /* 13 */
    "420704001002001,第一网格,grid,area,420704001002\n"	 /* 14 */
    "420704001002002,第二网格,grid,area,420704001002\n"; /* 15 */

static const char sound_nodes[] =
    "city: 鄂州市\n"				 /* 1 */
    "nodes:\n"					 /* 2 */
    "  - name: top\n"				 /* 3 */
    "    level: city\n"				 /* 4 */
    "    serves: [4207]\n"			 /* 5 */
    "    endpoint: tcp://127.0.0.1:8301\n"	 /* 6 */
    "  - name: east\n"				 /* 7 */
    "    level: district\n"			 /* 8 */
    "    serves: [420704]\n"			 /* 9 */
    "    endpoint: tcp://127.0.0.1:8302\n"	 /* 10 */
    "  - name: west\n"				 /* 11 */
    "    level: district\n"			 /* 12 */
    "    serves: [420703]\n"			 /* 13 */
    "    endpoint: ipc:///run/whistle/west\n"	 /* 14 */
    "  - name: streets-east\n"			 /* 15 */
    "    level: street\n"			 /* 16 */
    "    serves: [420704001, 420704002]\n"	 /* 17 */
    "    endpoint: tcp://[::1]:8303\n"		 /* 18 */
    "  - name: streets-west\n"			 /* 19 */
    "    level: street\n"			 /* 20 */
    "    serves: [420703]\n"			 /* 21 */
    "    endpoint: tcp://streets.example:8304\n" /* 22 */
    "  - name: east-communities\n"		 /* 23 */
    "    level: community\n"			 /* 24 */
    "    serves: [420704]\n"			 /* 25 */
    "    endpoint: tcp://127.0.0.1:8305\n"	 /* 26 */
    "  - name: west-communities\n"		 /* 27 */
    "    level: community\n"			 /* 28 */
    "    serves: [420703]\n"			 /* 29 */
    "    endpoint: tcp://127.0.0.1:8306\n"	 /* 30 */
    "  - name: grids\n"				 /* 31 */
    "    level: grid\n"				 /* 32 */
    "    serves: [4207]\n"			 /* 33 */
    "    endpoint: tcp://127.0.0.1:8307\n"	 /* 34 */
    "  - name: gate\n"				 /* 35 */
    "    level: hotline\n"			 /* 36 */
    "    serves: [4207-12345]\n"		 /* 37 */
    "    endpoint: tcp://127.0.0.1:8308\n"	 /* 38 */
    "    http: 127.0.0.1:8311\n"		 /* 39 */
    "    public_key: \"\"\n";			 /* 40 */

static const char sound_operators[] =
    "name,unit,role,public_key\n"		   /* 1 */
    "chief,4207,supervisor," KEY_A "\n"		   /* 2 */
    "clerk.one,420704-zjj,clerk,\n"		   /* 3 */
    "网格员甲,420704001002001,worker," KEY_B "\n"; /* 4 */

static inline void folder_write(
    const struct folder *folder, const char *name, const char *text)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder->dir, name);
	out = fopen(path, "wb");
	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, strlen(text), out), strlen(text));
	assert_int_equal(fclose(out), 0);
}

/* The text with line `line` replaced by `by`, which may be several lines or
 * none; line 0 appends. */
static inline void folder_write_line(const struct folder *folder,
    const char *name, const char *text, long line, const char *by)
{
	char *all = calloc(1, strlen(text) + strlen(by) + 2);
	const char *at = text;

	assert_non_null(all);
	for (long i = 1; *at != '\0'; i++) {
		const char *end = strchr(at, '\n') + 1;

		if (i == line)
			strcat(all, by);
		else
			strncat(all, at, (size_t)(end - at));
		at = end;
	}
	if (line == 0)
		strcat(all, by);
	folder_write(folder, name, all);
	free(all);
}

static inline void folder_make(struct folder *folder)
{
	*folder = (struct folder){ .dir = "/tmp/whistle-org-XXXXXX" };
	assert_non_null(mkdtemp(folder->dir));
	folder_write(folder, "units.csv", sound_units);
	folder_write(folder, "nodes.yaml", sound_nodes);
	folder_write(folder, "operators.csv", sound_operators);
}

static inline void folder_remove(struct folder *folder)
{
	static const char *const names[] = { "units.csv", "nodes.yaml",
		"operators.csv", "catalogue.yaml", "calendar.yaml" };
	char path[128];

	org_close(&folder->org);
	report_free(&folder->report);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder->dir, names[i]);
		unlink(path);
	}
	rmdir(folder->dir);
}

/* Loads what is expected to be sound. */
static inline void folder_load(struct folder *folder)
{
	int err = org_load(&folder->org, &folder->report, folder->dir, 0);

	report_print(&folder->report, stderr);
	assert_int_equal(err, 0);
	assert_int_equal(folder->report.count, 0);
}

/* Is there a problem with that file and line, whose sentence has `part`? */
static inline bool has_problem(
    const struct report *report, const char *file, long line, const char *part)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct problem *problem = &report->problems[i];
		const char *name = strrchr(problem->file, '/');

		if (name != NULL && strcmp(name + 1, file) == 0 &&
		    problem->line == line &&
		    strstr(problem->text, part) != NULL)
			return true;
	}
	return false;
}

/* One way to be wrong: the line that is, where the problem is reported, and
 * what its sentence says. */
struct wrong {
	long line;
	const char *by;
	long reported;
	const char *part;
};

/* Loads the folder with one line of a file replaced; the problem must be
 * found, and only `count` of them in all unless that is 0. */
static inline void expect_wrong(const char *file, const char *text,
    const struct wrong *wrong, unsigned flags, size_t count)
{
	struct folder folder;
	int err;

	folder_make(&folder);
	folder_write_line(&folder, file, text, wrong->line, wrong->by);
	err = org_load(&folder.org, &folder.report, folder.dir, flags);
	if (err != ERR_INVALID ||
	    !has_problem(&folder.report, file, wrong->reported, wrong->part) ||
	    (count != 0 && folder.report.count != count)) {
		print_error("expected %s:%ld: %s\nfor %sbut got %d\n", file,
		    wrong->reported, wrong->part, wrong->by, err);
		report_print(&folder.report, stderr);
		fail();
	}
	assert_null(folder.org);
	folder_remove(&folder);
}

static inline const struct unit *unit_of(
    const struct org *org, const char *code)
{
	struct unit_code key;

	assert_int_equal(code_set(&key, code), 0);
	return org_unit(org, &key);
}

#endif
