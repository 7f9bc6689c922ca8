#include "roff.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static void put_char(FILE *out, char c)
{
	static const struct {
		char c;
		const char *shown;
	} special[] = {
		{ '\\', "\\e" },
		{ '-', "\\-" },
		{ '"', "\\(dq" },
		{ '\'', "\\(aq" },
		{ '`', "\\(ga" },
		{ '^', "\\(ha" },
		{ '~', "\\(ti" },
	};
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
		if (special[i].c == c) {
			fputs(special[i].shown, out);
			return;
		}
	fputc(c, out);
}

static void put_chars(FILE *out, const char *text, size_t len)
{
	/* Only at the start of a line is a dot more than a dot. */
	if (len > 0 && text[0] == '.')
		fputs("\\&", out);
	for (size_t i = 0; i < len; i++)
		put_char(out, text[i]);
}

void roff_text(FILE *out, const char *text)
{
	put_chars(out, text, strlen(text));
}

void roff_words(FILE *out, const char *words)
{
	while (*words) {
		size_t len = 0;
		while (isupper((unsigned char)words[len]))
			len++;
		if (len > 0)
			fprintf(out, "\\fI%.*s\\fR", (int)len, words);
		else
			put_char(out, words[0]);
		words += len > 0 ? len : 1;
	}
}

void roff_paragraphs(FILE *out, const char *text)
{
	bool is_shown_as_it_is = false;
	while (*text) {
		size_t len = strcspn(text, "\n");
		bool is_indented = text[0] == ' ';
		if (is_indented && !is_shown_as_it_is)
			fprintf(out, ".nf\n");
		if (!is_indented && is_shown_as_it_is)
			fprintf(out, ".fi\n");
		is_shown_as_it_is = is_indented;
		if (len == 0) {
			fprintf(out, ".PP\n");
		} else {
			put_chars(out, text, len);
			fputc('\n', out);
		}
		text += len + (text[len] == '\n');
	}
	if (is_shown_as_it_is)
		fprintf(out, ".fi\n");
}
