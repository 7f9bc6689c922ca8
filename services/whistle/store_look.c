#include "store_look.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "audit/audit.h"
#include "base/err.h"
#include "lang.h"
#include "say.h"
#include "store/store.h"

enum { FINDINGS_MAX = 1000, PATH_TEXT = 1200 };

/* ---- in the process that looks ---- */

struct looker {
	const struct store_place *place;
	json_t *findings;
};

static bool is_ours(void *context, const struct unit_code *code)
{
	const struct looker *looker = context;
	const struct unit *unit = org_unit(looker->place->org, code);

	return unit && unit->node == looker->place->node;
}

/* The first so many are named; all are counted. */
static int found(void *context, const struct audit_finding *finding)
{
	struct looker *looker = context;

	if (json_array_size(looker->findings) == FINDINGS_MAX)
		return 0;
	json_array_append_new(looker->findings,
	    json_pack("{s:s,s:b,s:s,s:s,s:s}", "fault",
		audit_word(finding->fault), "is_damage",
		!audit_is_doubt(finding->fault), "table",
		audit_table(finding->table), "subject", finding->subject,
		"text", audit_text(finding->fault)));
	return 0;
}

static json_t *records_json(const struct audit_result *result)
{
	json_t *object = json_object();

	for (enum kv_table i = 0; i < KV_TABLE_COUNT; i++)
		json_object_set_new(object, audit_table(i),
		    json_integer((json_int_t)result->records[i]));
	return object;
}

/* Who it says it is; what cannot be read stays null. */
static void set_names(json_t *report, struct kv_txn *txn)
{
	struct bytes value;
	struct id id;
	char text[ID_TEXT];

	if (!meta_get(&value, txn, "node"))
		json_object_set_new(report, "node",
		    json_stringn((const char *)value.data, value.len));
	if (meta_get(&value, txn, "id") || value.len != ID_BYTES)
		return;
	memcpy(id.b, value.data, ID_BYTES);
	json_object_set_new(report, "id", json_string(id_format(text, &id)));
}

/* What this program does not know would look like damage. */
static int check_made_by(struct kv_txn *txn)
{
	struct bytes schema;
	uint32_t spoken;

	if (!meta_get(&schema, txn, "schema") && schema.len == 4 &&
	    store_read_be32(schema.data) != STORE_SCHEMA)
		return ERR_VERSION;
	if (!store_spoken(&spoken, txn) && spoken > wire_versions.newest)
		return ERR_VERSION;
	return 0;
}

static int look(json_t **report_out, const struct store_place *place)
{
	struct looker looker = { place, json_array() };
	struct kv_config config = { .is_read_only = true,
		.is_copy = place->is_copy };
	struct clock clock = clock_system();
	struct audit_config audit = { .is_ours = place->node ? is_ours : NULL,
		.found = found,
		.context = &looker,
		.now_ms = clock_now_ms(&clock) };
	struct audit_result result;
	char files[PATH_TEXT + 16];
	struct kv *kv = NULL;
	struct kv_txn *txn = NULL;
	int rc = kv_open(&kv, place->path, &config);

	if (!rc)
		rc = kv_begin(&txn, kv, false);
	if (!rc)
		rc = check_made_by(txn);
	/* of a copy, they are checked as they are copied */
	snprintf(files, sizeof(files), "%s/files", place->path);
	if (!rc && !place->is_copy) {
		rc = files_look(&audit.files, files);
		if (rc == ERR_NOT_FOUND)
			rc = 0; /* of a store that never had any */
	}
	if (!rc)
		rc = audit_store(&result, txn, &audit);
	if (!rc) {
		*report_out = json_pack("{s:n,s:n,s:b,s:b,s:I,s:I,s:I,s:I,"
					"s:o,s:O}",
		    "node", "id", "is_sound", result.damages == 0, "has_died",
		    0, "tickets", (json_int_t)result.tickets, "events",
		    (json_int_t)result.events, "damages",
		    (json_int_t)result.damages, "doubts",
		    (json_int_t)result.doubts, "records", records_json(&result),
		    "findings", looker.findings);
		set_names(*report_out, txn);
	}
	json_decref(looker.findings);
	files_close(&audit.files);
	kv_abort(&txn);
	kv_close(&kv);
	return rc;
}

struct writing {
	const struct store_place *place;
	FILE *out;
};

static int look_and_write(void *context)
{
	const struct writing *writing = context;
	json_t *report = NULL;
	int rc = look(&report, writing->place);

	if (!rc && (!report || json_dumpf(report, writing->out, 0) ||
		       fflush(writing->out)))
		rc = ERR_NOMEM;
	json_decref(report);
	return rc;
}

/* ---- in the process that waits ---- */

int store_apart(int (*work)(void *context), void *context)
{
	int status = 0, rc;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child < 0)
		return err_of_errno(errno);
	if (child == 0)
		_exit(-work(context)); /* an exit code is positive */
	while ((rc = waitpid(child, &status, 0)) < 0 && errno == EINTR)
		;
	if (rc < 0)
		return ERR_IO;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : ERR_CORRUPT;
}

/* In memory: where the system is read-only there may be no /tmp. */
FILE *store_paper(void)
{
	int fd = memfd_create("store", MFD_CLOEXEC);
	FILE *paper = fd < 0 ? NULL : fdopen(fd, "w+");

	if (!paper && fd >= 0)
		close(fd);
	return paper;
}

static json_t *died_json(void)
{
	return json_pack("{s:n,s:n,s:b,s:b,s:n,s:n,s:i,s:i,s:{},s:[]}", "node",
	    "id", "is_sound", 0, "has_died", 1, "tickets", "events", "damages",
	    1, "doubts", 0, "records", "findings");
}

static bool is_there(const struct store_place *place)
{
	char path[PATH_TEXT];

	snprintf(path, sizeof(path), "%s%s", place->path,
	    place->is_copy ? "" : "/" KV_FILE);
	return access(path, F_OK) == 0;
}

/* A file that is there and cannot be opened as a store is damaged. */
int store_look(json_t **report_out, const struct store_place *place)
{
	struct writing writing = { place, store_paper() };
	int rc;

	*report_out = NULL;
	if (!writing.out)
		return err_of_errno(errno);
	rc = store_apart(look_and_write, &writing);
	if (rc == ERR_CORRUPT || (rc == ERR_NOT_FOUND && is_there(place))) {
		*report_out = died_json();
		rc = 0;
	} else if (!rc) {
		rewind(writing.out);
		*report_out = json_loadf(writing.out, 0, NULL);
	}
	fclose(writing.out);
	if (!rc && !*report_out)
		rc = ERR_NOMEM;
	if (!rc)
		json_object_set_new(
		    *report_out, "store", json_string(place->path));
	return rc;
}

/* ---- showing ---- */

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static long long number_at(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static void print_sum(const json_t *report)
{
	const char *store = text_at(report, "store");

	if (json_is_true(json_object_get(report, "has_died"))) {
		printf(_("%s: DAMAGED: it cannot be read at all.\n"), store);
		return;
	}
	if (json_is_true(json_object_get(report, "is_sound")))
		printf(_("%s: sound: %lld tickets, %lld events"), store,
		    number_at(report, "tickets"), number_at(report, "events"));
	else
		printf(_("%s: DAMAGED: %lld findings in %lld tickets, %lld "
			 "events"),
		    store, number_at(report, "damages"),
		    number_at(report, "tickets"), number_at(report, "events"));
	if (number_at(report, "doubts"))
		printf(
		    _("; %lld things to look at"), number_at(report, "doubts"));
	printf("%s\n", _("."));
}

void store_look_print(const json_t *report)
{
	size_t index;
	json_t *finding;

	json_array_foreach(json_object_get(report, "findings"), index,
	    finding) printf("%s: %s: %s %s: %s\n", text_at(report, "store"),
	    json_is_true(json_object_get(finding, "is_damage")) ? _("damaged")
								: _("doubtful"),
	    text_at(finding, "table"), text_at(finding, "subject"),
	    lang_text(text_at(finding, "text")));
	print_sum(report);
}

enum cli_exit store_look_failed(int rc, const char *path)
{
	if (rc != ERR_VERSION)
		return say_failure(rc, path);
	say_error(_("%s was made by another version of the programs, and was "
		    "not touched. Use the whistle that belongs to them."),
	    path);
	return CLI_FAILED;
}
