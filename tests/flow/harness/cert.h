/*
 * Certificates for a test's city: an authority of its own, and servers that
 * it vouches for, on the loopback's address.
 */
#ifndef WHISTLE_FLOW_CERT_H
#define WHISTLE_FLOW_CERT_H

struct authority;

void authority_open(struct authority **authority_out);
/* Its certificate in PEM. */
void authority_write(const struct authority *authority, const char *path);
/* A new key, and a certificate for it with the authority's behind it. */
void authority_serve(const struct authority *authority, const char *cert_path,
    const char *key_path);
void authority_close(struct authority **authority);

#endif
