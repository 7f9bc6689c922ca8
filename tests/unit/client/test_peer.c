#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>
#include "base/err.h"
#include "client/peer.h"

static struct in6_addr peer(const char *text)
{
	struct in6_addr parsed;

	assert_int_equal(peer_parse(&parsed, text), 0);
	return parsed;
}

static void expect_client(
    const char *from, const char *forwarded, const char *client)
{
	const struct proxies proxies = {
		.rows = { peer("127.0.0.1"), peer("2001:db8::1") }, .count = 2
	};
	struct in6_addr at = peer(from), wanted = peer(client);
	struct in6_addr got = proxies_client(&proxies, &at, forwarded);

	assert_true(peer_equal(&got, &wanted));
}

static void reads_addresses_of_both_kinds(void **state)
{
	struct in6_addr four = peer("192.0.2.7"),
			same = peer("::ffff:192.0.2.7");
	struct in6_addr other;

	(void)state;
	assert_true(peer_equal(&four, &same));
	assert_int_equal(peer_parse(&other, "localhost"), ERR_INVALID);
	assert_int_equal(peer_parse(&other, "10.0.0.0/8"), ERR_INVALID);
	assert_int_equal(peer_parse(&other, ""), ERR_INVALID);
}

static void believes_nobody_but_a_proxy_of_ours(void **state)
{
	(void)state;
	expect_client("192.0.2.7", "198.51.100.1", "192.0.2.7");
	expect_client("192.0.2.7", NULL, "192.0.2.7");
}

static void takes_what_the_nearest_proxy_wrote(void **state)
{
	(void)state;
	expect_client("127.0.0.1", "198.51.100.1", "198.51.100.1");
	expect_client("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1");
	expect_client(
	    "127.0.0.1", "6.6.6.6,198.51.100.1 , 2001:db8::1", "198.51.100.1");
	expect_client("2001:db8::1", "\t2001:db8::9 ", "2001:db8::9");
}

static void what_is_no_address_is_the_proxys_own(void **state)
{
	static char longest[5000];

	(void)state;
	memset(longest, '1', sizeof(longest) - 1);
	expect_client("127.0.0.1", "", "127.0.0.1");
	expect_client("127.0.0.1", ",,,", "127.0.0.1");
	expect_client("127.0.0.1", "unknown", "127.0.0.1");
	expect_client("127.0.0.1", "1.2.3.4:80", "127.0.0.1");
	expect_client("127.0.0.1", longest, "127.0.0.1");
	expect_client("127.0.0.1", "127.0.0.1", "127.0.0.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_addresses_of_both_kinds),
		cmocka_unit_test(believes_nobody_but_a_proxy_of_ours),
		cmocka_unit_test(takes_what_the_nearest_proxy_wrote),
		cmocka_unit_test(what_is_no_address_is_the_proxys_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
