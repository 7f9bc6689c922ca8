#include "base/encoding.h"

#include <errno.h>
#include <string.h>
#include "base/err.h"

enum { FIELD_SAMPLE_BYTES = 4096 };

int encoding_open(iconv_t *converter_out)
{
	iconv_t converter = iconv_open("UTF-8", "GB18030");

	if (converter == (iconv_t)-1)
		return errno == EINVAL ? ERR_NOT_FOUND : ERR_NOMEM;
	*converter_out = converter;
	return 0;
}

int encoding_convert(size_t *len_out, char *out, size_t size, iconv_t converter,
    struct bytes text)
{
	/* iconv's signature is older than const; it does not write there */
	char *from = (char *)(uintptr_t)text.data, *to = out;
	size_t left = text.len, room = size;

	iconv(converter, NULL, NULL, NULL, NULL);
	if (iconv(converter, &from, &left, &to, &room) == (size_t)-1)
		return ERR_INVALID;
	*len_out = size - room;
	return bytes_is_text(bytes_of(out, *len_out)) ? 0 : ERR_INVALID;
}

static bool is_ascii(struct bytes field)
{
	size_t i;

	for (i = 0; i < field.len; i++) {
		if (field.data[i] >= 0x80)
			return false;
	}
	return true;
}

/* Whether the field speaks for UTF-8 (1), for GB18030 (-1) or for neither. */
static int verdict(struct bytes field, iconv_t converter)
{
	char text[2 * FIELD_SAMPLE_BYTES];
	size_t len;

	if (is_ascii(field))
		return 0;
	if (bytes_is_text(field))
		return 1;
	if (field.len <= FIELD_SAMPLE_BYTES &&
	    encoding_convert(&len, text, sizeof(text), converter, field) == 0)
		return -1;
	return 0;
}

/* Up to a byte that ends a field or a line: in neither encoding is such a
 * byte part of a longer character. */
static size_t field_len(struct bytes sample)
{
	size_t len = 0;

	while (len < sample.len && !memchr("\r\n,\"", sample.data[len], 4))
		len++;
	return len;
}

enum encoding encoding_guess(
    struct bytes sample, bool is_cut, iconv_t converter)
{
	long utf8 = 0, gb18030 = 0;
	size_t len;
	int side;

	while (sample.len > 0) {
		len = field_len(sample);
		if (len == sample.len && is_cut)
			break;
		side = verdict(bytes_of(sample.data, len), converter);
		utf8 += side > 0;
		gb18030 += side < 0;
		len += len < sample.len;
		sample = bytes_of(sample.data + len, sample.len - len);
	}
	return gb18030 > utf8 ? ENCODING_GB18030 : ENCODING_UTF8;
}
