#include "org/city.h"

#include <string.h>
#include "base/err.h"
#include "org/shown.h"

static const char z85[] =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    ".-:+=^!/*?&<>()[]{}@%$#";

const char *city_word(const struct org *org, const char *word)
{
	for (unsigned i = 0; i < org->word_count; i++) {
		if (strcmp(org->words[i], word) == 0)
			return org->words[i];
	}
	return NULL;
}

int city_text(const char **text_out, struct org *org, const char *text)
{
	const char *copy = arena_text(org->arena, text, strlen(text));

	if (copy == NULL)
		return ERR_NOMEM;
	*text_out = copy;
	return 0;
}

bool city_name_is_fit(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len >= NAME_MAX_BYTES || name[0] == '.' ||
	    name[0] == '-' || !bytes_is_text(bytes_of(name, len)))
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)name[i];

		if (byte <= ' ' || byte == 127 ||
		    strchr("@/\\\"'`$,;:|&<>*?()[]{}=%#!~^", byte) != NULL)
			return false;
	}
	return true;
}

/* 32 bytes in Z85: 8 groups of 5 characters, each a number below 2^32. */
static bool key_is_z85(const char *key)
{
	uint64_t group = 0;

	if (strlen(key) != ORG_KEY_TEXT - 1)
		return false;
	for (size_t i = 0; i < ORG_KEY_TEXT - 1; i++) {
		const char *digit = strchr(z85, key[i]);

		if (digit == NULL)
			return false;
		group = group * 85 + (uint64_t)(digit - z85);
		if (group > UINT32_MAX)
			return false;
		if (i % 5 == 4)
			group = 0;
	}
	return true;
}

bool city_key(char key_out[ORG_KEY_TEXT], const struct key_owner *owner,
    const char *key, unsigned flags)
{
	key_out[0] = '\0';
	if (key[0] == '\0') {
		if (flags & ORG_NEEDS_KEYS)
			report_add(owner->report, owner->path, owner->line,
			    "%s %s has no public_key; make a pair and put "
			    "its public half here",
			    owner->kind, owner->name);
		return false;
	}
	if (!key_is_z85(key)) {
		report_add(owner->report, owner->path, owner->line,
		    "%s %s: public_key \"%s\" is not a key of 40 characters "
		    "of Z85; copy it again",
		    owner->kind, owner->name, SHOWN(key));
		return false;
	}
	memcpy(key_out, key, ORG_KEY_TEXT);
	return true;
}

void city_key_is_shared(const struct key_owner *owner, const char *other)
{
	report_add(owner->report, owner->path, owner->line,
	    "%s %s has the public_key of %s; a key is for one only, make "
	    "another",
	    owner->kind, owner->name, other);
}
