/*
 * A ticket in any state, and a question to the law that would be allowed;
 * a test makes wrong what it is about.
 */
#ifndef WHISTLE_TESTS_LAW_CASES_H
#define WHISTLE_TESTS_LAW_CASES_H

#include "story.h"

static inline struct ticket ticket_in(enum state state, enum kind kind)
{
	struct ticket ticket = {
		.seq = state == STATE_NONE ? 0 : 3,
		.term = 1,
		.state = (uint8_t)state,
		.kind = (uint8_t)kind,
		.origin = code(STREET),
		.holder = code(state == STATE_RESOLVED ? STREET : ZJJ),
		.sender = code(STREET),
		.resolver = code(ZJJ),
		.id = { { 7 } },
		.resolve_by_ms = HOUR_MS,
		.flags = TICKET_HAS_CONTACT,
		.stay_count = 2,
		.stays = { { .unit = code(STREET) }, { .unit = code(ZJJ) } },
	};

	return ticket;
}

static inline struct law_question question_of(enum verb verb, unsigned by)
{
	static const struct callout called[] = {
		{ .department = { CGJ }, .lead = true },
	};
	static const struct ticket master = {
		.id = { { 8 } },
		.seq = 1,
		.state = STATE_WAITING,
		.kind = KIND_APPEAL,
		.holder = { ZJJ },
	};
	struct law_question question = {
		.verb = verb,
		.by = by,
		.master = &master,
		.extensions_max = 3,
		.powers = UINT64_MAX,
		.role = ROLE_SUPERVISOR,
		.target = TARGET_DEPARTMENT,
		.to = code(CGJ),
		.returns_max = 2,
		.callouts = called,
		.callouts_asked = 1,
	};

	if (by & (BY_TIMER | BY_ENGINE))
		question.role = ROLE_NONE;
	return question;
}

static inline enum refusal ask(
    const struct ticket *ticket, const struct law_question *question)
{
	return law_decide(ticket, question).refusal;
}

#endif
