#include "gatewayd/query.h"

#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "gatewayd/order.h"

void query_refuse(
    struct exchange *exchange, const char *name, enum field_fault fault)
{
	struct http_problem problem = problem_field(name, fault);

	exchange_problem(exchange, &problem);
}

static bool is_among(const char *name, const char *const *names)
{
	while (*names && strcmp(*names, name) != 0)
		names++;
	return *names != NULL;
}

bool query_read(
    struct form *form_out, struct exchange *exchange, const char *const *names)
{
	struct arena *arena = exchange->gateway->arena;
	const char *query = strchr(exchange->target, '?');

	arena_reset(arena);
	form_out->count = 0;
	if (query &&
	    form_add(form_out, arena, bytes_of(query + 1, strlen(query + 1)))) {
		exchange_refuse(exchange, PROBLEM_BAD_REQUEST);
		return false;
	}
	for (size_t i = 0; i < form_out->count; i++)
		if (!is_among(form_out->pairs[i].name, names)) {
			query_refuse(
			    exchange, form_out->pairs[i].name, FIELD_UNKNOWN);
			return false;
		}
	return true;
}

bool query_number(unsigned *out, struct exchange *exchange,
    const struct form *form, const char *name, unsigned max)
{
	const char *text = form_value(form, name);
	unsigned long value;

	if (!text[0])
		return true;
	value = strtoul(text, NULL, 10);
	if (strlen(text) > 9 || strspn(text, "0123456789") != strlen(text) ||
	    value < 1 || value > max) {
		query_refuse(exchange, name, FIELD_NOT_NUMBER);
		return false;
	}
	*out = (unsigned)value;
	return true;
}

/* In a query a plus is a space; here it can only have been a plus. */
static void mend_zone(char out[TIME_TEXT], const char *text)
{
	size_t len = strnlen(text, TIME_TEXT - 1);
	char *space;

	memcpy(out, text, len);
	out[len] = '\0';
	space = strrchr(out, ' ');
	if (space)
		*space = '+';
}

bool query_time(int64_t *out, struct exchange *exchange,
    const struct form *form, const char *name)
{
	const char *text = form_value(form, name);
	char mended[TIME_TEXT];

	if (!text[0])
		return true;
	mend_zone(mended, text);
	if (strlen(text) < TIME_TEXT && time_parse(out, mended) == 0 &&
	    *out >= 0)
		return true;
	query_refuse(exchange, name, FIELD_NOT_TIME);
	return false;
}

bool query_division(struct unit_code *out, struct exchange *exchange,
    const struct form *form, const char *name)
{
	const char *text = form_value(form, name);

	if (!text[0])
		return true;
	if (strlen(text) < UNIT_CODE_MAX && order_division(out, text) == 0 &&
	    org_unit(exchange->gateway->org, out))
		return true;
	query_refuse(exchange, name, FIELD_NOT_CODE);
	return false;
}
