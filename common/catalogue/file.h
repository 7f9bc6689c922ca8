/*
 * The shape of catalogue.yaml, as libcyaml reads it. Optional texts are
 * NULL, optional lists empty. Only for catalogue's own files.
 */
#ifndef WHISTLE_CATALOGUE_FILE_H
#define WHISTLE_CATALOGUE_FILE_H

#include <stdbool.h>
#include "base/yaml.h"

struct colour_row {
	char *code, *zh, *en;
	char *check_in, *resolve;
};

struct named_row {
	char *code, *zh, *en;
};

struct item_row {
	char *code, *zh, *en, *domain;
	char **keywords;
	unsigned keywords_count;
	char *competent;
	bool direct, immediate;
	char *lead;
	char **assist;
	unsigned assist_count;
	char *whistle;
	char *colour;
	char *accept, *resolve;
};

struct situation_row {
	char *code, *area, *zh, *en;
	char *kind, *colour;
	char *lead;
	char **assist;
	unsigned assist_count;
};

struct weights_row {
	unsigned response, completion, satisfaction;
};

struct raters_row {
	char *raters;
	unsigned part;
};

struct score_row {
	struct weights_row weights;
	char *mostly_satisfied;
	struct raters_row *departments; /* NULL: not said */
};

struct whistle_row {
	char *kind;
	char **levels;
	unsigned levels_count;
	char **roles;
	unsigned roles_count;
};

struct catalogue_file {
	unsigned version;
	char *name;
	char *note;
	unsigned returns;
	unsigned *extensions; /* NULL: not said */
	char *extend;
	char *return_window;
	struct score_row *score; /* NULL: not said */
	char *resident_wait;
	char *fence_after;
	char *contacts_kept;
	char *silent_after;
	struct colour_row *colours;
	unsigned colours_count;
	struct named_row *domains;
	unsigned domains_count;
	struct named_row *departments;
	unsigned departments_count;
	struct item_row *items;
	unsigned items_count;
	struct named_row *areas;
	unsigned areas_count;
	struct situation_row *situations;
	unsigned situations_count;
	struct whistle_row *whistles; /* may be left out */
	unsigned whistles_count;
};

extern const cyaml_schema_value_t catalogue_schema;

#endif
