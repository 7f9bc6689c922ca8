#include "harness/harness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/openapi.h"
#include "harness/schema.h"

enum { NAME = 256 };

static json_t *document; /* loaded once */
static json_t *seen;	 /* names of what was seen */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char problem[SCHEMA_PROBLEM]; /* said by the next check */

/* The first that is wrong, kept until whoever runs the tests asks: other
 * threads must not fail them. */
static void complain(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

static void complain(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	if (!problem[0])
		vsnprintf(problem, sizeof(problem), format, list);
	va_end(list);
}

void openapi_fail_if_wrong(void)
{
	if (problem[0])
		fail_msg("%s", problem);
}

static void load(void)
{
	if (document)
		return;
	document = json_load_file(
	    SOURCE_DIR "/services/gatewayd/openapi.json", 0, NULL);
	seen = json_object();
	if (!document)
		complain("openapi.json cannot be read");
}

static json_t *at(json_t *value, const char *const *keys)
{
	for (; value && *keys; keys++)
		value = json_object_get(value, *keys);
	return value;
}

static json_t *component(const char *list, const char *name)
{
	return at(
	    document, (const char *const[]){ "components", list, name, NULL });
}

/* {"$ref": "#/components/responses/NotFound"} -> that */
static json_t *followed(json_t *value)
{
	const char *ref = json_string_value(json_object_get(value, "$ref"));
	char list[32];
	const char *name = ref ? strrchr(ref, '/') : NULL;

	if (!ref)
		return value;
	value = sscanf(ref, "#/components/%31[a-z]/", list) == 1
		    ? component(list, name + 1)
		    : NULL;
	if (!value)
		complain("the description has no %s", ref);
	return value;
}

static void mark(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void mark(const char *format, ...)
{
	char name[NAME];
	va_list list;

	va_start(list, format);
	vsnprintf(name, sizeof(name), format, list);
	va_end(list);
	json_object_set_new(seen, name, json_true());
}

/* ---- which operation ---- */

/* One part in braces stands for one segment. */
static bool fits(const char *path, const char *target)
{
	size_t fixed = strcspn(path, "{"), len = strcspn(target, "?");
	size_t segment;

	if (path[fixed] == '\0')
		return fixed == len && strncmp(path, target, len) == 0;
	if (len <= fixed || strncmp(path, target, fixed) != 0)
		return false;
	segment = strcspn(target + fixed, "/?");
	path = strchr(path, '}') + 1;
	return segment > 0 && strlen(path) == len - fixed - segment &&
	       strncmp(path, target + fixed + segment, strlen(path)) == 0;
}

static const char *lower(const char *method)
{
	return strcmp(method, "POST") == 0 ? "post" : "get";
}

static json_t *operation(
    const char **path_out, const char *method, const char *target)
{
	json_t *paths = json_object_get(document, "paths"), *item;
	const char *path;

	json_object_foreach(paths, path, item)
	{
		json_t *found = json_object_get(item, lower(method));

		if (found && fits(path, target)) {
			*path_out = path;
			return found;
		}
	}
	return NULL;
}

/* ---- one exchange ---- */

static void check_fits(const char *what, json_t *schema, const json_t *value)
{
	char wrong[SCHEMA_PROBLEM];

	if (!schema_fits(wrong, document, seen, schema, value))
		complain("%s: %s", what, wrong);
}

static void check_request(
    const char *what, json_t *operation, const char *request)
{
	json_t *schema =
	    at(operation, (const char *const[]){ "requestBody", "content",
			      "application/json", "schema", NULL });
	json_t *any = at(operation,
	    (const char *const[]){ "requestBody", "content", "*/*", NULL });
	json_t *value = json_loads(request, 0, NULL);

	if (any || at(operation, (const char *const[]){ "requestBody",
				     "content", "text/csv", NULL }))
		; /* whatever its bytes are */
	else if (schema)
		check_fits(what, schema, value);
	else if (request[0])
		complain("%s takes a body that is not described", what);
	json_decref(value);
}

static void check_parameters(
    const char *what, json_t *operation, const char *target)
{
	json_t *list = json_object_get(operation, "parameters"), *parameter;
	const char *query = strchr(target, '?');
	size_t i;

	json_array_foreach(list, i, parameter)
	{
		const char *name, *in;
		char begin[NAME];

		parameter = followed(parameter);
		name = json_string_value(json_object_get(parameter, "name"));
		in = json_string_value(json_object_get(parameter, "in"));
		if (strcmp(in, "query") != 0)
			continue;
		snprintf(begin, sizeof(begin), "%s=", name);
		if (query && strstr(query, begin))
			mark("%s?%s", what, name);
	}
}

static void check_answer(
    const char *what, json_t *response, const char *type, struct bytes body)
{
	char plain[64];
	json_t *schema, *value;

	if (at(response, (const char *const[]){ "content", "*/*", NULL }))
		return; /* a file */
	snprintf(plain, sizeof(plain), "%.*s", (int)strcspn(type, ";"), type);
	schema = at(response,
	    (const char *const[]){ "content", plain, "schema", NULL });
	/* a file, of which there is no more to say */
	if (schema && (strcmp(plain, "text/csv") == 0 ||
			  strcmp(plain, "application/x-ndjson") == 0))
		return;
	value = json_loadb(
	    (const char *)body.data, body.len, JSON_REJECT_DUPLICATES, NULL);
	check_fits(what, schema, value);
	json_decref(value);
}

static void check(const char *method, const char *target, const char *request,
    long status, const char *type, struct bytes body)
{
	const char *path = "";
	json_t *found = operation(&path, method, target), *response;
	char what[NAME], number[16];
	bool is_exact;

	if (!found)
		return;
	snprintf(what, sizeof(what), "%s %s", method, path);
	snprintf(number, sizeof(number), "%ld", status);
	response =
	    at(found, (const char *const[]){ "responses", number, NULL });
	is_exact = response != NULL;
	if (is_exact)
		mark("%s -> %s", what, number);
	else
		response = at(found,
		    (const char *const[]){ "responses", "default", NULL });
	if (!response || (!is_exact && status < 400)) {
		complain("%s: %s is not described", what, number);
		return;
	}
	check_answer(what, followed(response), type, body);
	if (status < 300)
		check_request(what, found, request);
	check_parameters(what, found, target);
}

void openapi_note(const char *method, const char *target, const char *request,
    long status, const char *type, struct bytes body)
{
	if (strncmp(target, "/hotline/", 9) != 0)
		return;
	pthread_mutex_lock(&mutex);
	load();
	check(method, target, request, status, type, body);
	pthread_mutex_unlock(&mutex);
}

void openapi_check(const char *method, const char *target, const char *request,
    long status, const char *type, struct bytes body)
{
	openapi_note(method, target, request, status, type, body);
	openapi_fail_if_wrong();
}

void openapi_check_callback(const json_t *body)
{
	char wrong[SCHEMA_PROBLEM];

	pthread_mutex_lock(&mutex);
	load();
	if (!schema_fits(
		wrong, document, seen, component("schemas", "Callback"), body))
		complain("callback: %s", wrong);
	pthread_mutex_unlock(&mutex);
}

/* ---- all of it ---- */

void openapi_each(void (*visit)(const char *method, const char *path))
{
	json_t *item;
	const char *path, *method;

	load();
	json_object_foreach(json_object_get(document, "paths"), path, item)
	{
		json_t *one;

		json_object_foreach(item, method, one)
		    visit(strcmp(method, "post") == 0 ? "POST" : "GET", path);
	}
}

static unsigned missing;

static void want(const char *name)
{
	if (json_object_get(seen, name))
		return;
	print_error("never seen: %s\n", name);
	missing++;
}

static void want_operation(const char *method, const char *path)
{
	const char *found;
	json_t *one = operation(&found, method, path), *parameter;
	json_t *response;
	const char *status;
	char name[NAME];
	size_t i;

	json_object_foreach(json_object_get(one, "responses"), status, response)
	{
		snprintf(
		    name, sizeof(name), "%s %s -> %s", method, path, status);
		if (strcmp(status, "default") != 0)
			want(name);
	}
	json_array_foreach(json_object_get(one, "parameters"), i, parameter)
	{
		parameter = followed(parameter);
		if (strcmp(json_string_value(json_object_get(parameter, "in")),
			"query") != 0)
			continue;
		snprintf(name, sizeof(name), "%s %s?%s", method, path,
		    json_string_value(json_object_get(parameter, "name")));
		want(name);
	}
}

void openapi_check_covered(void)
{
	json_t *schema;
	const char *name;

	openapi_fail_if_wrong();
	missing = 0;
	openapi_each(want_operation);
	json_object_foreach(at(document, (const char *const[]){ "components",
					     "schemas", NULL }),
	    name, schema) schema_each_field(name, schema, want);
	assert_int_equal(missing, 0);
}
