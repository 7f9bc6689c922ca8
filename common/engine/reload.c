/* The city's files, read again while it runs. */
#include "engine/inside.h"

#include <stdio.h>
#include <string.h>
#include "base/log.h"

/* Read and found good; what is not wanted any more is closed. */
struct fresh {
	struct catalogue *catalogue;
	struct people *people;
	struct org *org; /* NULL: as it is */
	struct node_keys *keys;
};

/* Which of them a mistake is in. */
static const char *subject_of(const char *file)
{
	if (!strcmp(file, "operators.csv"))
		return "operators";
	if (!strcmp(file, "nodes.yaml") || !strcmp(file, "units.csv"))
		return "nodes";
	return "catalogue";
}

/* Each mistake, by the file that it is in. */
static void log_mistakes(
    char where_out[RELOAD_WHERE_TEXT], const struct report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct problem *problem = &report->problems[i];
		const char *slash = strrchr(problem->file, '/');
		const char *name = slash ? slash + 1 : problem->file;
		log_line(LOG_ERROR, "%s=refused at=%s:%ld", subject_of(name),
		    problem->file, problem->line);
		if (i == 0)
			snprintf(where_out, RELOAD_WHERE_TEXT, "%.64s:%ld",
			    name, problem->line);
	}
	report_print(report, stderr);
}

/*
 * Units and nodes are what everything that runs was made of: another
 * city must be started. The rest is read again all the same; somebody may
 * have to be kept out at once.
 */
static int read_nodes(
    struct fresh *fresh, struct report *report, const struct engine *engine)
{
	const struct engine_config *config = &engine->config;
	int rc = org_endpoints_load(
	    &fresh->org, report, config->city_dir, config->org);

	if (!rc && !speaks_may_become(engine, fresh->org)) {
		org_close(&fresh->org);
		return ERR_VERSION;
	}
	if (rc != ERR_EXISTS)
		return rc;
	log_line(LOG_WARN, "nodes=kept problem=\"units.csv or nodes.yaml names "
			   "other units or nodes than at the start\" "
			   "do=\"restart the daemons that they concern\"");
	return 0;
}

static int read_all(
    struct fresh *fresh, struct report *report, const struct engine *engine)
{
	const struct engine_config *config = &engine->config;
	int rc = catalogue_load(
	    &fresh->catalogue, report, config->city_dir, config->org);
	int people_rc = org_people_load(&fresh->people, report,
	    config->city_dir, config->org, ORG_NEEDS_KEYS);

	if (!rc)
		rc = people_rc;
	if (!rc)
		rc = org_keys_load(&fresh->keys, report, config->city_dir,
		    config->org, ORG_NEEDS_KEYS);
	return rc ? rc : read_nodes(fresh, report, engine);
}

int reload_prepare(struct engine *engine, char where_out[RELOAD_WHERE_TEXT])
{
	struct fresh fresh = { .keys = NULL };
	struct report report = { 0 };
	int rc = read_all(&fresh, &report, engine);

	where_out[0] = '\0';
	if (rc == ERR_VERSION)
		snprintf(where_out, RELOAD_WHERE_TEXT, "nodes.yaml:speaks");
	if (rc) {
		log_mistakes(where_out, &report);
		catalogue_close(&fresh.catalogue);
		org_people_close(&fresh.people);
		org_keys_close(&fresh.keys);
	} else {
		reload_forget(engine);
		engine->fresh = fresh.catalogue;
		engine->fresh_people = fresh.people;
		engine->fresh_org = fresh.org;
		engine->fresh_keys = fresh.keys;
	}
	report_free(&report);
	return rc;
}

void reload_forget(struct engine *engine)
{
	catalogue_close(&engine->fresh);
	org_people_close(&engine->fresh_people);
	org_close(&engine->fresh_org);
	org_keys_close(&engine->fresh_keys);
}

/* Whoever came by a key that is the node's no more has no way to us, and we
 * have none to him: the node itself comes again. */
static void cut_off(struct engine *engine)
{
	for (size_t i = 0; i < engine->neighbour_count; i++) {
		struct neighbour *to = &engine->neighbours[i];
		if (!to->has_route || !to->key[0] ||
		    node_has_key(to->node, to->key))
			continue;
		/* to a parent there is one way, by whichever key it has */
		to->has_route = to->is_parent;
		to->key[0] = '\0';
		to->link.is_up = false;
		to->link.hello_ms = 0;
		log_line(LOG_WARN, "link=%s state=down problem=key_retired",
		    to->node->name);
	}
}

int engine_reload(struct engine *engine)
{
	unsigned spoke = org_speaks(engine->config.org);
	char where[RELOAD_WHERE_TEXT];
	int rc = engine->fresh ? 0 : reload_prepare(engine, where);

	/* the turn in which it was asked for may have stored something later */
	if (!rc && engine->fresh_org &&
	    !speaks_may_become(engine, engine->fresh_org)) {
		reload_forget(engine);
		rc = ERR_VERSION;
	}
	if (rc)
		return rc;
	catalogue_close(&engine->config.catalogue);
	engine->config.catalogue = engine->fresh;
	engine->fresh = NULL;
	org_people_take(engine->config.org, &engine->fresh_people);
	org_keys_take(engine->config.org, &engine->fresh_keys);
	cut_off(engine);
	erase_want(engine);
	if (engine->fresh_org)
		rc = org_endpoints_take(engine->config.org, &engine->fresh_org);
	speaks_renew(engine, spoke);
	log_line(LOG_INFO, "catalogue=reloaded items=%zu operators=%zu",
	    catalogue_item_count(engine->config.catalogue),
	    org_operator_count(engine->config.org));
	return rc;
}

int engine_secrets(
    struct engine *engine, const char *const *secrets, size_t count)
{
	uint8_t read[ENGINE_KEYS_MAX][32];
	int rc = count == 0 || count > ENGINE_KEYS_MAX ? ERR_INVALID : 0;

	for (size_t i = 0; !rc && i < count; i++)
		rc = net_key_bytes(read[i], secrets[i]);
	if (!rc) {
		memcpy(engine->secret_keys, read, count * sizeof(read[0]));
		engine->secret_count = count;
	}
	explicit_bzero(read, sizeof(read));
	return rc;
}
