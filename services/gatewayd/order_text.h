/*
 * What a ticket has no field for stands in lines before its text, one label
 * each, in this order; staff read them as they are, and the hotline gets
 * them back field by field. Pure.
 */
#ifndef WHISTLE_GATEWAYD_ORDER_TEXT_H
#define WHISTLE_GATEWAYD_ORDER_TEXT_H

#include "base/bytes.h"

#define ORDER_LINES(X)                                                         \
	X(kind, "诉求类型：")                                                  \
	X(item_path, "事项路径：")                                             \
	X(tags, "标签：")                                                      \
	X(created, "登记时间：")                                               \
	X(occurred, "发生时间：")

struct order_text {
#define X(name, label) const char *name;
	ORDER_LINES(X)
#undef X
	const char *content;
};

/* Appends the text. ERR_NOMEM. */
int order_text_write(struct buf *out, const struct order_text *order);
/* Exactly what was written; of any other text all is content. Absent lines
 * are "". In `arena`: ERR_NOMEM. */
int order_text_read(
    struct order_text *order_out, struct arena *arena, const char *text);

#endif
