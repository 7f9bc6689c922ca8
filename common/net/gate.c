#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <czmq.h>
#include "base/err.h"
#include "net/gate.h"
#include "net/net.h"
#include "net/socket.h"

enum {
	GUARD_DESCRIPTORS = 8, /* more than a guard's sockets have */
};

struct gate_list {
	struct gate_list *next;
	char (*keys)[NET_KEY_TEXT]; /* sorted, each once */
	size_t count;
};

/* Guards everything below; the guard's thread sees none of it. */
static pthread_mutex_t gate_lock = PTHREAD_MUTEX_INITIALIZER;
static struct gate_list *lists;
static zactor_t *guard;
static pid_t guard_process; /* a fork has no guard, only its address */

bool gate_key_is_valid(const char *key)
{
	uint8_t raw[32];
	char again[NET_KEY_TEXT];

	return strnlen(key, NET_KEY_TEXT) == NET_KEY_TEXT - 1 &&
	       zmq_z85_decode(raw, key) && zmq_z85_encode(again, raw, 32) &&
	       strcmp(key, again) == 0;
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int copy_keys(
    struct gate_list *list_out, const char *const *keys, size_t count)
{
	char(*copy)[NET_KEY_TEXT] = calloc(count + 1, sizeof(*copy));
	size_t kept = 0;

	if (!copy)
		return ERR_NOMEM;
	for (size_t i = 0; i < count; i++) {
		if (!gate_key_is_valid(keys[i])) {
			free(copy);
			return ERR_INVALID;
		}
		memcpy(copy[i], keys[i], NET_KEY_TEXT);
	}
	qsort(copy, count, sizeof(*copy), compare_keys);
	for (size_t i = 0; i < count; i++) {
		if (kept == 0 || strcmp(copy[kept - 1], copy[i]) != 0)
			memmove(copy[kept++], copy[i], NET_KEY_TEXT);
	}
	list_out->keys = copy;
	list_out->count = kept;
	return 0;
}

bool gate_admits(const struct gate_list *list, const char *key)
{
	return bsearch(key, list->keys, list->count, sizeof(*list->keys),
		   compare_keys) != NULL;
}

static bool is_on_a_list_before(const struct gate_list *list, const char *key)
{
	for (const struct gate_list *l = lists; l != list; l = l->next) {
		if (gate_admits(l, key))
			return true;
	}
	return false;
}

/* Every key that is on a list, once: zcertstore aborts at a second one. */
static zcertstore_t *certificates(void)
{
	zcertstore_t *store = zcertstore_new(NULL);
	const uint8_t no_secret[32] = { 0 };
	uint8_t raw[32];

	for (const struct gate_list *l = lists; l; l = l->next) {
		for (size_t i = 0; i < l->count; i++) {
			if (is_on_a_list_before(l, l->keys[i]))
				continue;
			zmq_z85_decode(raw, l->keys[i]);
			zcert_t *cert = zcert_new_from(raw, no_secret);
			zcertstore_insert(store, &cert);
		}
	}
	return store;
}

/* czmq closes every socket when a process exits, and aborts it when the guard
 * is still there to notice. */
static void end_guard(void)
{
	if (guard_process == getpid())
		zactor_destroy(&guard);
}

/* After czmq's own, so that it is called before it. */
static void end_guard_at_exit(void)
{
	static bool is_done;

	socket_setup();
	guard_process = getpid();
	if (!is_done)
		is_done = atexit(end_guard) == 0;
}

/* czmq aborts when it cannot have its sockets, so ask first. */
static int check_descriptors(void)
{
	int spare[GUARD_DESCRIPTORS];
	int count = 0;

	while (count < GUARD_DESCRIPTORS &&
	       (spare[count] = eventfd(0, EFD_CLOEXEC)) >= 0)
		count++;
	for (int i = 0; i < count; i++)
		close(spare[i]);
	return count == GUARD_DESCRIPTORS ? 0 : ERR_IO;
}

/*
 * The guard's thread must see no signal: czmq takes one for the wish that it
 * end, and then nobody would be let in any more.
 */
static int guard_change(void)
{
	sigset_t all, before;

	zactor_destroy(&guard);
	if (!lists)
		return 0;
	end_guard_at_exit();
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	guard = zactor_new(zauth, certificates());
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return guard ? 0 : ERR_NOMEM;
}

int gate_open(
    struct gate_list **list_out, const char *const *keys, size_t count)
{
	struct gate_list *list = calloc(1, sizeof(*list));
	int rc;

	if (!list)
		return ERR_NOMEM;
	rc = check_descriptors();
	if (!rc)
		rc = copy_keys(list, keys, count);
	if (rc) {
		free(list);
		return rc;
	}
	pthread_mutex_lock(&gate_lock);
	list->next = lists;
	lists = list;
	rc = guard_change();
	pthread_mutex_unlock(&gate_lock);
	if (rc)
		gate_close(&list);
	*list_out = list;
	return rc;
}

int gate_change(struct gate_list *list, const char *const *keys, size_t count)
{
	struct gate_list fresh;
	int rc = check_descriptors();

	if (!rc)
		rc = copy_keys(&fresh, keys, count);
	if (rc)
		return rc;
	pthread_mutex_lock(&gate_lock);
	free(list->keys);
	list->keys = fresh.keys;
	list->count = fresh.count;
	rc = guard_change();
	pthread_mutex_unlock(&gate_lock);
	return rc;
}

void gate_close(struct gate_list **list)
{
	struct gate_list **link = &lists;

	if (!*list)
		return;
	pthread_mutex_lock(&gate_lock);
	while (*link != *list)
		link = &(*link)->next;
	*link = (*list)->next;
	guard_change();
	pthread_mutex_unlock(&gate_lock);
	free((*list)->keys);
	free(*list);
	*list = NULL;
}
