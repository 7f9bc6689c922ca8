#include "gatewayd/order_text.h"

#include <stddef.h>
#include <string.h>
#include "base/err.h"

static const struct line {
	const char *label;
	size_t offset;
} lines[] = {
#define X(name, label) { label, offsetof(struct order_text, name) },
	ORDER_LINES(X)
#undef X
};

enum { LINES = sizeof(lines) / sizeof(lines[0]) };

static const char **value_of(struct order_text *order, const struct line *line)
{
	return (const char **)((uint8_t *)order + line->offset);
}

static bool has_label(const char *text, const struct line *line)
{
	return strncmp(text, line->label, strlen(line->label)) == 0;
}

static int add(struct buf *out, const char *text)
{
	return buf_add(out, text, strlen(text));
}

/* Content that looks like one of our lines is told apart by an empty one. */
static bool is_ambiguous(const char *content)
{
	if (content[0] == '\n')
		return true;
	for (size_t i = 0; i < LINES; i++)
		if (has_label(content, &lines[i]))
			return true;
	return false;
}

static int add_line(
    struct buf *out, bool *has_lines, const char *label, const char *value)
{
	int rc = *has_lines ? add(out, "\n") : 0;

	*has_lines = true;
	if (!rc)
		rc = add(out, label);
	return rc ? rc : add(out, value);
}

int order_text_write(struct buf *out, const struct order_text *order)
{
	struct order_text copy = *order;
	bool has_lines = false;
	int rc = 0;

	for (size_t i = 0; !rc && i < LINES; i++) {
		const char *value = *value_of(&copy, &lines[i]);

		if (value[0])
			rc = add_line(out, &has_lines, lines[i].label, value);
	}
	if (rc || !order->content[0])
		return rc;
	if (has_lines)
		rc = add(out, "\n");
	if (!rc && is_ambiguous(order->content))
		rc = add(out, "\n");
	return rc ? rc : add(out, order->content);
}

/* The line's value; *text moves behind it. */
static int read_line(const char **value_out, const char **text,
    struct arena *arena, const struct line *line)
{
	const char *value = *text + strlen(line->label);
	size_t len = strcspn(value, "\n");

	*value_out = arena_text(arena, value, len);
	*text = value + len + (value[len] == '\n');
	return *value_out ? 0 : ERR_NOMEM;
}

int order_text_read(
    struct order_text *order_out, struct arena *arena, const char *text)
{
	struct order_text order;
	int rc = 0;

	for (size_t i = 0; !rc && i < LINES; i++) {
		*value_of(&order, &lines[i]) = "";
		if (has_label(text, &lines[i]))
			rc = read_line(value_of(&order, &lines[i]), &text,
			    arena, &lines[i]);
	}
	if (rc)
		return rc;
	order.content = text[0] == '\n' ? text + 1 : text;
	*order_out = order;
	return 0;
}
