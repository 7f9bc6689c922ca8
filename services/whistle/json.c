#include "json.h"

#include <stdio.h>
#include "base/clock.h"
#include "base/err.h"

json_t *json_text(const char *text)
{
	json_t *value = text && *text ? json_string(text) : NULL;
	return value ? value : json_null();
}

json_t *json_unit(const struct unit_code *code)
{
	return json_text(code->s);
}

json_t *json_time(int64_t time_ms)
{
	char text[TIME_TEXT];
	return json_text(time_format(text, time_ms));
}

json_t *json_id(const struct id *id)
{
	char text[ID_TEXT];
	return id_is_zero(id) ? json_null() : json_string(id_format(text, id));
}

json_t *json_word(enum word_list list, unsigned value)
{
	return value ? json_string(word_name(list, value)) : json_null();
}

json_t *json_hash(const struct hash *hash)
{
	static const struct hash zero;
	char text[HASH_TEXT];
	return hash_equal(hash, &zero) ? json_null()
				       : json_string(hash_format(text, hash));
}

static int print(json_t *value, size_t flags, const char *after)
{
	if (!value)
		return ERR_NOMEM;
	int failed = json_dumpf(value, stdout, flags | JSON_ENCODE_ANY);
	json_decref(value);
	fputs(after, stdout);
	return failed ? ERR_IO : 0;
}

int json_print(json_t *value)
{
	return print(value, JSON_INDENT(2), "\n");
}

int json_print_line(json_t *value)
{
	int err = print(value, JSON_COMPACT, "\n");
	fflush(stdout);
	return err;
}

int json_stream_add(struct json_stream *stream, json_t *value)
{
	fputs(stream->is_open ? ",\n" : "[\n", stdout);
	stream->is_open = true;
	return print(value, JSON_INDENT(2), "");
}

void json_stream_end(struct json_stream *stream)
{
	fputs(stream->is_open ? "\n]\n" : "[]\n", stdout);
}
