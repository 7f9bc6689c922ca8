/* The words of the law's answers, and what each role may say. */
#include "ticket/law.h"

static const uint32_t role_verbs[ROLE_COUNT] = {
#define V(verb) (UINT32_C(1) << VERB_##verb)
#define WORKERS                                                                \
	(V(OPEN) | V(ACCEPT) | V(NOTE) | V(FORWARD) | V(RETURN) | V(RESOLVE) | \
	    V(RATE) | V(REOPEN) | V(EXTEND) | V(REMIND) | V(RESUME))
	[ROLE_WORKER] = WORKERS,
	[ROLE_DISPATCHER] = WORKERS | V(WHISTLE) | V(MERGE) | V(EXCLUDE) |
			    V(SUPERVISE) | V(TAKE_OVER),
	[ROLE_CLERK] = V(ACCEPT) | V(CHECK_IN) | V(NOTE) | V(RETURN) |
		       V(RESOLVE) | V(FORWARD) | V(EXTEND) | V(RESUME),
	[ROLE_HOTLINE] =
	    V(OPEN) | V(NOTE) | V(RATE) | V(REOPEN) | V(FORWARD) | V(REMIND) |
	    V(SUPERVISE) | V(EXCLUDE) | V(MERGE),
	[ROLE_SUPERVISOR] = ~V(NONE),
#undef WORKERS
#undef V
};
_Static_assert(VERB_COUNT <= 32, "a role's verbs are one 32-bit mask");

#define X(name, text) text,
static const char *const refusals[] = { LAW_REFUSALS(X) };
static const char *const powers[] = { LAW_POWERS(X) };
#undef X

const char *refusal_name(enum refusal refusal)
{
	return (unsigned)refusal < REFUSAL_COUNT ? refusals[refusal] : "?";
}

const char *power_name(enum power_bit power)
{
	return (unsigned)power < POWER_BIT_COUNT ? powers[power] : "?";
}

bool role_may(enum role role, enum verb verb)
{
	if ((unsigned)role >= ROLE_COUNT || (unsigned)verb >= VERB_COUNT)
		return false;
	return role_verbs[role] >> verb & 1;
}
