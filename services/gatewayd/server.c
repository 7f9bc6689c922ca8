#include "gatewayd/server.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "gatewayd/exchange.h"
#include "gatewayd/listen.h"
#include "gatewayd/access.h"
#include "gatewayd/loop.h"
#include "gatewayd/tls.h"

static const char default_address[] = "127.0.0.1:8311";
static char tls_priorities[] = TLS_PRIORITIES;

enum {
	MEMORY_BYTES = 16 * 1024, /* of a connection: so long are headers */
	DESCRIPTORS = LINES_MAX + 256, /* connections, and all the rest */
};

struct side {
	struct loop loop;
	pthread_t thread;
};

static int complain(const char *address, int code)
{
	const char *help =
	    code == ERR_BUSY ? "another process listens there; stop it or set "
			       "another http address in nodes.yaml"
	    : code == ERR_INVALID
		? "http in nodes.yaml is HOST:PORT or [HOST]:PORT"
		: "see http in nodes.yaml";
	char value[LOG_VALUE_MAX];

	log_line(LOG_ERROR, "http=%s error=\"%s\" help=\"%s\"",
	    log_value(value, address), err_text(code), help);
	return code;
}

/* Its own strictness answers a missing Host with the headers sent twice
 * (0.9.75), so intake.c looks for it instead. */
static int start_http(struct gateway *gateway, int listening)
{
	const struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_CERT_CALLBACK, 0,
		    (void *)(intptr_t)tls_retrieve },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)tls_priorities },
		{ MHD_OPTION_END, 0, NULL },
	};
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
	bool is_tls = gateway->config.is_tls;

	gateway->lines.is_tls = is_tls;
	gateway->http = MHD_start_daemon(flags | (is_tls ? MHD_USE_TLS : 0), 0,
	    loop_admit, gateway, exchange_on, gateway, MHD_OPTION_LISTEN_SOCKET,
	    listening, MHD_OPTION_URI_LOG_CALLBACK, exchange_open, gateway,
	    MHD_OPTION_NOTIFY_COMPLETED, exchange_close, gateway,
	    MHD_OPTION_NOTIFY_CONNECTION, loop_on_connection, gateway,
	    MHD_OPTION_ARRAY, is_tls ? tls : tls + 2,
	    MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)(LINES_MAX + LINES_SPARE + 1),
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(LINE_IDLE_MS / 1000),
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_BYTES,
	    MHD_OPTION_END);
	return gateway->http ? 0 : ERR_IO;
}

static int listen_http(struct gateway *gateway, const char *address)
{
	int listening, rc = listen_at(&listening, address);

	if (rc)
		return complain(address, rc);
	rc = start_http(gateway, listening);
	if (!rc)
		return 0;
	close(listening);
	return complain(address, rc);
}

/* Signals are for the daemon's own thread. */
static int start_thread(struct side *side)
{
	sigset_t all, old;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	failed = pthread_create(&side->thread, NULL, loop_run, &side->loop);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return failed ? ERR_NOMEM : 0;
}

static void release(struct side *side)
{
	struct gateway *gateway = &side->loop.gateway;

	caller_close(&gateway->caller);
	loop_close(&side->loop);
	net_client_close(&gateway->engine);
	nonces_close(&gateway->nonces);
	keys_free(&gateway->keys);
	keys_free(&gateway->api_keys);
	catalogue_close(&gateway->catalogue);
	address_index_close(&gateway->places);
	buf_free(&gateway->packed);
	arena_close(&gateway->arena);
	if (gateway->access_fd >= 0)
		close(gateway->access_fd);
	tls_forget();
	free(side);
}

/* Made with the city; or here, in one that is older than its pages. */
static int load_page_key(struct side *side)
{
	char path[FOLDER_BYTES + 32], value[LOG_VALUE_MAX];
	int rc;

	snprintf(path, sizeof(path), "%s/keys/pages.key", side->loop.home);
	rc = sign_key_load(side->loop.gateway.page_key, path);
	if (rc == ERR_NOT_FOUND) {
		rc = sign_key_make(path);
		if (!rc || rc == ERR_EXISTS)
			rc = sign_key_load(side->loop.gateway.page_key, path);
	}
	if (rc)
		log_line(LOG_ERROR,
		    "page_key=%s error=\"%s\" help=\"it is one line of 64 "
		    "hex digits that only its owner may read\"",
		    log_value(value, path), err_text(rc));
	return rc;
}

static int prepare(struct side *side, const struct daemon_side_config *config)
{
	struct gateway *gateway = &side->loop.gateway;
	int rc = loop_load(&gateway->keys, &gateway->api_keys,
	    &gateway->catalogue, &side->loop);

	gateway->clock = clock_system();
	gateway->ids.entropy = entropy_system();
	if (!rc)
		rc = loop_offer(&side->loop);
	if (!rc)
		rc = nonces_open(&gateway->nonces, NONCES_MAX);
	if (!rc)
		rc = arena_open(&gateway->arena, DECODE_MAX_BYTES);
	if (!rc)
		rc = net_client_open_local(
		    &gateway->engine, config->net, config->door);
	if (!rc)
		rc = address_index_open(&gateway->places, gateway->org);
	if (!rc)
		rc = load_page_key(side);
	if (!rc)
		rc = caller_open(&gateway->caller, side->loop.home,
		    config->store_dir, gateway->org, config->net, config->door);
	return rc;
}

static int open_http(struct side *side, const char *address)
{
	struct gateway *gateway = &side->loop.gateway;
	int rc = listen_http(gateway, address);

	if (rc)
		return rc;
	rc = loop_open(&side->loop);
	if (!rc)
		rc = start_thread(side);
	if (rc) {
		MHD_stop_daemon(gateway->http);
		return complain(address, rc);
	}
	log_line(LOG_INFO, "http=%s state=up clients=%zu", address,
	    gateway->keys.count);
	return 0;
}

/* A connection is a descriptor. daemon_main has raised their limit as far as
 * the system allows. */
static void check_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
	    limit.rlim_cur < DESCRIPTORS)
		log_line(LOG_WARN,
		    "http=descriptors limit=%llu wanted=%d help=\"raise the "
		    "limit of open files\"",
		    (unsigned long long)limit.rlim_cur, DESCRIPTORS);
}

static int start(void **side_out, const struct daemon_side_config *config)
{
	struct side *side = calloc(1, sizeof(*side));
	const struct node *node = config->node;
	int rc;

	if (!side)
		return ERR_NOMEM;
	side->loop.gateway.org = config->org;
	side->loop.gateway.node = node->name;
	side->loop.gateway.spool_dir = config->store_dir;
	side->loop.gateway.address = node->http ? node->http : default_address;
	side->loop.gateway.public_url = node->public_url;
	side->loop.bell = side->loop.ready = -1;
	side->loop.gateway.access_fd = -1;
	snprintf(side->loop.home, sizeof(side->loop.home), "%s", config->home);
	check_descriptors();
	rc = prepare(side, config);
	if (!rc)
		rc = open_http(side, side->loop.gateway.address);
	if (rc)
		release(side);
	else
		*side_out = side;
	return rc;
}

static void reload(void *context)
{
	struct side *side = context;

	caller_reload(side->loop.gateway.caller);
	atomic_store(&side->loop.is_reloading, true);
	loop_ring(&side->loop);
}

static bool drain(void *context)
{
	struct side *side = context;

	if (!atomic_exchange(&side->loop.must_drain, true))
		loop_ring(&side->loop);
	return atomic_load(&side->loop.is_drained);
}

static void stop(void *context)
{
	struct side *side = context;

	atomic_store(&side->loop.is_stopping, true);
	loop_ring(&side->loop);
	pthread_join(side->thread, NULL);
	release(side);
}

const struct daemon_side http_side = {
	.start = start,
	.reload = reload,
	.drain = drain,
	.stop = stop,
};
