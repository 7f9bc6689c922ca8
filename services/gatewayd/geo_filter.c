/* Which requests a query asks for. */
#include "gatewayd/geo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "base/clock.h"
#include "base/err.h"

static const int64_t days_ms = INT64_C(24) * 3600 * 1000;

static int refuse(
    struct http_problem *problem_out, const char *field, enum field_fault fault)
{
	*problem_out = problem_field(field, fault);
	return ERR_INVALID;
}

/* The next word of a list with commas, without blanks about it; false at
 * the end. */
static bool next_word(const char **word_out, size_t *len_out, const char **list)
{
	const char *word = *list + strspn(*list, ", ");
	size_t len = strcspn(word, ",");

	*list = word + len;
	while (len > 0 && word[len - 1] == ' ')
		len--;
	*word_out = word;
	*len_out = len;
	return len > 0;
}

/* What cannot be an id is no ticket's, and is passed over like one that is
 * not there. */
static int read_ids(struct geo_filter *filter, struct http_problem *problem_out,
    const char *list)
{
	const char *word;
	size_t len;

	filter->has_ids = list[0] != '\0';
	while (next_word(&word, &len, &list)) {
		char text[ID_TEXT] = "";

		if (filter->id_count == GEO_IDS_MAX)
			return refuse(
			    problem_out, "service_request_id", FIELD_TOO_MANY);
		if (len != ID_TEXT - 1)
			continue;
		memcpy(text, word, len);
		if (!id_parse(&filter->ids[filter->id_count], text))
			filter->id_count++;
	}
	return 0;
}

static int read_codes(struct geo_filter *filter,
    struct http_problem *problem_out, const char *list)
{
	const char *word;
	size_t len;

	while (next_word(&word, &len, &list)) {
		if (filter->code_count == GEO_CODES_MAX)
			return refuse(
			    problem_out, "service_code", FIELD_TOO_MANY);
		if (len >= ITEM_CODE_MAX)
			return refuse(
			    problem_out, "service_code", FIELD_TOO_LONG);
		memcpy(filter->codes[filter->code_count], word, len);
		filter->codes[filter->code_count++][len] = '\0';
	}
	return 0;
}

static int read_status(struct geo_filter *filter,
    struct http_problem *problem_out, const char *list)
{
	const char *word;
	size_t len;

	while (next_word(&word, &len, &list)) {
		if (len == 4 && strncasecmp(word, "open", len) == 0)
			filter->status |= GEO_OPEN;
		else if (len == 6 && strncasecmp(word, "closed", len) == 0)
			filter->status |= GEO_CLOSED;
		else
			return refuse(problem_out, "status", FIELD_NOT_LISTED);
	}
	return 0;
}

/* "2026-11-22", or a time without its zone: as the city's own clock has it.
 * The specification wants a zone, but many a client leaves it out. */
static int read_local(int64_t *ms_out, const char *text, bool is_end)
{
	char whole[TIME_TEXT + 16];
	int64_t ms;
	int rc;

	snprintf(whole, sizeof(whole), "%s%sZ", text,
	    strchr(text, 'T') ? "" : "T00:00:00");
	rc = time_parse(&ms, whole);
	if (rc)
		return rc;
	if (is_end && !strchr(text, 'T'))
		ms += days_ms - 1;
	*ms_out = time_of_wall(ms);
	return 0;
}

static bool is_end_of_range(const char *name)
{
	return strcmp(name, "end_date") == 0 ||
	       strcmp(name, "updated_before") == 0;
}

/* A "+" that was not escaped came as a blank. */
static int read_time(int64_t *ms_out, struct http_problem *problem_out,
    const struct form *form, const char *name)
{
	const char *value = form_value(form, name);
	char text[TIME_TEXT], *blank;

	if (!value[0])
		return 0;
	if (strlen(value) >= sizeof(text))
		return refuse(problem_out, name, FIELD_NOT_TIME);
	strcpy(text, value);
	blank = strrchr(text, ' ');
	if (blank)
		*blank = '+';
	if (time_parse(ms_out, text) == 0 ||
	    read_local(ms_out, text, is_end_of_range(name)) == 0)
		return 0;
	return refuse(problem_out, name, FIELD_NOT_TIME);
}

static int read_number(size_t *value_out, struct http_problem *problem_out,
    const struct form *form, const char *name, size_t max)
{
	const char *text = form_value(form, name);
	size_t len = strlen(text);

	if (len == 0)
		return 0;
	if (len > 7 || strspn(text, "0123456789") != len)
		return refuse(problem_out, name, FIELD_NOT_NUMBER);
	*value_out = strtoul(text, NULL, 10);
	return *value_out >= 1 && *value_out <= max
		   ? 0
		   : refuse(problem_out, name, FIELD_NOT_NUMBER);
}

static int read_page(struct geo_filter *filter,
    struct http_problem *problem_out, const struct form *form)
{
	size_t page = 1, size = GEO_PAGE_MAX;
	int rc =
	    read_number(&size, problem_out, form, "page_size", GEO_PAGE_MAX);

	if (!rc)
		rc = read_number(&page, problem_out, form, "page", 1000 * 1000);
	filter->skip = (page - 1) * size;
	filter->limit = size;
	return rc;
}

/*
 * Both ends, one, or none: then it is the last 90 days. A window of change
 * alone reaches back as far as there are tickets.
 */
static int read_window(struct geo_filter *filter,
    struct http_problem *problem_out, const struct form *form, int64_t now_ms)
{
	int64_t start_ms = 0, end_ms = 0;
	bool by_change = filter->after_ms || filter->before_ms;
	int rc = read_time(&start_ms, problem_out, form, "start_date");

	if (!rc)
		rc = read_time(&end_ms, problem_out, form, "end_date");
	if (rc)
		return rc;
	if (start_ms && end_ms &&
	    (end_ms < start_ms || end_ms - start_ms > GEO_DAYS * days_ms)) {
		*problem_out = problem_of(PROBLEM_TOO_WIDE);
		return ERR_INVALID;
	}
	if (!start_ms && !(by_change && !end_ms))
		start_ms = (end_ms ? end_ms : now_ms) - GEO_DAYS * days_ms;
	if (!end_ms)
		end_ms = form_has(form, "start_date") && start_ms
			     ? start_ms + GEO_DAYS * days_ms
			     : INT64_MAX;
	filter->start_ms = start_ms;
	filter->end_ms = end_ms;
	return 0;
}

int geo_filter_read(struct geo_filter *filter_out,
    struct http_problem *problem_out, const struct form *form, bool is_updates,
    int64_t now_ms)
{
	struct geo_filter *filter = filter_out;
	int rc;

	memset(filter, 0, sizeof(*filter));
	rc = read_ids(
	    filter, problem_out, form_value(form, "service_request_id"));
	if (!rc)
		rc = read_codes(
		    filter, problem_out, form_value(form, "service_code"));
	if (!rc)
		rc = read_status(
		    filter, problem_out, form_value(form, "status"));
	if (!rc)
		rc = read_time(
		    &filter->after_ms, problem_out, form, "updated_after");
	if (!rc)
		rc = read_time(
		    &filter->before_ms, problem_out, form, "updated_before");
	if (!rc)
		rc = read_page(filter, problem_out, form);
	if (!rc)
		rc = read_window(filter, problem_out, form, now_ms);
	if (!rc && is_updates) {
		filter->after_ms = filter->start_ms;
		filter->before_ms = 0;
	}
	return rc;
}

bool geo_is_public(const struct ticket *ticket)
{
	return ticket->kind == KIND_APPEAL &&
	       ticket->source == SOURCE_RESIDENT &&
	       !(ticket->flags & TICKET_CONFIDENTIAL);
}

unsigned geo_status(enum state state)
{
	switch (state) {
	case STATE_RESOLVED:
	case STATE_CLOSED:
	case STATE_EXCLUDED:
	case STATE_MERGED:
		return GEO_CLOSED;
	default:
		return GEO_OPEN;
	}
}

static bool has_code(const struct geo_filter *filter, const char *item)
{
	for (size_t i = 0; i < filter->code_count; i++)
		if (strcmp(filter->codes[i], item) == 0)
			return true;
	return filter->code_count == 0;
}

bool geo_wants(const struct geo_filter *filter, const struct ticket *ticket)
{
	if (!geo_is_public(ticket) || !has_code(filter, ticket->item))
		return false;
	if (filter->status &&
	    !(filter->status & geo_status((enum state)ticket->state)))
		return false;
	if (filter->after_ms && ticket->updated_ms < filter->after_ms)
		return false;
	return !filter->before_ms || ticket->updated_ms <= filter->before_ms;
}
