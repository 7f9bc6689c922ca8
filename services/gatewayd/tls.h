/*
 * The gateway's certificate and key, for libmicrohttpd's handshakes; by
 * GnuTLS, which it uses. Loaded again while connections are open: a
 * handshake takes what is there when it begins, and what was there before is
 * kept until no handshake can need it. One in a process, for the handshake's
 * callback brings no context; only one thread handles it.
 */
#ifndef WHISTLE_GATEWAYD_TLS_H
#define WHISTLE_GATEWAYD_TLS_H

#include <gnutls/abstract.h>
#include <stdint.h>

/* TLS 1.2 and 1.3, and what is sound in them. */
#define TLS_PRIORITIES "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

enum { TLS_KEEP_MS = 5 * 60 * 1000 }; /* longer than any handshake */

/*
 * From now on this certificate (PEM, with what leads to its issuer) is
 * shown. On an error, which is said in the log with what to do, the one
 * before stays. One that is over, or not yet valid, is shown all the same
 * and complained of: that is less than no service at all.
 */
int tls_load(const char *cert_path, const char *key_path, int64_t now_ms);
void tls_forget(void);

/* As MHD_OPTION_HTTPS_CERT_CALLBACK wants it. */
int tls_retrieve(gnutls_session_t session, const gnutls_datum_t *issuers,
    int issuer_count, const gnutls_pk_algorithm_t *algorithms,
    int algorithm_count, gnutls_pcert_st **certs_out, unsigned *count_out,
    gnutls_privkey_t *key_out);

#endif
