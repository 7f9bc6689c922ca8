/*
 * The play itself: complaints come in, and whoever's turn it is acts, until
 * nobody has anything left to do. Nodes may be away for a while.
 */
#ifndef WHISTLE_DEMO_PLAY_H
#define WHISTLE_DEMO_PLAY_H

#include <signal.h>
#include "deeds.h"
#include "hotline.h"

struct play {
	struct stage stage;
	struct hotline *hotline;
	struct cases cases;
	struct client *eye; /* the supervisor, who sees all */
	int64_t limit_ms;   /* it ends after so long at the latest */
	int64_t patience_ms;
	/* Set by signals: it ends at once; nothing new comes in. */
	const volatile sig_atomic_t *must_stop, *is_evening;
	size_t given_up;
	int64_t unseen_ms; /* since when the city has not answered; 0: it has */
};

/* Says how it goes, and what goes wrong. */
int play_all(struct play *play);

#endif
