#include "city_draft.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/err.h"
#include "city_files.h"
#include "divisions.h"
#include "lang.h"
#include "say.h"
#include "session.h"

enum { PATH_TEXT = 1200, HTTP_OFFSET = 10, GRIDS = DIVISION_LEVELS };

struct drafting {
	const struct city_draft_wish *wish;
	const struct org *like;
	struct divisions divisions;
	const char *dir;
	unsigned split; /* a level; 0: one node a level */
	unsigned nodes;
};

static enum cli_exit say_errno(const char *path)
{
	say_error(_("%s cannot be written: %s."), path, strerror(errno));
	return CLI_FAILED;
}

/* Writes DIR/NAME by `write`. */
static enum cli_exit write_file(struct drafting *drafting, const char *name,
    void (*write)(FILE *file, struct drafting *drafting))
{
	char path[PATH_TEXT];
	snprintf(path, sizeof(path), "%s/%s", drafting->dir, name);
	FILE *file = fopen(path, "wx");
	if (!file)
		return say_errno(path);
	write(file, drafting);
	bool is_good = !ferror(file);
	if (fclose(file) != 0 || !is_good)
		return say_errno(path);
	return CLI_DONE;
}

/* ---- units.csv ---- */

static void put_field(FILE *file, const char *text)
{
	if (!strpbrk(text, ",\"\n\r")) {
		fputs(text, file);
		return;
	}
	fputc('"', file);
	for (; *text; text++)
		fprintf(file, *text == '"' ? "\"\"" : "%c", *text);
	fputc('"', file);
}

static void put_unit(FILE *file, const char *code, const char *name,
    const char *level, const char *kind, const char *parent)
{
	fprintf(file, "%s,", code);
	put_field(file, name);
	fprintf(file, ",%s,%s,%s\n", level, kind, parent);
}

/* The first district of the other city says what a district has. */
static const struct unit *model_of(
    const struct drafting *drafting, const struct division *host)
{
	const struct unit *first = NULL;
	for (size_t i = 0; i < org_unit_count(drafting->like); i++) {
		const struct unit *unit = org_unit_at(drafting->like, i);
		if (unit->kind == UNIT_AREA && unit->depth == host->level &&
		    (!first || strcmp(unit->code.s, first->code.s) < 0))
			first = unit;
	}
	return first;
}

/* "鄂城区住房和城乡建设局" at 鄂城区 is "东城区住房和城乡建设局" at
 * 东城区. */
static void name_at(char out[2 * UNIT_NAME_MAX], const struct unit *unit,
    const struct division *host)
{
	const char *name = unit->name;
	size_t len = strlen(unit->parent->name);
	bool is_host = strncmp(name, unit->parent->name, len) == 0;
	snprintf(out, 2 * UNIT_NAME_MAX, "%s%s", is_host ? host->name : "",
	    is_host ? name + len : name);
}

/* Calls for each department and hotline that a host shall have. */
static void each_attached(FILE *file, const struct drafting *drafting,
    const struct division *host,
    void (*put)(FILE *file, const struct unit *unit, const char *code,
	const struct division *host))
{
	const struct unit *model = model_of(drafting, host);
	for (size_t i = 0; model && i < org_unit_count(drafting->like); i++) {
		const struct unit *unit = org_unit_at(drafting->like, i);
		const char *dash = strchr(unit->code.s, '-');
		char code[2 * UNIT_CODE_MAX];
		if (unit->kind == UNIT_AREA || unit->parent != model || !dash)
			continue;
		snprintf(code, sizeof(code), "%s%s", host->code.s, dash);
		put(file, unit, code, host);
	}
}

static void put_attached(FILE *file, const struct unit *unit, const char *code,
    const struct division *host)
{
	char name[2 * UNIT_NAME_MAX];
	bool is_hotline = unit->kind == UNIT_HOTLINE;
	name_at(name, unit, host);
	put_unit(file, code, name,
	    is_hotline ? unit->level : division_level_name(host->level),
	    is_hotline ? "hotline" : "department", host->code.s);
}

static void put_grids(FILE *file, const struct drafting *drafting,
    const struct division *community)
{
	for (int64_t i = 1; i <= drafting->wish->grids; i++) {
		char code[2 * UNIT_CODE_MAX], name[64];
		snprintf(
		    code, sizeof(code), "%s%03d", community->code.s, (int)i);
		snprintf(name, sizeof(name), "第%d网格", (int)i);
		put_unit(file, code, name, "grid", "area", community->code.s);
	}
}

static void write_units(FILE *file, struct drafting *drafting)
{
	const struct divisions *divisions = &drafting->divisions;
	fprintf(file, "code,name,level,kind,parent\n");
	for (size_t i = 0; i < divisions->count; i++) {
		const struct division *at = &divisions->of[i];
		char parent[UNIT_CODE_MAX] = "";
		if (at->level > 0)
			memcpy(
			    parent, at->code.s, division_digits(at->level - 1));
		put_unit(file, at->code.s, at->name,
		    division_level_name(at->level), "area", parent);
		if (at->level <= DIVISION_DISTRICT)
			each_attached(file, drafting, at, put_attached);
		if (at->level == DIVISION_COMMUNITY)
			put_grids(file, drafting, at);
	}
}

/* ---- nodes.yaml ---- */

static const char *level_name(unsigned level)
{
	return level == GRIDS ? "grid" : division_level_name(level);
}

/* The gateway's HTTP has the eleventh port, as with city init. */
static void put_node(FILE *file, struct drafting *drafting, const char *name,
    const char *level, const char *serves)
{
	unsigned index = drafting->nodes++;
	unsigned port =
	    (unsigned)drafting->wish->port + index + (index >= HTTP_OFFSET);
	fprintf(file,
	    "  - {name: %s, level: %s, serves: [%s], endpoint: "
	    "\"tcp://127.0.0.1:%u\"",
	    name, level, serves, port);
	if (strcmp(level, "hotline") == 0)
		fprintf(file, ", http: \"127.0.0.1:%u\"",
		    (unsigned)drafting->wish->port + HTTP_OFFSET);
	fprintf(file, ", public_key: \"\"}\n");
}

static void put_hotline_node(FILE *file, struct drafting *drafting)
{
	const struct division *root = &drafting->divisions.of[0];
	const struct unit *model = model_of(drafting, root);
	for (size_t i = 0; i < org_unit_count(drafting->like); i++) {
		const struct unit *unit = org_unit_at(drafting->like, i);
		char code[2 * UNIT_CODE_MAX];
		if (unit->kind != UNIT_HOTLINE || unit->parent != model)
			continue;
		snprintf(code, sizeof(code), "%s%s", root->code.s,
		    strchr(unit->code.s, '-'));
		put_node(file, drafting, "gatewayd", "hotline", code);
		return;
	}
}

static void put_level(FILE *file, struct drafting *drafting, unsigned level)
{
	const struct divisions *divisions = &drafting->divisions;
	char name[128];
	if (!drafting->split || level < drafting->split) {
		snprintf(name, sizeof(name), "%sd", level_name(level));
		put_node(file, drafting, name, level_name(level),
		    divisions->of[0].code.s);
		return;
	}
	for (size_t i = 0; i < divisions->count; i++) {
		if (divisions->of[i].level != drafting->split)
			continue;
		snprintf(name, sizeof(name), "%sd-%s", level_name(level),
		    divisions->of[i].code.s);
		put_node(file, drafting, name, level_name(level),
		    divisions->of[i].code.s);
	}
}

static void write_nodes(FILE *file, struct drafting *drafting)
{
	fprintf(file,
	    "# Who runs where: give each node the address of its machine.\n"
	    "# `serves`: every unit of the level at or below these codes.\n"
	    "city: %s\nnodes:\n",
	    drafting->divisions.of[0].name);
	put_level(file, drafting, DIVISION_CITY);
	put_hotline_node(file, drafting);
	for (unsigned level = DIVISION_DISTRICT; level <= GRIDS; level++)
		put_level(file, drafting, level);
}

/* ---- operators.csv ---- */

static void put_attached_operator(FILE *file, const struct unit *unit,
    const char *code, const struct division *host)
{
	(void)host;
	if (unit->kind == UNIT_HOTLINE)
		fprintf(file, "hotline,%s,hotline,\n", code);
	else
		fprintf(file, "%s,%s,clerk,\n", code, code);
}

static void put_operators_of(
    FILE *file, const struct drafting *drafting, const struct division *at)
{
	static const char *const roles[DIVISION_LEVELS] = { "dispatcher",
		"dispatcher", "dispatcher", "worker" };
	const char *code = at->code.s;
	if (at->level == DIVISION_CITY)
		fprintf(file,
		    "admin,%s,supervisor,\nengineer,%s,engineer,\n"
		    "analyst,%s,reader,\n",
		    code, code, code);
	fprintf(file, "%s-%s,%s,%s,\n", division_level_name(at->level), code,
	    code, roles[at->level]);
	if (at->level <= DIVISION_DISTRICT)
		each_attached(file, drafting, at, put_attached_operator);
	if (at->level != DIVISION_COMMUNITY || !drafting->wish->grid_operators)
		return;
	for (int64_t i = 1; i <= drafting->wish->grids; i++)
		fprintf(file, "grid-%s%03d,%s%03d,worker,\n", code, (int)i,
		    code, (int)i);
}

static void write_operators(FILE *file, struct drafting *drafting)
{
	fprintf(file, "name,unit,role,public_key\n");
	for (size_t i = 0; i < drafting->divisions.count; i++)
		put_operators_of(file, drafting, &drafting->divisions.of[i]);
}

/* ---- all of it ---- */

static enum cli_exit find_split(struct drafting *drafting)
{
	const char *word = drafting->wish->split;
	if (!word)
		return CLI_DONE;
	for (unsigned i = DIVISION_DISTRICT; i <= DIVISION_STREET; i++)
		if (strcmp(word, division_level_name(i)) == 0)
			drafting->split = i;
	if (drafting->split)
		return CLI_DONE;
	say_error(_("--%s is one of %s, not “%s”."), "split",
	    "district, street", word);
	return CLI_USAGE;
}

static enum cli_exit make_folder(const char *dir)
{
	char path[PATH_TEXT];
	snprintf(path, sizeof(path), "%s/units.csv", dir);
	if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		return say_errno(dir);
	if (access(path, F_OK) != 0)
		return CLI_DONE;
	say_error(_("%s describes a city already; nothing was changed."), dir);
	return CLI_REFUSED;
}

static enum cli_exit write_all(struct drafting *drafting)
{
	const char *like = drafting->wish->like, *dir = drafting->dir;
	enum cli_exit exit = make_folder(dir);
	if (exit == CLI_DONE)
		exit = city_files_copy(dir, like, "catalogue.yaml");
	if (exit == CLI_DONE)
		exit = city_files_copy_if(dir, like, "calendar.yaml");
	if (exit == CLI_DONE)
		exit = write_file(drafting, "nodes.yaml", write_nodes);
	if (exit == CLI_DONE)
		exit = write_file(drafting, "operators.csv", write_operators);
	/* last: with it the folder describes a city */
	if (exit == CLI_DONE)
		exit = write_file(drafting, "units.csv", write_units);
	return exit;
}

static enum cli_exit load_like(struct cli *cli, const char *like)
{
	struct report report = { 0 };
	int err = org_load(&cli->org, &report, like, 0);
	enum cli_exit exit =
	    err < 0 ? session_problems(&report, err, like) : CLI_DONE;
	report_free(&report);
	return exit;
}

enum cli_exit city_draft(
    struct cli *cli, const char *dir, const struct city_draft_wish *wish)
{
	struct drafting drafting = { .wish = wish, .dir = dir };
	enum cli_exit exit = find_split(&drafting);
	if (exit == CLI_DONE)
		exit = load_like(cli, wish->like);
	drafting.like = cli->org;
	if (exit == CLI_DONE)
		exit = divisions_read(
		    &drafting.divisions, wish->divisions, wish->city);
	if (exit == CLI_DONE)
		exit = write_all(&drafting);
	divisions_free(&drafting.divisions);
	org_close(&cli->org);
	return exit;
}
