#include "hostile.h"
#include "link.pb-c.h"

static struct wire_order sample_order(enum verb verb)
{
	struct wire_order order = { .command = sample_command(verb),
		.from = "cityd" };

	return order;
}

static struct wire_answer sample_answer(void)
{
	return (struct wire_answer){
		.command = sample_id(0x51),
		.to = "cityd",
		.refusal = "bad_field",
		.detail = "title",
		.seq = 300,
	};
}

static void an_order_comes_back_whole(void **state)
{
	static const enum verb verbs[] = { VERB_ACCEPT, VERB_REMIND,
		VERB_WHISTLE, VERB_RATE };
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		struct wire_order in = sample_order(verbs[i]), out;

		buf_clear(&buf);
		assert_int_equal(wire_order_pack(&buf, &in), 0);
		assert_int_equal(
		    wire_order_unpack(&out, arena, sample_bytes(&buf)), 0);
		assert_string_equal(out.from, in.from);
		assert_command_equal(&out.command, &in.command);
	}
	buf_free(&buf);
	arena_close(&arena);
}

static void an_order_may_be_the_engines_own(void **state)
{
	struct wire_order order = sample_order(VERB_REMIND);
	struct buf buf = { 0 };

	(void)state;
	order.command.operator= OPERATOR_TIMER;
	assert_int_equal(wire_order_pack(&buf, &order), ERR_INVALID);
	order.command.role = ROLE_NONE;
	assert_int_equal(wire_order_pack(&buf, &order), 0);
	buf_free(&buf);
}

static void refuses_to_pack_an_order_without_who_and_what(void **state)
{
	struct wire_order bad[9];
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < 9; i++)
		bad[i] = sample_order(VERB_REMIND);
	bad[0].command.id = sample_id(0);
	bad[1].command.ticket = sample_id(0);
	bad[2].command.unit = (struct unit_code){ "" };
	bad[3].command.operator= "";
	bad[4].command.role = ROLE_COUNT;
	bad[5].command.contact = bytes_of(sample_run, 3);
	bad[6].from = "";
	bad[7].command.verb = VERB_NONE;
	bad[8] = sample_order(VERB_OPEN);
	for (size_t i = 0; i < 9; i++)
		assert_int_equal(wire_order_pack(&buf, &bad[i]), ERR_INVALID);
	assert_int_equal(buf.len, 0);
	buf_free(&buf);
}

/* Packed without a look, as a neighbour with another idea might. */
static void refuses_what_only_the_holder_fills_in(void **state)
{
	struct wire_order order = sample_order(VERB_REMIND);
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };

	(void)state;
	order.command.what.deadline = DEADLINE_RESOLVE;
	order.command.what.due_ms = SAMPLE_TIME_MS;
	assert_int_equal(wire_order_pack(&buf, &order), 0);
	assert_int_equal(
	    wire_order_unpack(&order, arena, sample_bytes(&buf)), ERR_INVALID);
	buf_free(&buf);
	arena_close(&arena);
}

static void a_name_that_does_not_fit_is_refused(void **state)
{
	char name[NAME_MAX_BYTES + 1];
	struct wire_order order = sample_order(VERB_REMIND);
	struct wire_answer answer = sample_answer();
	struct buf buf = { 0 };

	(void)state;
	memset(name, 'n', sizeof(name));
	name[NAME_MAX_BYTES] = '\0';
	order.from = name;
	answer.to = name;
	assert_int_equal(wire_order_pack(&buf, &order), ERR_INVALID);
	assert_int_equal(wire_answer_pack(&buf, &answer), ERR_INVALID);
	name[NAME_MAX_BYTES - 1] = '\0';
	assert_int_equal(wire_order_pack(&buf, &order), 0);
	assert_int_equal(wire_answer_pack(&buf, &answer), 0);
	buf_free(&buf);
}

static void an_answer_comes_back_whole(void **state)
{
	struct wire_answer in = sample_answer(), out;
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };

	(void)state;
	assert_int_equal(wire_answer_pack(&buf, &in), 0);
	assert_int_equal(
	    wire_answer_unpack(&out, arena, sample_bytes(&buf)), 0);
	assert_true(id_equal(&out.command, &in.command));
	assert_string_equal(out.to, in.to);
	assert_string_equal(out.refusal, in.refusal);
	assert_string_equal(out.detail, in.detail);
	assert_int_equal(out.seq, in.seq);
	buf_free(&buf);
	arena_close(&arena);
}

static void an_answer_says_to_what_to_whom_and_how_it_ended(void **state)
{
	struct wire_answer bad[3];
	struct buf buf = { 0 };

	(void)state;
	for (size_t i = 0; i < 3; i++)
		bad[i] = sample_answer();
	bad[0].command = sample_id(0);
	bad[1].to = "";
	bad[2].refusal = "";
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(wire_answer_pack(&buf, &bad[i]), ERR_INVALID);
	buf_free(&buf);
}

static void a_contact_comes_back_whole(void **state)
{
	struct wire_contact in = { "张三", "13800000000" }, out;
	struct arena *arena = sample_arena();
	struct buf buf = { 0 };

	(void)state;
	assert_int_equal(wire_contact_pack(&buf, &in), 0);
	assert_int_equal(
	    wire_contact_unpack(&out, arena, sample_bytes(&buf)), 0);
	assert_string_equal(out.name, in.name);
	assert_string_equal(out.phone, in.phone);
	buf_free(&buf);
	arena_close(&arena);
}

static void a_contact_may_be_empty_but_not_endless(void **state)
{
	struct wire_contact contact = { "", NULL };
	struct arena *arena = sample_arena();
	char name[CONTACT_MAX_BYTES + 1];
	struct buf buf = { 0 };

	(void)state;
	assert_int_equal(wire_contact_pack(&buf, &contact), 0);
	assert_int_equal(buf.len, 0);
	assert_int_equal(
	    wire_contact_unpack(&contact, arena, sample_bytes(&buf)), 0);
	assert_string_equal(contact.phone, "");
	memset(name, 'n', sizeof(name));
	name[CONTACT_MAX_BYTES] = '\0';
	contact.name = name;
	assert_int_equal(wire_contact_pack(&buf, &contact), ERR_TOO_LARGE);
	buf_free(&buf);
	arena_close(&arena);
}

/* ---- hostile bytes ---- */

static int judge_order(
    struct buf *again, struct arena *arena, struct bytes bytes)
{
	struct wire_order order;
	int rc = wire_order_unpack(&order, arena, bytes);

	if (rc == 0)
		assert_int_equal(wire_order_pack(again, &order), 0);
	return rc;
}

static int judge_answer(
    struct buf *again, struct arena *arena, struct bytes bytes)
{
	struct wire_answer answer;
	int rc = wire_answer_unpack(&answer, arena, bytes);

	if (rc == 0)
		assert_int_equal(wire_answer_pack(again, &answer), 0);
	return rc;
}

static int judge_contact(
    struct buf *again, struct arena *arena, struct bytes bytes)
{
	struct wire_contact contact;
	int rc = wire_contact_unpack(&contact, arena, bytes);

	if (rc == 0)
		assert_int_equal(wire_contact_pack(again, &contact), 0);
	return rc;
}

static void survives_every_small_damage(void **state)
{
	struct wire_order order = sample_order(VERB_WHISTLE);
	struct wire_answer answer = sample_answer();
	struct wire_contact contact = { "张三", "13800000000" };
	struct buf buf = { 0 };

	(void)state;
	assert_int_equal(wire_order_pack(&buf, &order), 0);
	torment(judge_order, sample_bytes(&buf));
	torment_at_random(judge_order, sample_bytes(&buf), 20000);
	buf_clear(&buf);
	assert_int_equal(wire_answer_pack(&buf, &answer), 0);
	torment(judge_answer, sample_bytes(&buf));
	buf_clear(&buf);
	assert_int_equal(wire_contact_pack(&buf, &contact), 0);
	torment(judge_contact, sample_bytes(&buf));
	buf_free(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_order_comes_back_whole),
		cmocka_unit_test(an_order_may_be_the_engines_own),
		cmocka_unit_test(refuses_to_pack_an_order_without_who_and_what),
		cmocka_unit_test(refuses_what_only_the_holder_fills_in),
		cmocka_unit_test(a_name_that_does_not_fit_is_refused),
		cmocka_unit_test(an_answer_comes_back_whole),
		cmocka_unit_test(
		    an_answer_says_to_what_to_whom_and_how_it_ended),
		cmocka_unit_test(a_contact_comes_back_whole),
		cmocka_unit_test(a_contact_may_be_empty_but_not_endless),
		cmocka_unit_test(survives_every_small_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
