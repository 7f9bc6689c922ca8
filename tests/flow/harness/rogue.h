/*
 * Those who send what makes no sense: without a key, with a key that nobody
 * knows, with a good one.
 */
#ifndef WHISTLE_FLOW_ROGUE_H
#define WHISTLE_FLOW_ROGUE_H

#include "harness/city.h"

/* Bytes that look like nothing; the same in every run. */
void noise(uint8_t *out, size_t len);
unsigned noise_below(unsigned limit);

/* A bare connection to a node's socket, or to the gateway's HTTP (`node`
 * NULL). */
int rogue_connect(const struct city *city, const char *node);
/* As much as goes out; whoever is listening may hang up. */
void rogue_send(int fd, const void *data, size_t len);
/* Has the other side hung up within `timeout_ms`? */
bool rogue_is_dropped(int fd, int timeout_ms);

/* Over CURVE with that key; `key` NULL: a key that nobody knows. */
struct net_client *rogue_open(
    const struct city *city, const char *node, const struct net_key *key);
void rogue_key(struct net_key *key_out, const struct city *city,
    const char *operator_name);

#endif
