/* Messages with everything in them. */
#ifndef WHISTLE_TESTS_WIRE_SAMPLE_H
#define WHISTLE_TESTS_WIRE_SAMPLE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/limits.h"
#include "wire/wire.h"

#define SAMPLE_TIME_MS INT64_C(1764000000123)

static const uint8_t sample_run[64] = { 1, 2, 0, 255, 128 };

static inline struct arena *sample_arena(void)
{
	struct arena *arena;

	assert_int_equal(arena_open(&arena, DECODE_MAX_BYTES), 0);
	return arena;
}

static inline struct unit_code sample_code(const char *text)
{
	struct unit_code code;

	assert_int_equal(code_set(&code, text), 0);
	return code;
}

static inline struct id sample_id(uint8_t fill)
{
	struct id id;

	memset(id.b, fill, sizeof(id.b));
	return id;
}

static inline struct hash sample_hash(uint8_t fill)
{
	struct hash hash;

	memset(hash.b, fill, sizeof(hash.b));
	return hash;
}

static inline struct bytes sample_bytes(const struct buf *buf)
{
	return bytes_of(buf->data, buf->len);
}

/* ---- events ---- */

static inline void sample_call(struct particulars *what)
{
	what->whistle = WHISTLE_EMERGENCY;
	what->situation = "燃气泄漏";
	what->meet_at = "东门";
	what->meet_ms = SAMPLE_TIME_MS + 3;
}

static const struct attachment sample_one_file[] = {
	{ { { 7 } }, "录音.m4a", 1, FILE_M4A },
};

static inline void sample_open(struct particulars *what)
{
	what->to = sample_code("420704-zjj");
	what->item = "CJ-0301";
	what->place = sample_code("420704001001003");
	what->colour = COLOUR_RED;
	what->accept_by_ms = SAMPLE_TIME_MS + 1;
	what->resolve_by_ms = SAMPLE_TIME_MS + 2;
	what->contact_key = bytes_of(sample_run, 48);
	what->kind = KIND_CALLOUT;
	what->source = SOURCE_WHISTLE;
	what->external_id = "12345-2026-000001";
	what->title = "楼道堆放杂物";
	what->text = "影响通行和消防安全";
	what->address = "凤凰街道滨湖社区 3 号楼";
	what->parent = sample_id(0x22);
	what->lead = what->urgent = what->confidential = what->callback = true;
	what->contact_hash = bytes_of(sample_run, HASH_BYTES);
	sample_call(what);
	what->attachments = sample_one_file;
	what->attachment_count = 1;
}

static inline const struct callout *sample_callouts(bool is_command)
{
	static struct callout callouts[2];

	callouts[0] = (struct callout){ .department = sample_code("420704-zjj"),
		.lead = true };
	callouts[1] =
	    (struct callout){ .department = sample_code("4207-csgl") };
	if (!is_command) {
		callouts[0].ticket = sample_id(0x31);
		callouts[1].ticket = sample_id(0x32);
	}
	return callouts;
}

static const struct attachment sample_files[] = {
	{ { { 1, 2, 3 } }, "现场 1.jpg", 123456, FILE_JPEG },
	{ { { 9 } }, "report.pdf", FILE_MAX_BYTES, FILE_PDF },
};

static inline void sample_attach(struct particulars *what)
{
	what->attachments = sample_files;
	what->attachment_count = 2;
}

static inline void sample_resolve(struct particulars *what)
{
	what->outcome = OUTCOME_SOLVED;
	what->channel = CHANNEL_MEDIATION;
	what->finding = FINDING_TRUE;
	what->contacted_ms = SAMPLE_TIME_MS - 4;
	what->measures = "已更换管道";
	what->to = sample_code("420704001001");
	sample_attach(what);
}

static inline void sample_rate(struct particulars *what)
{
	what->responded = what->resolved = true;
	what->satisfaction = SATISFACTION_MOSTLY;
}

/* All that the verb may say in an event. */
static inline void sample_what(struct particulars *what, enum verb verb)
{
	particulars_clear(what);
	if (verb == VERB_OPEN) {
		sample_open(what);
		return;
	}
	what->text = "已现场查看，情况属实。";
	switch (verb) {
	case VERB_FORWARD:
		what->to = sample_code("420704001");
		what->item = "CJ-0301";
		what->place = sample_code("420704001001");
		what->accept_by_ms = SAMPLE_TIME_MS + 1;
		what->resolve_by_ms = SAMPLE_TIME_MS + 2;
		what->contact_key = bytes_of(sample_run, 48);
		break;
	case VERB_WHISTLE:
		what->colour = COLOUR_YELLOW;
		what->callouts = sample_callouts(false);
		what->callout_count = 2;
		sample_call(what);
		break;
	case VERB_RETURN:
		what->basis = "三定方案第四条";
		what->to = sample_code("4207");
		break;
	case VERB_SUPERVISE:
		what->step = 2;
		/* fall through */
	case VERB_REMIND:
		what->deadline = DEADLINE_RESOLVE;
		what->due_ms = SAMPLE_TIME_MS + 9;
		break;
	case VERB_RULE:
	case VERB_TAKE_OVER:
		what->to = sample_code("420704001");
		what->accept_by_ms = SAMPLE_TIME_MS + 1;
		what->return_by_ms = SAMPLE_TIME_MS + 2;
		what->rule = "item CJ-0301: accept 30m";
		break;
	case VERB_EXTEND:
		what->resolve_by_ms = SAMPLE_TIME_MS + 5;
		what->rule = "extended 3d (1 of 3)";
		break;
	case VERB_SUSPEND:
		what->until_ms = SAMPLE_TIME_MS + 7;
		what->resident = true;
		what->basis = "会议纪要";
		break;
	case VERB_ERASE_CONTACT:
		what->basis = "本人要求";
		break;
	case VERB_MERGE:
		what->master = sample_id(0x66);
		break;
	case VERB_RESOLVE:
		sample_resolve(what);
		break;
	case VERB_REOPEN:
		what->to = sample_code("420704001");
		break;
	case VERB_RATE:
		sample_rate(what);
		break;
	default:
		break;
	}
}

static const enum verb sample_verbs[] = { VERB_OPEN, VERB_ACCEPT, VERB_NOTE,
	VERB_FORWARD, VERB_WHISTLE, VERB_CHECK_IN, VERB_RETURN, VERB_REMIND,
	VERB_SUPERVISE, VERB_RESUME, VERB_RESOLVE, VERB_REOPEN, VERB_RATE,
	VERB_RULE, VERB_EXTEND, VERB_SUSPEND, VERB_EXCLUDE, VERB_MERGE,
	VERB_TAKE_OVER, VERB_ERASE_CONTACT };
enum { SAMPLE_VERBS = sizeof(sample_verbs) / sizeof(sample_verbs[0]) };

static inline struct event sample_event(enum verb verb)
{
	struct event event = {
		.ticket = sample_id(0x11),
		.seq = verb == VERB_OPEN ? 1 : 300,
		.term = 2,
		.time_ms = SAMPLE_TIME_MS,
		.verb = verb,
		.unit = sample_code("420704001001"),
		.operator= "wang-li",
	};

	if (event.seq > 1)
		event.prev = sample_hash(0x44);
	sample_what(&event.what, verb);
	return event;
}

/* ---- commands ---- */

static inline struct command sample_command(enum verb verb)
{
	struct command command = {
		.id = sample_id(0x51),
		.ticket = sample_id(verb == VERB_OPEN ? 0 : 0x52),
		.verb = verb,
		.unit = sample_code("420704001"),
		.operator= "li.ming",
		.role = ROLE_DISPATCHER,
	};

	particulars_clear(&command.what);
	command.what.text = "请尽快处理";
	switch (verb) {
	case VERB_OPEN:
		command.what.kind = KIND_APPEAL;
		command.what.source = SOURCE_HOTLINE;
		command.what.title = "路灯不亮";
		break;
	case VERB_WHISTLE:
		command.what.colour = COLOUR_BLUE;
		command.what.callouts = sample_callouts(true);
		command.what.callout_count = 2;
		sample_call(&command.what);
		break;
	case VERB_RATE:
		sample_rate(&command.what);
		break;
	default:
		break;
	}
	return command;
}

/* ---- comparing ---- */

static inline void assert_bytes_equal(struct bytes a, struct bytes b)
{
	assert_int_equal(a.len, b.len);
	if (a.len > 0)
		assert_memory_equal(a.data, b.data, a.len);
}

static inline void assert_what_equal(
    const struct particulars *a, const struct particulars *b)
{
	assert_string_equal(a->to.s, b->to.s);
	assert_string_equal(a->text, b->text);
	assert_string_equal(a->item, b->item);
	assert_string_equal(a->place.s, b->place.s);
	assert_int_equal(a->colour, b->colour);
	assert_int_equal(a->accept_by_ms, b->accept_by_ms);
	assert_int_equal(a->resolve_by_ms, b->resolve_by_ms);
	assert_bytes_equal(a->contact_key, b->contact_key);
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->source, b->source);
	assert_string_equal(a->external_id, b->external_id);
	assert_string_equal(a->title, b->title);
	assert_string_equal(a->address, b->address);
	assert_true(id_equal(&a->parent, &b->parent));
	assert_int_equal(a->lead, b->lead);
	assert_int_equal(a->urgent, b->urgent);
	assert_int_equal(a->confidential, b->confidential);
	assert_int_equal(a->callback, b->callback);
	assert_bytes_equal(a->contact_hash, b->contact_hash);
	assert_int_equal(a->whistle, b->whistle);
	assert_string_equal(a->situation, b->situation);
	assert_string_equal(a->meet_at, b->meet_at);
	assert_int_equal(a->meet_ms, b->meet_ms);
	assert_int_equal(a->callout_count, b->callout_count);
	for (size_t i = 0; i < a->callout_count; i++) {
		assert_true(
		    id_equal(&a->callouts[i].ticket, &b->callouts[i].ticket));
		assert_string_equal(
		    a->callouts[i].department.s, b->callouts[i].department.s);
		assert_int_equal(a->callouts[i].lead, b->callouts[i].lead);
	}
	assert_string_equal(a->basis, b->basis);
	assert_int_equal(a->outcome, b->outcome);
	assert_int_equal(a->channel, b->channel);
	assert_int_equal(a->responded, b->responded);
	assert_int_equal(a->resolved, b->resolved);
	assert_int_equal(a->satisfaction, b->satisfaction);
	assert_int_equal(a->deadline, b->deadline);
	assert_int_equal(a->due_ms, b->due_ms);
	assert_int_equal(a->step, b->step);
	assert_int_equal(a->until_ms, b->until_ms);
	assert_int_equal(a->return_by_ms, b->return_by_ms);
	assert_true(id_equal(&a->master, &b->master));
	assert_string_equal(a->rule, b->rule);
	assert_int_equal(a->finding, b->finding);
	assert_int_equal(a->contacted_ms, b->contacted_ms);
	assert_string_equal(a->measures, b->measures);
	assert_int_equal(a->attachment_count, b->attachment_count);
	for (size_t i = 0; i < a->attachment_count; i++) {
		assert_true(hash_equal(
		    &a->attachments[i].hash, &b->attachments[i].hash));
		assert_string_equal(
		    a->attachments[i].name, b->attachments[i].name);
		assert_true(a->attachments[i].size == b->attachments[i].size);
		assert_int_equal(
		    a->attachments[i].type, b->attachments[i].type);
	}
	assert_int_equal(a->resident, b->resident);
}

static inline void assert_command_equal(
    const struct command *a, const struct command *b)
{
	assert_true(id_equal(&a->id, &b->id));
	assert_true(id_equal(&a->ticket, &b->ticket));
	assert_int_equal(a->verb, b->verb);
	assert_string_equal(a->unit.s, b->unit.s);
	assert_string_equal(a->operator, b->operator);
	assert_int_equal(a->role, b->role);
	assert_bytes_equal(a->contact, b->contact);
	assert_what_equal(&a->what, &b->what);
}

#endif
