/*
 * One line of a list of tickets, between our struct and protobuf-c's.
 * Private to wire/.
 */
#ifndef WHISTLE_WIRE_TICKET_ROW_H
#define WHISTLE_WIRE_TICKET_ROW_H

#include "control.pb-c.h"
#include "wire/wire.h"

/*
 * `count` rows as protobuf-c wants them, in `arena`, borrowing from `rows`.
 * ERR_TOO_LARGE when the arena is full.
 */
int ticket_rows_fill(Whistle__TicketRow ***messages_out, struct arena *arena,
    const struct wire_ticket_row *rows, size_t count);

/* ERR_INVALID, ERR_TOO_LARGE. What a row does not say is zero. */
int ticket_rows_read(const struct wire_ticket_row **rows_out,
    struct arena *arena, Whistle__TicketRow *const *messages, size_t count);

#endif
