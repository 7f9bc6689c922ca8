/* What an order says beside a ticket's fields comes back as it was. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>
#include "gatewayd/likeness.h"
#include "gatewayd/order_text.h"

static struct arena *arena;

static int open_arena(void **state)
{
	(void)state;
	return arena_open(&arena, 1024 * 1024);
}

static int close_arena(void **state)
{
	(void)state;
	arena_close(&arena);
	return 0;
}

static void check(const struct order_text *order)
{
	struct order_text back;
	struct buf text = { 0 };

	assert_int_equal(order_text_write(&text, order), 0);
	assert_int_equal(buf_add(&text, "", 1), 0);
	assert_int_equal(order_text_read(&back, arena, (char *)text.data), 0);
	assert_string_equal(back.kind, order->kind);
	assert_string_equal(back.item_path, order->item_path);
	assert_string_equal(back.tags, order->tags);
	assert_string_equal(back.created, order->created);
	assert_string_equal(back.occurred, order->occurred);
	assert_string_equal(back.content, order->content);
	buf_free(&text);
}

/* Content that looks like one of our lines, or begins or ends with empty
 * ones, with each set of lines before it. */
static void comes_back_exactly_whatever_it_looks_like(void **state)
{
	static const char *const contents[] = { "", "路灯不亮", "两行\n两行",
		"\n", "\n\n空行在前", "空行在后\n\n", "标签：不是标签",
		"诉求类型：投诉", "发生时间：昨天\n登记时间：今天",
		"\n标签：空行在前", "标签：" };

	(void)state;
	for (size_t i = 0; i < sizeof(contents) / sizeof(contents[0]); i++)
		for (unsigned set = 0; set < 32; set++) {
			const struct order_text order = {
				.kind = set & 1 ? "投诉" : "",
				.item_path = set & 2 ? "A->B" : "",
				.tags = set & 4 ? "夜间、噪音" : "",
				.created =
				    set & 8 ? "2026-11-01T08:30:00Z" : "",
				.occurred =
				    set & 16 ? "2026-11-01T07:30:00Z" : "",
				.content = contents[i],
			};

			check(&order);
		}
}

static void any_other_text_is_content(void **state)
{
	struct order_text order;

	(void)state;
	assert_int_equal(order_text_read(&order, arena, "事由：x\n标签：y"), 0);
	assert_string_equal(order.content, "事由：x\n标签：y");
	assert_string_equal(order.tags, "");
}

static void texts_are_as_alike_as_their_pairs(void **state)
{
	(void)state;
	assert_true(likeness("路灯不亮", "路灯不亮！") == 1);
	assert_true(likeness("路灯不亮", "停水三天") == 0);
	assert_true(likeness("", "") == 0);
	assert_true(likeness("ABC", "abc") == 1);
	assert_true(likeness("小区路灯不亮", "路灯不亮了") >
		    likeness("小区路灯不亮", "路灯坏"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back_exactly_whatever_it_looks_like),
		cmocka_unit_test(any_other_text_is_content),
		cmocka_unit_test(texts_are_as_alike_as_their_pairs),
	};

	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
