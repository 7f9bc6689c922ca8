/*
 * The city: its units, the tree they form, the nodes that serve them and
 * the people who may speak. Read once from a city folder (units.csv,
 * nodes.yaml, operators.csv), checked whole, never changed after, but for
 * the people, whom another list may replace as a whole. Levels are whatever
 * words the files use; no level is known by name here, only how deep it is.
 */
#ifndef WHISTLE_ORG_ORG_H
#define WHISTLE_ORG_ORG_H

#include <stdbool.h>
#include <stdint.h>
#include "base/code.h"
#include "base/report.h"
#include "ticket/words.h"

enum {
	ORG_KEY_TEXT = 41,
	ORG_LEVELS_MAX = 8,
	ORG_NODES_MAX = 4096,
	ORG_UNITS_MAX = 1000000,
	ORG_OPERATORS_MAX = 1000000,
	UNIT_NAME_MAX = 192, /* bytes including the closing NUL */
};

enum unit_kind { UNIT_AREA, UNIT_DEPARTMENT, UNIT_HOTLINE };

struct node;

struct unit {
	struct unit_code code;
	const char *name;
	const char *level; /* the word in the file */
	enum unit_kind kind;
	unsigned depth; /* areas: 0 for the root; others: their host's + 1 */
	const struct unit *parent; /* NULL for the root; a department's host */
	const struct node *node;   /* that serves it */
	/* Its number in the order of codes, where parents come before what
	 * is below them, and the number of the last unit below it. */
	unsigned first, last;
};

enum {
	NODE_PUBLIC_URL_MAX = 200,
	NODE_OLD_KEYS_MAX = 8,
	NODE_RETIRED_KEYS_MAX = 24,
	NODE_WAS_MAX = 8
};

struct node {
	const char *name;
	const char *level;
	const char *endpoint; /* tcp://HOST:PORT or ipc://PATH */
	const char *http;     /* HOST:PORT of a gateway, or NULL */
	/* How residents reach a gateway, without a slash at the end, or NULL.
	 */
	const char *public_url;
	bool is_mirrored; /* intake counts when the node above has it, too */
	char public_key[ORG_KEY_TEXT]; /* Z85 */
	/* Keys that it had before: those that neighbours still hear, and those
	 * that only open what was sealed while they were its key. */
	char old_keys[NODE_OLD_KEYS_MAX][ORG_KEY_TEXT];
	char retired_keys[NODE_RETIRED_KEYS_MAX][ORG_KEY_TEXT];
	unsigned old_count, retired_count;
	/* The nodes that it was a part of until `since_ms`; 0: none. */
	const char *was[NODE_WAS_MAX];
	unsigned was_count;
	int64_t since_ms;
	const struct node *parent; /* NULL for the root */
	unsigned index;		   /* 0 .. org_node_count - 1 */
	/* The same among nodes, parents first: see unit. */
	unsigned first, last;
};

struct operator
{
	const char *name;
	const struct unit *unit;
	enum role role;
	char public_key[ORG_KEY_TEXT];
};

struct org;

enum {
	ORG_NEEDS_KEYS = 1, /* every node and operator must have a key */
};

/*
 * Reads DIR/units.csv, nodes.yaml and operators.csv. ERR_INVALID with every
 * problem found (file, line, what to do) in `report`: unknown columns or
 * keys, codes that do not fit their level or parent, duplicates, more than
 * one root, a unit that no node or two nodes serve, units of one node whose
 * parents are on several nodes, endpoints that are not tcp:// or ipc:// or
 * that two nodes share, keys that are not Z85, a key that two have, an
 * operator of an unknown unit or role. (Nodes cannot form a loop: a node
 * serves one level and its parent a level above.) ERR_NOMEM.
 */
int org_load(struct org **org_out, struct report *report, const char *dir,
    unsigned flags);
void org_close(struct org **org);

/*
 * Reads DIR/operators.csv again, for a city that is loaded: its units and
 * nodes stay. ERR_INVALID with every problem in `report`. ERR_NOMEM, ERR_IO.
 */
struct people;
int org_people_load(struct people **people_out, struct report *report,
    const char *dir, const struct org *org, unsigned flags);
/* These are the city's people now; every struct operator of before is gone.
 * `people` is taken. */
void org_people_take(struct org *org, struct people **people);
void org_people_close(struct people **people);

/*
 * Reads DIR's files again, for where the nodes of a city that is loaded are
 * now. ERR_EXISTS, with nothing in `report`: they are of another city, or
 * name other units or nodes, which nobody can take in while it runs.
 * ERR_INVALID with every problem in `report`. ERR_NOMEM, ERR_IO.
 */
int org_endpoints_load(struct org **now_out, struct report *report,
    const char *dir, const struct org *org);
/* The endpoints of `now`, which is taken, and the version in which it
 * writes. The endpoints of before stay readable until org_close. ERR_NOMEM:
 * some may be the old ones. */
int org_endpoints_take(struct org *org, struct org **now);

/*
 * Reads the keys of DIR/nodes.yaml again, for a city that is loaded; a node
 * that is not there any more keeps its own. ERR_INVALID with every problem in
 * `report`. ERR_NOMEM, ERR_IO.
 */
struct node_keys;
int org_keys_load(struct node_keys **keys_out, struct report *report,
    const char *dir, const struct org *org, unsigned flags);
/* These are the nodes' keys now. `keys` is taken. */
void org_keys_take(struct org *org, struct node_keys **keys);
void org_keys_close(struct node_keys **keys);
/* Is it the node's key, or one that is still heard for it? */
bool node_has_key(const struct node *node, const char *public_key);

/* All borrowed until org_close; NULL when there is none. */
const struct unit *org_unit(
    const struct org *org, const struct unit_code *code);
const struct node *org_node(const struct org *org, const char *name);
const struct operator* org_operator(const struct org *org, const char *name);
/* By public key (Z85): one of the two, or both NULL. */
void org_who(const struct node **node_out, const struct operator** operator_out,
    const struct org *org, const char *public_key);

const char *org_city_name(const struct org *org);
/* In which version of the wire the city writes; 1 when it does not say. */
unsigned org_speaks(const struct org *org);
/* Units in the order of their codes: parents before what is below them. */
size_t org_unit_count(const struct org *org);
const struct unit *org_unit_at(const struct org *org, size_t index);
size_t org_node_count(const struct org *org);
const struct node *org_node_at(const struct org *org, size_t index);
size_t org_operator_count(const struct org *org);
const struct operator* org_operator_at(const struct org *org, size_t index);

/* Level words by depth of area units, from 0; *depth_out for a word.
 * ERR_NOT_FOUND. */
int org_level_depth(
    unsigned *depth_out, const struct org *org, const char *level);

/* True when `below` is `above` or anywhere under it (a department under its
 * host). */
bool unit_is_within(const struct unit *below, const struct unit *above);
/* The unit of that depth on the way from `unit` to the root; `unit` itself
 * when it is that deep; NULL when it is above. */
const struct unit *unit_at_depth(const struct unit *unit, unsigned depth);
/* The department with that short name at `host`; NULL. */
const struct unit *org_department(
    const struct org *org, const struct unit *host, const char *short_name);

/*
 * Which neighbour of `self` leads to `target`: the child of self on the way
 * down, else self's parent; NULL for self itself.
 */
const struct node *node_toward(
    const struct node *self, const struct node *target);
bool node_is_within(const struct node *below, const struct node *above);

/* Is it that node by name, or was it a part of it? */
bool node_is_or_was(const struct node *node, const char *name);
/*
 * Were the node that serves `unit`, or one above it, and `node` one node when
 * what was made at `made_ms` was made? Each then speaks of that for the other,
 * as the one node did.
 */
bool node_was_one_with(
    const struct node *node, const struct unit *unit, int64_t made_ms);

#endif
