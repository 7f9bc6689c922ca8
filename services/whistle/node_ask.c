#include "node_ask.h"

#include <stdlib.h>
#include "base/err.h"
#include "say.h"
#include "session.h"

enum { AT_ONCE = 64, WAIT_MS = 1500, AGAIN_MS = 300 };

static enum cli_exit ask_start(
    struct asked *asked, struct cli *cli, const struct node *node)
{
	struct wire_request request = { .kind = ASK_STATUS };
	*asked = (struct asked){ .node = node, .exit = CLI_UNREACHABLE };
	enum cli_exit exit = session_client(&asked->client, cli, node);
	if (exit != CLI_DONE)
		return exit;
	request.id = asked->id = client_id(asked->client);
	int err = client_send(asked->client, &request);
	return err < 0 && err != ERR_UNREACHABLE ? say_failure(err, node->name)
						 : CLI_DONE;
}

/* A connection by one of its keys may be another's by now, and what was sent
 * on it is gone: it is said again. */
static void ask_finish(
    struct asked *asked, const struct cli *cli, int64_t until_ms)
{
	const struct wire_request request = { .kind = ASK_STATUS,
		.id = asked->id };
	for (;;) {
		int64_t left_ms = until_ms - clock_now_ms(&cli->clock);
		int64_t wait_ms = left_ms < AGAIN_MS ? left_ms : AGAIN_MS;
		int err = client_take(&asked->reply, asked->client,
		    wait_ms > 0 ? (int)wait_ms : 0);
		if (err == ERR_TIMEOUT && wait_ms < left_ms) {
			client_send(asked->client, &request);
			continue;
		}
		if (err < 0 && err != ERR_INVALID)
			return;
		if (err == 0 && id_equal(&asked->reply.id, &asked->id)) {
			asked->exit = CLI_DONE;
			return;
		}
	}
}

bool asked_has_status(const struct asked *asked)
{
	return asked->exit == CLI_DONE && asked->reply.result == RESULT_DONE &&
	       asked->reply.has_body && asked->reply.kind == ASK_STATUS;
}

struct asking {
	int (*each)(void *context, const struct cli *cli, struct asked *asked);
	void *context;
	struct asked asked[AT_ONCE];
};

static enum cli_exit ask_batch(
    struct asking *asking, struct cli *cli, size_t first, size_t count)
{
	enum cli_exit exit = CLI_DONE;
	size_t started = 0;
	int err = 0;
	while (exit == CLI_DONE && started < count) {
		exit = ask_start(&asking->asked[started], cli,
		    org_node_at(cli->org, first + started));
		started++;
	}
	int64_t until_ms = clock_now_ms(&cli->clock) + WAIT_MS;
	for (size_t i = 0; i < started; i++) {
		struct asked *asked = &asking->asked[i];
		if (exit == CLI_DONE)
			ask_finish(asked, cli, until_ms);
		if (exit == CLI_DONE && err == 0)
			err = asking->each(asking->context, cli, asked);
		client_close(&asked->client);
	}
	return err < 0 ? say_failure(err, "whistle") : exit;
}

enum cli_exit node_ask_all(struct cli *cli,
    int (*each)(void *context, const struct cli *cli, struct asked *asked),
    void *context)
{
	struct asking *asking = calloc(1, sizeof(*asking));
	if (!asking)
		return say_failure(ERR_NOMEM, "whistle");
	asking->each = each;
	asking->context = context;
	size_t total = org_node_count(cli->org);
	enum cli_exit exit = CLI_DONE;
	for (size_t i = 0; exit == CLI_DONE && i < total; i += AT_ONCE)
		exit = ask_batch(
		    asking, cli, i, total - i < AT_ONCE ? total - i : AT_ONCE);
	free(asking);
	return exit;
}
