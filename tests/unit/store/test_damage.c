/*
 * A closed store, one byte of its file changed: whatever is read then is
 * what was written, or is known to be damaged. Each try is a process of its
 * own, because LMDB trusts its own pages and may die of a bad one: that is
 * counted, and is no wrong value.
 *
 * WHISTLE_SEEDS=n: so many positions instead of the few of a quick run.
 */
#include "place.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include "store/events.h"
#include "store/outbox.h"
#include "store/tickets.h"

enum { TICKETS = 120, TRIES = 250, LONG = 3000 };

enum verdict { SAME, DETECTED, MISSING, WRONG, DIED, VERDICTS };

static const char *const verdict_names[] = { "unharmed", "detected", "missing",
	"wrong", "died" };

static uint32_t next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33);
}

static void text_of(char *text, uint32_t number, unsigned version)
{
	int len =
	    snprintf(text, LONG, "event %u of version %u ", number, version);
	size_t more = number % 7 == 0 ? 2500 : 40;

	memset(text + len, 'a' + (int)(number % 26), more);
	text[(size_t)len + more] = '\0';
}

static struct ticket ticket_of(uint32_t number, unsigned version)
{
	struct ticket ticket;

	memset(&ticket, 0, sizeof(ticket));
	ticket.id = id_of_number(number);
	ticket.seq = version;
	ticket.state = (uint8_t)(STATE_OPEN + (number + version) % 8);
	ticket.holder = unit_code_of(number % 2 ? "420704001" : "420704002");
	ticket.updated_ms = PLACE_NOW_MS + version;
	return ticket;
}

/* Two versions of most, so that there are old pages to be led to. */
static void write_all(struct place *place, unsigned version, uint32_t to)
{
	char text[LONG];

	for (uint32_t i = 1; i <= to; i++) {
		struct ticket before = { .seq = 0 };
		struct ticket after = ticket_of(i, version);
		struct id id = id_of_number(i);
		if (version > 1)
			before = ticket_of(i, version - 1);
		assert_int_equal(tickets_put(place->txn, &before, &after), 0);
		text_of(text, i, version);
		assert_int_equal(
		    events_put(place->txn, &id, version, text_bytes(text)), 0);
		assert_int_equal(
		    contacts_put(place->txn, &id, text_bytes("sealed")), 0);
	}
}

static unsigned version_of(uint32_t number)
{
	return number <= TICKETS / 2 ? 2 : 1;
}

static enum verdict worse(enum verdict a, enum verdict b)
{
	return a > b ? a : b;
}

static enum verdict judge(int rc, bool is_same)
{
	if (rc == ERR_NOT_FOUND)
		return MISSING;
	if (rc)
		return DETECTED;
	return is_same ? SAME : WRONG;
}

/* A whole older version of a record is what an old page gives. It is not a
 * record that nobody wrote, but its checksum cannot tell. */
static bool was_written(const struct ticket *found, uint32_t number)
{
	for (unsigned version = 1; version <= version_of(number); version++) {
		struct ticket ticket = ticket_of(number, version);
		if (!memcmp(found, &ticket, sizeof(ticket)))
			return true;
	}
	return false;
}

static enum verdict read_one(struct kv_txn *txn, uint32_t number)
{
	struct ticket found;
	struct bytes value = bytes_of(NULL, 0);
	struct id id = id_of_number(number);
	enum verdict verdict;
	char text[LONG];

	int rc = tickets_get(&found, txn, &id);
	verdict = judge(rc, !rc && was_written(&found, number));
	for (unsigned version = 1; version <= version_of(number); version++) {
		rc = events_get(&value, txn, &id, version);
		text_of(text, number, version);
		verdict = worse(verdict,
		    judge(rc, !rc && bytes_equal(value, text_bytes(text))));
	}
	rc = contacts_get(&value, txn, &id);
	return worse(verdict,
	    judge(rc, !rc && bytes_equal(value, text_bytes("sealed"))));
}

static int count_one(void *context, const struct ticket *ticket)
{
	uint32_t number = number_of_id(&ticket->id);

	if (number < 1 || number > TICKETS || !was_written(ticket, number))
		_exit(WRONG);
	++*(unsigned *)context;
	return 0;
}

static enum verdict walk_all(struct kv_txn *txn)
{
	struct tickets_query query = { .holder = NULL };
	unsigned count = 0;
	int rc = tickets_walk(txn, &query, count_one, &count);

	if (rc)
		return DETECTED;
	return count == TICKETS ? SAME : MISSING;
}

static enum verdict read_all(struct kv_txn *txn)
{
	enum verdict verdict = walk_all(txn);

	for (uint32_t i = 1; i <= TICKETS; i++)
		verdict = worse(verdict, read_one(txn, i));
	return verdict;
}

static void die(int number)
{
	(void)number;
	_exit(DIED);
}

static void look(struct place *place)
{
	struct kv_txn *txn = NULL;
	int silent = open("/dev/null", O_WRONLY);

	dup2(silent, STDERR_FILENO);
	signal(SIGSEGV, die);
	signal(SIGBUS, die);
	signal(SIGABRT, die);
	signal(SIGFPE, die);
	alarm(20);
	if (store_open(&place->store, place->path, &place->config, "streetd",
		&place->maker, PLACE_NOW_MS) ||
	    kv_begin(&txn, place->store.kv, false))
		_exit(DETECTED);
	_exit(place->store.is_new ? WRONG : (int)read_all(txn));
}

static enum verdict try_one(struct place *place)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		look(place);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) && WEXITSTATUS(status) < VERDICTS
		   ? (enum verdict)WEXITSTATUS(status)
		   : DIED;
}

static struct buf read_file(const char *path)
{
	struct buf buf = { 0 };
	uint8_t block[4096];
	size_t len;
	FILE *in = fopen(path, "r");

	assert_non_null(in);
	while ((len = fread(block, 1, sizeof(block), in)) > 0)
		assert_int_equal(buf_add(&buf, block, len), 0);
	fclose(in);
	return buf;
}

static void write_file(const char *path, const struct buf *buf)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(buf->data, 1, buf->len, out), buf->len);
	assert_int_equal(fclose(out), 0);
}

static void prepare(struct place *place)
{
	assert_int_equal(store_taken(&place->store, place->txn), 0);
	write_all(place, 1, TICKETS);
	place_commit(place);
	place_begin(place);
	write_all(place, 2, TICKETS / 2);
	place_commit(place);
	store_close(&place->store);
}

static unsigned tries(void)
{
	const char *seeds = getenv("WHISTLE_SEEDS");

	return seeds ? (unsigned)strtoul(seeds, NULL, 10) * 10 : TRIES;
}

static void never_gives_a_value_that_nobody_wrote(void **state)
{
	struct place *place = *state;
	unsigned counts[VERDICTS] = { 0 };
	uint64_t seed = 20261121;
	char path[128];

	prepare(place);
	assert_int_equal(try_one(place), SAME);
	snprintf(path, sizeof(path), "%s/data.mdb", place->path);
	struct buf whole = read_file(path);
	for (unsigned i = 0; i < tries(); i++) {
		/* every other one where it hurts: pages' heads, the metas */
		size_t at = next_random(&seed) % whole.len;
		if (i % 4 == 1)
			at = at / 4096 * 4096 + next_random(&seed) % 64;
		if (i % 16 == 2)
			at = next_random(&seed) % 8192;
		uint8_t change = (uint8_t)(1 + next_random(&seed) % 255);
		whole.data[at] ^= change;
		write_file(path, &whole);
		whole.data[at] ^= change;
		enum verdict verdict = try_one(place);
		counts[verdict]++;
		if (verdict == WRONG)
			fail_msg("byte %zu changed by %02x: a wrong value", at,
			    change);
	}
	for (unsigned i = 0; i < VERDICTS; i++)
		print_message("%s %u  ", verdict_names[i], counts[i]);
	print_message("of %u\n", tries());
	assert_true(counts[DETECTED] > 0);
	buf_free(&whole);
}

/* Each byte of each record, with the pages around it as they were. */
static void detects_each_changed_byte_of_a_record(void **state)
{
	struct place *place = *state;
	char text[LONG], path[128];
	struct buf whole;
	uint8_t *found;

	prepare(place);
	snprintf(path, sizeof(path), "%s/data.mdb", place->path);
	whole = read_file(path);
	text_of(text, 5, 2);
	found = memmem(whole.data, whole.len, text, strlen(text));
	assert_non_null(found);
	for (size_t i = 0; i < strlen(text) + 8; i++) {
		found[i] ^= 0x20;
		write_file(path, &whole);
		found[i] ^= 0x20;
		assert_int_equal(try_one(place), DETECTED);
	}
	buf_free(&whole);
}

#define WITH_PLACE(test)                                                       \
	cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PLACE(never_gives_a_value_that_nobody_wrote),
		WITH_PLACE(detects_each_changed_byte_of_a_record),
	};

	return cmocka_run_group_tests_name("store/damage", tests, NULL, NULL);
}
