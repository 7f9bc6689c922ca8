#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "net/account.h"
#include "net/net.h"

enum { ACCOUNTS = 4096 };

struct account {
	atomic_size_t bytes;
};

/* In front of each body, so that it can be given back. */
struct load {
	struct account *account;
	size_t len;
	uint8_t body[];
};

static struct account accounts[ACCOUNTS];
static struct account unbounded;

uint16_t account_number(const char *public_key)
{
	uint32_t sum = 2166136261u; /* FNV-1a */

	for (const char *c = public_key; *c; c++)
		sum = (sum ^ (uint8_t)*c) * 16777619u;
	return (uint16_t)((sum ^ sum >> 16) % ACCOUNTS);
}

struct account *account_at(uint16_t number)
{
	return &accounts[number % ACCOUNTS];
}

struct account *account_unbounded(void)
{
	return &unbounded;
}

/* Called by libzmq's thread. */
static void give_back(void *body, void *hint)
{
	struct load *load = hint;

	(void)body;
	atomic_fetch_sub(&load->account->bytes, load->len);
	free(load);
}

int account_message(
    zmq_msg_t *message_out, struct account *account, struct bytes body)
{
	struct load *load;

	if (account != &unbounded &&
	    atomic_load(&account->bytes) + body.len > NET_QUEUE_BYTES)
		return ERR_UNREACHABLE;
	load = malloc(sizeof(*load) + body.len);
	if (!load)
		return ERR_NOMEM;
	load->account = account;
	load->len = body.len;
	if (body.len > 0)
		memcpy(load->body, body.data, body.len);
	atomic_fetch_add(&account->bytes, body.len);
	if (zmq_msg_init_data(
		message_out, load->body, body.len, give_back, load) == 0)
		return 0;
	give_back(NULL, load);
	return ERR_NOMEM;
}
