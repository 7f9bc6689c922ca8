#include "net/turnstile.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "net/endpoint.h"
#include "net/sieve.h"
#include "net/socket.h"

enum {
	EVENTS = ZMQ_EVENT_LISTENING | ZMQ_EVENT_ACCEPTED |
		 ZMQ_EVENT_HANDSHAKE_SUCCEEDED,
	/* Of those who neither have a key nor are thrown out yet: so many at
	 * once, then so many a second. One costs some 0.15 ms. */
	STRANGERS_MAX = 128,
	STRANGERS_SECOND = 64,
	STRANGERS_AGAIN = 16, /* the door opens for no fewer */
	TRY_MS = 250,	      /* quiet so long: those classes are good */
	QUIET_MS = 2000,      /* all are, and that was it */
	AGAIN_MS = 4000,      /* then the bad ones are tried again */
	LOOK_MS = 50,	      /* how often, while not everybody may come */
	ACCOUNTS = UINT16_MAX + 1,
};

/* A bucket: what may still come, in thousandths. */
struct count {
	int64_t left;
	bool is_out; /* nobody until there is room for a few */
};

/* In which classes of addresses the strangers are: bits, as in a sieve. */
struct search {
	uint32_t salt, open, untried, trying;
	unsigned batch; /* so many classes are tried at a time */
	int64_t since_ms;
	bool is_on;
	bool is_last; /* all are open: is it over? */
};

struct known {
	uint32_t address;
	uint64_t used; /* 0: free */
	bool is_expected;
};

struct turnstile {
	zsock_t *monitor;
	int listening_fd; /* libzmq's; -1: none, or no TCP */
	int64_t looked_ms;
	struct count unknown, known;
	struct search search;
	struct known places[SIEVE_KNOWN_MAX];
	uint64_t clock;	  /* of uses */
	uint64_t turned;  /* without a handshake, since it was opened */
	bool is_sieved;	  /* as all this says */
	bool is_helpless; /* the kernel takes no sieve */
	uint8_t greeted[ACCOUNTS / 8];
};

int turnstile_open(struct turnstile **turnstile_out)
{
	struct turnstile *turnstile = calloc(1, sizeof(*turnstile));

	*turnstile_out = turnstile;
	if (!turnstile)
		return ERR_NOMEM;
	turnstile->listening_fd = -1;
	turnstile->search.open = SIEVE_EVERYBODY;
	turnstile->looked_ms = socket_now_ms();
	turnstile->unknown.left = STRANGERS_MAX * 1000;
	turnstile->known.left = STRANGERS_MAX * 1000;
	return 0;
}

int turnstile_watch(struct turnstile *turnstile, zsock_t *socket)
{
	return socket_watch(&turnstile->monitor, socket, EVENTS);
}

void turnstile_unwatch(struct turnstile *turnstile, zsock_t *socket)
{
	socket_unwatch(&turnstile->monitor, socket);
	turnstile->listening_fd = -1;
}

zsock_t *turnstile_monitor(struct turnstile *turnstile)
{
	return turnstile->monitor;
}

/* ---- counting ---- */

static bool is_tcp(int fd)
{
	struct sockaddr_in address;
	socklen_t len = sizeof(address);

	return getsockname(fd, (struct sockaddr *)&address, &len) == 0 &&
	       address.sin_family == AF_INET;
}

static void add(struct count *count, int64_t thousandths)
{
	const int64_t most = STRANGERS_MAX * 1000;

	count->left += thousandths;
	if (count->left > most)
		count->left = most;
	if (count->left < -most)
		count->left = -most;
}

/* Who comes in now is among those whom the door lets in now. Who turns out to
 * have a key is taken off again, from wherever he was counted. */
static void read_events(struct turnstile *turnstile)
{
	struct count *count =
	    turnstile->unknown.is_out ? &turnstile->known : &turnstile->unknown;
	int event, value;

	while ((event = socket_event(&value, turnstile->monitor)) != 0) {
		if (event == ZMQ_EVENT_LISTENING) {
			turnstile->listening_fd = is_tcp(value) ? value : -1;
			turnstile->is_sieved = false;
		}
		if (event == ZMQ_EVENT_ACCEPTED) {
			add(count, -1000);
			turnstile->turned++;
		}
		if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
			add(&turnstile->unknown, 1000);
			add(&turnstile->known, 1000);
			turnstile->turned--;
			memset(
			    turnstile->greeted, 0, sizeof(turnstile->greeted));
		}
	}
}

/* ---- who may come in ---- */

static bool decide(struct count *count)
{
	bool was_out = count->is_out;

	if (count->left < 0)
		count->is_out = true;
	else if (count->left >= STRANGERS_AGAIN * 1000)
		count->is_out = false;
	return count->is_out != was_out;
}

static void start_search(struct search *search)
{
	*search = (struct search){ .is_on = true,
		.salt = arc4random(),
		.untried = SIEVE_EVERYBODY,
		.batch = SIEVE_CLASSES / 2 };
}

/* Too many came: they are in the classes that were tried; or, when none was,
 * nobody knows. */
static void blame(struct search *search)
{
	if (!search->is_on || search->is_last || search->trying == 0) {
		start_search(search);
		return;
	}
	search->open &= ~search->trying;
	if (search->batch == 1)
		search->untried &= ~search->trying;
	else
		search->batch /= 2;
	search->trying = 0;
}

static uint32_t lowest(uint32_t classes, unsigned count)
{
	uint32_t found = 0;

	for (; classes && count > 0; count--) {
		found |= classes & -classes;
		classes &= classes - 1;
	}
	return found;
}

/* What was tried is good: on to the next. */
static void go_on(struct search *search)
{
	if (search->trying && search->batch < SIEVE_CLASSES / 2)
		search->batch *= 2;
	search->untried &= ~search->trying;
	search->trying = lowest(search->untried, search->batch);
	search->open |= search->trying;
}

static bool is_settled(const struct search *search)
{
	return search->untried == 0 && search->open != SIEVE_EVERYBODY;
}

/* Lets in others than before. */
static void take_step(struct search *search)
{
	if (search->is_last)
		*search = (struct search){ .open = SIEVE_EVERYBODY };
	else if (search->untried)
		go_on(search);
	else {
		search->is_last = true;
		search->open = SIEVE_EVERYBODY;
	}
}

static int64_t step_ms(const struct search *search)
{
	if (search->is_last)
		return QUIET_MS;
	if (search->trying)
		return TRY_MS;
	return is_settled(search) ? AGAIN_MS : 0;
}

static void choose_addresses(struct turnstile *turnstile, int64_t now_ms)
{
	struct search *search = &turnstile->search;
	bool is_changed = decide(&turnstile->unknown);

	if (is_changed && turnstile->unknown.is_out)
		blame(search);
	else if (search->is_on && !turnstile->unknown.is_out &&
		 now_ms - search->since_ms >= step_ms(search)) {
		take_step(search);
		is_changed = true;
	}
	if (is_changed) {
		search->since_ms = now_ms;
		turnstile->is_sieved = false;
	}
}

/* Whoever waits in the queue is let in, whatever the sieve says by then: so
 * the queue is short while there may be a flood. */
static int shorten_queue(const struct turnstile *turnstile)
{
	return listen(turnstile->listening_fd,
	    turnstile->search.is_on ? STRANGERS_AGAIN : SOCKET_BACKLOG);
}

static void set_sieve(struct turnstile *turnstile)
{
	struct sieve sieve = { .salt = turnstile->search.salt,
		.open = turnstile->unknown.is_out ? SIEVE_NOBODY
						  : turnstile->search.open };

	for (size_t i = 0; i < SIEVE_KNOWN_MAX && !turnstile->known.is_out;
	     i++) {
		if (turnstile->places[i].used > 0)
			sieve.known[sieve.known_count++] =
			    turnstile->places[i].address;
	}
	turnstile->is_helpless = shorten_queue(turnstile) ||
				 sieve_set(turnstile->listening_fd, &sieve);
	turnstile->is_sieved = true;
}

void turnstile_tend(struct turnstile *turnstile)
{
	int64_t now_ms = socket_now_ms(), passed_ms;

	if (!turnstile->monitor)
		return;
	read_events(turnstile);
	passed_ms = now_ms - turnstile->looked_ms;
	turnstile->looked_ms = now_ms;
	add(&turnstile->unknown, passed_ms * STRANGERS_SECOND);
	add(&turnstile->known, passed_ms * STRANGERS_SECOND);
	if (turnstile->listening_fd < 0)
		return;
	choose_addresses(turnstile, now_ms);
	if (decide(&turnstile->known) || !turnstile->is_sieved)
		set_sieve(turnstile);
}

int64_t turnstile_wait_ms(const struct turnstile *turnstile, int64_t wait_ms)
{
	bool is_open = !turnstile->search.is_on && !turnstile->known.is_out;

	if (is_open || (wait_ms >= 0 && wait_ms < LOOK_MS))
		return wait_ms;
	return LOOK_MS;
}

/* ---- who is known ---- */

static bool is_better_to_forget(const struct known *a, const struct known *b)
{
	return a->is_expected != b->is_expected ? b->is_expected
						: a->used < b->used;
}

/* Its row, else the one whose loss is the least. */
static struct known *row_of(struct turnstile *turnstile, uint32_t address)
{
	struct known *row = &turnstile->places[0];

	for (size_t i = 0; i < SIEVE_KNOWN_MAX; i++) {
		struct known *other = &turnstile->places[i];

		if (other->used > 0 && other->address == address)
			return other;
		if (is_better_to_forget(other, row))
			row = other;
	}
	return row;
}

static void know(
    struct turnstile *turnstile, const char *address, bool is_expected)
{
	struct in_addr parsed;
	struct known *row;

	if (inet_pton(AF_INET, address, &parsed) != 1)
		return;
	row = row_of(turnstile, parsed.s_addr);
	if (row->used == 0 || row->address != parsed.s_addr)
		*row = (struct known){ .address = parsed.s_addr };
	row->used = ++turnstile->clock;
	row->is_expected |= is_expected;
}

void turnstile_expect(
    struct turnstile *turnstile, const char *const *endpoints, size_t count)
{
	char host[INET_ADDRSTRLEN];

	for (size_t i = 0; i < SIEVE_KNOWN_MAX; i++)
		turnstile->places[i].is_expected = false;
	for (size_t i = 0; i < count; i++) {
		if (endpoint_host(host, sizeof(host), endpoints[i]))
			know(turnstile, host, true);
	}
}

bool turnstile_is_new(const struct turnstile *turnstile, uint16_t account)
{
	return !(turnstile->greeted[account / 8] >> account % 8 & 1);
}

void turnstile_greet(
    struct turnstile *turnstile, uint16_t account, const char *address)
{
	turnstile->greeted[account / 8] |= (uint8_t)(1u << account % 8);
	if (address)
		know(turnstile, address, false);
}

void turnstile_count(
    struct net_strangers *strangers_out, const struct turnstile *turnstile)
{
	*strangers_out = (struct net_strangers){
		.count = turnstile->turned,
		.is_flood = turnstile->search.is_on || turnstile->known.is_out,
		.is_helpless = turnstile->is_helpless,
	};
}

void turnstile_close(struct turnstile **turnstile)
{
	free(*turnstile);
	*turnstile = NULL;
}
