#include "harness/harness.h"

#include <curl/curl.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/hotline.h"
#include "harness/openapi.h"

enum { SLOTS = 1 << 14, TARGET_BYTES = 1024 };

#define CALLBACK_PATH "/whistle/callback?from=test"

struct heard {
	struct id ticket;
	uint32_t last;
};

struct hotline {
	struct city *city;
	int port;
	uint8_t key[SIGN_KEY_BYTES];
	struct MHD_Daemon *http;
	CURL *curl;
	atomic_uint nonces;
	pthread_t clerk; /* who rates */
	atomic_bool is_closing, rates;
	atomic_uint rated;
	pthread_mutex_t mutex; /* of all below */
	char (*to_rate)[EXTERNAL_ID_MAX];
	size_t to_rate_count, to_rate_done, to_rate_room;
	enum hotline_mood mood;
	struct id refused;
	struct hotline_tally tally;
	struct heard heard[SLOTS];
};

static struct heard *heard_of(struct hotline *hotline, const struct id *ticket)
{
	size_t at = (size_t)ticket->b[14] << 8 | ticket->b[15];

	for (at %= SLOTS;; at = (at + 1) % SLOTS) {
		struct heard *heard = &hotline->heard[at];

		if (id_is_zero(&heard->ticket))
			heard->ticket = *ticket;
		if (id_equal(&heard->ticket, ticket))
			return heard;
	}
}

/* ---- what comes back ---- */

static const char *header(struct MHD_Connection *connection, const char *name)
{
	const char *value =
	    MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);

	return value ? value : "";
}

static bool is_signed(struct hotline *hotline,
    struct MHD_Connection *connection, const struct buf *body)
{
	struct sign_parts parts = { "POST", CALLBACK_PATH,
		atoll(header(connection, "X-Whistle-Time")),
		header(connection, "X-Whistle-Nonce"),
		bytes_of(body->data, body->len) };

	return llabs(parts.time_s - moved_now_ms() / 1000) < 60 &&
	       strcmp(header(connection, "X-Whistle-Client"), "hotline") == 0 &&
	       sign_matches(header(connection, "X-Whistle-Signature"),
		   hotline->key, &parts);
}

/* Is it new, and the one that was to come? */
static bool count(
    struct hotline *hotline, const struct id *ticket, uint32_t seq)
{
	struct heard *heard = heard_of(hotline, ticket);

	if (seq <= heard->last)
		hotline->tally.again++;
	else if (seq > heard->last + 1)
		hotline->tally.disordered++;
	if (seq != heard->last + 1)
		return false;
	hotline->tally.taken++;
	heard->last = seq;
	return true;
}

static void ask_caller(struct hotline *hotline, const json_t *said);

/* The status to answer with. */
static unsigned take(struct hotline *hotline, const struct buf *body)
{
	json_t *said = json_loadb((char *)body->data, body->len, 0, NULL);
	const char *ticket = json_string_value(json_object_get(said, "ticket"));
	json_int_t seq = json_integer_value(json_object_get(said, "seq"));
	struct id id;
	unsigned status = 200;

	openapi_check_callback(said);
	if (!ticket || id_parse(&id, ticket) || seq <= 0)
		status = 400;
	else if (id_equal(&id, &hotline->refused))
		status = 422;
	else if (count(hotline, &id, (uint32_t)seq))
		ask_caller(hotline, said);
	json_decref(said);
	return status == 200 && hotline->mood == HOTLINE_LOSSY ? 500 : status;
}

static unsigned decide(struct hotline *hotline,
    struct MHD_Connection *connection, const struct buf *body)
{
	unsigned status = 503;

	pthread_mutex_lock(&hotline->mutex);
	if (!is_signed(hotline, connection, body)) {
		hotline->tally.unsigned_++;
		status = 401;
	} else if (hotline->mood != HOTLINE_UNWELL) {
		status = take(hotline, body);
	}
	pthread_mutex_unlock(&hotline->mutex);
	return status;
}

static enum MHD_Result on_request(void *context,
    struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *upload, size_t *size, void **own)
{
	struct buf *body = *own;
	struct MHD_Response *response;
	enum MHD_Result result;

	(void)url;
	(void)method;
	(void)version;
	if (!body) {
		*own = calloc(1, sizeof(*body));
		return *own ? MHD_YES : MHD_NO;
	}
	if (*size > 0) {
		result = buf_add(body, upload, *size) ? MHD_NO : MHD_YES;
		*size = 0;
		return result;
	}
	response =
	    MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	result = MHD_queue_response(
	    connection, decide(context, connection, body), response);
	MHD_destroy_response(response);
	return result;
}

static void on_end(void *context, struct MHD_Connection *connection, void **own,
    enum MHD_RequestTerminationCode how)
{
	(void)context;
	(void)connection;
	(void)how;
	if (*own)
		buf_free(*own);
	free(*own);
	*own = NULL;
}

static void listen_again(struct hotline *hotline)
{
	hotline->http =
	    MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL,
		(uint16_t)hotline->port, NULL, NULL, on_request, hotline,
		MHD_OPTION_NOTIFY_COMPLETED, on_end, hotline,
		MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
	assert_non_null(hotline->http);
}

void hotline_feel(struct hotline *hotline, enum hotline_mood mood)
{
	if (mood == HOTLINE_AWAY && hotline->http) {
		MHD_stop_daemon(hotline->http);
		hotline->http = NULL;
	}
	pthread_mutex_lock(&hotline->mutex);
	hotline->mood = mood;
	pthread_mutex_unlock(&hotline->mutex);
	if (mood != HOTLINE_AWAY && !hotline->http)
		listen_again(hotline);
}

void hotline_refuse(struct hotline *hotline, const struct id *ticket)
{
	static const struct id none;

	pthread_mutex_lock(&hotline->mutex);
	hotline->refused = ticket ? *ticket : none;
	pthread_mutex_unlock(&hotline->mutex);
}

uint32_t hotline_heard(struct hotline *hotline, const struct id *ticket)
{
	uint32_t last;

	pthread_mutex_lock(&hotline->mutex);
	last = heard_of(hotline, ticket)->last;
	pthread_mutex_unlock(&hotline->mutex);
	return last;
}

struct hotline_tally hotline_tally(struct hotline *hotline)
{
	struct hotline_tally tally;

	pthread_mutex_lock(&hotline->mutex);
	tally = hotline->tally;
	pthread_mutex_unlock(&hotline->mutex);
	return tally;
}

/* ---- what goes out ---- */

static size_t keep(char *data, size_t size, size_t n, void *context)
{
	return buf_add(context, data, size * n) ? 0 : size * n;
}

/* The hotline's own is there already, also for a thread that must not fail a
 * test. */
static void load_key(
    uint8_t key[SIGN_KEY_BYTES], const struct hotline *hotline, const char *who)
{
	memcpy(key, hotline->key, SIGN_KEY_BYTES);
	if (strcmp(who, "hotline") != 0)
		assert_int_equal(
		    sign_key_load(
			key, city_path(hotline->city, "keys/http/%s.key", who)),
		    0);
}

static struct curl_slist *add(
    struct curl_slist *list, const char *name, const char *value)
{
	char line[1024];

	snprintf(line, sizeof(line), "%s: %s", name, value);
	return curl_slist_append(list, line);
}

static struct curl_slist *sign(struct curl_slist *list, struct hotline *hotline,
    const struct hotline_request *request)
{
	char nonce[32], hex[SIGN_TEXT], seconds[32];
	const char *client = request->client ? request->client : "hotline";
	uint8_t key[SIGN_KEY_BYTES];
	struct sign_parts parts = { request->method, request->target,
		time(NULL), nonce,
		bytes_of(request->body, strlen(request->body)) };

	load_key(key, hotline, client);
	snprintf(nonce, sizeof(nonce), "hotline-test-%08u",
	    atomic_fetch_add(&hotline->nonces, 1));
	snprintf(seconds, sizeof(seconds), "%lld", (long long)parts.time_s);
	sign_request(hex, key, &parts);
	list = add(list, "X-Whistle-Client", client);
	list = add(list, "X-Whistle-Time", seconds);
	list = add(list, "X-Whistle-Nonce", nonce);
	return add(list, "X-Whistle-Signature", hex);
}

static struct curl_slist *headers_of(
    struct hotline *hotline, const struct hotline_request *request)
{
	struct curl_slist *list = add(NULL, "Content-Type",
	    request->type ? request->type : "application/json");

	if (request->key)
		list = add(list, "Idempotency-Key", request->key);
	if (request->language)
		list = add(list, "Accept-Language", request->language);
	return request->is_unsigned ? list : sign(list, hotline, request);
}

/* curl would rather wait for leave to send a long body. */
static void set_up(CURL *curl, const struct hotline_request *request,
    struct curl_slist *headers, struct buf *answer)
{
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 15000L);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	if (strcmp(request->method, "POST") == 0)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
}

/* One exchange by a handle of the caller's; the status. */
static long exchange(struct buf *answer, struct hotline *hotline, CURL *curl,
    const struct hotline_request *request)
{
	struct curl_slist *headers = headers_of(hotline, request);
	char url[TARGET_BYTES + 64], *type = NULL;
	long status = 0;

	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s",
	    hotline->city->http_port, request->target);
	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	set_up(curl, request, headers, answer);
	if (curl_easy_perform(curl) == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	/* whatever is answered is as the description says */
	if (status != 0)
		openapi_note(request->method, request->target, request->body,
		    status, type ? type : "",
		    bytes_of(answer->data, answer->len));
	curl_slist_free_all(headers);
	return status;
}

long hotline_send(json_t **json_out, struct hotline *hotline,
    const struct hotline_request *asked)
{
	struct hotline_request request = *asked;
	struct buf answer = { 0 };
	long status;

	request.body = asked->body ? asked->body : "";
	status = exchange(&answer, hotline, hotline->curl, &request);
	openapi_fail_if_wrong();
	if (json_out)
		*json_out =
		    json_loadb((char *)answer.data, answer.len, 0, NULL);
	buf_free(&answer);
	return status;
}

long hotline_ask(json_t **json_out, struct hotline *hotline, const char *method,
    const char *target, const char *body)
{
	struct hotline_request request = {
		.method = method, .target = target, .body = body
	};

	return hotline_send(json_out, hotline, &request);
}

/* ---- ratings ---- */

/* Whoever took the call asks the caller; the mutex is held. */
static void ask_caller(struct hotline *hotline, const json_t *said)
{
	const char *number = json_string_value(json_object_get(said, "number"));
	const char *verb = json_string_value(json_object_get(said, "verb"));

	if (!atomic_load(&hotline->rates) || !number || !verb ||
	    strcmp(verb, "resolve") != 0 ||
	    hotline->to_rate_count == hotline->to_rate_room)
		return;
	snprintf(hotline->to_rate[hotline->to_rate_count++], EXTERNAL_ID_MAX,
	    "%s", number);
}

static bool next_to_rate(char number[EXTERNAL_ID_MAX], struct hotline *hotline)
{
	bool is_there;

	pthread_mutex_lock(&hotline->mutex);
	is_there = hotline->to_rate_done < hotline->to_rate_count;
	if (is_there)
		strcpy(number, hotline->to_rate[hotline->to_rate_done]);
	pthread_mutex_unlock(&hotline->mutex);
	return is_there;
}

/* Until the gateway says that it has it, under one key. */
static bool rate_one(struct hotline *hotline, CURL *curl, const char *number)
{
	static const char body[] =
	    "{\"responded\":true,\"resolved\":true,\"satisfaction\":\"满意\","
	    "\"text\":\"谢谢\"}";
	char target[TARGET_BYTES], key[64];
	struct hotline_request request = {
		.method = "POST", .target = target, .body = body, .key = key
	};
	struct buf answer = { 0 };
	long status;

	snprintf(
	    target, sizeof(target), "/hotline/v1/tickets/%s/rating", number);
	snprintf(key, sizeof(key), "rating-%.50s", number);
	status = exchange(&answer, hotline, curl, &request);
	buf_free(&answer);
	return status == 200;
}

static void *rate_all(void *context)
{
	struct hotline *hotline = context;
	CURL *curl = curl_easy_init();
	char number[EXTERNAL_ID_MAX];

	while (!atomic_load(&hotline->is_closing)) {
		if (!next_to_rate(number, hotline) ||
		    !rate_one(hotline, curl, number)) {
			breathe();
			continue;
		}
		pthread_mutex_lock(&hotline->mutex);
		hotline->to_rate_done++;
		pthread_mutex_unlock(&hotline->mutex);
		atomic_fetch_add(&hotline->rated, 1);
	}
	curl_easy_cleanup(curl);
	return NULL;
}

void hotline_rates(struct hotline *hotline, bool rates)
{
	atomic_store(&hotline->rates, rates);
}

unsigned hotline_rated(struct hotline *hotline)
{
	return atomic_load(&hotline->rated);
}

/* ---- open and close ---- */

void hotline_open(struct hotline **hotline_out, struct city *city)
{
	struct hotline *hotline = calloc(1, sizeof(*hotline));
	char text[256];

	assert_non_null(hotline);
	hotline->city = city;
	hotline->port = free_port();
	hotline->curl = curl_easy_init();
	assert_non_null(hotline->curl);
	pthread_mutex_init(&hotline->mutex, NULL);
	assert_int_equal(sign_key_load(hotline->key,
			     city_path(city, "keys/http/hotline.key")),
	    0);
	snprintf(text, sizeof(text),
	    "url: http://127.0.0.1:%d" CALLBACK_PATH "\nclient: hotline\n",
	    hotline->port);
	file_write(city_path(city, "hotline.yaml"), text);
	hotline->to_rate_room = SLOTS;
	hotline->to_rate = calloc(SLOTS, sizeof(*hotline->to_rate));
	assert_non_null(hotline->to_rate);
	listen_again(hotline);
	assert_int_equal(
	    pthread_create(&hotline->clerk, NULL, rate_all, hotline), 0);
	*hotline_out = hotline;
}

void hotline_close(struct hotline **hotline)
{
	if (!*hotline)
		return;
	atomic_store(&(*hotline)->is_closing, true);
	pthread_join((*hotline)->clerk, NULL);
	if ((*hotline)->http)
		MHD_stop_daemon((*hotline)->http);
	free((*hotline)->to_rate);
	curl_easy_cleanup((*hotline)->curl);
	pthread_mutex_destroy(&(*hotline)->mutex);
	free(*hotline);
	*hotline = NULL;
}
