/*
 * What people ask of this node, and what it says. Part of engine/inside.h.
 */
#ifndef WHISTLE_ENGINE_INSIDE_ASKED_H
#define WHISTLE_ENGINE_INSIDE_ASKED_H

#include "engine/inside_state.h"

/* ---- command.c, query.c, show.c, follow.c, status.c ---- */
/* The answer to a command that was done, then or now. */
int say_done(struct turn *turn, const struct net_route *route,
    const struct id *request, const struct request_record *record);
int command_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
int list_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
int show_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
int score_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
int status_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
int follow_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
/* How many tickets one more question may look at in this turn. */
size_t looks_left(const struct turn *turn);
/* A line of a list. */
int fill_row(struct wire_ticket_row *row, struct turn *turn,
    const struct ticket *ticket);
/* By a source's own number: of the asker's unit, else of a hotline. */
int find_number(struct id *id_out, struct turn *turn, const struct actor *actor,
    const char *external_id);
/* May this person see this ticket? */
bool may_see(
    struct turn *turn, const struct actor *actor, const struct ticket *ticket);

/* ---- waiting.c ---- */
/* The operator waits for the answer to this command, by this route from now
 * on. False: too many wait already. */
bool waiting_add(
    struct turn *turn, const struct id *command, const struct net_route *route);
/* … to a command that was done here, until the node above has it. */
bool waiting_mirror(
    struct turn *turn, const struct id *command, const struct net_route *route);
/* The answer is here: does anybody wait for it? */
bool waiting_end(
    struct net_route *route_out, struct turn *turn, const struct id *command);
int waiting_expire(struct turn *turn);
/* The turn is durable, or did not happen. */
void waiting_settle(struct engine *engine, bool is_durable);

/* ---- mirror.c ---- */
/* Has somebody to wait until the node above has the ticket? */
int mirror_is_due(bool *is_out, struct turn *turn, const struct id *ticket);
/* The turn is durable: what it has queued is what is waited for. */
void mirror_settle(const struct engine *engine, struct waiting *waiting);
/* Has the node above it now? Then *record is what to say of it. */
int mirror_came(bool *is_out, struct turn *turn, struct waiting *waiting,
    struct request_record *record);

/* ---- uploads.c ---- */
int put_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
/*
 * The files that a command names are here, and sent by this person: fills in
 * their sizes and types. Else a refusal is set.
 */
int uploads_ready(
    struct outcome_of *outcome, struct turn *turn, struct command *command);
/* The command was not refused: what it names is kept for it. */
int uploads_named(struct turn *turn, const struct command *command);
/* Forget what nobody has named in a day. */
int uploads_expire(struct turn *turn);

/* ---- files.c ---- */
int get_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
/* An event of the ticket names files. */
int files_named(struct turn *turn, const struct event *event);
/* It is on disk, and its hash is right: whoever asked in vain is told. */
int file_here(struct turn *turn, const struct hash *hash, uint64_t size,
    enum file_type type, int64_t until_ms);
/* What was read is not what it should be: it is fetched again. */
int file_damaged(struct turn *turn, const struct hash *hash, int problem);
/* The part that a file grows in on its way from a neighbour. */
void file_part(char part_out[PART_NAME_MAX], const struct hash *hash);

/* ---- scored.c: what is behind a unit's numbers ---- */
/* The months that a question is about, both within; "" for no bound. False:
 * what it says is no month. */
bool score_months(
    const char **from_out, const char **to_out, const struct wire_request *ask);
/* Is the item one of those that the question is about? */
bool score_has_item(const struct engine *engine,
    const struct wire_request *request, const char *item);
int scored_asked(struct turn *turn, const struct net_route *route,
    const struct actor *actor, const struct wire_request *request);
/* How many tickets the unit has and has not accepted, though there is a time
 * for it. */
int count_unaccepted(
    uint64_t *count_out, struct turn *turn, const struct wire_request *request);

/* ---- say.c ---- */
/* Once durable: send it all, and log it all. */
void release(struct turn *turn);
int say(struct turn *turn, const struct net_route *route,
    const struct wire_reply *reply);
int say_refused(struct turn *turn, const struct net_route *route,
    const struct id *request, enum refusal refusal, const char *detail);
int say_frame(
    struct turn *turn, struct neighbour *to, const struct wire_frame *frame);
/* A line of the log that is true once the turn is durable. */
int say_line(struct turn *turn, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void *turn_alloc(struct turn *turn, size_t len); /* NULL past the bound */
int turn_copy(struct bytes *copy_out, struct turn *turn, struct bytes bytes);

/* ---- engine.c ---- */
/* Reads catalogue, calendar and operators again, for engine_reload to take.
 * If one is bad all are refused; the mistakes are logged, and *where_out is
 * the place of the first. */
int reload_prepare(struct engine *engine, char where_out[RELOAD_WHERE_TEXT]);
/* What it has ready. */
void reload_forget(struct engine *engine);
int engine_wait_ms(const struct engine *engine, int wait_ms);

#endif
