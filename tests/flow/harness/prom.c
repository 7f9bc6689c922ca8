#include "harness/harness.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/prom.h"

enum { SERIES_MAX = 20000, METRICS_MAX = 256, NAME_BYTES = 128 };

struct metric {
	char name[NAME_BYTES];
	char type[16];
	bool is_over; /* another has begun since */
};

static struct {
	const char *series[SERIES_MAX];
	size_t lens[SERIES_MAX], count;
	struct metric metrics[METRICS_MAX];
	size_t metric_count;
	unsigned line;
} seen;

static void wrong(const char *line, const char *why)
{
	fail_msg("line %u: %s: %.*s", seen.line, why, (int)strcspn(line, "\n"),
	    line);
}

static size_t name_len(const char *text, bool is_label)
{
	size_t len = 0;

	while (isalnum((unsigned char)text[len]) || text[len] == '_' ||
	       (!is_label && text[len] == ':'))
		len++;
	return isdigit((unsigned char)text[0]) ? 0 : len;
}

static struct metric *metric_at(const char *name, size_t len)
{
	for (size_t i = 0; i < seen.metric_count; i++)
		if (strlen(seen.metrics[i].name) == len &&
		    strncmp(seen.metrics[i].name, name, len) == 0)
			return &seen.metrics[i];
	return NULL;
}

/* "# HELP name text": begins a metric. */
static void read_help(const char *line)
{
	const char *name = line + 7;
	size_t len = name_len(name, false);
	struct metric *metric;

	if (len == 0 || len >= NAME_BYTES || name[len] != ' ' ||
	    name[len + 1] == '\n')
		wrong(line, "no name or no help");
	if (metric_at(name, len))
		wrong(line, "a second head");
	if (seen.metric_count > 0)
		seen.metrics[seen.metric_count - 1].is_over = true;
	assert_true(seen.metric_count < METRICS_MAX);
	metric = &seen.metrics[seen.metric_count++];
	memset(metric, 0, sizeof(*metric));
	memcpy(metric->name, name, len);
}

static void read_type(const char *line)
{
	static const char *const types[] = { "counter", "gauge", "histogram" };
	const char *name = line + 7;
	size_t len = name_len(name, false);
	struct metric *metric = metric_at(name, len);
	bool is_known = false;

	if (!metric || metric->is_over || metric->type[0])
		wrong(line, "a type without its help before it");
	for (size_t i = 0; i < 3; i++)
		is_known = is_known || strncmp(name + len + 1, types[i],
					   strcspn(name + len + 1, "\n")) == 0;
	if (name[len] != ' ' || !is_known)
		wrong(line, "no type");
	snprintf(metric->type, sizeof(metric->type), "%.*s",
	    (int)strcspn(name + len + 1, "\n"), name + len + 1);
	if (strcmp(metric->type, "counter") == 0 &&
	    strcmp(metric->name + strlen(metric->name) - 6, "_total") != 0)
		wrong(line, "a counter whose name does not end in _total");
}

/* After the opening brace; returns what is behind the closing one. */
static const char *read_labels(const char *line, const char *at)
{
	while (*at != '}') {
		size_t len = name_len(at, true);
		if (len == 0 || strncmp(at + len, "=\"", 2) != 0)
			wrong(line, "no label");
		for (at += len + 2; *at != '"'; at++) {
			if (*at == '\n' || *at == '\0')
				wrong(line, "a label without an end");
			if (*at == '\\' && !strchr("\\\"n", *++at))
				wrong(line, "no such escape");
		}
		at++;
		if (*at == ',' && at[1] != '}')
			at++;
		else if (*at != '}')
			wrong(line, "no comma");
	}
	return at + 1;
}

/* A histogram's series have names of their own. */
static struct metric *metric_of(const char *name, size_t len)
{
	static const char *const ends[] = { "_bucket", "_sum", "_count" };
	struct metric *metric = metric_at(name, len);

	for (size_t i = 0; !metric && i < 3; i++) {
		size_t end = strlen(ends[i]);
		if (len > end && strncmp(name + len - end, ends[i], end) == 0)
			metric = metric_at(name, len - end);
		if (metric && strcmp(metric->type, "histogram") != 0)
			metric = NULL;
	}
	return metric;
}

static void read_series(const char *line)
{
	size_t len = name_len(line, false);
	struct metric *metric = metric_of(line, len);
	const char *at = line + len;
	char *end;

	if (len == 0 || !metric || metric->is_over || !metric->type[0])
		wrong(line, "not below its own head");
	if (*at == '{')
		at = read_labels(line, at + 1);
	if (*at != ' ')
		wrong(line, "no value");
	for (size_t i = 0; i < seen.count; i++)
		if (seen.lens[i] == (size_t)(at - line) &&
		    strncmp(seen.series[i], line, seen.lens[i]) == 0)
			wrong(line, "a series twice");
	assert_true(seen.count < SERIES_MAX);
	seen.series[seen.count] = line;
	seen.lens[seen.count++] = (size_t)(at - line);
	strtod(at + 1, &end);
	if (end == at + 1 || *end != '\n')
		wrong(line, "the value is no number");
}

void prom_check(const char *text)
{
	memset(&seen, 0, sizeof(seen));
	assert_true(text[0] != '\0');
	while (*text != '\0') {
		const char *end = strchr(text, '\n');
		seen.line++;
		if (!end)
			wrong(text, "no line's end");
		if (strncmp(text, "# HELP ", 7) == 0)
			read_help(text);
		else if (strncmp(text, "# TYPE ", 7) == 0)
			read_type(text);
		else
			read_series(text);
		text = end + 1;
	}
	assert_true(seen.count > 0);
}

bool prom_value(double *value_out, const char *text, const char *series)
{
	size_t len = strlen(series);

	while (text) {
		if (strncmp(text, series, len) == 0 && text[len] == ' ') {
			*value_out = strtod(text + len + 1, NULL);
			return true;
		}
		text = strchr(text, '\n');
		text += text != NULL;
	}
	return false;
}
