/*
 * One bit of a live store's file changed, anywhere: either every record is
 * still what it was, or the audit says that the store is damaged. Each try
 * is a process of its own, because LMDB may die of a bad page; whoever runs
 * an audit knows that too.
 *
 * WHISTLE_FLIPS=n: so many flips instead of the few of a quick run.
 */
#include "world.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { ROUNDS = 60, FLIPS = 400, TRY_SECONDS = 20 };

enum fate { UNHARMED, NOTICED, UNNOTICED, DIED, FATES };

struct record {
	enum kv_table table;
	size_t key_len, value_len;
	uint8_t bytes[]; /* key, then value */
};

struct original {
	struct record **records;
	size_t count, cap;
};

static void add_record(struct original *original, enum kv_table table,
    struct bytes key, struct bytes value)
{
	struct record *record = malloc(sizeof(*record) + key.len + value.len);

	assert_non_null(record);
	record->table = table;
	record->key_len = key.len;
	record->value_len = value.len;
	memcpy(record->bytes, key.data, key.len);
	memcpy(record->bytes + key.len, value.data, value.len);
	if (original->count == original->cap) {
		original->cap = original->cap ? 2 * original->cap : 1024;
		original->records = realloc(
		    original->records, original->cap * sizeof(*original->records));
		assert_non_null(original->records);
	}
	original->records[original->count++] = record;
}

static void read_table(
    struct original *original, struct kv_txn *txn, enum kv_table table)
{
	static const uint8_t zero[1];
	struct kv_cursor *cursor = NULL;
	struct bytes key = bytes_of(zero, sizeof(zero)), value;

	assert_int_equal(kv_cursor_open(&cursor, txn, table), 0);
	for (int rc = kv_move(&key, &value, cursor, KV_AT_OR_AFTER); !rc;
	     rc = kv_move(&key, &value, cursor, KV_NEXT))
		add_record(original, table, key, value);
	kv_cursor_close(&cursor);
}

/* ---- a store that has lived ---- */

static void live_on(struct world *world, uint32_t round)
{
	struct request_record request = { .made_ms = STORY_START_MS,
		.ticket = id_of_number(round * 3 + APPEAL) };
	struct id id = id_of_number(round + 1);
	struct event event;

	world_fill(world, round * 3);
	for (int i = 0; i < 3; i++) {
		event = story_event(&world->tickets[APPEAL], VERB_NOTE, GRID);
		event.what.text = "seen again, nothing new to be said of it";
		world_write(world, APPEAL, &event);
		if (i % 2)
			continue;
		place_commit(world->place);
		place_begin(world->place);
	}
	outbox_acked(world_txn(world), &world->link, round * 4);
	links_put(world_txn(world), &world->link);
	requests_put(world_txn(world), &id, &request);
	place_commit(world->place);
	place_begin(world->place);
}

static void live(struct world *world, struct original *original)
{
	/* The first three are there already, as world_setup made them. */
	for (uint32_t round = 1; round < ROUNDS; round++)
		live_on(world, round);
	for (enum kv_table i = 0; i < KV_TABLE_COUNT; i++)
		read_table(original, world_txn(world), i);
	world_audit(world);
	assert_int_equal(world->count, 0);
}

/* ---- one try ---- */

static bool is_whole(const struct original *original, struct kv_txn *txn)
{
	for (size_t i = 0; i < original->count; i++) {
		const struct record *record = original->records[i];
		struct bytes found = bytes_of(NULL, 0);
		int rc = kv_get(&found, txn, record->table,
		    bytes_of(record->bytes, record->key_len));

		if (rc || !bytes_equal(
			      found, bytes_of(record->bytes + record->key_len,
					 record->value_len)))
			return false;
	}
	return true;
}

static int count_only(void *context, const struct audit_finding *finding)
{
	(void)context;
	(void)finding;
	return 0;
}

/* In the child. */
static enum fate look(const struct original *original, const char *path)
{
	struct kv_config config = { .is_copy = true };
	struct audit_config audit = { .is_ours = world_is_ours,
		.found = count_only,
		.now_ms = STORY_START_MS };
	struct audit_result result;
	struct kv *kv = NULL;
	struct kv_txn *txn = NULL;

	if (kv_open(&kv, path, &config) || kv_begin(&txn, kv, false) ||
	    audit_store(&result, txn, &audit) || result.damages)
		return NOTICED;
	return is_whole(original, txn) ? UNHARMED : UNNOTICED;
}

static enum fate try(const struct original *original, const char *path)
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct sigaction usual = { .sa_handler = SIG_DFL };
		static const int fatal[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE,
			SIGILL };
		for (int i = 0; i < 5; i++)
			sigaction(fatal[i], &usual, NULL);
		if (!freopen("/dev/null", "w", stderr))
			_exit(FATES);
		alarm(TRY_SECONDS);
		_exit((int)look(original, path));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	/* a sanitizer ends the process with a code of its own */
	if (!WIFEXITED(status) || WEXITSTATUS(status) >= FATES)
		return DIED;
	return (enum fate)WEXITSTATUS(status);
}

static void flip(int fd, uint64_t bit)
{
	off_t at = (off_t)(bit / 8);
	uint8_t byte;

	assert_int_equal(pread(fd, &byte, 1, at), 1);
	byte = (uint8_t)(byte ^ 1 << bit % 8);
	assert_int_equal(pwrite(fd, &byte, 1, at), 1);
}

static unsigned flips_wanted(void)
{
	const char *text = getenv("WHISTLE_FLIPS");

	return text && *text ? (unsigned)strtoul(text, NULL, 10) : FLIPS;
}

/* The store of a world, closed, and all that was in it. */
struct victim {
	struct original original;
	char path[128];
	int fd;
	uint64_t bits;
	unsigned counts[FATES];
};

static void victim_open(struct victim *victim, struct world *world)
{
	struct stat status;

	memset(victim, 0, sizeof(*victim));
	live(world, &victim->original);
	snprintf(victim->path, sizeof(victim->path), "%s/" KV_FILE,
	    world->place->path);
	kv_abort(&world->place->txn);
	store_close(&world->place->store);
	victim->fd = open(victim->path, O_RDWR);
	assert_true(victim->fd >= 0);
	assert_int_equal(fstat(victim->fd, &status), 0);
	victim->bits = (uint64_t)status.st_size * 8;
	assert_int_equal(try(&victim->original, victim->path), UNHARMED);
}

static void victim_flip(struct victim *victim, uint64_t bit)
{
	enum fate fate;

	flip(victim->fd, bit);
	fate = try(&victim->original, victim->path);
	flip(victim->fd, bit);
	victim->counts[fate]++;
	if (fate == UNNOTICED)
		print_message("bit %llu of byte %llu was not noticed\n",
		    (unsigned long long)bit % 8, (unsigned long long)bit / 8);
}

static void victim_close(struct victim *victim)
{
	static const char *const names[] = { "unharmed", "noticed", "UNNOTICED",
		"died of it" };

	print_message("%zu records in %llu bytes:", victim->original.count,
	    (unsigned long long)victim->bits / 8);
	for (int i = 0; i < FATES; i++)
		print_message(" %u %s%s", victim->counts[i], names[i],
		    i + 1 < FATES ? "," : "\n");
	close(victim->fd);
	for (size_t i = 0; i < victim->original.count; i++)
		free(victim->original.records[i]);
	free(victim->original.records);
}

static void every_damaged_record_is_noticed(void **state)
{
	struct story dice = { .random = 20261121 };
	struct victim victim;

	victim_open(&victim, *state);
	for (unsigned i = 0; i < flips_wanted(); i++)
		victim_flip(&victim, story_random(&dice, victim.bits));
	victim_close(&victim);
	assert_int_equal(victim.counts[UNNOTICED], 0);
	assert_true(victim.counts[NOTICED] > 0);
}

/* Where LMDB keeps which commit was the last: only one bit can make it look
 * as if that had not happened, see store/kv_check.c. */
static void a_head_does_not_take_the_store_back(void **state)
{
	enum { NUMBER_AT = 144, PAGE = 4096 };
	struct victim victim;

	victim_open(&victim, *state);
	for (uint64_t i = 0; i < 64; i++) {
		victim_flip(&victim, NUMBER_AT * 8 + i);
		victim_flip(&victim, (PAGE + NUMBER_AT) * 8 + i);
	}
	victim_close(&victim);
	assert_true(victim.counts[UNNOTICED] <= 1);
	assert_true(victim.counts[NOTICED] > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_damaged_record_is_noticed,
		    world_setup, world_teardown),
		cmocka_unit_test_setup_teardown(
		    a_head_does_not_take_the_store_back, world_setup,
		    world_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
