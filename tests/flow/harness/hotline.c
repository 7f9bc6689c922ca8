#include "harness/hotline_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CALLBACK_PATH "/whistle/callback?from=test"

static struct heard *heard_of(struct hotline *hotline, const struct id *ticket)
{
	size_t at = (size_t)ticket->b[14] << 8 | ticket->b[15];

	for (at %= HOTLINE_SLOTS;; at = (at + 1) % HOTLINE_SLOTS) {
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
		bytes_of(body->data, body->len), NULL };

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
		hotline_ask_caller(hotline, said);
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

/* At the port that it had; at first at one that the system finds, so that
 * nobody can take it before we do. */
static void listen_again(struct hotline *hotline)
{
	const union MHD_DaemonInfo *info;

	hotline->http =
	    MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL,
		(uint16_t)hotline->port, NULL, NULL, on_request, hotline,
		MHD_OPTION_NOTIFY_COMPLETED, on_end, hotline,
		MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
	assert_non_null(hotline->http);
	info = MHD_get_daemon_info(hotline->http, MHD_DAEMON_INFO_BIND_PORT);
	assert_non_null(info);
	hotline->port = info->port;
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

/* ---- open and close ---- */

void hotline_open(struct hotline **hotline_out, struct city *city)
{
	struct hotline *hotline = calloc(1, sizeof(*hotline));
	char text[256];

	assert_non_null(hotline);
	hotline->city = city;
	hotline->curl = curl_easy_init();
	assert_non_null(hotline->curl);
	pthread_mutex_init(&hotline->mutex, NULL);
	assert_int_equal(sign_key_load(hotline->key,
			     city_path(city, "keys/http/hotline.key")),
	    0);
	hotline->to_rate_room = HOTLINE_SLOTS;
	hotline->to_rate = calloc(HOTLINE_SLOTS, sizeof(*hotline->to_rate));
	assert_non_null(hotline->to_rate);
	listen_again(hotline);
	snprintf(text, sizeof(text),
	    "url: http://127.0.0.1:%d" CALLBACK_PATH "\nclient: hotline\n",
	    hotline->port);
	file_write(city_path(city, "hotline.yaml"), text);
	assert_int_equal(
	    pthread_create(&hotline->clerk, NULL, hotline_rate_all, hotline),
	    0);
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
