/*
 * A whole city on one machine, from a list of its divisions: made, started,
 * and given a day's tickets, half by the hotline's HTTP and half from the
 * grids; then every node that knows a ticket must have the same log. Prints
 * how long each took, memory and stores, and how long a person waits for the
 * commands that look at all of it.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/err.h"
#include "base/limits.h"
#include "base/options.h"
#include "client/sign.h"
#include "kit/load.h"
#include "kit/same.h"
#include "kit/tree.h"

enum { CONNECTIONS = 32, WINDOW = 256, ASK_MS = 60000, SHOWN_NODES = 12 };

struct bench {
	struct tree tree;
	int64_t tickets;
	const struct unit **communities;
	size_t community_count;
	const struct unit **grids;
	size_t grid_count;
	uint64_t seed;
};

static const char *const issues[] = { "楼道渗水，墙皮脱落", "楼栋停电一晚上",
	"路口井盖缺失", "小区垃圾没人清运", "夜间施工噪声扰民",
	"路灯不亮已有一周", "楼道堆放杂物" };

/* The same order again when it is sent again. */
static uint64_t draw_for(uint64_t number, unsigned nth)
{
	uint64_t mixed = (number * 4 + nth) * 6364136223846793005u;

	return (mixed ^ mixed >> 29) * 1442695040888963407u >> 33;
}

static uint64_t draw(struct bench *bench)
{
	bench->seed = bench->seed * 6364136223846793005u + 1442695040888963407u;
	return bench->seed >> 33;
}

static void find_units(struct bench *bench)
{
	size_t count = org_unit_count(bench->tree.org);

	bench->communities = calloc(count, sizeof(*bench->communities));
	bench->grids = calloc(count, sizeof(*bench->grids));
	if (!bench->communities || !bench->grids)
		bench_fail("no memory");
	for (size_t i = 0; i < count; i++) {
		const struct unit *unit = org_unit_at(bench->tree.org, i);
		if (!strcmp(unit->level, "community"))
			bench->communities[bench->community_count++] = unit;
		if (!strcmp(unit->level, "grid"))
			bench->grids[bench->grid_count++] = unit;
	}
	if (!bench->community_count || !bench->grid_count)
		bench_fail("the city has no grids");
}

/* ---- a day's tickets ---- */

static void write_order(char *out, size_t size, uint64_t number, void *context)
{
	const struct bench *bench = context;
	const struct unit *at =
	    bench->communities[draw_for(number, 0) % bench->community_count];

	snprintf(out, size,
	    "{\"number\":\"D-%d-%llu\",\"kind\":\"投诉\",\"title\":\"%s\","
	    "\"content\":\"三单元一楼，已有一周，老人进出怕滑倒，请尽快处理。"
	    "\",\"address\":\"%s%s3号楼\",\"phone\":\"00000000000\"}",
	    (int)getpid(), (unsigned long long)number,
	    issues[draw_for(number, 1) % (sizeof(issues) / sizeof(issues[0]))],
	    at->parent->name, at->name);
}

static void send_orders(struct bench *bench, int64_t count)
{
	char path[BENCH_PATH * 2];
	const char *http = tree_node(&bench->tree, "gatewayd")->node->http;
	uint8_t key[SIGN_KEY_BYTES];
	struct load_result result;

	snprintf(path, sizeof(path), "%s/keys/http/hotline.key",
	    bench->tree.home.path);
	if (sign_key_load(key, path))
		bench_fail("no key to sign with");
	struct load load = {
		.port = (uint16_t)strtoul(strrchr(http, ':') + 1, NULL, 10),
		.sign_key = key,
		.connections = CONNECTIONS,
		.total = (uint64_t)count,
		.write = write_order,
		.context = bench,
	};
	load_run(&result, &load);
	if (result.other || result.done != (uint64_t)count)
		bench_fail("orders were not taken");
	printf("%-34s %10.0f/s  p50 %.0f ms, p99 %.0f ms\n",
	    "orders by HTTP, taken", result.per_second, result.p50_ms,
	    result.p99_ms);
}

static void open_at(
    struct bench *bench, const struct unit *grid, struct tree_node *node)
{
	struct wire_request request = { .kind = ASK_COMMAND };
	struct particulars *what = &request.command.what;

	request.id = client_id(node->client);
	request.command.verb = VERB_OPEN;
	request.command.unit = grid->code;
	particulars_clear(what);
	what->kind = KIND_APPEAL;
	what->source = SOURCE_PATROL;
	what->title =
	    issues[draw(bench) % (sizeof(issues) / sizeof(issues[0]))];
	if (client_send(node->client, &request))
		bench_fail("a grid's ticket did not go out");
}

static void take_answers(struct tree_node *node, int64_t *open, int64_t left)
{
	struct wire_reply reply;

	while (*open > left) {
		if (client_take(&reply, node->client, ASK_MS))
			bench_fail("a grid's node does not answer");
		if (reply.result != RESULT_DONE)
			bench_fail("a grid's ticket was refused");
		(*open)--;
	}
}

/* Each grid's own node is asked; a window for each. */
static void send_from_grids(struct bench *bench, int64_t count)
{
	int64_t *open = calloc(bench->tree.count, sizeof(*open));
	int64_t start_us = bench_now_us();

	if (!open)
		bench_fail("no memory");
	for (int64_t i = 0; i < count; i++) {
		const struct unit *grid =
		    bench->grids[draw(bench) % bench->grid_count];
		struct tree_node *node = &bench->tree.nodes[grid->node->index];
		take_answers(node, &open[grid->node->index], WINDOW - 1);
		open_at(bench, grid, node);
		open[grid->node->index]++;
	}
	for (size_t i = 0; i < bench->tree.count; i++)
		take_answers(&bench->tree.nodes[i], &open[i], 0);
	free(open);
	printf("%-34s %10.0f/s\n", "intake at the grids, taken",
	    (double)count * 1e6 / (double)(bench_now_us() - start_us));
}

/* ---- what is told ---- */

static void print_size(struct bench *bench, const char *when)
{
	struct tree_size size;

	tree_size(&size, &bench->tree);
	printf("%-34s %10.1f MiB PSS in all; own memory %.1f, the largest "
	       "%.1f; stores %.1f MiB\n",
	    when, (double)size.pss_kib / 1024, (double)size.own_kib / 1024,
	    (double)size.worst_own_kib / 1024,
	    (double)size.store_bytes / (1 << 20));
	if (size.tickets)
		printf("%-34s %10.0f B a ticket and node, %.1f events a "
		       "ticket\n",
		    "", (double)size.store_bytes / (double)size.tickets,
		    (double)size.events / (double)size.tickets);
}

static void time_commands(const struct bench *bench)
{
	static const char *const commands[][5] = {
		{ "ticket", "list", NULL },
		{ "node", "list", NULL },
		{ "unit", "list", NULL },
		{ "score", "show", NULL },
		{ "score", "rank", "--level", "community", NULL },
	};
	const char *home = bench->tree.home.path;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		const char *words[8] = { "--home", home };
		char name[64];
		for (size_t k = 0; commands[i][k]; k++)
			words[2 + k] = commands[i][k];
		snprintf(name, sizeof(name), "whistle %s %s", commands[i][0],
		    commands[i][1]);
		printf("%-34s %10.0f ms\n", name,
		    tree_command(&bench->tree, words));
	}
}

/* What each level has of each ticket. */
static void print_levels(struct bench *bench)
{
	for (unsigned i = 0; i < bench->tree.count; i++) {
		struct tree_node *node = &bench->tree.nodes[i];
		struct wire_status status;
		if (bench->tree.count > SHOWN_NODES)
			return;
		tree_status(&status, node);
		printf("  %-32s %10llu tickets, %.0f B each, %llu events, %llu "
		       "commits\n",
		    node->node->name, (unsigned long long)status.tickets,
		    (double)status.store_bytes /
			(double)(status.tickets ? status.tickets : 1),
		    (unsigned long long)status.events,
		    (unsigned long long)status.commits);
	}
}

static void day(struct bench *bench)
{
	int64_t start_us = bench_now_us();

	send_orders(bench, bench->tickets / 2);
	send_from_grids(bench, bench->tickets - bench->tickets / 2);
	tree_settle(&bench->tree);
	double seconds = (double)(bench_now_us() - start_us) / 1e6;
	printf("%-34s %10.1f s, %.0f tickets/s, all delivered\n",
	    "the day, until all is quiet", seconds,
	    (double)bench->tickets / seconds);
}

int main(int argc, char **argv)
{
	struct bench bench = { .tickets = 2000, .seed = 1 };
	struct tree_wish wish = { .divisions = getenv("WHISTLE_DIVISIONS"),
		.grids = 3,
		/* two that run beside each other hardly meet */
		.port = 12001 + getpid() % 4000 * 10 };
	struct option_row rows[] = {
		{ "divisions", OPTION_TEXT, &wish.divisions, 0, 0, "FILE.csv",
		    "the city's divisions (else a small one, made up)" },
		{ "split", OPTION_TEXT, &wish.split, 0, 0, "LEVEL",
		    "district or street: nodes for each (one a level)" },
		{ "grids", OPTION_NUMBER, &wish.grids, 1, 999, "N",
		    "grids in a community" },
		{ "grid-operators", OPTION_FLAG, &wish.grid_operators, 0, 0, "",
		    "a key for each grid, too" },
		{ "tickets", OPTION_NUMBER, &bench.tickets, 2, 10000000, "N",
		    "how many, half by HTTP and half at the grids" },
		{ "port", OPTION_NUMBER, &wish.port, 1024, 60000, "N",
		    "the first of the ports used" },
	};
	char message[256];
	int words = 0;

	if (options_parse(&words, argv + 1, message, sizeof(message), rows,
		sizeof(rows) / sizeof(rows[0]), argc - 1, argv + 1))
		bench_fail(message);
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	tree_make(&bench.tree, &wish);
	find_units(&bench);
	int64_t start_us = bench_now_us();
	tree_start(&bench.tree);
	printf("%-34s %10.1f s, %zu nodes, %zu units\n", "start, all links up",
	    (double)(bench_now_us() - start_us) / 1e6, bench.tree.count,
	    org_unit_count(bench.tree.org));
	print_size(&bench, "after the start");
	day(&bench);
	print_size(&bench, "after the day");
	print_levels(&bench);
	same_everywhere(&bench.tree, (size_t)bench.tickets);
	time_commands(&bench);
	tree_end(&bench.tree);
	free(bench.communities);
	free(bench.grids);
	return 0;
}
