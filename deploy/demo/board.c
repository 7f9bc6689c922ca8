#include "board.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "speak.h"

enum { LIVE_MS = 200, PLAIN_MS = 4000 };

static void count_left(struct board_counts *counts, const struct demo_case *row)
{
	if (!row->is_left)
		return;
	counts->left_open += row->now.state == STATE_OPEN;
	counts->left_accepted += row->now.state == STATE_ACCEPTED;
	counts->left_resolved += row->now.state == STATE_RESOLVED;
}

static void count_one(struct board_counts *counts, const struct demo_case *row)
{
	const struct ticket *ticket = &row->now;
	bool is_callout = ticket->kind == KIND_CALLOUT;

	counts->appeals += !is_callout;
	counts->callouts += is_callout;
	counts->by_state[ticket->state] += !is_callout;
	counts->checked_in += is_callout && ticket->accepted_ms != 0;
	counts->late += is_callout && (ticket->flags & TICKET_LATE_ACCEPT) != 0;
	counts->returned += ticket->returns;
	counts->reopened += ticket->reopens;
	counts->rated += ticket->state == STATE_CLOSED;
	if (!is_callout)
		count_left(counts, row);
}

void board_count(struct board_counts *counts_out, const struct cases *cases)
{
	struct board_counts counts = { 0 };

	for (size_t i = 0; i < cases->count; i++)
		if (cases->rows[i].is_ours)
			count_one(&counts, &cases->rows[i]);
	*counts_out = counts;
}

static void line(const struct board_counts *counts, int64_t ms)
{
	printf(speak("%3d s  open %zu, accepted %zu, waiting %zu, resolved "
		     "%zu, closed %zu | called out %zu, checked in %zu, late "
		     "%zu",
		   "%3d 秒  待签收 %zu，办理中 %zu，等待部门 %zu，已办结 %zu，"
		   "已结案 %zu ｜ 吹哨 %zu，报到 %zu，超时 %zu"),
	    (int)(ms / 1000), counts->by_state[STATE_OPEN],
	    counts->by_state[STATE_ACCEPTED], counts->by_state[STATE_WAITING],
	    counts->by_state[STATE_RESOLVED], counts->by_state[STATE_CLOSED],
	    counts->callouts, counts->checked_in, counts->late);
}

void board_show(const struct board_counts *counts, int64_t started_ms,
    int64_t now_ms, bool is_last)
{
	static int64_t shown_ms;
	bool is_live = isatty(STDOUT_FILENO);

	if (!is_last && now_ms - shown_ms < (is_live ? LIVE_MS : PLAIN_MS))
		return;
	shown_ms = now_ms;
	if (is_live)
		fputs("\r\033[K", stdout);
	line(counts, now_ms - started_ms);
	if (!is_live || is_last)
		putchar('\n');
	fflush(stdout);
}

void board_sum(const struct board_counts *counts, size_t people)
{
	printf(speak("\n%zu complaints, %zu callouts of departments, %zu "
		     "people with a key each.\n",
		   "\n诉求 %zu 件，吹哨 %zu 次，%zu 人各持一把密钥办理。\n"),
	    counts->appeals, counts->callouts, people);
	printf(speak("%zu tickets closed and rated; %zu check-ins too late, "
		     "%zu returns, %zu reopened after verification.\n",
		   "评价结案 %zu 件；报到超时 %zu 次，退单 %zu 次，回访后重办 "
		   "%zu 次。\n"),
	    counts->rated, counts->late, counts->returned, counts->reopened);
	printf(speak("Left for you to try: %zu open, %zu accepted, %zu "
		     "resolved and not yet rated.\n",
		   "留给你试手：待签收 %zu 件，办理中 %zu 件，已办结待评价 "
		   "%zu 件。\n"),
	    counts->left_open, counts->left_accepted, counts->left_resolved);
}
