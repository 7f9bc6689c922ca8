/*
 * One step of an export: what a node has committed since the last one, as
 * rows, and how far that goes, in one transaction of PostgreSQL. Cut
 * anywhere, it goes on where the last whole step ended, and no row comes
 * twice.
 *
 * A node's journal is of its store: when the store is another one (made
 * new, or restored), it is read again from the start, in the next generation.
 * What that store does not have goes, once the node is whole again.
 */
#ifndef WHISTLE_CLI_EXPORT_STEP_H
#define WHISTLE_CLI_EXPORT_STEP_H

#include "cli.h"
#include "pg.h"

struct export
{
	struct cli *cli;
	struct pg pg;
	bool with_words;

	/* where it is; the same as in the table `progress` */
	int generation;
	uint64_t followed;
	struct buf cursor; /* empty: from the start */

	bool has_old;		  /* rows of an earlier generation */
	bool is_whole;		  /* the node said so, before this step */
	bool is_marked;		  /* the table says that it is current */
	bool is_current;	  /* there was nothing more to read */
	uint64_t events, tickets; /* read by this program */
	struct arena *arena;
	struct buf rows_events, rows_tickets;
};

/* How asking or writing went wrong. */
enum export_fault {
	EXPORT_FINE,
	EXPORT_NODE_SILENT, /* try again */
	EXPORT_NODE_FAILED, /* said already */
	EXPORT_PG_AWAY,	    /* try again: pg.message */
	EXPORT_PG_FAILED,   /* pg.message */
	EXPORT_OTHER_NODE,  /* the tables are another node's: pg.message */
};

/* Reads where it is. Once after each connection. */
enum export_fault export_begin(struct export *export);
/* A page of each, and its commit; is_current says whether to go on at once. */
enum export_fault export_step(struct export *export);
/* The scores, as the node has them now. */
enum export_fault export_scores(struct export *export);
void export_free(struct export *export);

#endif
