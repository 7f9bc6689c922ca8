#include "proof.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/err.h"
#include "cases.h"
#include "record.h"
#include "speak.h"

enum { WAIT_MS = 1000, SAID_MAX = 10 };

struct proving {
	const struct staff *staff;
	const struct org *org;
	const struct node *node; /* that is read now */
	int64_t patience_ms;
	struct record_line *lines; /* orders first, by number; then deeds */
	size_t count, order_count;
	struct cases root; /* the city's */
	size_t events, logs, wrong;
};

static void wrong(struct proving *proof, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void wrong(struct proving *proof, const char *format, ...)
{
	va_list list;

	if (proof->wrong++ >= SAID_MAX)
		return;
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
}

/* ---- what was acknowledged ---- */

static int by_number(const void *a, const void *b)
{
	const struct record_line *left = a, *right = b;

	return strcmp(left->which, right->which);
}

static int by_event(const void *a, const void *b)
{
	const struct record_line *left = a, *right = b;
	int order = memcmp(&left->ticket, &right->ticket, sizeof(left->ticket));

	if (order)
		return order;
	return left->seq < right->seq ? -1 : left->seq > right->seq;
}

static int orders_first(const void *a, const void *b)
{
	const struct record_line *left = a, *right = b;
	bool is_left = left->verb == VERB_OPEN,
	     is_right = right->verb == VERB_OPEN;

	if (is_left != is_right)
		return is_left ? -1 : 1;
	return is_left ? by_number(a, b) : by_event(a, b);
}

/* One order may be acknowledged twice, as the same ticket. */
static void join_repeats(struct proving *proof)
{
	size_t kept = 0;

	for (size_t i = 0; i < proof->count; i++) {
		struct record_line *line = &proof->lines[i];
		const struct record_line *last =
		    kept ? &proof->lines[kept - 1] : NULL;

		if (last && last->verb == VERB_OPEN &&
		    line->verb == VERB_OPEN && by_number(last, line) == 0 &&
		    id_equal(&last->ticket, &line->ticket))
			continue;
		proof->lines[kept++] = *line;
		proof->order_count += line->verb == VERB_OPEN;
	}
	proof->count = kept;
}

static int read_record(struct proving *proof, const char *path)
{
	size_t line;
	int rc = record_read(&proof->lines, &proof->count, &line, path);

	if (rc) {
		fprintf(stderr, "whistle-demo: %s:%zu: %s\n", path, line,
		    err_text(rc));
		return rc;
	}
	if (proof->count)
		qsort(proof->lines, proof->count, sizeof(*proof->lines),
		    orders_first);
	join_repeats(proof);
	return 0;
}

static struct record_line *order_of(
    const struct proving *proof, const char *number)
{
	struct record_line key = { .verb = VERB_OPEN };

	if (strlen(number) >= sizeof(key.which) || !proof->order_count)
		return NULL;
	memcpy(key.which, number, strlen(number) + 1);
	return bsearch(&key, proof->lines, proof->order_count,
	    sizeof(*proof->lines), by_number);
}

/* `seq` 0: said, and never answered. */
static struct record_line *deed_of(
    const struct proving *proof, const struct event *event, uint32_t seq)
{
	struct record_line key = { .ticket = event->ticket, .seq = seq };
	size_t count = proof->count - proof->order_count;

	return count ? bsearch(&key, proof->lines + proof->order_count, count,
			   sizeof(*proof->lines), by_event)
		     : NULL;
}

/* ---- the city's log, event by event ---- */

static bool is_ours(const void *context, const char *number)
{
	return order_of(context, number) != NULL;
}

static void see_order(struct proving *proof, const struct event *event)
{
	struct record_line *line = order_of(proof, event->what.external_id);
	char id[ID_TEXT];

	if (!line)
		return;
	line->found++;
	if (!id_equal(&line->ticket, &event->ticket))
		wrong(proof,
		    speak("order %s is ticket %s, and another one was "
			  "acknowledged",
			"诉求 %s 是工单 %s，与确认时的工单不同"),
		    line->which, id_format(id, &event->ticket));
}

static void see(
    void *context, const struct demo_case *row, const struct event *event)
{
	struct proving *proof = context;
	struct record_line *line = deed_of(proof, event, event->seq);
	char id[ID_TEXT];

	proof->events++;
	if (event->verb == VERB_OPEN) {
		see_order(proof, event);
		return;
	}
	if (line && line->verb == event->verb)
		line->found++;
	else if (row->is_ours &&
		 event->operator[0] != '@' && !deed_of(proof, event, 0))
		wrong(proof,
		    speak("%s has a step %u, %s by %s, that nobody was told of",
			"工单 %s 的第 %u 步（%s，%s）没有得到过确认"),
		    id_format(id, &event->ticket), (unsigned)event->seq,
		    word_name(WORD_VERB, event->verb), event->operator);
}

static void check_lines(struct proving *proof)
{
	char id[ID_TEXT];

	for (size_t i = 0; i < proof->count; i++) {
		const struct record_line *line = &proof->lines[i];

		if (line->found == 1 || (line->verb != VERB_OPEN && !line->seq))
			continue;
		wrong(proof,
		    speak("acknowledged, and there %u times: %s of %s (%s%u)",
			"已确认，实际出现 %u 次：%s，工单 %s（%s%u）"),
		    line->found, word_name(WORD_VERB, line->verb),
		    id_format(id, &line->ticket), line->which,
		    (unsigned)line->seq);
	}
}

/* ---- the logs of all nodes ---- */

static int read_node(struct cases *cases_out, struct proving *proof,
    const struct node *node, const struct cases_watcher *watcher)
{
	struct clock clock = clock_system();
	int64_t until_ms = clock_now_ms(&clock) + proof->patience_ms;
	struct client *client = NULL;
	bool is_more = true;
	int rc = cases_open(cases_out, watcher);

	proof->node = node;
	if (!rc)
		rc = staff_supervisor(&client, proof->staff, node);
	while (!rc && is_more) {
		rc = cases_follow(&is_more, cases_out, client, WAIT_MS);
		if (rc == ERR_TIMEOUT && clock_now_ms(&clock) < until_ms) {
			is_more = true;
			rc = 0;
		}
	}
	client_close(&client);
	if (rc)
		fprintf(
		    stderr, "whistle-demo: %s: %s\n", node->name, err_text(rc));
	return rc;
}

/* Whoever opened or held it has it, and whoever has it, has all of it. */
static void compare(struct proving *proof, const struct cases *cases)
{
	char id[ID_TEXT];

	for (size_t i = 0; i < cases->count; i++) {
		const struct ticket *here = &cases->rows[i].now;
		const struct demo_case *there =
		    cases_find(&proof->root, &here->id);

		proof->logs++;
		if (!there || there->now.seq != here->seq ||
		    !hash_equal(&there->now.last, &here->last))
			wrong(proof,
			    speak("%s has %u steps of %s, the city %u, or not "
				  "the same",
				"%s 有 %u 步，工单 %s，市级有 %u "
				"步，或内容不同"),
			    proof->node->name, (unsigned)here->seq,
			    id_format(id, &here->id),
			    there ? (unsigned)there->now.seq : 0);
	}
	for (size_t i = 0; i < proof->root.count; i++) {
		const struct ticket *ticket = &proof->root.rows[i].now;

		for (unsigned k = 0; k < ticket->stay_count; k++) {
			const struct unit *unit =
			    org_unit(proof->org, &ticket->stays[k].unit);
			if (unit && unit->node == proof->node &&
			    !cases_find(cases, &ticket->id))
				wrong(proof,
				    speak("%s does not have %s, which %s had",
					"%s 没有工单 %s，而 %s 曾经手"),
				    proof->node->name,
				    id_format(id, &ticket->id), unit->code.s);
		}
	}
}

static int prove(struct proving *proof)
{
	const struct cases_watcher city = { is_ours, see, proof };
	const struct cases_watcher other = { is_ours, NULL, proof };
	const struct node *root = org_node_at(proof->org, 0);
	int rc;

	while (root->parent)
		root = root->parent;
	rc = read_node(&proof->root, proof, root, &city);
	if (rc)
		return rc;
	check_lines(proof);
	for (size_t i = 0; !rc && i < org_node_count(proof->org); i++) {
		const struct node *node = org_node_at(proof->org, i);
		struct cases cases = { 0 };

		if (node == root)
			continue;
		rc = read_node(&cases, proof, node, &other);
		if (!rc)
			compare(proof, &cases);
		cases_close(&cases);
	}
	return rc;
}

static void say(const struct proving *proof)
{
	if (proof->wrong) {
		fprintf(stderr,
		    speak("Wrong in all: %zu.\n", "共 %zu 处不符。\n"),
		    proof->wrong);
		return;
	}
	printf(speak("%zu orders and %zu deeds were acknowledged, and each is "
		     "there once. The city has %zu tickets with %zu steps; %zu "
		     "logs on the other nodes are the same.\n",
		   "已确认的诉求 %zu 件、办理 %zu 次，每一件都在，且只有一次。"
		   "市级有工单 %zu 件、共 %zu 步；其他节点的 %zu "
		   "份日志完全一致。\n"),
	    proof->order_count, proof->count - proof->order_count,
	    proof->root.count, proof->events, proof->logs);
}

int proof(const struct staff *staff, const struct org *org,
    const char *record_path, int64_t patience_ms)
{
	struct proving proof = {
		.staff = staff, .org = org, .patience_ms = patience_ms
	};
	int rc = read_record(&proof, record_path);

	if (!rc)
		rc = prove(&proof);
	if (!rc)
		say(&proof);
	cases_close(&proof.root);
	free(proof.lines);
	return !rc && proof.wrong ? ERR_CORRUPT : rc;
}
