/*
 * The log: one line per fact on standard error, `key=value` with fixed
 * keys. Values are ids, codes, numbers and fixed phrases, never a person's
 * words: a value that is not plain ASCII without spaces is quoted and its
 * odd bytes escaped, so that a line stays one line whatever came in.
 */
#ifndef WHISTLE_BASE_LOG_H
#define WHISTLE_BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

enum log_level {
	LOG_ERROR, /* a person must act */
	LOG_WARN,  /* we retry */
	LOG_INFO,  /* state changed */
	LOG_DEBUG,
};

/* Lines below `least` are dropped; `node` starts every line. Both are for
 * the whole process and set once at start. `node` is borrowed for ever. */
void log_setup(const char *node, enum log_level least);

/* One line. Alternating keys and printf formats are too easy to get wrong,
 * so: `format` is printf's and already has its keys, as in
 * log_line(LOG_INFO, "link=%s state=up", name). Control bytes are escaped. */
void log_line(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

enum { LOG_VALUE_MAX = 192 };

/* A word from outside as a value for log_line's "key=%s": unchanged if it is
 * plain, else in quotes with its odd bytes escaped; cut to fit. Returns
 * `text_out`. */
char *log_value(char text_out[LOG_VALUE_MAX], const char *value);

/*
 * Many lines that became true at one moment: `texts` holds them one after
 * the other, each closed by a NUL, formatted already. One time for all, and
 * a write for many of them.
 */
void log_lines(enum log_level level, const char *texts, size_t len);

/*
 * True once for a `subject` each `every_ms`: "logged once" for what a
 * stranger can repeat at will. Remembers a bounded number of subjects; those
 * beyond share one.
 */
_Bool log_is_due(const char *subject, int64_t now_ms, int64_t every_ms);

#endif
