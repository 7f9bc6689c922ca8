/*
 * The bounds on size, count and rate that several layers share; others stand
 * beside what they bound. deploy/limits.md lists all, with the tests of their
 * edges, and tests/check/limits keeps it true. What exceeds one is refused
 * where it enters, with the limit named.
 */
#ifndef WHISTLE_BASE_LIMITS_H
#define WHISTLE_BASE_LIMITS_H

enum {
	/* codes and names, bytes including the closing NUL */
	UNIT_CODE_MAX = 24,
	ITEM_CODE_MAX = 32,
	NAME_MAX_BYTES = 64,	/* nodes, operators, requests' sources */
	EXTERNAL_ID_MAX = 128,	/* the hotline's own number */

	/* texts of a ticket, bytes of UTF-8 */
	TITLE_MAX_BYTES = 512,
	TEXT_MAX_BYTES = 32 * 1024,
	ADDRESS_MAX_BYTES = 1024,
	CONTACT_MAX_BYTES = 512,

	/* files named by an event */
	FILE_MAX_BYTES = 20 * 1024 * 1024,
	FILE_TEXT_MAX_BYTES = 1024 * 1024, /* of plain text */
	FILE_NAME_MAX = 200,		   /* bytes with the closing NUL */
	FILE_CHUNK_BYTES = 128 * 1024,	   /* of a file, in one message */
	EVENT_FILES_MAX = 16,
	UPLOADS_OPERATOR_MAX = 256, /* not yet named by an event: files … */
	UPLOADS_OPERATOR_BYTES = 256 * 1024 * 1024, /* … and bytes */
	UPLOADS_NODE_BYTES = 1024 * 1024 * 1024,

	/* a ticket */
	TICKET_UNITS_MAX = 32,	 /* units that opened or held it */
	TICKET_CALLOUTS_MAX = 16, /* departments on one ticket */
	TICKET_EVENTS_MAX = 4096, /* entries in its log */
	STRANDED_EVENTS_MAX = 4096, /* of a ticket, that fences undid … */
	STRANDED_SIBLINGS_MAX = 7,  /* … with one seq: with that of the log
				       they fit one row */

	/* one event, one frame, one loop turn */
	EVENT_MAX_BYTES = 64 * 1024,
	FRAME_MAX_BYTES = 1024 * 1024, /* ZMQ_MAXMSGSIZE */
	DECODE_MAX_BYTES = 8 * 1024 * 1024, /* memory for one decoded frame */
	TURN_MESSAGES_MAX = 512,

	/* a link */
	LINK_FRAME_BYTES = 256 * 1024,	/* pack up to this into one DATA */
	LINK_FRAME_ROWS = 256,
	LINK_WINDOW_ROWS = 4096,	/* not yet acknowledged */
	LINK_WINDOW_BYTES = 4 * 1024 * 1024,

	DELIVERY_EVENTS_MAX = 8, /* in one row: fits a frame, whatever they say */

	/* what a parent watches */
	SILENT_AFTER_MS = 10 * 60 * 1000, /* unless the catalogue says so */
	OVERDUE_GRACE_MS = 5 * 60 * 1000, /* for the holder's node to say it */

	/* lists */
	LIST_PAGE_MAX = 500,
	PAGE_BYTES = 512 * 1024, /* of events in one answer */
};

#endif
