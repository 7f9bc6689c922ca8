/*
 * In which version of the wire the city writes. An event is kept as it was
 * written and goes to everyone, so what a later version has added is written,
 * and taken, only when nodes.yaml says that the city speaks it; and once the
 * store has any of it the city cannot go back.
 */
#include "engine/inside.h"

#include "base/log.h"

bool speaks_less(const struct turn *turn, uint32_t version)
{
	return version > org_speaks(turn->engine->config.org);
}

int speaks_note(struct turn *turn, uint32_t version)
{
	struct mind *mind = &turn->engine->mind;
	int rc;

	if (version <= mind->spoken)
		return 0;
	rc = store_spoken_put(turn->txn, version);
	if (!rc)
		mind->spoken = version;
	return rc;
}

enum speaks_problem speaks_problem(const struct org *org, uint32_t spoken)
{
	if (org_speaks(org) > wire_versions.newest)
		return SPEAKS_UNREADABLE;
	return org_speaks(org) < spoken ? SPEAKS_TOO_LITTLE : SPEAKS_WELL;
}

bool speaks_may_become(const struct engine *engine, const struct org *org)
{
	uint32_t spoken = engine->mind.spoken;
	enum speaks_problem problem = speaks_problem(org, spoken);

	if (problem == SPEAKS_UNREADABLE)
		log_line(LOG_ERROR,
		    "nodes=refused speaks=%u problem=\"this program reads up "
		    "to version %u of the wire\" do=\"bring it up to date "
		    "first, or take the number back\"",
		    org_speaks(org), wire_versions.newest);
	if (problem == SPEAKS_TOO_LITTLE)
		log_line(LOG_ERROR,
		    "nodes=refused speaks=%u problem=\"the store has what was "
		    "written in version %u of the wire\" do=\"say speaks: %u "
		    "again\"",
		    org_speaks(org), spoken, spoken);
	return problem == SPEAKS_WELL;
}

void speaks_renew(struct engine *engine, unsigned before)
{
	unsigned now = org_speaks(engine->config.org);

	if (now == before)
		return;
	for (size_t i = 0; i < engine->neighbour_count; i++)
		link_renew(&engine->neighbours[i].link);
	log_line(LOG_INFO, "speaks=%u->%u", before, now);
}
