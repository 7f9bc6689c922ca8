/*
 * The socket that HTTP comes in by.
 */
#ifndef WHISTLE_GATEWAYD_LISTEN_H
#define WHISTLE_GATEWAYD_LISTEN_H

/*
 * Listens at HOST:PORT or [HOST]:PORT, without blocking. ERR_INVALID: not
 * such an address; ERR_BUSY: another process listens there; ERR_NOT_FOUND:
 * no such host, or none of this machine's; ERR_ACCESS; ERR_IO.
 */
int listen_at(int *fd_out, const char *address);

#endif
