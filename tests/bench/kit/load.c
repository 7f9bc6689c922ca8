#include "kit/load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "client/sign.h"
#include "kit/city.h"

enum {
	SAMPLES_MAX = 4 * 1000 * 1000,
	ANSWER_BYTES = 8192,
	REQUEST_BYTES = 4096,
	EVENTS = 64,
};

#define TARGET "/hotline/v1/tickets"

struct talk {
	int fd;
	int64_t since_us; /* of the request under way; 0: none */
	uint64_t number;  /* of its order */
	char answer[ANSWER_BYTES];
	size_t len;
};

struct run {
	const struct load *load;
	struct talk *talks;
	int epoll;
	int64_t *samples;
	uint64_t count, sent, other, again;
	int64_t start_us;
};

static uint64_t numbers, nonces; /* never the same twice */

static int dial(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)))
		bench_fail("nobody listens there");
	return fd;
}

static void write_sample(char *out, size_t size, uint64_t number, void *context)
{
	(void)context;
	snprintf(out, size,
	    "{\"number\":\"B-%d-%llu\",\"kind\":\"投诉\",\"title\":\"楼道渗"
	    "水\",\"content\":\"三单元一楼楼道顶板渗水已有一周，雨天更厉害，"
	    "墙皮大片脱落，老人进出怕滑倒。网格员上门看过，怀疑是公共管道老"
	    "化。\",\"address\":\"凤凰街道滨湖社区3号楼\",\"division\":"
	    "\"420704001\",\"phone\":\"00000000000\"}",
	    (int)getpid(), (unsigned long long)number);
}

static size_t make_order(
    char out[REQUEST_BYTES], const struct load *load, uint64_t number)
{
	char body[1024], nonce[40], hex[SIGN_TEXT];
	struct sign_parts parts = { "POST", TARGET, time(NULL), nonce, { 0 },
		NULL };
	int len;

	(load->write ? load->write : write_sample)(
	    body, sizeof(body), number, load->context);
	snprintf(nonce, sizeof(nonce), "bench-%08d-%012llu", (int)getpid(),
	    (unsigned long long)++nonces);
	parts.body = bytes_of(body, strlen(body));
	if (sign_request(hex, load->sign_key, &parts))
		bench_fail("cannot sign");
	len = snprintf(out, REQUEST_BYTES,
	    "POST " TARGET " HTTP/1.1\r\nHost: bench\r\n"
	    "Content-Type: application/json\r\nX-Whistle-Client: hotline\r\n"
	    "X-Whistle-Time: %lld\r\nX-Whistle-Nonce: %s\r\n"
	    "X-Whistle-Signature: %s\r\nContent-Length: %zu\r\n\r\n%s",
	    (long long)parts.time_s, nonce, hex, strlen(body), body);
	return (size_t)len;
}

static void send_again(struct run *run, struct talk *talk)
{
	char request[REQUEST_BYTES];
	size_t len = make_order(request, run->load, talk->number);

	ssize_t sent = send(talk->fd, request, len, MSG_NOSIGNAL);

	talk->len = 0;
	/* a connection that is gone will say so when it is read */
	if (sent != (ssize_t)len && errno != EPIPE && errno != ECONNRESET)
		bench_fail("an order did not go out");
}

static void send_order(struct run *run, struct talk *talk, int64_t since_us)
{
	talk->since_us = since_us;
	talk->number = ++numbers;
	run->sent++;
	send_again(run, talk);
}

static void open_talk(struct run *run, struct talk *talk)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = talk };

	talk->fd = dial(run->load->port);
	epoll_ctl(run->epoll, EPOLL_CTL_ADD, talk->fd, &event);
}

/* A server may close a connection that was silent for long, and an order may
 * cross with that: it is sent once more, which its number makes safe. */
static void hung_up(struct run *run, struct talk *talk)
{
	if (talk->len > 0)
		bench_fail("the other side hung up within an answer");
	close(talk->fd);
	open_talk(run, talk);
	if (!talk->since_us)
		return;
	run->again++;
	send_again(run, talk);
}

/* The status once the answer is whole, else 0. */
static int whole_answer(struct talk *talk)
{
	const char *end, *length;

	talk->answer[talk->len] = '\0';
	end = strstr(talk->answer, "\r\n\r\n");
	length = strcasestr(talk->answer, "\r\nContent-Length: ");
	if (!end || !length || strlen(end + 4) < strtoul(length + 18, NULL, 10))
		return 0;
	return atoi(talk->answer + 9);
}

static void take(struct run *run, struct talk *talk)
{
	ssize_t got = recv(talk->fd, talk->answer + talk->len,
	    ANSWER_BYTES - 1 - talk->len, MSG_DONTWAIT);
	int status;

	if (got <= 0) {
		if (got < 0 && errno == EAGAIN)
			return;
		hung_up(run, talk);
		return;
	}
	talk->len += (size_t)got;
	status = whole_answer(talk);
	if (status == 0)
		return;
	if ((status == 201 || status == 200) && run->count < SAMPLES_MAX)
		run->samples[run->count++] = bench_now_us() - talk->since_us;
	else
		run->other++;
	talk->since_us = 0;
	talk->len = 0;
}

/* Whatever is due, as far as there are connections for it. */
static void send_due(struct run *run, int64_t end_us)
{
	const struct load *load = run->load;

	for (unsigned i = 0; i < load->connections; i++) {
		int64_t now_us = bench_now_us(), due_us = now_us;
		if (load->total ? run->sent >= load->total : now_us >= end_us)
			return;
		if (run->talks[i].since_us)
			continue;
		if (load->rate) {
			due_us = run->start_us +
				 (int64_t)(run->sent * 1000000 / load->rate);
			if (due_us > now_us)
				return;
		}
		send_order(run, &run->talks[i], due_us);
	}
}

static bool is_busy(const struct run *run)
{
	for (unsigned i = 0; i < run->load->connections; i++)
		if (run->talks[i].since_us)
			return true;
	return false;
}

static bool is_going_on(const struct run *run, int64_t end_us)
{
	return run->load->total ? run->sent < run->load->total
				: bench_now_us() < end_us;
}

static void go(struct run *run)
{
	struct epoll_event events[EVENTS];
	int64_t end_us;

	run->start_us = bench_now_us();
	end_us = run->start_us + (int64_t)run->load->seconds * 1000000;
	while (is_going_on(run, end_us) || is_busy(run)) {
		send_due(run, end_us);
		int count = epoll_wait(run->epoll, events, EVENTS, 1);
		for (int i = 0; i < count; i++)
			take(run, events[i].data.ptr);
	}
}

static void open_talks(struct run *run)
{
	run->epoll = epoll_create1(EPOLL_CLOEXEC);
	run->talks = calloc(run->load->connections, sizeof(*run->talks));
	run->samples = malloc(SAMPLES_MAX * sizeof(*run->samples));
	if (run->epoll < 0 || !run->talks || !run->samples)
		bench_fail("no memory");
	for (unsigned i = 0; i < run->load->connections; i++)
		open_talk(run, &run->talks[i]);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void load_run(struct load_result *result, const struct load *load)
{
	struct run run = { .load = load };
	int64_t *samples;

	open_talks(&run);
	go(&run);
	samples = run.samples;
	if (run.count == 0)
		bench_fail("nothing was taken");
	qsort(samples, run.count, sizeof(*samples), by_size);
	*result = (struct load_result){
		.done = run.count,
		.other = run.other,
		.again = run.again,
		.per_second = (double)run.count * 1e6 /
			      (double)(bench_now_us() - run.start_us),
		.p50_ms = (double)samples[run.count / 2] / 1000,
		.p99_ms = (double)samples[run.count * 99 / 100] / 1000,
		.worst_ms = (double)samples[run.count - 1] / 1000,
	};
	for (unsigned i = 0; i < load->connections; i++)
		close(run.talks[i].fd);
	close(run.epoll);
	free(run.talks);
	free(run.samples);
}
