#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/bytes.h"
#include "base/clock.h"
#include "base/id.h"

enum {
	/* a pipe takes as much in one piece (PIPE_BUF) */
	LINE_MAX_BYTES = 4096,
	TEXT_BYTES = 2048,
	BLOCK_BYTES = 16 * LINE_MAX_BYTES,
	SUBJECTS_MAX = 256,
};

static const char *const level_names[] = {
	[LOG_ERROR] = "error",
	[LOG_WARN] = "warn",
	[LOG_INFO] = "info",
	[LOG_DEBUG] = "debug",
};

static const char *log_node = "-";
static enum log_level log_least = LOG_INFO;

void log_setup(const char *node, enum log_level least)
{
	log_node = node;
	log_least = least;
}

static bool is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x7f;
}

/* Appends `text` with odd bytes as \xNN, as far as there is room. */
static size_t escape(char *out, size_t at, size_t size, const char *text)
{
	for (; *text != '\0' && size - at > 5; text++) {
		if (is_plain((uint8_t)*text))
			out[at++] = *text;
		else
			at += (size_t)snprintf(out + at, size - at, "\\x%02x",
			    (unsigned int)(uint8_t)*text);
	}
	out[at] = '\0';
	return at;
}

static void write_line(const char *line, size_t len)
{
	ssize_t done;

	do {
		done = write(STDERR_FILENO, line, len);
	} while (done < 0 && errno == EINTR);
}

/* The start of a line, the same for all of one moment. */
static size_t put_head(char *line, size_t size, enum log_level level)
{
	char time[TIME_TEXT];
	struct clock clock = clock_system();
	size_t at = (size_t)snprintf(line, size,
	    "%s %s node=", time_format(time, clock_now_ms(&clock)),
	    level_names[level]);

	at = escape(line, at, at + 256, log_node);
	line[at++] = ' ';
	return at;
}

void log_lines(enum log_level level, const char *texts, size_t len)
{
	char head[LINE_MAX_BYTES], block[BLOCK_BYTES];
	const char *end = texts + len;
	size_t head_len, at = 0;

	if (level > log_least || len == 0)
		return;
	head_len = put_head(head, sizeof(head), level);
	for (; texts < end; texts += strlen(texts) + 1) {
		if (at + LINE_MAX_BYTES > sizeof(block)) {
			write_line(block, at);
			at = 0;
		}
		memcpy(block + at, head, head_len);
		at = escape(
		    block, at + head_len, at + LINE_MAX_BYTES - 1, texts);
		block[at++] = '\n';
	}
	write_line(block, at);
}

/* One write for one line: lines of threads and processes do not mix. */
void log_line(enum log_level level, const char *format, ...)
{
	char text[TEXT_BYTES], line[LINE_MAX_BYTES];
	va_list args;
	size_t at;

	if (level > log_least)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	at = put_head(line, sizeof(line), level);
	at = escape(line, at, sizeof(line) - 1, text);
	line[at++] = '\n';
	write_line(line, at);
}

char *log_value(char text_out[LOG_VALUE_MAX], const char *value)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_.,:;/@+*#%~()[]{}<>!?$&^|";
	size_t at = 0, size = LOG_VALUE_MAX - 1;

	if (*value != '\0' && value[strspn(value, plain)] == '\0') {
		snprintf(text_out, LOG_VALUE_MAX, "%s", value);
		return text_out;
	}
	text_out[at++] = '"';
	for (; *value != '\0' && size - at > 5; value++) {
		if (*value == '"' || *value == '\\') {
			text_out[at++] = '\\';
			text_out[at++] = *value;
		} else {
			char one[2] = { *value, '\0' };

			at = escape(text_out, at, size, one);
		}
	}
	text_out[at++] = '"';
	text_out[at] = '\0';
	return text_out;
}

struct subject {
	uint64_t name; /* keyed hash: a stranger cannot make two collide */
	int64_t last_ms;
	int64_t every_ms;
	bool in_use;
};

static struct {
	pthread_mutex_t lock;
	bool has_key;
	uint8_t key[crypto_shorthash_KEYBYTES];
	struct subject rows[SUBJECTS_MAX];
	struct subject others; /* all that find no row */
} seen = { .lock = PTHREAD_MUTEX_INITIALIZER };

static uint64_t subject_name(const char *text)
{
	uint64_t name;

	if (!seen.has_key) {
		struct entropy entropy = entropy_system();

		entropy.fill(entropy.context, seen.key, sizeof(seen.key));
		seen.has_key = true;
	}
	crypto_shorthash(
	    (uint8_t *)&name, (const uint8_t *)text, strlen(text), seen.key);
	return name;
}

/* A clock that stepped back does not silence anybody. */
static bool subject_is_over(const struct subject *subject, int64_t now_ms)
{
	return !subject->in_use || now_ms < subject->last_ms ||
	       now_ms - subject->last_ms >= subject->every_ms;
}

/* Its own row, else one whose time is over, else the shared one: whoever
 * makes up subjects gets one line for all of them once the rows are full. */
static struct subject *subject_row(uint64_t name, int64_t now_ms)
{
	struct subject *over = NULL;
	size_t i;

	for (i = 0; i < SUBJECTS_MAX; i++) {
		if (seen.rows[i].in_use && seen.rows[i].name == name)
			return &seen.rows[i];
		if (!over && subject_is_over(&seen.rows[i], now_ms))
			over = &seen.rows[i];
	}
	if (!over)
		return &seen.others;
	over->in_use = false;
	return over;
}

_Bool log_is_due(const char *subject, int64_t now_ms, int64_t every_ms)
{
	struct subject *row;
	uint64_t name;
	bool due;

	pthread_mutex_lock(&seen.lock);
	name = subject_name(subject);
	row = subject_row(name, now_ms);
	due = subject_is_over(row, now_ms);
	if (due)
		*row = (struct subject){ name, now_ms, every_ms, true };
	pthread_mutex_unlock(&seen.lock);
	return due;
}
