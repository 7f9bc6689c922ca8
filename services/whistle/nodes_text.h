/*
 * nodes.yaml as its writer left it: what is changed is changed in the text,
 * and every other byte, comments among it, stays.
 */
#ifndef WHISTLE_CLI_NODES_TEXT_H
#define WHISTLE_CLI_NODES_TEXT_H

#include <sys/types.h>
#include "base/bytes.h"

/* Zero at first; its bytes are yours, to buf_free. */
struct nodes_text {
	struct buf buf;
	mode_t mode;
};

/* ERR_NOT_FOUND, ERR_IO, ERR_NOMEM. */
int nodes_text_read(struct nodes_text *text, const char *path);
/* One value of a node, quoted. ERR_NOT_FOUND, ERR_NOMEM. */
int nodes_text_set(struct nodes_text *text, const char *node, const char *key,
    const char *value);
/* In which version the city speaks. ERR_NOT_FOUND, ERR_NOMEM. */
int nodes_text_speaks(struct nodes_text *text, unsigned version);
/*
 * In a node's place come others, each as lines of a YAML mapping, which are
 * moved in as far as the node was. ERR_NOT_FOUND, ERR_NOMEM.
 */
int nodes_text_replace(struct nodes_text *text, const char *node,
    const struct buf *mappings, size_t count);

#endif
