#include "gatewayd/route.h"

#include <stdio.h>
#include <string.h>
#include "base/bytes.h"
#include "base/err.h"
#include "gatewayd/order.h"

int route_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* A segment of `len` bytes into `out`; false for what no number can be. */
static bool decode(char out[EXTERNAL_ID_MAX], const char *segment, size_t len)
{
	size_t at = 0;

	for (size_t i = 0; i < len; i++) {
		int high, low;

		if (at == EXTERNAL_ID_MAX - 1)
			return false;
		if (segment[i] != '%') {
			out[at++] = segment[i];
			continue;
		}
		high = i + 2 < len ? route_hex_digit(segment[i + 1]) : -1;
		low = i + 2 < len ? route_hex_digit(segment[i + 2]) : -1;
		if (high < 0 || low < 0)
			return false;
		out[at++] = (char)(high << 4 | low);
		i += 2;
	}
	out[at] = '\0';
	return order_number_is_valid(out, at);
}

/* Does `path`, of `len` bytes, fit the template? */
static bool fits(char value_out[EXTERNAL_ID_MAX], const char *template,
    const char *path, size_t len)
{
	size_t fixed = strcspn(template, "{"), segment;

	if (template[fixed] == '\0')
		return fixed == len && memcmp(template, path, len) == 0;
	if (len <= fixed || memcmp(template, path, fixed) != 0)
		return false;
	path += fixed;
	len -= fixed;
	template = strchr(template, '}') + 1;
	segment = strcspn(path, "/?");
	if (segment > len)
		segment = len;
	return len - segment == strlen(template) &&
	       memcmp(path + segment, template, len - segment) == 0 &&
	       decode(value_out, path, segment);
}

static void add_allowed(char allow[ROUTE_ALLOW_MAX], const char *method)
{
	size_t len = strlen(allow);

	snprintf(allow + len, ROUTE_ALLOW_MAX - len, "%s%s%s",
	    len > 0 ? ", " : "", method,
	    strcmp(method, "GET") == 0 ? ", HEAD" : "");
}

enum problem_kind route_find(struct route_match *match_out,
    const struct route *routes, size_t count, const char *method,
    const char *target)
{
	struct route_match match = { .path = "-" };
	size_t len = strcspn(target, "?");

	if (strcmp(method, "HEAD") == 0)
		method = "GET";
	for (size_t i = 0; i < count && !match.route; i++) {
		if (!fits(match.value, routes[i].path, target, len))
			continue;
		match.path = routes[i].path;
		add_allowed(match.allow, routes[i].method);
		if (strcmp(routes[i].method, method) == 0)
			match.route = &routes[i];
	}
	*match_out = match;
	if (match.route)
		return PROBLEM_NONE;
	return match.allow[0] ? PROBLEM_WRONG_METHOD : PROBLEM_NO_SUCH_PATH;
}

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || strchr("-._~", c) != NULL;
}

int route_encode(char *out, size_t size, const char *text)
{
	size_t start = strlen(out), at = start;

	for (; *text != '\0'; text++) {
		if (size - at < 4) {
			out[start] = '\0';
			return ERR_TOO_LARGE;
		}
		if (is_unreserved(*text))
			out[at++] = *text;
		else
			at += (size_t)snprintf(out + at, size - at, "%%%02X",
			    (unsigned)(uint8_t)*text);
	}
	out[at] = '\0';
	return 0;
}
