/*
 * How many bytes wait in libzmq's queues to be sent, and for whom. libzmq
 * bounds its queues in messages, and a message may be FRAME_MAX_BYTES: who
 * asks and never reads the answers would otherwise fill the memory. Accounts
 * are a fixed table, for what is queued outlives the socket. Internal to
 * net/.
 */
#ifndef WHISTLE_NET_ACCOUNT_H
#define WHISTLE_NET_ACCOUNT_H

#include <stdint.h>
#include <zmq.h>
#include "base/bytes.h"

struct account;

/* The account of a key: of 4,096, so that two seldom share one. */
uint16_t account_number(const char *public_key);
struct account *account_at(uint16_t number);
/* For what is ours: our own threads, a person's program. Never full. */
struct account *account_unbounded(void);

/*
 * A message with a copy of `body`, counted until libzmq lets go of it.
 * ERR_UNREACHABLE: the account would exceed NET_QUEUE_BYTES. ERR_NOMEM.
 */
int account_message(zmq_msg_t *message_out, struct account *account,
    struct bytes body);

#endif
