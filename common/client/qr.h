/*
 * A text as a QR code, to be read off a terminal or off paper. The light
 * frame of four modules that readers need is part of it. Pure.
 */
#ifndef WHISTLE_CLIENT_QR_H
#define WHISTLE_CLIENT_QR_H

#include "base/bytes.h"

enum { QR_TEXT_MAX = 512 };

struct qr;

/* ERR_TOO_LARGE: over QR_TEXT_MAX bytes. ERR_NOMEM. */
int qr_open(struct qr **qr_out, const char *text);
void qr_close(struct qr **qr);

/* Appended to `out`: half blocks of UTF-8, two modules a character, dark on
 * light by the terminal's own colours turned round; an SVG image. ERR_NOMEM. */
int qr_blocks(struct buf *out, const struct qr *qr);
int qr_svg(struct buf *out, const struct qr *qr);

#endif
