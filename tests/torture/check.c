#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "audit/audit.h"
#include "harness/harness.h"
#include "ledger.h"
#include "store/events.h"
#include "store/tickets.h"

enum {
	SAID_TEXT = 512,
	GRACE_MS = 5000, /* a deadline may be told so much later */
	EXIT_WRONG = 1,
};

/* A mark as the city's logs have it, or a deadline that was told. */
struct found {
	char mark[64];
	enum verb verb;
	struct id ticket;
};

struct checker {
	const struct city *city;
	int64_t now_ms;
	FILE *out; /* the first thing that is wrong */
	bool is_wrong;
	struct check_sums sums;
	struct kv_txn *txn; /* of the store that is read */
	const struct node *node;
	struct arena *arena;
	/* of the city's node, which has everything; in the order of ids */
	struct ticket *tickets;
	size_t count, room;
	struct found *found;
	size_t found_count, found_room;
};

static void wrong(struct checker *checker, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void wrong(struct checker *checker, const char *format, ...)
{
	va_list list;

	if (checker->is_wrong)
		return;
	checker->is_wrong = true;
	va_start(list, format);
	vfprintf(checker->out, format, list);
	va_end(list);
}

static void *grown(void *list, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return list;
	*room = *room ? 2 * *room : 1024;
	list = realloc(list, *room * size);
	assert_non_null(list);
	return list;
}

/* ---- one store ---- */

static bool is_ours(void *context, const struct unit_code *code)
{
	const struct checker *checker = context;
	const struct unit *unit = org_unit(checker->city->org, code);

	return unit && unit->node == checker->node;
}

static int is_found(void *context, const struct audit_finding *finding)
{
	struct checker *checker = context;

	if (!audit_is_doubt(finding->fault))
		wrong(checker, "%s: %s %s: %s", checker->node->name,
		    audit_table(finding->table), finding->subject,
		    audit_text(finding->fault));
	return 0;
}

static void audit(struct checker *checker)
{
	struct audit_config config = { .is_ours = is_ours,
		.found = is_found,
		.context = checker,
		.now_ms = checker->now_ms };
	struct audit_result result;

	if (audit_store(&result, checker->txn, &config))
		wrong(checker, "%s cannot be checked", checker->node->name);
	checker->sums.events += result.events;
	checker->sums.stores++;
}

static int by_id(const void *a, const void *b)
{
	return memcmp(a, b, ID_BYTES);
}

static const struct ticket *root_of(
    const struct checker *checker, const struct id *id)
{
	return bsearch(id, checker->tickets, checker->count,
	    sizeof(*checker->tickets), by_id);
}

/* Another node's: the same log as the city's. */
static int compare(void *context, const struct ticket *ticket)
{
	struct checker *checker = context;
	const struct ticket *root = root_of(checker, &ticket->id);
	char id[ID_TEXT];

	if (!root || root->seq != ticket->seq ||
	    !hash_equal(&root->last, &ticket->last))
		wrong(checker, "%s has %u events of %s, the city %u",
		    checker->node->name, ticket->seq,
		    id_format(id, &ticket->id), root ? root->seq : 0);
	return 0;
}

/* Whoever opened or held it has it. */
static void must_know(struct checker *checker, const struct ticket *root)
{
	struct ticket ticket;
	char id[ID_TEXT];

	for (unsigned i = 0; i < root->stay_count; i++) {
		const struct unit *unit =
		    org_unit(checker->city->org, &root->stays[i].unit);
		if (unit->node == checker->node &&
		    tickets_get(&ticket, checker->txn, &root->id))
			wrong(checker, "%s does not have %s",
			    checker->node->name, id_format(id, &root->id));
	}
}

/* ---- the city's, event by event ---- */

static void add_found(struct checker *checker, const struct event *event)
{
	struct found *found;
	bool is_timers = !strcmp(event->operator, OPERATOR_TIMER);
	const char *mark = event->verb == VERB_OPEN ? event->what.external_id
						    : event->what.text;

	if (!is_timers && !mark[0])
		return;
	checker->found = grown(checker->found, checker->found_count,
	    &checker->found_room, sizeof(*found));
	found = &checker->found[checker->found_count++];
	memset(found, 0, sizeof(*found));
	found->verb = event->verb;
	found->ticket = event->ticket;
	if (!is_timers) {
		snprintf(found->mark, sizeof(found->mark), "%.40s", mark);
		return;
	}
	checker->sums.rung++;
	char id[ID_TEXT];
	snprintf(found->mark, sizeof(found->mark), "@%s %d %lld %u",
	    id_format(id, &event->ticket),
	    (int)(event->verb * DEADLINE_COUNT + event->what.deadline),
	    (long long)(event->what.due_ms % 1000000000), event->what.step);
}

static void check_ends(struct checker *checker, const struct ticket *ticket,
    unsigned ratings, unsigned reopens)
{
	int64_t due_ms = ticket_unsaid_due_ms(NULL, ticket, 0);
	char id[ID_TEXT];

	if (ratings > 1 + reopens)
		wrong(checker, "%s has %u ratings", id_format(id, &ticket->id),
		    ratings);
	if (due_ms && due_ms < checker->now_ms - GRACE_MS)
		wrong(checker, "%s: a deadline passed %lld ms ago, untold",
		    id_format(id, &ticket->id),
		    (long long)(checker->now_ms - due_ms));
}

static int read_root(void *context, const struct ticket *ticket)
{
	struct checker *checker = context;
	unsigned ratings = 0, reopens = 0;
	struct event event;
	struct bytes bytes;

	checker->tickets = grown(checker->tickets, checker->count,
	    &checker->room, sizeof(*checker->tickets));
	checker->tickets[checker->count++] = *ticket;
	for (uint32_t seq = 1; seq <= ticket->seq; seq++) {
		arena_reset(checker->arena);
		if (events_get(&bytes, checker->txn, &ticket->id, seq) ||
		    wire_event_unpack(&event, NULL, checker->arena, bytes)) {
			wrong(checker, "an event cannot be read");
			return 0;
		}
		ratings += event.verb == VERB_RATE;
		reopens += event.verb == VERB_REOPEN;
		add_found(checker, &event);
	}
	check_ends(checker, ticket, ratings, reopens);
	return 0;
}

static void read_store(struct checker *checker, const struct node *node)
{
	struct kv_config config = { .is_read_only = true };
	const struct id first = { { 0 } };
	bool is_root = !node->parent;
	struct kv *kv = NULL;

	checker->node = node;
	if (kv_open(&kv, city_path(checker->city, "data/%s", node->name),
		&config) ||
	    kv_begin(&checker->txn, kv, false)) {
		wrong(checker, "%s cannot be opened", node->name);
		return;
	}
	audit(checker);
	tickets_each(
	    checker->txn, &first, is_root ? read_root : compare, checker);
	for (size_t i = 0; i < checker->count; i++)
		must_know(checker, &checker->tickets[i]);
	kv_abort(&checker->txn);
	kv_close(&kv);
}

/* ---- what was acknowledged ---- */

static int by_mark(const void *a, const void *b)
{
	return strcmp(
	    ((const struct found *)a)->mark, ((const struct found *)b)->mark);
}

static void check_marks(struct checker *checker)
{
	qsort(checker->found, checker->found_count, sizeof(*checker->found),
	    by_mark);
	for (size_t i = 1; i < checker->found_count; i++)
		if (!strcmp(checker->found[i - 1].mark, checker->found[i].mark))
			wrong(checker, "%s is there twice",
			    checker->found[i].mark);
}

static void check_ledger(struct checker *checker, const char *path)
{
	size_t count;
	struct ledger_line *lines = ledger_read(&count, path);
	char id[ID_TEXT];

	checker->sums.acknowledged = count;
	for (size_t i = 0; i < count; i++) {
		const struct ledger_line *line = &lines[i];
		struct found wanted = { .verb = line->verb };
		snprintf(wanted.mark, sizeof(wanted.mark), "%s", line->mark);
		const struct found *found = bsearch(&wanted, checker->found,
		    checker->found_count, sizeof(*found), by_mark);
		if (!found || found->verb != line->verb ||
		    !id_equal(&found->ticket, &line->ticket))
			wrong(checker,
			    "acknowledged and not there: %s %s of %s",
			    line->mark, word_name(WORD_VERB, line->verb),
			    id_format(id, &line->ticket));
	}
	free(lines);
}

static void check(struct checker *checker, const char *ledger_path)
{
	const struct org *org = checker->city->org;

	assert_int_equal(arena_open(&checker->arena, DECODE_MAX_BYTES), 0);
	for (size_t i = 0; i < org_node_count(org); i++)
		if (!org_node_at(org, i)->parent)
			read_store(checker, org_node_at(org, i));
	check_marks(checker);
	check_ledger(checker, ledger_path);
	for (size_t i = 0; i < org_node_count(org); i++)
		if (org_node_at(org, i)->parent)
			read_store(checker, org_node_at(org, i));
	checker->sums.tickets = checker->count;
}

/* ---- in a process of its own: one process opens a store once ---- */

static _Noreturn void check_apart(struct checker *checker, const char *path)
{
	check(checker, path);
	if (!checker->is_wrong)
		fwrite(&checker->sums, sizeof(checker->sums), 1, checker->out);
	fflush(checker->out);
	_exit(checker->is_wrong ? EXIT_WRONG : 0);
}

char *check_all(struct check_sums *sums_out, const struct city *city,
    const char *ledger_path, int64_t city_ms)
{
	struct checker checker = {
		.city = city, .now_ms = city_ms, .out = tmpfile()
	};
	char *text = calloc(1, SAID_TEXT);
	int status = 0;

	assert_true(checker.out && text);
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		check_apart(&checker, ledger_path);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	rewind(checker.out);
	if (status == 0) {
		assert_int_equal(
		    fread(sums_out, sizeof(*sums_out), 1, checker.out), 1);
		free(text);
		text = NULL;
	} else if (!fgets(text, SAID_TEXT, checker.out)) {
		snprintf(text, SAID_TEXT, "the checker died: %d", status);
	}
	fclose(checker.out);
	return text;
}
