/*
 * The description has just the routes, problems and refusals that there are:
 * a route without a description, or a description without a route, is found
 * here; whether the gateway does as described, flow/hotline finds.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include "gatewayd/keys.h"
#include "gatewayd/problem.h"
#include "gatewayd/route.h"
#include "gatewayd/client_file.h"
#include "ticket/law.h"

#define BASE "/hotline/"

static json_t *document;

static int load(void **state)
{
	(void)state;
	document = json_load_file(
	    SOURCE_DIR "/services/gatewayd/openapi.json", 0, NULL);
	return document ? 0 : -1;
}

static int drop(void **state)
{
	(void)state;
	json_decref(document);
	return 0;
}

static json_t *at(json_t *value, const char *const *keys)
{
	for (; value && *keys; keys++)
		value = json_object_get(value, *keys);
	return value;
}

#define AT(value, ...) at(value, (const char *const[]){ __VA_ARGS__, NULL })

static const char *lower(const char *method)
{
	return strcmp(method, "GET") == 0    ? "get"
	       : strcmp(method, "POST") == 0 ? "post"
	       : strcmp(method, "PUT") == 0  ? "put"
					     : "delete";
}

static json_t *described(const struct route *route)
{
	return AT(document, "paths", route->path, lower(route->method));
}

static void every_route_of_the_hotline_is_described(void **state)
{
	(void)state;
	for (size_t i = 0; i < route_count; i++) {
		const struct route *route = &route_table[i];

		if (strncmp(route->path, BASE, strlen(BASE)) == 0 &&
		    !described(route))
			fail_msg("openapi.json has no %s %s", route->method,
			    route->path);
	}
}

static bool is_route(const char *method, const char *path)
{
	for (size_t i = 0; i < route_count; i++)
		if (strcmp(route_table[i].path, path) == 0 &&
		    strcmp(lower(route_table[i].method), method) == 0)
			return true;
	return false;
}

static void every_description_is_of_a_route(void **state)
{
	const char *path, *method;
	json_t *item, *one;

	(void)state;
	json_object_foreach(json_object_get(document, "paths"), path, item)
	{
		json_object_foreach(item, method, one)
		{
			if (!is_route(method, path))
				fail_msg("there is no %s %s", method, path);
		}
	}
}

/* Who signs, and what a body is, are as the route has them. */
static void a_description_says_what_its_route_asks(void **state)
{
	(void)state;
	for (size_t i = 0; i < route_count; i++) {
		const struct route *route = &route_table[i];
		json_t *one = described(route);
		const char *words =
		    json_string_value(json_object_get(one, "description"));
		char scope[64];

		if (!one)
			continue;
		assert_int_equal(
		    json_array_size(json_object_get(one, "security")) > 0,
		    route->is_signed);
		if (!route->is_signed)
			continue;
		snprintf(scope, sizeof(scope), "Scope: %s.",
		    scope_name((enum scope)route->scope));
		if (!words || !strstr(words, scope))
			fail_msg(
			    "%s %s: %s", route->method, route->path, scope);
	}
}

static bool is_in(const json_t *list, const char *word)
{
	json_t *one;
	size_t i;

	json_array_foreach(list, i,
	    one) if (strcmp(json_string_value(one), word) == 0) return true;
	return false;
}

/* What only residents and Open311's clients are told. */
static bool is_elsewhere(enum problem_kind kind)
{
	switch (kind) {
	case PROBLEM_NONE:
	case PROBLEM_BAD_FORM:
	case PROBLEM_NO_LOCATION:
	case PROBLEM_TOO_WIDE:
	case PROBLEM_TOO_MUCH:
	case PROBLEM_NO_API_KEY:
	case PROBLEM_NOT_NOW:
	case PROBLEM_NO_SUCH_SERVICE:
	case PROBLEM_NO_SUCH_JURISDICTION:
	case PROBLEM_NOT_FORM:
	case PROBLEM_NOT_WELL:
		return true;
	default:
		return false;
	}
}

static void every_problem_and_refusal_is_named(void **state)
{
	json_t *fields =
	    AT(document, "components", "schemas", "Problem", "properties");
	json_t *types = AT(fields, "type", "enum");
	json_t *refusals = AT(fields, "refusal", "enum");

	(void)state;
	for (unsigned i = 0; i < PROBLEM_COUNT; i++) {
		char type[96];

		snprintf(type, sizeof(type), "urn:whistle:problem:%s",
		    problem_slug((enum problem_kind)i));
		if (!is_elsewhere((enum problem_kind)i) && !is_in(types, type))
			fail_msg("openapi.json has no %s", type);
	}
	for (unsigned i = 1; i < REFUSAL_COUNT; i++)
		if (!is_in(refusals, refusal_name((enum refusal)i)))
			fail_msg("openapi.json has no refusal %s",
			    refusal_name((enum refusal)i));
}

/* What is pointed to is there. */
static void check_references(const json_t *value)
{
	const char *ref = json_string_value(json_object_get(value, "$ref"));
	char path[128];
	json_t *found = document, *member;
	const char *key;
	size_t i;

	if (ref) {
		snprintf(path, sizeof(path), "%s", ref + 2);
		for (char *part = strtok(path, "/"); part;
		     part = strtok(NULL, "/"))
			found = json_object_get(found, part);
		if (!found)
			fail_msg("there is no %s", ref);
	}
	json_object_foreach((json_t *)value, key, member)
	    check_references(member);
	json_array_foreach(value, i, member) check_references(member);
}

static void every_reference_leads_somewhere(void **state)
{
	(void)state;
	check_references(document);
	assert_string_equal(
	    json_string_value(json_object_get(document, "openapi")), "3.1.0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_of_the_hotline_is_described),
		cmocka_unit_test(every_description_is_of_a_route),
		cmocka_unit_test(a_description_says_what_its_route_asks),
		cmocka_unit_test(every_problem_and_refusal_is_named),
		cmocka_unit_test(every_reference_leads_somewhere),
	};

	return cmocka_run_group_tests(tests, load, drop);
}
