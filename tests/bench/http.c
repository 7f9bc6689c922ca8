/*
 * Signed orders over HTTP, from the first byte to a ticket on disk: as many
 * as go, beside a bare libmicrohttpd that gives back what it gets; then at a
 * fixed rate, alone, beside hundreds of slow clients, and while a stranger
 * floods the node's own socket: from here, as if from another machine, without
 * waiting to be let in, and as much at a socket that is not ours. Real
 * gatewayd and cityd.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/options.h"
#include "client/sign.h"
#include "kit/city.h"
#include "kit/load.h"

enum { CONNECTIONS = 64, SLOW = 500, IDLE = 1000, FORGOTTEN_S = 6 };

struct bench {
	struct bench_city city;
	int64_t port, seconds, rate;
	uint8_t key[SIGN_KEY_BYTES];
	uint16_t http, node, echo;
};

static uint16_t port_of(const char *address)
{
	const char *colon = address ? strrchr(address, ':') : NULL;

	if (!colon)
		bench_fail("the gateway has no port");
	return (uint16_t)strtoul(colon + 1, NULL, 10);
}

static void prepare(struct bench *bench)
{
	char path[BENCH_PATH * 2];
	const struct node *gateway;

	bench_city_make(&bench->city, bench->port);
	gateway = org_node(bench->city.org, "gatewayd");
	if (!gateway)
		bench_fail("the city has no gatewayd");
	bench->http = port_of(gateway->http);
	bench->node = port_of(gateway->endpoint);
	bench->echo = (uint16_t)(bench->port + 30);
	snprintf(
	    path, sizeof(path), "%s/keys/http/hotline.key", bench->city.dir);
	if (sign_key_load(bench->key, path))
		bench_fail("no key to sign with");
	bench_city_start(&bench->city, "cityd");
	bench_city_start(&bench->city, "gatewayd");
}

static void measure(struct load_result *result, const struct bench *bench,
    const char *what, uint16_t port, int64_t rate)
{
	struct load load = { .port = port,
		.sign_key = bench->key,
		.connections = CONNECTIONS,
		.rate = (unsigned)rate,
		.seconds = (unsigned)bench->seconds };

	load_run(result, &load);
	printf("%-34s %8.0f/s  p50 %7.2f  p99 %7.2f  worst %7.1f ms", what,
	    result->per_second, result->p50_ms, result->p99_ms,
	    result->worst_ms);
	if (result->other > 0)
		printf("  (%llu not taken)", (unsigned long long)result->other);
	if (result->again > 0)
		printf(
		    "  (%llu sent twice)", (unsigned long long)result->again);
	printf("\n");
	fflush(stdout);
}

static void as_many_as_go(const struct bench *bench)
{
	struct load_result echo, orders;
	pid_t pid = echo_start(bench->echo);

	measure(&echo, bench, "bare libmicrohttpd, echo", bench->echo, 0);
	helper_end(pid);
	measure(&orders, bench, "orders, as many as go", bench->http, 0);
	printf("%-34s %8.2f of the echo's\n", "",
	    orders.per_second / echo.per_second);
}

static long memory(const struct bench *bench)
{
	return bench_memory_kib(&bench->city, "gatewayd");
}

static long cpu(const struct bench *bench)
{
	return bench_cpu_ms(&bench->city, "gatewayd");
}

static void beside(const struct bench *bench, const char *what, pid_t pid,
    const struct load_result *alone)
{
	long before_kib = memory(bench), before_ms = cpu(bench);
	struct load_result result;

	measure(&result, bench, what, bench->http, bench->rate);
	printf("%-34s p99 %.2f times, gatewayd %+.1f MiB, %.1f %% of a core\n",
	    "", result.p99_ms / alone->p99_ms,
	    (double)(memory(bench) - before_kib) / 1024,
	    (double)(cpu(bench) - before_ms) / 10 / (double)bench->seconds);
	helper_end(pid);
}

/* Each flood finds the door open: the one before is forgotten by then. */
static void flooded(const struct bench *bench, const char *what,
    enum flood_from from, const struct load_result *alone)
{
	uint64_t dialled, let_in;

	sleep(FORGOTTEN_S);
	beside(bench, what, flood_start(bench->node, IDLE, from), alone);
	let_in = flood_count(&dialled);
	printf("%-34s dialled %llu times, let in %llu times\n", "",
	    (unsigned long long)dialled, (unsigned long long)let_in);
}

static void at_a_rate(const struct bench *bench)
{
	struct load_result warm, alone;
	long before_ms;

	measure(
	    &warm, bench, "orders at a rate, first", bench->http, bench->rate);
	before_ms = cpu(bench);
	measure(&alone, bench, "orders at a rate", bench->http, bench->rate);
	printf("%-34s gatewayd %.1f %% of a core\n", "",
	    (double)(cpu(bench) - before_ms) / 10 / (double)bench->seconds);
	beside(bench, "… beside 500 slow clients",
	    slow_start(bench->http, SLOW), &alone);
	flooded(
	    bench, "… its node flooded, 1,000 idle", FLOOD_FROM_HERE, &alone);
	flooded(
	    bench, "… as from another machine", FLOOD_FROM_ELSEWHERE, &alone);
	flooded(bench, "… without waiting", FLOOD_WITHOUT_WAITING, &alone);
	flooded(bench, "… the same, at another door", FLOOD_NEXT_DOOR, &alone);
}

int main(int argc, char **argv)
{
	struct bench bench = { .port = 9801, .seconds = 10, .rate = 200 };
	struct option_row rows[] = {
		{ "seconds", OPTION_NUMBER, &bench.seconds, 1, 25, "N",
		    "how long each case runs" },
		{ "rate", OPTION_NUMBER, &bench.rate, 1, 10000, "N",
		    "orders a second where the rate is fixed" },
		{ "port", OPTION_NUMBER, &bench.port, 1024, 60000, "N",
		    "the first of the ports used" },
	};
	char message[256];
	int words = 0;

	if (options_parse(&words, argv + 1, message, sizeof(message), rows, 3,
		argc - 1, argv + 1))
		bench_fail(message);
	signal(SIGPIPE, SIG_IGN);
	prepare(&bench);
	/* first: what saturation leaves for the disk is no part of it */
	at_a_rate(&bench);
	as_many_as_go(&bench);
	bench_city_end(&bench.city);
	return 0;
}
