/*
 * Which of the two encodings that city halls export a text is in, and its
 * way into UTF-8. Every field has a vote, so that a few damaged ones do not
 * change the verdict on the rest.
 */
#ifndef WHISTLE_BASE_ENCODING_H
#define WHISTLE_BASE_ENCODING_H

#include <iconv.h>
#include "base/bytes.h"

enum encoding { ENCODING_UTF8, ENCODING_GB18030 };

/* An open converter; for GB18030 only. ERR_NOMEM; ERR_NOT_FOUND where the
 * C library has no such converter. */
int encoding_open(iconv_t *converter_out);

/* `sample` is the start of a text; `is_cut`: not all of it, so that its last
 * field may end within a character. */
enum encoding encoding_guess(
    struct bytes sample, bool is_cut, iconv_t converter);

/*
 * GB18030 to UTF-8. *len_out bytes in `out`, which holds twice `text.len`.
 * ERR_INVALID for what is not GB18030, or not text.
 */
int encoding_convert(size_t *len_out, char *out, size_t size, iconv_t converter,
    struct bytes text);

#endif
