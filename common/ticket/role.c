/* The words of the law's answers, and what each role may say. */
#include "ticket/law.h"

static const uint32_t role_verbs[ROLE_COUNT] = {
#define V(verb) (UINT32_C(1) << VERB_##verb)
#define WORKERS                                                                \
	(V(OPEN) | V(ACCEPT) | V(NOTE) | V(FORWARD) | V(RETURN) | V(RESOLVE) | \
	    V(RATE) | V(REOPEN) | V(EXTEND) | V(REMIND) | V(RESUME))
	[ROLE_WORKER] = WORKERS,
	[ROLE_DISPATCHER] = WORKERS | V(WHISTLE) | V(MERGE) | V(EXCLUDE) |
			    V(SUPERVISE) | V(TAKE_OVER) | V(ERASE_CONTACT),
	[ROLE_CLERK] = V(ACCEPT) | V(CHECK_IN) | V(NOTE) | V(RETURN) |
		       V(RESOLVE) | V(FORWARD) | V(EXTEND) | V(RESUME),
	[ROLE_HOTLINE] = V(OPEN) | V(NOTE) | V(RATE) | V(REOPEN) | V(FORWARD) |
			 V(REMIND) | V(SUPERVISE) | V(EXCLUDE) | V(MERGE) |
			 V(ERASE_CONTACT),
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

/*
 * Who works on the ticket calls the caller. Whoever opened it and waits for
 * the end of the work hears what the caller says next, if that is the
 * person's work; whoever had it before needs no more than to recognise it.
 */
static const struct {
	enum contact_view holds, opened, stayed;
} role_views[ROLE_COUNT] = {
	[ROLE_WORKER] = { CONTACT_WHOLE, CONTACT_WHOLE, CONTACT_MASKED },
	[ROLE_DISPATCHER] = { CONTACT_WHOLE, CONTACT_MASKED, CONTACT_MASKED },
	[ROLE_CLERK] = { CONTACT_WHOLE, CONTACT_MASKED, CONTACT_MASKED },
	[ROLE_HOTLINE] = { CONTACT_WHOLE, CONTACT_WHOLE, CONTACT_MASKED },
	[ROLE_SUPERVISOR] = { CONTACT_WHOLE, CONTACT_MASKED, CONTACT_MASKED },
};

enum contact_view role_sees_contact(enum role role, unsigned by)
{
	if ((unsigned)role >= ROLE_COUNT)
		return CONTACT_NOT;
	if (by & BY_HOLDER)
		return role_views[role].holds;
	if (by & BY_ORIGIN)
		return role_views[role].opened;
	return by & BY_STAYED ? role_views[role].stayed : CONTACT_NOT;
}
