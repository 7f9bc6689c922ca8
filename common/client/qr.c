#include "client/qr.h"

#include <qrencode.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"

enum { FRAME = 4, PIECE = 128 };

struct qr {
	QRcode *code;
};

int qr_open(struct qr **qr_out, const char *text)
{
	struct qr *qr;

	if (strlen(text) > QR_TEXT_MAX)
		return ERR_TOO_LARGE;
	qr = calloc(1, sizeof(*qr));
	if (!qr)
		return ERR_NOMEM;
	qr->code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	if (!qr->code) {
		free(qr);
		return ERR_NOMEM;
	}
	*qr_out = qr;
	return 0;
}

void qr_close(struct qr **qr)
{
	if (!*qr)
		return;
	QRcode_free((*qr)->code);
	free(*qr);
	*qr = NULL;
}

/* The frame is light. */
static bool is_dark(const struct qr *qr, int x, int y)
{
	int width = qr->code->width;

	x -= FRAME;
	y -= FRAME;
	return x >= 0 && y >= 0 && x < width && y < width &&
	       (qr->code->data[y * width + x] & 1);
}

static int put(struct buf *out, const char *text)
{
	return buf_add(out, text, strlen(text));
}

/* Terminals are mostly dark: what is light is drawn. */
static const char *block(bool upper_dark, bool lower_dark)
{
	if (upper_dark)
		return lower_dark ? " " : "▄";
	return lower_dark ? "▀" : "█";
}

int qr_blocks(struct buf *out, const struct qr *qr)
{
	int size = qr->code->width + 2 * FRAME, rc = 0;

	for (int y = 0; !rc && y < size; y += 2) {
		for (int x = 0; !rc && x < size; x++)
			rc = put(out,
			    block(is_dark(qr, x, y), is_dark(qr, x, y + 1)));
		if (!rc)
			rc = put(out, "\n");
	}
	return rc;
}

static int put_modules(struct buf *out, const struct qr *qr, int size)
{
	char piece[PIECE];
	int rc = 0;

	for (int y = 0; !rc && y < size; y++)
		for (int x = 0; !rc && x < size; x++) {
			if (!is_dark(qr, x, y))
				continue;
			snprintf(piece, sizeof(piece), "M%d,%dh1v1h-1z", x, y);
			rc = put(out, piece);
		}
	return rc;
}

int qr_svg(struct buf *out, const struct qr *qr)
{
	int size = qr->code->width + 2 * FRAME, rc;
	char head[2 * PIECE];

	snprintf(head, sizeof(head),
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
	    "height=\"%d\" viewBox=\"0 0 %d %d\" "
	    "shape-rendering=\"crispEdges\"><rect width=\"%d\" "
	    "height=\"%d\" fill=\"#fff\"/>",
	    8 * size, 8 * size, size, size, size, size);
	rc = put(out, head);
	if (!rc)
		rc = put(out, "<path fill=\"#000\" d=\"");
	if (!rc)
		rc = put_modules(out, qr, size);
	return rc ? rc : put(out, "\"/></svg>\n");
}
