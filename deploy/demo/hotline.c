#include "hotline.h"

#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "lane.h"
#include "orders.h"

enum {
	LANES = 4,
	AGAIN_MS = 500,
	AGAIN_MAX = 64,
	WAIT_MS = 10,
	URL_MAX = 512,
	NUMBER_MAX = 160,
};

/* The `serial`th order since the first day's first. */
struct sending {
	size_t serial;
	int64_t first_ms, not_before_ms, begun_ms;
};

struct hotline {
	struct hotline_config config;
	const struct node *node;
	struct orders orders;
	struct clock clock;
	int64_t started_ms;
	size_t next; /* the serial to be sent first */
	struct sending again[AGAIN_MAX];
	size_t again_count;
	uint8_t key[SIGN_KEY_BYTES];
	char url[URL_MAX];
	struct id_maker ids;
	CURLM *multi;
	struct lane lanes[LANES];
	struct sending sent[LANES]; /* what each lane has */
	pthread_t thread;
	bool is_started;
	pthread_mutex_t lock; /* of what follows */
	struct hotline_tally tally;
	int state;
	bool is_evening, must_stop;
};

static int read_key(uint8_t key_out[SIGN_KEY_BYTES], const struct home *home)
{
	char path[sizeof(home->path) + 64];

	snprintf(path, sizeof(path), "%s/keys/http/hotline.key", home->path);
	int rc = sign_key_load(key_out, path);
	if (rc)
		fprintf(stderr, "whistle-demo: %s: %s\n", path, err_text(rc));
	return rc;
}

static const struct node *gateway_of(const struct org *org)
{
	for (size_t i = 0; i < org_unit_count(org); i++) {
		const struct unit *unit = org_unit_at(org, i);

		if (unit->kind == UNIT_HOTLINE)
			return unit->node;
	}
	return NULL;
}

/* The host of tcp://HOST:PORT, when HTTP is at every address. */
static void name_address(
    char *out, size_t size, const struct node *node, const char *http)
{
	const char *host = strstr(node->endpoint, "://");
	const char *port = strrchr(http, ':');
	bool is_any =
	    strncmp(http, "0.0.0.0:", 8) == 0 || strncmp(http, "[::]:", 5) == 0;

	if (!is_any || !port || strncmp(node->endpoint, "tcp://", 6) != 0) {
		snprintf(out, size, "%s", http);
		return;
	}
	host += strlen("://");
	int len = (int)(strrchr(host, ':') ? strrchr(host, ':') - host : 0);
	snprintf(out, size, "%.*s%s", len, host, port);
}

static int name_url(struct hotline *hotline)
{
	const char *said = hotline->config.http;
	char address[URL_MAX - sizeof("https://" LANE_TARGET)];
	int len;

	if (said && strlen(said) >= sizeof(address))
		return ERR_TOO_LARGE;
	if (said)
		snprintf(address, sizeof(address), "%s", said);
	else
		name_address(address, sizeof(address), hotline->node,
		    hotline->node->http ? hotline->node->http
					: "127.0.0.1:8311");
	len = (int)strlen(address);
	while (len > 0 && address[len - 1] == '/')
		len--;
	snprintf(hotline->url, sizeof(hotline->url), "%s%.*s" LANE_TARGET,
	    strstr(address, "://") ? "" : "http://", len, address);
	return 0;
}

static int open_all(struct hotline *hotline)
{
	int rc;

	hotline->node = gateway_of(hotline->config.org);
	if (!hotline->node)
		return ERR_NOT_FOUND;
	rc = name_url(hotline);
	if (!rc)
		rc = read_key(hotline->key, hotline->config.home);
	if (!rc)
		rc = orders_read(&hotline->orders, hotline->config.complaints);
	if (rc)
		return rc;
	hotline->clock = clock_system();
	hotline->ids.entropy = entropy_system();
	hotline->multi = curl_multi_init();
	if (!hotline->multi)
		return ERR_NOMEM;
	for (size_t i = 0; !rc && i < LANES; i++)
		rc = lane_open(&hotline->lanes[i], hotline->url);
	return rc;
}

int hotline_open(
    struct hotline **hotline_out, const struct hotline_config *config)
{
	struct hotline *hotline = calloc(1, sizeof(*hotline));
	int rc = ERR_NOMEM;

	if (hotline) {
		pthread_mutex_init(&hotline->lock, NULL);
		hotline->config = *config;
		rc = open_all(hotline);
	}
	if (rc)
		hotline_close(&hotline);
	*hotline_out = hotline;
	return rc;
}

/* ---- numbers ---- */

/* Those of the days after the first end in the day. */
static void name_order(
    char number_out[NUMBER_MAX], const struct hotline *hotline, size_t serial)
{
	size_t count = hotline->orders.count;
	const char *number = hotline->orders.rows[serial % count].number;

	if (serial < count)
		snprintf(number_out, NUMBER_MAX, "%s", number);
	else
		snprintf(number_out, NUMBER_MAX, "%s/%zu", number,
		    serial / count + 1);
}

bool hotline_has(const void *context, const char *number)
{
	const struct hotline *hotline = context;
	const char *day = strrchr(number, '/');
	char base[NUMBER_MAX];

	if (orders_has(&hotline->orders, number))
		return true;
	if (!day || !isdigit((unsigned char)day[1]) ||
	    (size_t)(day - number) >= sizeof(base))
		return false;
	snprintf(base, sizeof(base), "%.*s", (int)(day - number), number);
	return orders_has(&hotline->orders, base);
}

/* ---- sending ---- */

/* Evening comes, at once, or when all of a single day is sent. */
static bool is_over(struct hotline *hotline)
{
	bool is_sent =
	    !hotline->config.day_ms && hotline->next >= hotline->orders.count;

	pthread_mutex_lock(&hotline->lock);
	bool is_evening = hotline->is_evening;
	pthread_mutex_unlock(&hotline->lock);
	return is_evening || is_sent || !hotline->orders.count;
}

static int64_t due_ms(const struct hotline *hotline, size_t serial)
{
	double day = (double)serial / (double)hotline->orders.count;

	return hotline->started_ms +
	       (int64_t)(day * (double)hotline->config.day_ms);
}

/* First one whose second try is due, then the next in line. */
static bool next_sending(struct sending *sending_out, struct hotline *hotline)
{
	int64_t now_ms = clock_now_ms(&hotline->clock);

	for (size_t i = 0; i < hotline->again_count; i++) {
		if (hotline->again[i].not_before_ms > now_ms)
			continue;
		*sending_out = hotline->again[i];
		hotline->again[i] = hotline->again[--hotline->again_count];
		return true;
	}
	if (is_over(hotline) || hotline->again_count + LANES > AGAIN_MAX ||
	    due_ms(hotline, hotline->next) > now_ms)
		return false;
	*sending_out = (struct sending){ hotline->next++, now_ms, 0, 0 };
	return true;
}

static int fill_lanes(struct hotline *hotline)
{
	char number[NUMBER_MAX];
	int rc = 0;

	for (size_t i = 0; !rc && i < LANES; i++) {
		struct sending *sending = &hotline->sent[i];

		if (hotline->lanes[i].body || !next_sending(sending, hotline))
			continue;
		size_t row = sending->serial % hotline->orders.count;
		name_order(number, hotline, sending->serial);
		sending->begun_ms = clock_now_ms(&hotline->clock);
		rc = lane_post(&hotline->lanes[i], hotline->multi, hotline->key,
		    &hotline->ids,
		    orders_body(&hotline->orders.rows[row], number));
	}
	return rc;
}

/* ---- answers ---- */

static int try_again(struct hotline *hotline, struct sending *sending)
{
	int64_t now_ms = clock_now_ms(&hotline->clock);

	if (now_ms - sending->first_ms > hotline->config.patience_ms)
		return ERR_UNREACHABLE;
	sending->not_before_ms = now_ms + AGAIN_MS;
	hotline->again[hotline->again_count++] = *sending;
	return 0;
}

static void count(struct hotline *hotline, long status)
{
	pthread_mutex_lock(&hotline->lock);
	hotline->tally.taken += status == 201;
	hotline->tally.existed += status == 200;
	hotline->tally.refused += status != 201 && status != 200;
	pthread_mutex_unlock(&hotline->lock);
}

static int answered(struct hotline *hotline, size_t index, CURLcode code)
{
	struct lane *lane = &hotline->lanes[index];
	struct sending *sending = &hotline->sent[index];
	long status = lane_end(lane, hotline->multi, code);
	char number[NUMBER_MAX];
	struct id ticket;

	if (status == 0 || status == 429 || status >= 500)
		return try_again(hotline, sending);
	name_order(number, hotline, sending->serial);
	count(hotline, status);
	if (status != 201 && status != 200) {
		fprintf(stderr, "whistle-demo: %s: HTTP %ld %s\n", number,
		    status, lane->answer);
		return 0;
	}
	int rc = lane_ticket(&ticket, lane);
	if (!rc)
		record_add(hotline->config.record, VERB_OPEN, &ticket, number,
		    hotline->node->name, sending->begun_ms);
	return rc;
}

static int take_answers(struct hotline *hotline)
{
	CURLMsg *message;
	int left, rc = 0;

	while (!rc && (message = curl_multi_info_read(hotline->multi, &left))) {
		struct lane *lane = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(
		    message->easy_handle, CURLINFO_PRIVATE, &lane);
		rc = answered(hotline, (size_t)(lane - hotline->lanes),
		    message->data.result);
	}
	return rc;
}

static bool is_done(struct hotline *hotline)
{
	bool is_busy = hotline->again_count > 0 || !is_over(hotline);

	for (size_t i = 0; i < LANES; i++)
		is_busy |= hotline->lanes[i].body != NULL;
	return !is_busy;
}

static int send_some(struct hotline *hotline)
{
	int running, rc = fill_lanes(hotline);

	if (!rc && curl_multi_perform(hotline->multi, &running))
		rc = ERR_IO;
	if (!rc)
		curl_multi_poll(hotline->multi, NULL, 0, WAIT_MS, NULL);
	return rc ? rc : take_answers(hotline);
}

static void *send_all(void *context)
{
	struct hotline *hotline = context;
	bool must_stop = false;
	int state = 1;

	while (state > 0 && !must_stop) {
		state = send_some(hotline);
		if (!state)
			state = !is_done(hotline);
		pthread_mutex_lock(&hotline->lock);
		hotline->state = state;
		must_stop = hotline->must_stop;
		pthread_mutex_unlock(&hotline->lock);
	}
	return NULL;
}

int hotline_start(struct hotline *hotline)
{
	hotline->started_ms = clock_now_ms(&hotline->clock);
	hotline->state = 1;
	if (pthread_create(&hotline->thread, NULL, send_all, hotline))
		return ERR_NOMEM;
	hotline->is_started = true;
	return 0;
}

int hotline_state(struct hotline_tally *tally_out, struct hotline *hotline)
{
	pthread_mutex_lock(&hotline->lock);
	int state = hotline->state;
	*tally_out = hotline->tally;
	pthread_mutex_unlock(&hotline->lock);
	return state;
}

void hotline_end_day(struct hotline *hotline)
{
	pthread_mutex_lock(&hotline->lock);
	hotline->is_evening = true;
	pthread_mutex_unlock(&hotline->lock);
}

static void stop(struct hotline *hotline)
{
	pthread_mutex_lock(&hotline->lock);
	hotline->must_stop = true;
	pthread_mutex_unlock(&hotline->lock);
	pthread_join(hotline->thread, NULL);
}

void hotline_close(struct hotline **hotline)
{
	if (!*hotline)
		return;
	if ((*hotline)->is_started)
		stop(*hotline);
	for (size_t i = 0; i < LANES; i++)
		lane_close(&(*hotline)->lanes[i], (*hotline)->multi);
	curl_multi_cleanup((*hotline)->multi);
	orders_free(&(*hotline)->orders);
	explicit_bzero((*hotline)->key, SIGN_KEY_BYTES);
	pthread_mutex_destroy(&(*hotline)->lock);
	free(*hotline);
	*hotline = NULL;
}
