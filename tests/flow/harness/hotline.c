#include "harness/harness.h"

#include <curl/curl.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "harness/hotline.h"

enum { SLOTS = 1 << 14, TARGET_BYTES = 256 };

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
	unsigned nonces;
	pthread_mutex_t mutex; /* of all below */
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

static void count(
    struct hotline *hotline, const struct id *ticket, uint32_t seq)
{
	struct heard *heard = heard_of(hotline, ticket);

	if (seq <= heard->last)
		hotline->tally.again++;
	else if (seq > heard->last + 1)
		hotline->tally.disordered++;
	if (seq == heard->last + 1) {
		hotline->tally.taken++;
		heard->last = seq;
	}
}

/* The status to answer with. */
static unsigned take(struct hotline *hotline, const struct buf *body)
{
	json_t *said = json_loadb((char *)body->data, body->len, 0, NULL);
	const char *ticket = json_string_value(json_object_get(said, "ticket"));
	json_int_t seq = json_integer_value(json_object_get(said, "seq"));
	struct id id;
	unsigned status = 200;

	if (!ticket || id_parse(&id, ticket) || seq <= 0)
		status = 400;
	else if (id_equal(&id, &hotline->refused))
		status = 422;
	else
		count(hotline, &id, (uint32_t)seq);
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

static struct curl_slist *sign(struct hotline *hotline, const char *method,
    const char *target, const char *body)
{
	char nonce[32], hex[SIGN_TEXT], line[160];
	struct curl_slist *list =
	    curl_slist_append(NULL, "Content-Type: application/json");
	struct sign_parts parts = { method, target, moved_now_ms() / 1000, nonce,
		bytes_of(body, strlen(body)) };

	snprintf(nonce, sizeof(nonce), "hotline-test-%08u", hotline->nonces++);
	assert_int_equal(sign_request(hex, hotline->key, &parts), 0);
	list = curl_slist_append(list, "X-Whistle-Client: hotline");
	snprintf(line, sizeof(line), "X-Whistle-Time: %lld",
	    (long long)parts.time_s);
	list = curl_slist_append(list, line);
	snprintf(line, sizeof(line), "X-Whistle-Nonce: %s", nonce);
	list = curl_slist_append(list, line);
	snprintf(line, sizeof(line), "X-Whistle-Signature: %s", hex);
	return curl_slist_append(list, line);
}

long hotline_ask(json_t **json_out, struct hotline *hotline, const char *method,
    const char *target, const char *body)
{
	struct curl_slist *headers = sign(hotline, method, target, body);
	struct buf answer = { 0 };
	CURL *curl = hotline->curl;
	char url[TARGET_BYTES + 64];
	long status = 0;

	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s",
	    hotline->city->http_port, target);
	curl_easy_reset(curl);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 15000L);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
	if (strcmp(method, "POST") == 0)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
	if (curl_easy_perform(curl) == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (json_out)
		*json_out =
		    json_loadb((char *)answer.data, answer.len, 0, NULL);
	curl_slist_free_all(headers);
	buf_free(&answer);
	return status;
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
	listen_again(hotline);
	*hotline_out = hotline;
}

void hotline_close(struct hotline **hotline)
{
	if (!*hotline)
		return;
	if ((*hotline)->http)
		MHD_stop_daemon((*hotline)->http);
	curl_easy_cleanup((*hotline)->curl);
	pthread_mutex_destroy(&(*hotline)->mutex);
	free(*hotline);
	*hotline = NULL;
}
