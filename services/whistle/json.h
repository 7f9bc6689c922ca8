/*
 * JSON for scripts: keys in snake_case that stay as they are, times in RFC
 * 3339 with zone, what is absent is null.
 */
#ifndef WHISTLE_CLI_JSON_H
#define WHISTLE_CLI_JSON_H

#include <jansson.h>
#include "base/code.h"
#include "base/id.h"
#include "ticket/words.h"

/* New references; NULL when out of memory, which json_object_set_new
 * refuses and json_print reports. */
json_t *json_text(const char *text); /* "" is null; bad UTF-8 is null */
json_t *json_unit(const struct unit_code *code);
json_t *json_time(int64_t time_ms);			/* 0 is null */
json_t *json_id(const struct id *id);			/* zero is null */
json_t *json_word(enum word_list list, unsigned value); /* 0 is null */
json_t *json_hash(const struct hash *hash);		/* zero is null */

/* Prints and releases `value`, with a newline. ERR_NOMEM for NULL. */
int json_print(json_t *value);
/* The same on one line, for a stream. */
int json_print_line(json_t *value);

/* An array that is printed as it grows. */
struct json_stream {
	bool is_open;
};
int json_stream_add(struct json_stream *stream, json_t *value);
void json_stream_end(struct json_stream *stream);

#endif
