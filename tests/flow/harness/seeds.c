#include "harness/harness.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "harness/seeds.h"

/* ---- forms ---- */

static void add(char *text, const char *format, unsigned value)
{
	size_t len = strlen(text);

	assert_true(len + 16 < SEED_FORM_BYTES);
	snprintf(text + len, 16, format, value);
}

static void percent(char *out, const char *word, const char *format)
{
	for (; *word; word++)
		add(out, (uint8_t)*word < 0x80 ? "%c" : format, (uint8_t)*word);
}

/* What is not ASCII as JSON may write it: of the plane that we use. */
static void escape(char *out, const char *word, const char *format)
{
	while (*word) {
		const uint8_t *at = (const uint8_t *)word;

		if (at[0] < 0x80) {
			add(out, "%c", at[0]);
			word += 1;
			continue;
		}
		assert_true((at[0] & 0xf0) == 0xe0);
		add(out, format,
		    (at[0] & 15U) << 12 | (at[1] & 63U) << 6 | (at[2] & 63U));
		word += 3;
	}
}

/* Where `shift` bytes of something else come before it in its group of
 * three: the digits that hang on the word alone. */
static void base64(char *out, const char *word, unsigned shift)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
				     "ghijklmnopqrstuvwxyz0123456789+/";
	size_t len = strlen(word), bits = 8 * (shift + len);

	for (size_t bit = (8 * shift + 5) / 6 * 6; bit + 6 <= bits; bit += 6) {
		unsigned value = 0;
		for (size_t i = bit; i < bit + 6; i++) {
			unsigned byte = (uint8_t)word[i / 8 - shift];
			value = value << 1 | (byte >> (7 - i % 8) & 1U);
		}
		add(out, "%c", (uint8_t)digits[value]);
	}
}

void seed_make(struct seed *seed, const char *word)
{
	static const char *const names[SEED_FORMS] = { "plain", "%XX", "%xx",
		"\\uXXXX", "\\uxxxx", "base64", "base64", "base64" };

	memset(seed, 0, sizeof(*seed));
	seed->word = word;
	for (size_t i = 0; i < SEED_FORMS; i++)
		seed->forms[i].name = names[i];
	snprintf(seed->forms[0].text, SEED_FORM_BYTES, "%s", word);
	percent(seed->forms[1].text, word, "%%%02X");
	percent(seed->forms[2].text, word, "%%%02x");
	escape(seed->forms[3].text, word, "\\u%04X");
	escape(seed->forms[4].text, word, "\\u%04x");
	for (unsigned shift = 0; shift < 3; shift++)
		base64(seed->forms[5 + shift].text, word, shift);
}

const char *seed_find(const struct seed *seed, struct bytes where)
{
	for (size_t i = 0; i < SEED_FORMS; i++)
		if (where.len &&
		    memmem(where.data, where.len, seed->forms[i].text,
			strlen(seed->forms[i].text)))
			return seed->forms[i].name;
	return NULL;
}

/* ---- files ---- */

static void look_at(
    struct seed_search *search, const struct seed *seed, const char *path)
{
	size_t len;
	char *text = file_read(&len, path);
	const char *form;

	if (!text)
		fail_msg("%s cannot be read", path);
	form = seed_find(seed, bytes_of(text, len));
	search->files++;
	search->bytes += len;
	if (form && search->found++ == 0) {
		snprintf(search->first, sizeof(search->first), "%s", path);
		search->first_form = form;
	}
	free(text);
}

static void walk(struct seed_search *search, const struct seed *seed,
    const char *folder, const char *but)
{
	DIR *dir = opendir(folder);
	char path[SEED_PATH];
	struct dirent *entry;
	struct stat about;

	if (!dir)
		fail_msg("%s cannot be read", folder);
	while ((entry = readdir(dir)) != NULL) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(
		    path, sizeof(path), "%.255s/%.240s", folder, entry->d_name);
		if (lstat(path, &about) || (but && !strcmp(path, but)))
			continue;
		if (S_ISDIR(about.st_mode))
			walk(search, seed, path, but);
		else if (S_ISREG(about.st_mode))
			look_at(search, seed, path);
	}
	closedir(dir);
}

void seed_search(struct seed_search *search, const struct seed *seed,
    const char *folder, const char *but)
{
	memset(search, 0, sizeof(*search));
	walk(search, seed, folder, but);
}
