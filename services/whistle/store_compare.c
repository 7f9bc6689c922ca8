#include "store_compare.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include "audit/compare.h"
#include "base/err.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "words.h"

enum { FINDINGS_MAX = 1000 };

/* ---- in the process that looks ---- */

struct pair {
	const char *paths[2];  /* the store, the copy */
	const struct org *org; /* NULL: nobody knows what is whose */
	FILE *out;
	const struct node *node; /* whose the store is */
	json_t *findings;
};

static json_t *side_json(const struct compare_side *side)
{
	return json_pack("{s:I,s:o}", "events", (json_int_t)side->events,
	    "broken_at",
	    side->broken_at ? json_integer((json_int_t)side->broken_at)
			    : json_null());
}

/* The first so many are named; all are counted. */
static int found(void *context, const struct compare_finding *finding)
{
	struct pair *pair = context;

	if (json_array_size(pair->findings) == FINDINGS_MAX)
		return 0;
	json_array_append_new(pair->findings,
	    json_pack("{s:o,s:s,s:I,s:o,s:s,s:o,s:o}", "ticket",
		json_id(&finding->ticket), "fault",
		compare_word(finding->fault), "seq", (json_int_t)finding->seq,
		"verb", json_word(WORD_VERB, finding->verb), "text",
		compare_text(finding->fault), "store",
		side_json(&finding->store), "copy", side_json(&finding->copy)));
	return 0;
}

/* Every event goes up, and to the nodes of units that opened or held it. */
static bool must_have(void *context, const struct ticket *ticket)
{
	const struct pair *pair = context;

	for (unsigned i = 0; i < ticket->stay_count; i++) {
		const struct unit *unit =
		    org_unit(pair->org, &ticket->stays[i].unit);
		if (unit && node_is_within(unit->node, pair->node))
			return true;
	}
	return false;
}

static const struct node *node_of(const struct org *org, struct kv_txn *txn)
{
	struct bytes value;
	char name[NAME_MAX_BYTES];

	if (!org || meta_get(&value, txn, "node") || value.len >= sizeof(name))
		return NULL;
	memcpy(name, value.data, value.len);
	name[value.len] = '\0';
	return org_node(org, name);
}

static int open_one(struct kv **kv, struct kv_txn **txn, const char *path)
{
	struct stat about;
	struct kv_config config = { .is_read_only = true };

	if (stat(path, &about))
		return err_of_errno(errno);
	config.is_copy = S_ISREG(about.st_mode);
	int rc = kv_open(kv, path, &config);

	return rc ? rc : kv_begin(txn, *kv, false);
}

static int write_report(const struct pair *pair,
    const struct compare_result *result, bool is_judged)
{
	json_t *report = json_pack("{s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:b,s:O}",
	    "store", pair->paths[0], "copy", pair->paths[1], "same",
	    (json_int_t)result->same, "longer", (json_int_t)result->longer,
	    "elsewhere", (json_int_t)result->elsewhere, "fenced",
	    (json_int_t)result->fenced, "findings_count",
	    (json_int_t)result->findings, "knows_city", is_judged, "findings",
	    pair->findings);
	int rc =
	    !report || json_dumpf(report, pair->out, 0) || fflush(pair->out)
		? ERR_NOMEM
		: 0;

	json_decref(report);
	return rc;
}

/* Which of the two could not be opened is the exit code's to say: that much
 * is added for the copy. */
enum { COPY_UNREAD = -100 };

static int compare(void *context)
{
	struct pair *pair = context;
	struct kv *kv[2] = { NULL, NULL };
	struct kv_txn *txn[2] = { NULL, NULL };
	struct compare_config config = { .found = found, .context = pair };
	struct compare_result result;
	int rc = open_one(&kv[0], &txn[0], pair->paths[0]);

	pair->findings = json_array();
	if (!rc) {
		rc = open_one(&kv[1], &txn[1], pair->paths[1]);
		rc += rc ? COPY_UNREAD : 0;
	}
	if (!rc) {
		pair->node = node_of(pair->org, txn[0]);
		config.must_have = pair->node ? must_have : NULL;
		rc = compare_stores(&result, txn[0], txn[1], &config);
	}
	if (!rc)
		rc = write_report(pair, &result, pair->node != NULL);
	json_decref(pair->findings);
	for (int i = 0; i < 2; i++) {
		kv_abort(&txn[i]);
		kv_close(&kv[i]);
	}
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

static void print_chain(
    const json_t *finding, const char *side, const char *path)
{
	const json_t *chain = json_object_get(finding, side);
	long long broken = number_at(chain, "broken_at");

	if (!number_at(chain, "events"))
		return;
	if (broken)
		printf(_("    %s: %lld events; its chain breaks at event "
			 "%lld.\n"),
		    path, number_at(chain, "events"), broken);
	else
		printf(_("    %s: %lld events; its chain holds.\n"), path,
		    number_at(chain, "events"));
}

static void print_finding(const json_t *finding, const json_t *report)
{
	unsigned verb = 0;

	if (strcmp(text_at(finding, "fault"), compare_word(COMPARE_REMOVED)))
		printf(_("%s, event %lld: %s"), text_at(finding, "ticket"),
		    number_at(finding, "seq"),
		    lang_text(text_at(finding, "text")));
	else
		printf(_("%s: %s"), text_at(finding, "ticket"),
		    lang_text(text_at(finding, "text")));
	if (!word_parse(&verb, WORD_VERB, text_at(finding, "verb")))
		printf(_(" (in the copy: %s)"), words_of(WORD_VERB, verb));
	printf("%s\n", _("."));
	print_chain(finding, "store", text_at(report, "store"));
	print_chain(finding, "copy", text_at(report, "copy"));
}

static void print_report(const json_t *report)
{
	long long elsewhere = number_at(report, "elsewhere");
	json_t *finding;
	size_t index;

	json_array_foreach(json_object_get(report, "findings"), index, finding)
	    print_finding(finding, report);
	if (elsewhere && !json_is_true(json_object_get(report, "knows_city")))
		printf(_("%lld tickets of the copy are not in the store; "
			 "whether they should be only the city folder tells "
			 "(--home).\n"),
		    elsewhere);
	printf(_("Logs: %lld the same, %lld that go on after the copy, %lld "
		 "that a take-over without the holder parted, %lld with "
		 "findings.\n"),
	    number_at(report, "same"), number_at(report, "longer"),
	    number_at(report, "fenced"), number_at(report, "findings_count"));
}

static enum cli_exit show(struct cli *cli, json_t *report)
{
	if (!report)
		return say_failure(ERR_NOMEM, "");
	bool differs = number_at(report, "findings_count") > 0;
	if (cli->json)
		json_print(json_incref(report));
	else
		print_report(report);
	return differs ? CLI_REFUSED : CLI_DONE;
}

/* The city tells which tickets a node must have; whoever has none compares
 * all the same. */
static const struct org *city_of(struct cli *cli)
{
	struct home home;

	if (home_find(&home, cli->home_option) || session_org(cli) != CLI_DONE)
		return NULL;
	return cli->org;
}

/* The code of the process that looked. */
static enum cli_exit say_failed(int rc, const struct pair *pair)
{
	const char *path = pair->paths[0];

	if (rc <= COPY_UNREAD) {
		path = pair->paths[1];
		rc -= COPY_UNREAD;
	}
	if (rc != ERR_NOT_FOUND)
		return say_failure(rc, path);
	say_error(_("%s holds no store."), path);
	return CLI_NOT_FOUND;
}

enum cli_exit store_compare(
    struct cli *cli, const char *store_path, const char *copy_path)
{
	struct pair pair = { .paths = { store_path, copy_path },
		.org = city_of(cli),
		.out = tmpfile() };
	enum cli_exit exit;
	json_t *report = NULL;
	int rc;

	if (!pair.out)
		return say_failure(err_of_errno(errno), "");
	rc = store_apart(compare, &pair);
	rewind(pair.out);
	if (!rc)
		report = json_loadf(pair.out, 0, NULL);
	exit = rc ? say_failed(rc, &pair) : show(cli, report);
	json_decref(report);
	fclose(pair.out);
	return exit;
}
