#include "gatewayd/loop.h"

#include <errno.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>
#include "base/err.h"
#include "base/log.h"
#include "gatewayd/access.h"
#include "gatewayd/exchange.h"
#include "gatewayd/tls.h"

enum {
	TICK_MS = 250, /* while a connection is open */
	REST_MS = 60 * 1000,
	REPLIES_MAX = 256, /* taken before HTTP gets its turn again */
	WIND_DOWN_MS = 2000,
	BROKEN_MS = 100,
};

int64_t steady_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int watch_fd(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) ? ERR_IO : 0;
}

int loop_open(struct loop *loop)
{
	const union MHD_DaemonInfo *http =
	    MHD_get_daemon_info(loop->gateway.http, MHD_DAEMON_INFO_EPOLL_FD);
	int rc;

	loop->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	loop->ready = epoll_create1(EPOLL_CLOEXEC);
	if (!http || loop->bell < 0 || loop->ready < 0)
		return ERR_IO;
	rc = watch_fd(loop->ready, loop->bell);
	return rc ? rc : watch_fd(loop->ready, http->epoll_fd);
}

void loop_close(struct loop *loop)
{
	if (loop->bell >= 0)
		close(loop->bell);
	if (loop->ready >= 0)
		close(loop->ready);
}

void loop_ring(struct loop *loop)
{
	const uint64_t one = 1;

	if (write(loop->bell, &one, sizeof(one)) < 0 && errno != EAGAIN)
		log_line(LOG_ERROR, "http=bell error=\"%s\"",
		    err_text(err_of_errno(errno)));
}

enum MHD_Result loop_admit(
    void *context, const struct sockaddr *address, socklen_t len)
{
	const struct gateway *gateway = context;
	struct in6_addr peer = peer_of(address);

	(void)len;
	return lines_have_room(&gateway->lines, &peer, &gateway->config.proxies)
		   ? MHD_YES
		   : MHD_NO;
}

static void know_peer(struct gateway *gateway, struct line *line,
    struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct in6_addr peer = { 0 };

	if (info && info->client_addr)
		peer = peer_of(info->client_addr);
	line_is_from(line, &peer, &gateway->config.proxies, steady_ms());
}

void loop_on_connection(void *context, struct MHD_Connection *connection,
    void **own, enum MHD_ConnectionNotificationCode what)
{
	struct gateway *gateway = context;
	const union MHD_ConnectionInfo *info;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		gateway->traffic.connections -= *own != NULL;
		line_close(*own);
		*own = NULL;
		return;
	}
	info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	*own = info ? line_open(&gateway->lines, info->connect_fd, steady_ms())
		    : NULL;
	gateway->traffic.connections += *own != NULL;
	if (*own)
		know_peer(gateway, *own, connection);
}

/* A reply that comes too late finds nobody; that is all right. */
static void take_reply(struct gateway *gateway)
{
	struct bytes bytes =
	    bytes_of(gateway->packed.data, gateway->packed.len);
	struct exchange *exchange;
	struct wire_reply reply;

	arena_reset(gateway->arena);
	if (wire_reply_unpack(&reply, gateway->arena, bytes)) {
		log_line(LOG_ERROR, "http=reply error=malformed bytes=%zu",
		    bytes.len);
		return;
	}
	exchange = asks_take(&gateway->asks, &reply.id);
	if (exchange)
		exchange_reply(exchange, &reply.id, &reply);
}

static int wait_ms(const struct loop *loop)
{
	MHD_UNSIGNED_LONG_LONG http_ms;
	int tick_ms = loop->gateway.traffic.connections > 0 ? TICK_MS : REST_MS;

	if (MHD_get_timeout(loop->gateway.http, &http_ms) == MHD_YES &&
	    http_ms < (unsigned)tick_ms)
		return (int)http_ms;
	return tick_ms;
}

/* The door itself is broken, which no request can help: who waits is told
 * in time, and this thread does not spin. */
static void complain(int code)
{
	const struct timespec while_broken = { 0, BROKEN_MS * 1000 * 1000 };

	if (log_is_due("http-door", steady_ms(), REST_MS))
		log_line(LOG_ERROR, "http=door error=\"%s\"", err_text(code));
	nanosleep(&while_broken, NULL);
}

/* Waits for the first, then takes what else has come already. */
static void take_replies(struct loop *loop)
{
	struct gateway *gateway = &loop->gateway;
	int timeout_ms = wait_ms(loop), fd = loop->ready, rc = 0;

	for (int i = 0; i < REPLIES_MAX && !rc; i++) {
		buf_clear(&gateway->packed);
		rc = net_client_receive(
		    &gateway->packed, gateway->engine, timeout_ms, fd);
		if (!rc)
			take_reply(gateway);
		timeout_ms = 0;
		fd = -1;
	}
	if (rc && rc != ERR_TIMEOUT)
		complain(rc);
}

static void give_up(struct gateway *gateway, int64_t now_ms)
{
	struct exchange *exchange;
	struct id id;

	while ((exchange = asks_overdue(&id, &gateway->asks, now_ms)) != NULL)
		exchange_reply(exchange, &id, NULL);
}

static int load_catalogue(
    struct catalogue **catalogue_out, const struct loop *loop)
{
	struct report report = { 0 };
	int rc = catalogue_load(
	    catalogue_out, &report, loop->home, loop->gateway.org);

	if (rc)
		log_line(LOG_ERROR,
		    "http=catalogue error=\"%s\" problems=%zu "
		    "help=\"whistle city check\"",
		    err_text(rc), report.count + report.dropped);
	report_free(&report);
	return rc;
}

int loop_load(struct keys *keys_out, struct keys *api_keys_out,
    struct catalogue **catalogue_out, const struct loop *loop)
{
	char folder[FOLDER_BYTES + 16];
	struct keys keys, api_keys = { 0 };
	int rc;

	snprintf(folder, sizeof(folder), "%s/keys/http", loop->home);
	rc = keys_load(&keys, folder);
	if (rc)
		return rc;
	snprintf(folder, sizeof(folder), "%s/keys/open311", loop->home);
	rc = keys_load_any(&api_keys, folder);
	if (!rc)
		rc = load_catalogue(catalogue_out, loop);
	if (rc) {
		keys_free(&keys);
		keys_free(&api_keys);
		return rc;
	}
	*keys_out = keys;
	*api_keys_out = api_keys;
	return 0;
}

/* ---- how it is offered ---- */

static int load_tls(
    const struct gateway *gateway, const struct http_config *config)
{
	return config->is_tls ? tls_load(config->tls_cert, config->tls_key,
				    clock_now_ms(&gateway->clock))
			      : 0;
}

static void take_offer(
    struct gateway *gateway, const struct http_config *config, int access_fd)
{
	if (gateway->access_fd >= 0)
		close(gateway->access_fd);
	gateway->access_fd = access_fd;
	gateway->config = *config;
}

static int load_offer(struct http_config *config_out, const struct loop *loop)
{
	struct report report = { 0 };
	int rc = http_config_load(config_out, &report, loop->home);
	char file[LOG_VALUE_MAX], text[LOG_VALUE_MAX];

	for (size_t i = 0; i < report.count; i++)
		log_line(LOG_ERROR, "http_config=%s:%ld error=%s",
		    log_value(file, report.problems[i].file),
		    report.problems[i].line,
		    log_value(text, report.problems[i].text));
	report_free(&report);
	return rc;
}

int loop_offer(struct loop *loop)
{
	struct gateway *gateway = &loop->gateway;
	struct http_config config;
	int access_fd = -1;
	int rc = load_offer(&config, loop);

	if (!rc)
		rc = access_open(&access_fd, config.access_log);
	if (!rc)
		rc = load_tls(gateway, &config);
	if (!rc)
		take_offer(gateway, &config, access_fd);
	else if (access_fd >= 0)
		close(access_fd);
	return rc;
}

/* Connections stay as they are: the next handshake shows the certificate
 * that is there now. */
static void offer_again(struct loop *loop)
{
	bool was_tls = loop->gateway.config.is_tls;
	int rc = loop_offer(loop);

	if (rc)
		log_line(LOG_ERROR,
		    "http_config=kept help=\"mend what is above and "
		    "reload\"");
	else
		log_line(LOG_INFO, "http_config=loaded tls=%s",
		    was_tls ? "on" : "off");
	if (!rc && loop->gateway.config.is_tls != was_tls)
		log_line(LOG_WARN,
		    "http_config=tls help=\"restart the gateway to turn TLS "
		    "on or off\"");
}

static void hear_bell(struct loop *loop)
{
	struct gateway *gateway = &loop->gateway;
	struct catalogue *catalogue;
	struct keys keys, api_keys;
	uint64_t count;

	if (read(loop->bell, &count, sizeof(count)) < 0)
		return;
	if (!atomic_exchange(&loop->is_reloading, false))
		return;
	offer_again(loop);
	if (loop_load(&keys, &api_keys, &catalogue, loop)) {
		log_line(LOG_ERROR,
		    "http_keys=kept help=\"mend the key above and reload\"");
		return;
	}
	keys_free(&gateway->keys);
	keys_free(&gateway->api_keys);
	catalogue_close(&gateway->catalogue);
	gateway->keys = keys;
	gateway->api_keys = api_keys;
	gateway->catalogue = catalogue;
	log_line(LOG_INFO, "http_keys=loaded clients=%zu", keys.count);
}

static void turn(struct loop *loop)
{
	struct gateway *gateway = &loop->gateway;

	take_replies(loop);
	hear_bell(loop);
	give_up(gateway, steady_ms());
	/* before what has come since is taken */
	if (atomic_load(&loop->must_drain))
		gateway->is_draining = true;
	streams_tick(gateway, steady_ms());
	MHD_run(gateway->http);
	lines_sweep(&gateway->lines, steady_ms());
	if (gateway->is_draining)
		atomic_store(&loop->is_drained, gateway->under_way == 0);
}

/* Nothing new comes in; who waits is told; answers under way get out. */
static void wind_down(struct loop *loop)
{
	struct gateway *gateway = &loop->gateway;
	int64_t until_ms = steady_ms() + WIND_DOWN_MS;
	MHD_socket listening = MHD_quiesce_daemon(gateway->http);

	gateway->is_draining = gateway->is_stopping = true;
	give_up(gateway, INT64_MAX);
	while (gateway->under_way > 0 && steady_ms() < until_ms)
		turn(loop);
	give_up(gateway, INT64_MAX);
	MHD_stop_daemon(gateway->http);
	close(listening);
}

void *loop_run(void *context)
{
	struct loop *loop = context;

	while (!atomic_load(&loop->is_stopping))
		turn(loop);
	wind_down(loop);
	return NULL;
}
