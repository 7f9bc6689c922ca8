/*
 * A JSON object that came as a body, by a table of its fields: one that is
 * not in the table is refused by its name, so that a word spelt wrong is
 * noticed and not lost. null and "" are as good as absent. Pure.
 */
#ifndef WHISTLE_GATEWAYD_BODY_H
#define WHISTLE_GATEWAYD_BODY_H

#include "base/bytes.h"
#include "gatewayd/problem.h"
#include "ticket/event.h"

enum { BODY_TAGS_MAX = 16, BODY_TAG_BYTES = 64, BODY_DEGREES_TEXT = 16 };

/* What stands between tags in one text; no tag holds it. */
#define BODY_TAGS_BETWEEN "、"

enum body_type {
	BODY_LABEL, /* const char *: at most `max` bytes, no control chars */
	BODY_TEXT,  /* const char *: at most `max` bytes */
	BODY_FLAG,  /* int: 0 or 1 */
	BODY_TAGS,  /* const char *: a list of labels, joined */
	BODY_POINT, /* struct body_point */
	BODY_FILES, /* struct body_files: at most `max` */
};

/* Decimal degrees as text with at most seven places; "" when absent. */
struct body_point {
	char latitude[BODY_DEGREES_TEXT];
	char longitude[BODY_DEGREES_TEXT];
};

/* [{"hash": "…", "name": "…"}]: files that were sent before. */
struct body_files {
	const struct attachment *list;
	size_t count;
};

struct body_field {
	const char *name;
	enum body_type type;
	size_t max;
	size_t offset; /* in what is filled */
	bool is_required;
};

/*
 * Fills those members of *out that the body says; the others stay as they
 * are, and texts should be "" before, flags -1. Texts live in `arena`.
 * ERR_INVALID with what is wrong in *problem_out; ERR_NOMEM.
 */
int body_read(void *out, struct http_problem *problem_out, struct arena *arena,
    struct bytes body, const struct body_field *fields, size_t count);

/* ERR_INVALID, with the fault of that field in *problem_out. */
int body_refuse(struct http_problem *problem_out, const char *field,
    enum field_fault fault);
/* C0, DEL and C1. */
bool body_has_control(const char *text, size_t len);

#endif
