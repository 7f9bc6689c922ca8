/* The law's table. */
#include "ticket/cell.h"

/* Verbs that several states know alike. */
#define NOTE(state)                                                            \
	[VERB_NOTE] = {                                                        \
		.next = state,                                                 \
		.by = BY_HOLDER | BY_ORIGIN | BY_ABOVE | BY_STAYED,            \
	}
/* The timer's, and of people who stand above; who called again reminds. */
#define PRESS(state)                                                           \
	[VERB_REMIND] = {                                                      \
		.next = state,                                                 \
		.by = BY_TIMER | BY_ABOVE | BY_ORIGIN,                         \
		.power = POWER(SUPERVISE),                                     \
		.ends = true,                                                  \
	},                                                                     \
	[VERB_SUPERVISE] = {                                                   \
		.next = state,                                                 \
		.by = BY_TIMER | BY_ABOVE,                                     \
		.caller_by = BY_ORIGIN,                                        \
		.power = POWER(SUPERVISE),                                     \
		.ends = true,                                                  \
	}
#define EXTEND(state) [VERB_EXTEND] = { .next = state, .by = BY_HOLDER }
#define FORWARD                                                                \
	[VERB_FORWARD] = {                                                     \
		.next = STATE_OPEN,                                            \
		.by = BY_HOLDER,                                               \
		.follow = FOLLOW_CUSTODY,                                      \
	}
#define WHISTLE_OUT                                                            \
	[VERB_WHISTLE] = {                                                     \
		.next = STATE_WAITING,                                         \
		.by = BY_HOLDER,                                               \
		.power = POWER(WHISTLE_OUT),                                   \
		.follow = FOLLOW_CALLOUTS,                                     \
		.wants = APPEAL,                                               \
	}
#define RETURN                                                                 \
	[VERB_RETURN] = {                                                      \
		.next = STATE_OPEN,                                            \
		.by = BY_HOLDER,                                               \
		.power = POWER(RETURN),                                        \
		.follow = FOLLOW_CUSTODY,                                      \
	}
#define RULE                                                                   \
	[VERB_RULE] = {                                                        \
		.next = STATE_OPEN,                                            \
		.by = BY_ABOVE | BY_HOLDER,                                    \
		.power = POWER(RULE),                                          \
		.follow = FOLLOW_CUSTODY,                                      \
		.ends = true,                                                  \
	}
#define RESOLVE(what)                                                          \
	[VERB_RESOLVE] = {                                                     \
		.next = STATE_RESOLVED,                                        \
		.by = BY_HOLDER,                                               \
		.power = POWER(SETTLE),                                        \
		.follow = FOLLOW_HOME,                                         \
		.wants = what,                                                 \
		.ends = true,                                                  \
	}
/* Whoever whistled may call it off, and whoever speaks for a caller may
 * withdraw it, as long as nobody has resolved it. */
#define EXCLUDE                                                                \
	[VERB_EXCLUDE] = {                                                     \
		.next = STATE_EXCLUDED,                                        \
		.by = BY_ABOVE,                                                \
		.callout_by = BY_ORIGIN,                                       \
		.caller_by = BY_ORIGIN,                                        \
		.power = POWER(PERMIT),                                        \
		.ends = true,                                                  \
	}
#define MERGE                                                                  \
	[VERB_MERGE] = {                                                       \
		.next = STATE_MERGED,                                          \
		.by = BY_HOLDER,                                               \
		.power = POWER(MERGE),                                         \
		.wants = APPEAL,                                               \
		.ends = true,                                                  \
	}
#define TAKE_OVER                                                              \
	[VERB_TAKE_OVER] = {                                                   \
		.next = STATE_OPEN,                                            \
		.by = BY_ABOVE,                                                \
		.power = POWER(TAKE_OVER),                                     \
		.follow = FOLLOW_CUSTODY,                                      \
		.ends = true,                                                  \
	}

/*
 * Whoever took the caller's details in, or stands above, has them erased:
 * at any time, also after the end. The ticket goes on as before.
 */
#define ERASE(state)                                                           \
	[VERB_ERASE_CONTACT] = {                                               \
		.next = state,                                                 \
		.by = BY_ORIGIN | BY_ABOVE | BY_TIMER | BY_ENGINE,             \
		.ends = true,                                                  \
	}

static const struct cell law[STATE_COUNT][VERB_COUNT] = {
	[STATE_NONE] = {
		[VERB_OPEN] = { .next = STATE_OPEN, .power = POWER(OPEN) },
	},
	[STATE_OPEN] = {
		NOTE(STATE_OPEN), ERASE(STATE_OPEN), PRESS(STATE_OPEN), EXTEND(STATE_OPEN),
		FORWARD, WHISTLE_OUT, RETURN, RULE, RESOLVE(APPEAL_FIRST),
		EXCLUDE, MERGE, TAKE_OVER,
		[VERB_ACCEPT] = {
			.next = STATE_ACCEPTED, .by = BY_HOLDER | BY_TIMER,
			.power = POWER(SETTLE), .wants = APPEAL, .ends = true,
		},
		[VERB_CHECK_IN] = {
			.next = STATE_ACCEPTED, .by = BY_HOLDER,
			.power = POWER(CHECK_IN), .wants = ONLY_CALLOUT,
			.ends = true,
		},
	},
	[STATE_ACCEPTED] = {
		NOTE(STATE_ACCEPTED), ERASE(STATE_ACCEPTED),
		PRESS(STATE_ACCEPTED),
		EXTEND(STATE_ACCEPTED),
		FORWARD, WHISTLE_OUT, RETURN, RULE, RESOLVE(ANY_TICKET),
		EXCLUDE, MERGE, TAKE_OVER,
		[VERB_SUSPEND] = {
			.next = STATE_SUSPENDED, .by = BY_ABOVE,
			.await_by = BY_HOLDER, .power = POWER(PERMIT),
		},
	},
	[STATE_WAITING] = {
		NOTE(STATE_WAITING), ERASE(STATE_WAITING), PRESS(STATE_WAITING),
		EXTEND(STATE_WAITING), WHISTLE_OUT,
		[VERB_RESUME] = {
			.next = STATE_ACCEPTED, .by = BY_ENGINE, .ends = true,
		},
	},
	[STATE_SUSPENDED] = {
		NOTE(STATE_SUSPENDED), ERASE(STATE_SUSPENDED), EXCLUDE,
		[VERB_RESUME] = {
			.next = STATE_ACCEPTED,
			.by = BY_HOLDER | BY_ABOVE | BY_TIMER | BY_ENGINE,
			.ends = true,
		},
	},
	[STATE_RESOLVED] = {
		NOTE(STATE_RESOLVED), ERASE(STATE_RESOLVED),
		[VERB_RATE] = {
			.next = STATE_CLOSED, .by = BY_ORIGIN,
			.must_by = BY_HOLDER, .power = POWER(RATE),
			.ends = true,
		},
		[VERB_REOPEN] = {
			.next = STATE_OPEN, .by = BY_ORIGIN,
			.must_by = BY_HOLDER, .power = POWER(RATE),
			.follow = FOLLOW_CUSTODY,
		},
	},
	[STATE_CLOSED] = { ERASE(STATE_CLOSED) },
	[STATE_EXCLUDED] = { ERASE(STATE_EXCLUDED) },
	/* A duplicate ends as its master does; its caller is called back. */
	[STATE_MERGED] = {
		NOTE(STATE_MERGED), ERASE(STATE_MERGED),
		[VERB_RESOLVE] = {
			.next = STATE_RESOLVED, .by = BY_ENGINE,
			.follow = FOLLOW_HOME, .ends = true,
		},
		[VERB_EXCLUDE] = {
			.next = STATE_EXCLUDED, .by = BY_ENGINE, .ends = true,
		},
	},
};

const struct cell *cell_at(enum state state, enum verb verb)
{
	if ((unsigned)state >= STATE_COUNT || (unsigned)verb >= VERB_COUNT)
		return NULL;
	return &law[state][verb];
}
