/*
 * The keywords of all items, and the item that a text speaks of. Looked up
 * by the first character: a text is read once, and most characters begin no
 * keyword.
 */
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/limits.h"
#include "catalogue/inside.h"
#include "org/shown.h"

/* What was found in one title and text. */
struct scores {
	unsigned of[ITEMS_MAX];
	uint8_t is_seen[KEYWORDS_MAX / 8];
};

static size_t char_len(const char *at, const char *end)
{
	unsigned char first = (unsigned char)*at;
	size_t len = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	return len <= (size_t)(end - at) ? len : 1;
}

/* The wide form (U+FF01..U+FF5E) of an ASCII character as that character;
 * 0 when it is none. */
static char narrow(const char *at, size_t len)
{
	const unsigned char *b = (const unsigned char *)at;
	unsigned code;

	if (len != 3 || b[0] != 0xef)
		return 0;
	code = (unsigned)(b[1] & 0x3f) << 6 | (b[2] & 0x3fU);
	return code >= 0xf01 && code <= 0xf5e ? (char)(code - 0xf01 + '!') : 0;
}

/*
 * Copies the text with Latin letters as capitals and wide forms as plain
 * ones; never longer than it was. Returns the bytes written, at most `len`.
 */
static size_t fold(char *out, const char *text, size_t len)
{
	const char *end = text + len;
	size_t used = 0;

	for (const char *at = text; at < end;) {
		size_t bytes = char_len(at, end);
		char plain = bytes == 1 ? *at : narrow(at, bytes);

		if (plain >= 'a' && plain <= 'z')
			plain = (char)(plain - 'a' + 'A');
		if (plain != 0 || bytes == 1) {
			out[used++] = plain;
		} else {
			memcpy(out + used, at, bytes);
			used += bytes;
		}
		at += bytes;
	}
	return used;
}

static unsigned count_chars(const char *text, size_t len)
{
	const char *end = text + len;
	unsigned count = 0;

	for (const char *at = text; at < end; at += char_len(at, end))
		count++;
	return count;
}

static int by_text(const void *left, const void *right)
{
	const struct keyword *a = left, *b = right;
	unsigned shorter = a->len < b->len ? a->len : b->len;
	int order = memcmp(a->text, b->text, shorter);

	if (order != 0)
		return order;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	return (a->item > b->item) - (a->item < b->item);
}

/* How many keywords there are, and bytes of them in all. */
static void measure(
    size_t *count_out, size_t *bytes_out, const struct catalogue_file *file)
{
	*count_out = 0;
	*bytes_out = 0;
	for (unsigned i = 0; i < file->items_count; i++) {
		const struct item_row *row = &file->items[i];

		*count_out += row->keywords_count;
		for (unsigned j = 0; j < row->keywords_count; j++)
			*bytes_out += strlen(row->keywords[j]);
	}
}

static void take_keywords(
    struct keywords *keywords, const struct making *making)
{
	const struct catalogue_file *file = making->catalogue->file;
	char *room = keywords->texts;

	for (unsigned i = 0; i < file->items_count; i++) {
		const struct item_row *row = &file->items[i];

		for (unsigned j = 0; j < row->keywords_count; j++) {
			const char *text = row->keywords[j];
			size_t len = fold(room, text, strlen(text));

			if (len == 0 || text[strspn(text, " \t")] == '\0') {
				complain(making, "items", i, "keywords",
				    "%s: an empty keyword; remove it",
				    SHOWN(row->code));
				continue;
			}
			keywords->of[keywords->count++] =
			    (struct keyword){ room, (unsigned)len,
				    count_chars(room, len), i, j };
			room += len;
		}
	}
}

static int link_keywords(struct keywords *keywords, const struct making *making)
{
	const struct item_row *rows = making->catalogue->file->items;

	for (size_t i = 0; i < keywords->count; i++) {
		const struct keyword *at = &keywords->of[i];
		const struct keyword *before = i > 0 ? at - 1 : NULL;
		int err = table_put(&keywords->by_head, at->text,
		    char_len(at->text, at->text + at->len), (uint32_t)i);

		if (err != 0 && err != ERR_EXISTS)
			return err;
		if (before == NULL || before->len != at->len ||
		    memcmp(before->text, at->text, at->len) != 0)
			continue;
		report_add(making->report, making->path,
		    yaml_line(making->catalogue->yaml, "items[%u].keywords[%u]",
			at->item, at->index),
		    before->item == at->item
			? "%s: keyword \"%s\" stands twice; remove one%.0s"
			: "%s: keyword \"%s\" is item %s's too; leave it to "
			  "one of the two",
		    SHOWN(rows[at->item].code),
		    SHOWN(rows[at->item].keywords[at->index]),
		    SHOWN(rows[before->item].code));
	}
	return 0;
}

int make_keywords(const struct making *making)
{
	struct catalogue *catalogue = making->catalogue;
	struct keywords *keywords = &catalogue->keywords;
	size_t count, bytes;

	measure(&count, &bytes, catalogue->file);
	if (count > KEYWORDS_MAX) {
		report_add(making->report, making->path,
		    yaml_line(catalogue->yaml, "items"),
		    "%zu keywords; a catalogue has at most %d", count,
		    KEYWORDS_MAX);
		return 0;
	}
	keywords->of = calloc(count + 1, sizeof(*keywords->of));
	keywords->texts = malloc(bytes + 1);
	if (keywords->of == NULL || keywords->texts == NULL)
		return ERR_NOMEM;
	take_keywords(keywords, making);
	qsort(keywords->of, keywords->count, sizeof(*keywords->of), by_text);
	return link_keywords(keywords, making);
}

void keywords_free(struct keywords *keywords)
{
	table_free(&keywords->by_head);
	free(keywords->of);
	free(keywords->texts);
	*keywords = (struct keywords){ 0 };
}

/* Counts each keyword found for the first time, `weight` times. */
static void score(struct scores *scores, const struct keywords *keywords,
    const char *text, unsigned weight)
{
	char folded[TEXT_MAX_BYTES];
	size_t len = fold(folded, text, text_cut(text, sizeof(folded)));
	const char *end = folded + len;

	for (const char *at = folded; at < end;) {
		size_t head = char_len(at, end);
		size_t left = (size_t)(end - at);
		uint32_t i;

		if (!table_get(&i, &keywords->by_head, at, head)) {
			at += head;
			continue;
		}
		for (; i < keywords->count; i++) {
			const struct keyword *word = &keywords->of[i];

			if (memcmp(word->text, at, head) != 0)
				break;
			if (word->len > left ||
			    memcmp(word->text, at, word->len) != 0 ||
			    (scores->is_seen[i / 8] & 1 << i % 8))
				continue;
			scores->is_seen[i / 8] |= (uint8_t)(1 << i % 8);
			scores->of[word->item] += weight * word->chars;
		}
		at += head;
	}
}

const struct item *catalogue_classify(const struct item **hint_out,
    const struct catalogue *catalogue, const char *title, const char *text)
{
	const struct keywords *keywords = &catalogue->keywords;
	unsigned count = catalogue->file->items_count;
	struct scores scores;
	unsigned best = 0;
	bool is_tied = false;

	memset(scores.of, 0, count * sizeof(scores.of[0]));
	memset(scores.is_seen, 0, keywords->count / 8 + 1);
	score(&scores, keywords, title, 2);
	score(&scores, keywords, text, 1);
	for (unsigned i = 1; i < count; i++) {
		if (scores.of[i] > scores.of[best]) {
			best = i;
			is_tied = false;
		} else if (scores.of[i] == scores.of[best]) {
			is_tied = true;
		}
	}
	if (hint_out != NULL)
		*hint_out =
		    scores.of[best] > 0 ? &catalogue->items[best] : NULL;
	return scores.of[best] > 0 && !is_tied ? &catalogue->items[best] : NULL;
}

const struct item *keywords_rival(const struct catalogue *catalogue,
    const struct item *item, const char *text)
{
	const struct keywords *keywords = &catalogue->keywords;
	unsigned count = catalogue->file->items_count;
	struct scores scores;

	memset(scores.of, 0, count * sizeof(scores.of[0]));
	memset(scores.is_seen, 0, keywords->count / 8 + 1);
	score(&scores, keywords, text, 1);
	for (unsigned i = 0; i < count; i++)
		if (&catalogue->items[i] != item &&
		    scores.of[i] == scores.of[item - catalogue->items])
			return &catalogue->items[i];
	return NULL;
}
