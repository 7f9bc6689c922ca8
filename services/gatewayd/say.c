#include "gatewayd/say.h"

#include "base/clock.h"

json_t *say_text(const char *value)
{
	return value && *value ? json_string(value) : json_null();
}

json_t *say_word(enum word_list list, unsigned value)
{
	return value ? json_string(word_name(list, value)) : json_null();
}

json_t *say_time(int64_t time_ms)
{
	char said[TIME_TEXT];

	return say_text(time_format(said, time_ms));
}

json_t *say_id(const struct id *id)
{
	char said[ID_TEXT];

	return id_is_zero(id) ? json_null() : json_string(id_format(said, id));
}

json_t *say_unit_name(const struct org *org, const struct unit_code *code)
{
	const struct unit *unit = org ? org_unit(org, code) : NULL;

	return unit ? json_string(unit->name) : json_null();
}

json_t *say_file(const struct attachment *file)
{
	char hash[HASH_TEXT];

	return json_pack("{s:s, s:s, s:I, s:o}", "hash",
	    hash_format(hash, &file->hash), "name", file->name, "size",
	    (json_int_t)file->size, "type",
	    say_word(WORD_FILE_TYPE, file->type));
}

json_t *say_joined(json_t *object, json_t *more)
{
	int failed = !object || !more || json_object_update(object, more) != 0;

	json_decref(more);
	if (!failed)
		return object;
	json_decref(object);
	return NULL;
}
