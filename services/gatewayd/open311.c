#include "gatewayd/open311.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "gatewayd/open311_inside.h"
#include "gatewayd/where.h"
#include "gatewayd/xml.h"

enum { KEPT_BYTES = 256 * 1024 };

static const char type_json[] = "application/json; charset=utf-8";
static const char type_xml[] = "text/xml; charset=utf-8";

bool open311_is_target(const char *target)
{
	return strncmp(target, "/open311/", 9) == 0;
}

void open311_trim(char *target)
{
	size_t len = strcspn(target, "?");

	if (open311_is_target(target) && target[len - 1] == '/')
		memmove(
		    target + len - 1, target + len, strlen(target + len) + 1);
}

void open311_preflight(struct exchange *exchange)
{
	answer_set(&exchange->answer, 200, type_json, strdup(""));
	exchange->answer.is_open = exchange->answer.is_preflight = true;
	strcpy(exchange->answer.allow, exchange->match.allow);
}

static bool ends_with(const char *target, const char *end)
{
	size_t len = strcspn(target, "?"), tail = strlen(end);

	return len >= tail && memcmp(target + len - tail, end, tail) == 0;
}

/* What the path does not say is XML, as the specification has it. */
static bool wants_json(const struct exchange *exchange)
{
	return ends_with(exchange->target, ".json");
}

static void say(
    struct exchange *exchange, unsigned status, const char *root, json_t *value)
{
	char *body = NULL;

	if (value && wants_json(exchange))
		body = json_dumps(
		    value, JSON_COMPACT | JSON_REAL_PRECISION(XML_REAL_DIGITS));
	else if (value)
		body = xml_render(root, value);
	json_decref(value);
	answer_set(&exchange->answer, status,
	    wants_json(exchange) ? type_json : type_xml, body);
	exchange->answer.is_open = true;
}

void open311_say(
    struct exchange *exchange, unsigned status, const char *root, json_t *value)
{
	say(exchange, status, root, value);
}

/* The law's refusals of a form are the form's mistakes. */
static unsigned status_of(const struct http_problem *problem)
{
	unsigned status = problem_status(problem->kind);

	return status == 422 ? 400 : status;
}

void open311_problem(
    struct exchange *exchange, const struct http_problem *problem)
{
	unsigned status = status_of(problem);
	char *words = problem_detail(problem, exchange->is_chinese);

	say(exchange, status, "errors",
	    json_pack("[{s:i, s:s}]", "code", (int)status, "description",
		words ? words : ""));
	exchange->answer.retry_after_s = problem->retry_after_s;
	free(words);
}

/* ---- what every request needs ---- */

static void end_work(struct exchange *exchange)
{
	struct open311 *work = exchange->work;

	exchange->gateway->searches -= work->is_counted;
	json_decref(work->array);
	arena_close(&work->kept);
	free(work->filter);
	free(work->ids);
	free(work);
}

bool open311_begin(struct exchange *exchange)
{
	struct open311 *work = calloc(1, sizeof(*work));

	if (work && arena_open(&work->kept, KEPT_BYTES)) {
		free(work);
		work = NULL;
	}
	if (!work) {
		exchange_refuse(exchange, PROBLEM_BUSY);
		return false;
	}
	exchange->work = work;
	exchange->end_work = end_work;
	return true;
}

struct open311 *open311_of(struct exchange *exchange)
{
	return exchange->work;
}

struct geo_city open311_city(const struct exchange *exchange)
{
	return (struct geo_city){ exchange->gateway->org,
		exchange->gateway->catalogue };
}

/* What stands in the body goes before the query. */
bool open311_form(struct form *form_out, struct exchange *exchange)
{
	struct geo_city city = open311_city(exchange);
	struct arena *arena = exchange->gateway->arena;
	const char *query = strchr(exchange->target, '?');
	enum problem_kind kind;
	int rc;

	arena_reset(arena);
	form_out->count = 0;
	rc = form_add(
	    form_out, arena, bytes_of(exchange->body.data, exchange->body.len));
	if (!rc && query)
		rc = form_add(
		    form_out, arena, bytes_of(query + 1, strlen(query + 1)));
	if (rc) {
		exchange_refuse(exchange,
		    rc == ERR_NOMEM ? PROBLEM_BUSY : PROBLEM_BAD_FORM);
		return false;
	}
	kind = geo_check_jurisdiction(&city, form_out);
	if (kind)
		exchange_refuse(exchange, kind);
	return !kind;
}

/* Every key is compared, whichever is the one. */
bool open311_has_key(struct exchange *exchange, const struct form *form)
{
	const struct keys *keys = &exchange->gateway->api_keys;
	const char *text = form_value(form, "api_key");
	const struct client_key *client = NULL;
	uint8_t key[SIGN_KEY_BYTES];
	size_t len = 0;

	if (strlen(text) == 2 * sizeof(key))
		sodium_hex2bin(
		    key, sizeof(key), text, 2 * sizeof(key), NULL, &len, NULL);
	for (size_t i = 0; len == sizeof(key) && i < keys->count; i++) {
		const struct client_key *row = &keys->rows[i];
		bool is_now = sodium_memcmp(key, row->key, len) == 0;
		bool is_old = sodium_memcmp(key, row->old_key, len) == 0;

		if (is_now || (row->has_old && is_old))
			client = row;
	}
	sodium_memzero(key, sizeof(key));
	if (client)
		strcpy(exchange->client, client->name);
	else
		exchange_refuse(exchange, PROBLEM_NO_API_KEY);
	return client != NULL;
}

void open311_refuse(
    struct exchange *exchange, int code, const struct http_problem *problem)
{
	if (code == ERR_INVALID)
		exchange_problem(exchange, problem);
	else
		exchange_refuse(exchange, PROBLEM_BUSY);
}

/* Without its ".json" or ".xml"; false when it has neither. */
static bool cut_format(char value[EXTERNAL_ID_MAX])
{
	char *dot = strrchr(value, '.');

	if (!dot || (strcmp(dot, ".json") != 0 && strcmp(dot, ".xml") != 0))
		return false;
	*dot = '\0';
	return true;
}

bool open311_id(struct id *id_out, struct exchange *exchange)
{
	if (!cut_format(exchange->match.value))
		exchange_refuse(exchange, PROBLEM_NO_SUCH_PATH);
	else if (id_parse(id_out, exchange->match.value))
		exchange_refuse(exchange, PROBLEM_NO_SUCH_TICKET);
	return !exchange->answer.status;
}

void open311_ask(struct exchange *exchange, struct wire_request *request,
    void (*step)(struct exchange *exchange, const struct wire_reply *reply))
{
	struct open311 *work = exchange->work;

	work->step = step;
	work->asked = request->kind;
	exchange_ask(exchange, request);
}

void open311_reply(struct exchange *exchange, const struct wire_reply *reply)
{
	struct open311 *work = exchange->work;
	struct http_problem problem;

	if (!reply) {
		exchange_refuse(exchange, exchange->gateway->is_stopping
					      ? PROBLEM_STOPPING
					      : PROBLEM_NO_ANSWER);
		return;
	}
	if (reply->result == RESULT_NOT_FOUND ||
	    (reply->result == RESULT_DONE && reply->has_body &&
		reply->kind == work->asked)) {
		work->step(exchange, reply);
		return;
	}
	problem = answer_problem_of(reply);
	if (reply->result == RESULT_REFUSED && work->asked == ASK_COMMAND &&
	    problem.kind == PROBLEM_REFUSED && !problem.field[0])
		problem = problem_of(PROBLEM_NOT_NOW);
	exchange_problem(exchange, &problem);
}

/* ---- what there is ---- */

/* Clients choke on a charset here. */
void open311_discovery(struct exchange *exchange)
{
	struct geo_city city = open311_city(exchange);
	char base[WHERE_BASE + sizeof(OPEN311)];

	where_base(base, exchange);
	strcat(base, "/open311/v2");
	say(exchange, 200, "discovery", geo_discovery(base, &city));
	if (exchange->answer.body)
		exchange->answer.type =
		    wants_json(exchange) ? "application/json" : "text/xml";
}

void open311_services(struct exchange *exchange)
{
	struct geo_city city = open311_city(exchange);
	struct form form;

	if (open311_form(&form, exchange))
		say(exchange, 200, "services",
		    geo_services(&city, exchange->is_chinese));
}

void open311_definition(struct exchange *exchange)
{
	const struct item *item = NULL;
	struct form form;

	if (!open311_form(&form, exchange))
		return;
	if (!cut_format(exchange->match.value)) {
		exchange_refuse(exchange, PROBLEM_NO_SUCH_PATH);
		return;
	}
	item =
	    catalogue_item(exchange->gateway->catalogue, exchange->match.value);
	if (item)
		say(exchange, 200, "service_definition",
		    geo_definition(item, exchange->is_chinese));
	else
		exchange_refuse(exchange, PROBLEM_NO_SUCH_SERVICE);
}
