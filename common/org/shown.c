#include "org/shown.h"

#include <string.h>
#include "base/bytes.h"

const char *shown_text(struct shown *shown_out, const char *text)
{
	size_t len = text_cut(text, SHOWN_MAX - 1);

	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)text[i];

		shown_out->s[i] = byte < ' ' || byte == 127 ? '?' : text[i];
	}
	shown_out->s[len] = '\0';
	return shown_out->s;
}
