/* One loop turn, from waiting to release. */
#include "engine/inside.h"

#include <string.h>
#include "base/log.h"

enum {
	ROOM_EVERY_MS = 1000,
	ROOM_NEAR_MS = 20,
	EXPIRE_EVERY_MS = 60 * 1000,
	/* what a turn takes no more messages beyond */
	TAKE_ARENA_BYTES = TURN_ARENA_BYTES / 4,
	TAKE_SAID_BYTES = 16 * 1024 * 1024,
	CAREFUL_TURNS = 64, /* of one message each, after one was given up */
};

static void start(struct turn *turn)
{
	arena_reset(turn->engine->arena);
	for (size_t i = 0; i < turn->draft_count; i++)
		turn->drafts[i] = NULL;
	if (turn->draft_count) /* a slot is taken only with a draft */
		memset(turn->slots, 0, sizeof(turn->slots));
	for (unsigned i = 0; turn->tally_count && i < TALLY_ROWS; i++)
		turn->tally[i].is_used = false;
	turn->draft_count = 0;
	turn->tally_count = 0;
	turn->counted_count = 0;
	turn->outgoing_count = 0;
	turn->late_count = 0;
	turn->asked_count = 0;
	turn->looked = 0;
	turn->events = 0;
	turn->journal = turn->engine->journal;
	turn->held = turn->engine->held;
	turn->now_ms = clock_now_ms(&turn->engine->config.clock);
	turn->was = turn->engine->mind;
	turn->was_store = turn->engine->config.store.id;
	buf_clear(&turn->said);
	buf_clear(&turn->lines);
}

/* The nearer the reserve, the closer it is watched: a second's work must
 * not use it up unseen. */
static int64_t room_every_ms(const struct engine *engine)
{
	const struct kv_room *room = &engine->room;
	uint64_t near = 4 * engine->config.reserve_bytes;

	return room->disk_bytes < near ||
		       room->used_bytes + near > room->limit_bytes
		   ? ROOM_NEAR_MS
		   : ROOM_EVERY_MS;
}

/* Room for new tickets is short before room for finishing them is. */
static void look_at_room(struct turn *turn)
{
	struct engine *engine = turn->engine;
	uint64_t reserve = engine->config.reserve_bytes;

	if (turn->now_ms >= engine->room_ms &&
	    turn->now_ms - engine->room_ms < room_every_ms(engine)) {
		turn->is_full = engine->is_full;
		return;
	}
	engine->room_ms = turn->now_ms;
	if (kv_room(&engine->room, engine->config.store.kv))
		return;
	bool is_full =
	    engine->room.disk_bytes < reserve ||
	    engine->room.used_bytes + reserve > engine->room.limit_bytes;
	if (is_full != engine->is_full)
		log_line(is_full ? LOG_ERROR : LOG_INFO,
		    "store=%s used_bytes=%llu limit_bytes=%llu disk_bytes=%llu",
		    is_full ? "full" : "has_room",
		    (unsigned long long)engine->room.used_bytes,
		    (unsigned long long)engine->room.limit_bytes,
		    (unsigned long long)engine->room.disk_bytes);
	engine->is_full = is_full;
	turn->is_full = is_full;
}

static bool has_had_enough(const struct turn *turn, size_t bytes)
{
	return bytes >= TURN_BYTES_MAX ||
	       turn->draft_count >= TURN_DRAFTS_MAX / 2 ||
	       arena_used(turn->engine->arena) >= TAKE_ARENA_BYTES ||
	       turn->said.len >= TAKE_SAID_BYTES;
}

/* After a turn that was given up messages come one at a time, so that the
 * one that cannot be written keeps no other from it. */
static int take_messages(struct turn *turn)
{
	struct engine *engine = turn->engine;
	const struct post *post = &engine->config.post;
	int most = engine->careful_turns ? 1 : TURN_MESSAGES_MAX;
	struct net_message message;
	size_t bytes = 0;
	int rc = 0;

	for (int i = 0; i < most && !has_had_enough(turn, bytes); i++) {
		rc = post->receive(post->context, &message);
		if (rc <= 0)
			return rc;
		if (engine->careful_turns)
			engine->careful_turns--;
		bytes += message.body.len;
		rc = message_arrived(turn, &message);
		post->release(post->context, &message);
		if (rc)
			return rc;
	}
	return 0;
}

static int pump(struct turn *turn)
{
	struct engine *engine = turn->engine;
	struct link_turn link_turn;
	struct link_ops ops;
	int rc = 0;

	link_turn_of(&link_turn, &ops, turn);
	for (size_t i = 0; !rc && i < engine->neighbour_count; i++) {
		struct neighbour *to = &engine->neighbours[i];
		bool was_up = to->link.is_up;
		rc = child_link(turn, to);
		if (rc)
			break;
		if (!to->has_route) {
			/* rows may have been queued for it all the same */
			rc = link_save(&to->link, turn->txn);
			continue;
		}
		rc = link_pump(&to->link, &link_turn);
		if (!rc)
			rc = fetch_pump(turn, to);
		if (!rc && was_up && !to->link.is_up)
			rc = say_line(
			    turn, "link=%s state=down", to->node->name);
	}
	engine->wanted = wanted_count(turn->txn);
	return rc;
}

/* Records of requests are kept for as long as somebody may repeat them. */
static int expire(struct turn *turn)
{
	struct engine *engine = turn->engine;

	if (turn->now_ms - engine->expire_ms < EXPIRE_EVERY_MS &&
	    turn->now_ms >= engine->expire_ms)
		return 0;
	engine->expire_ms = turn->now_ms;
	int rc = requests_expire(turn->txn, &engine->expire_from,
	    turn->now_ms - REQUESTS_KEPT_MS, TURN_DRAFTS_MAX);
	return rc ? rc : uploads_expire(turn);
}

static int work(struct turn *turn)
{
	int rc = take_messages(turn);

	if (!rc)
		rc = want_again(turn);
	if (!rc)
		rc = alarms(turn);
	if (!rc)
		rc = child_tickets(turn);
	if (!rc)
		rc = autopilot_sweep(turn);
	if (!rc)
		rc = duplicates(turn);
	if (!rc)
		rc = autopilot(turn);
	if (!rc)
		rc = withdraw(turn);
	if (!rc)
		rc = erase_some(turn);
	if (!rc)
		rc = strays(turn);
	if (!rc)
		rc = drafts_flush(turn);
	if (!rc)
		rc = offers(turn);
	if (!rc)
		rc = waiting_expire(turn);
	if (!rc)
		rc = expire(turn);
	if (!rc)
		rc = damaged_settle(turn);
	if (!rc)
		rc = scrub(turn);
	if (!rc)
		rc = pump(turn);
	return rc ? rc : news(turn);
}

/* Never an earlier one: what is looked for from a time on is all there,
 * whatever the clock did. */
static bool is_moment(const struct turn *turn)
{
	return turn->journal > turn->engine->journal &&
	       turn->now_ms > turn->engine->moment_ms;
}

static int save(struct turn *turn)
{
	struct engine *engine = turn->engine;
	bool has_moment = is_moment(turn);

	if (!kv_is_dirty(turn->txn)) {
		kv_abort(&turn->txn);
		return 0;
	}
	int rc = has_moment
		     ? moments_put(turn->txn, turn->now_ms, engine->journal + 1)
		     : 0;
	if (!rc)
		rc = kv_commit(&turn->txn);
	if (rc)
		return rc;
	if (has_moment)
		engine->moment_ms = turn->now_ms;
	engine->journal = turn->journal;
	engine->held = turn->held;
	engine->events += turn->events;
	engine->commits++;
	engine->last_commit_ms = clock_now_ms(&engine->config.clock);
	return 0;
}

/* It was done before, or is on its way: not to be refused. It is asked once
 * more, by whoever hears nothing now. */
static bool is_repeat(struct kv_txn *txn, const struct asked *asked)
{
	struct request_record record;

	return asked->is_command && !requests_get(&record, txn, &asked->id);
}

/* Whoever asked something in a turn that did not happen is told so. */
static void say_given_up(struct turn *turn, struct kv_txn *txn, int reason)
{
	const char *problem = reason == ERR_FULL
				  ? refusal_name(REFUSAL_STORE_FULL)
				  : "memory_bound";

	turn->outgoing_count = 0;
	buf_clear(&turn->said);
	buf_clear(&turn->lines);
	for (size_t i = 0; i < turn->asked_count; i++) {
		const struct asked *asked = &turn->asked[i];
		bool is_refused = asked->is_command && reason == ERR_FULL;
		struct wire_reply reply = {
			.id = asked->id,
			.result = is_refused ? RESULT_REFUSED : RESULT_FAILED,
			.refusal = is_refused ? problem : "",
			.detail = is_refused ? "" : problem,
		};
		if (is_repeat(txn, asked))
			continue;
		if (say(turn, &asked->route, &reply))
			break;
	}
	release(turn);
}

/*
 * The turn cannot be written: nothing of it happened, and nothing of it is
 * remembered. Neighbours will send again.
 */
static int give_up(struct turn *turn, int reason)
{
	struct engine *engine = turn->engine;
	struct kv_txn *txn = NULL;

	if (log_is_due("turn", turn->now_ms, 10 * 1000))
		log_line(LOG_ERROR, "turn=given_up problem=%s",
		    reason == ERR_FULL ? "store_full" : "memory_bound");
	kv_abort(&turn->txn);
	engine->room_ms = 0;
	engine->careful_turns = CAREFUL_TURNS;
	engine->mind = turn->was;
	engine->config.store.id = turn->was_store;
	waiting_settle(engine, false);
	child_settle(engine, false);
	dues_take_back(&engine->dues);
	int rc = kv_begin(&txn, engine->config.store.kv, false);
	for (size_t i = 0; !rc && i < engine->neighbour_count; i++)
		rc = link_reload(&engine->neighbours[i].link, txn);
	if (!rc)
		say_given_up(turn, txn, reason);
	kv_abort(&txn);
	return rc;
}

int engine_turn(struct engine *engine, int wait_ms)
{
	struct turn *turn = &engine->turn;
	int rc = engine->config.post.wait(
	    engine->config.post.context, engine_wait_ms(engine, wait_ms));

	if (rc < 0)
		return rc;
	start(turn);
	look_at_room(turn);
	rc = kv_begin(&turn->txn, engine->config.store.kv, true);
	if (rc)
		return rc;
	rc = work(turn);
	if (!rc)
		rc = alarms_next(&engine->next_alarm_ms, turn);
	if (!rc)
		rc = save(turn);
	if (rc == ERR_FULL || rc == ERR_NOMEM)
		return give_up(turn, rc);
	if (rc) {
		kv_abort(&turn->txn);
		return rc;
	}
	waiting_settle(engine, true);
	child_settle(engine, true);
	dues_settle(&engine->dues);
	release(turn);
	return 0;
}

int quiet_turn(struct engine *engine,
    int (*deed)(void *context, struct turn *turn), void *context)
{
	struct turn *turn = &engine->turn;
	int rc;

	start(turn);
	rc = kv_begin(&turn->txn, engine->config.store.kv, true);
	if (!rc)
		rc = deed(context, turn);
	if (!rc)
		rc = drafts_flush(turn);
	rc = rc ? rc : save(turn);
	kv_abort(&turn->txn);
	waiting_settle(engine, !rc);
	child_settle(engine, !rc);
	if (rc)
		dues_take_back(&engine->dues);
	else
		dues_settle(&engine->dues);
	return rc;
}
