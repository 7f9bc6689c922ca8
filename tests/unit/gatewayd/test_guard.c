#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "gatewayd/guard.h"

enum { NOW_S = 1763712000 };

static struct client_key rows[] = {
	{ .name = "hotline", .key = "0123456789abcdef0123456789abcde" },
	{ .name = "other", .key = "fedcba9876543210fedcba987654321" },
};
static const struct keys keys = { rows, 2 };
static struct nonces *nonces;

static int open_nonces(void **state)
{
	(void)state;
	return nonces_open(&nonces, 1000);
}

static int close_nonces(void **state)
{
	(void)state;
	nonces_close(&nonces);
	assert_null(nonces);
	return 0;
}

static struct guard_headers headers(void)
{
	return (struct guard_headers){ "hotline", "1763712000",
		"abcdefghij0123456789", "-" };
}

static enum problem_kind look(const struct guard_headers *said, int64_t now_s)
{
	const struct client_key *client;
	struct sign_parts parts;

	return guard_headers_check(&parts, &client, &keys, said, now_s);
}

/* One request as a client signs it, and whether it gets in. */
static enum problem_kind knock(const struct client_key *signer,
    const struct client_key *client, const char *nonce, int64_t steady_ms)
{
	struct sign_parts parts = { "POST", "/hotline/v1/tickets", NOW_S, nonce,
		bytes_of("{}", 2), NULL };
	char hex[SIGN_TEXT];

	assert_int_equal(sign_request(hex, signer->key, &parts), 0);
	return guard_check(nonces, client, &parts, hex, steady_ms);
}

static void two_keys_are_good_while_a_client_changes(void **state)
{
	struct client_key now = rows[0], before = rows[0];

	(void)state;
	memcpy(now.key, rows[1].key, sizeof(now.key));
	memcpy(now.old_key, rows[0].key, sizeof(now.old_key));
	assert_int_equal(knock(&before, &now, "nonce-0123456789-1", 0),
	    PROBLEM_WRONG_SIGNATURE);
	now.has_old = true;
	assert_int_equal(
	    knock(&before, &now, "nonce-0123456789-2", 0), PROBLEM_NONE);
	assert_int_equal(
	    knock(&now, &now, "nonce-0123456789-3", 0), PROBLEM_NONE);
	/* one client's nonce, by whichever key */
	assert_int_equal(
	    knock(&now, &now, "nonce-0123456789-2", 0), PROBLEM_NONCE_USED);
}

static void wants_all_four_headers(void **state)
{
	struct guard_headers said = headers();

	(void)state;
	assert_int_equal(look(&said, NOW_S), PROBLEM_NONE);
	said.client = NULL;
	assert_int_equal(look(&said, NOW_S), PROBLEM_UNSIGNED);
	said = headers();
	said.time = NULL;
	assert_int_equal(look(&said, NOW_S), PROBLEM_UNSIGNED);
	said = headers();
	said.nonce = NULL;
	assert_int_equal(look(&said, NOW_S), PROBLEM_UNSIGNED);
	said = headers();
	said.signature = NULL;
	assert_int_equal(look(&said, NOW_S), PROBLEM_UNSIGNED);
}

static void wants_time_and_nonce_in_their_one_form(void **state)
{
	static const char *const times[] = { "", "0x5", " 1763712000",
		"+1763712000", "01763712000", "1763712000 ", "1763712000.0",
		"-1", "99999999999999999999", "abc" };
	struct guard_headers said = headers();

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		said.time = times[i];
		assert_int_equal(look(&said, NOW_S), PROBLEM_UNSIGNED);
	}
	said = headers();
	said.nonce = "short";
	assert_int_equal(look(&said, NOW_S), PROBLEM_UNSIGNED);
}

static void lets_in_three_hundred_seconds_and_no_more(void **state)
{
	struct guard_headers said = headers();

	(void)state;
	assert_int_equal(look(&said, NOW_S + 300), PROBLEM_NONE);
	assert_int_equal(look(&said, NOW_S - 300), PROBLEM_NONE);
	assert_int_equal(look(&said, NOW_S + 301), PROBLEM_STALE);
	assert_int_equal(look(&said, NOW_S - 301), PROBLEM_STALE);
	said.time = "0";
	assert_int_equal(look(&said, NOW_S), PROBLEM_STALE);
	said.time = "999999999999";
	assert_int_equal(look(&said, NOW_S), PROBLEM_STALE);
}

static void knows_its_clients_by_name(void **state)
{
	struct guard_headers said = headers();

	(void)state;
	said.client = "hotlin";
	assert_int_equal(look(&said, NOW_S), PROBLEM_WRONG_SIGNATURE);
	said.client = "";
	assert_int_equal(look(&said, NOW_S), PROBLEM_WRONG_SIGNATURE);
	said.client = "other";
	assert_int_equal(look(&said, NOW_S), PROBLEM_NONE);
}

static void lets_a_signature_in_once(void **state)
{
	(void)state;
	assert_int_equal(
	    knock(&rows[0], &rows[0], "once-once-once-01", 0), PROBLEM_NONE);
	assert_int_equal(knock(&rows[0], &rows[0], "once-once-once-01", 1),
	    PROBLEM_NONCE_USED);
	assert_int_equal(
	    knock(&rows[0], &rows[0], "once-once-once-02", 1), PROBLEM_NONE);
	assert_int_equal(
	    knock(&rows[1], &rows[1], "once-once-once-01", 1), PROBLEM_NONE);
}

static void refuses_another_clients_key(void **state)
{
	(void)state;
	assert_int_equal(knock(&rows[1], &rows[0], "other-other-other", 2),
	    PROBLEM_WRONG_SIGNATURE);
}

/* Or whoever guesses nonces could shut the hotline out. */
static void uses_up_no_nonce_for_a_wrong_signature(void **state)
{
	(void)state;
	assert_int_equal(knock(&rows[1], &rows[0], "guessed-guessed-1", 3),
	    PROBLEM_WRONG_SIGNATURE);
	assert_int_equal(
	    knock(&rows[0], &rows[0], "guessed-guessed-1", 3), PROBLEM_NONE);
}

static int use(struct nonces *some, unsigned number, int64_t now_ms)
{
	char nonce[32];

	snprintf(nonce, sizeof(nonce), "nonce-%010u", number);
	return nonces_use(some, "hotline", nonce, now_ms);
}

static void remembers_for_as_long_as_a_signature_lives(void **state)
{
	struct nonces *some;

	(void)state;
	assert_int_equal(nonces_open(&some, 1000), 0);
	assert_int_equal(use(some, 1, 5000), 0);
	assert_int_equal(use(some, 2, 5000 + NONCES_KEEP_MS - 1), 0);
	assert_int_equal(use(some, 1, 5000 + NONCES_KEEP_MS), ERR_EXISTS);
	assert_int_equal(
	    use(some, 2, 5000 + 2 * NONCES_KEEP_MS - 1), ERR_EXISTS);
	assert_int_equal(use(some, 2, 5000 + 2 * NONCES_KEEP_MS), 0);
	assert_int_equal(use(some, 2, 5000 + 9 * NONCES_KEEP_MS), 0);
	nonces_close(&some);
}

static void refuses_rather_than_forgets_when_full(void **state)
{
	struct nonces *some;

	(void)state;
	assert_int_equal(nonces_open(&some, 5000), 0);
	for (unsigned i = 0; i < 5000; i++)
		assert_int_equal(use(some, i, 0), 0);
	assert_int_equal(use(some, 5000, 1), ERR_FULL);
	for (unsigned i = 0; i < 5000; i++)
		assert_int_equal(use(some, i, 2), ERR_EXISTS);
	assert_int_equal(use(some, 5000, NONCES_KEEP_MS), 0);
	assert_int_equal(use(some, 4999, NONCES_KEEP_MS), ERR_EXISTS);
	nonces_close(&some);
}

static void tells_a_clients_nonce_from_anothers(void **state)
{
	(void)state;
	assert_int_equal(nonces_use(nonces, "ab", "c", 0), 0);
	assert_int_equal(nonces_use(nonces, "a", "bc", 0), 0);
	assert_int_equal(nonces_use(nonces, "c", "ab", 0), 0);
	assert_int_equal(nonces_use(nonces, "c", "ab", 0), ERR_EXISTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wants_all_four_headers),
		cmocka_unit_test(two_keys_are_good_while_a_client_changes),
		cmocka_unit_test(wants_time_and_nonce_in_their_one_form),
		cmocka_unit_test(lets_in_three_hundred_seconds_and_no_more),
		cmocka_unit_test(knows_its_clients_by_name),
		cmocka_unit_test(lets_a_signature_in_once),
		cmocka_unit_test(refuses_another_clients_key),
		cmocka_unit_test(uses_up_no_nonce_for_a_wrong_signature),
		cmocka_unit_test(remembers_for_as_long_as_a_signature_lives),
		cmocka_unit_test(refuses_rather_than_forgets_when_full),
		cmocka_unit_test(tells_a_clients_nonce_from_anothers),
	};

	return cmocka_run_group_tests(tests, open_nonces, close_nonces);
}
