#include "gateway_http.h"

#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "client/sign.h"
#include "lang.h"
#include "say.h"
#include "session.h"

enum {
	PATH_TEXT = 1200,
	URL_TEXT = 2048,
	ANSWER_MAX = 64 * 1024 * 1024,
	CERT_BYTES = 64 * 1024
};

static const char default_address[] = "127.0.0.1:8311";

struct call {
	CURL *curl;
	struct curl_slist *headers;
	struct buf answer;
	char url[URL_TEXT];
	struct buf cert; /* PEM: the only one that is trusted; empty: none */
	const char *ca;	 /* a file of those that are; "": the system's */
	long status;
};

/* ---- where ---- */

static const struct node *gateway_node(const struct org *org)
{
	for (size_t i = 0; i < org_node_count(org); i++)
		if (strcmp(org_node_at(org, i)->level, "hotline") == 0)
			return org_node_at(org, i);
	return NULL;
}

/* The first of the file, which is the gateway's own: those behind it lead to
 * an issuer, whom others can have certificates from. */
static enum cli_exit load_cert(struct call *call, const char *path)
{
	static const char end[] = "-----END CERTIFICATE-----";
	char text[CERT_BYTES + 1], *behind;
	FILE *file = fopen(path, "r");
	size_t len;

	if (!file)
		return say_failure(err_of_errno(errno), path);
	len = fread(text, 1, CERT_BYTES, file);
	fclose(file);
	text[len] = '\0';
	behind = strstr(text, end);
	if (!behind) {
		say_error(_("%s has no certificate in PEM."), path);
		return CLI_FAILED;
	}
	if (buf_add(
		&call->cert, text, (size_t)(behind - text) + sizeof(end) - 1) ||
	    buf_add(&call->cert, "\n", 1))
		return say_failure(ERR_NOMEM, path);
	return CLI_DONE;
}

static enum cli_exit find_own(
    struct call *call, struct cli *cli, const char *path)
{
	const struct node *node = gateway_node(cli->org);
	struct http_config config;
	enum cli_exit exit;

	if (!node) {
		say_error(_("The city has no gateway: no node in nodes.yaml is "
			    "of level hotline."));
		return CLI_NOT_FOUND;
	}
	exit = session_http(&config, cli);
	if (exit == CLI_DONE && config.is_tls)
		exit = load_cert(call, config.tls_cert);
	snprintf(call->url, sizeof(call->url), "http%s://%s%s",
	    config.is_tls ? "s" : "",
	    node->http && *node->http ? node->http : default_address, path);
	return exit;
}

static enum cli_exit find_url(struct call *call, struct cli *cli,
    const struct gateway_http *gateway, const char *path)
{
	enum cli_exit exit = session_org(cli);

	if (exit != CLI_DONE)
		return exit;
	call->ca = gateway->ca;
	if (!gateway->url[0])
		return find_own(call, cli, path);
	snprintf(call->url, sizeof(call->url), "%s%s", gateway->url, path);
	return CLI_DONE;
}

/* ---- signed ---- */

static int add(struct call *call, const char *name, const char *value)
{
	char line[512];
	struct curl_slist *longer;

	snprintf(line, sizeof(line), "%s: %s", name, value);
	longer = curl_slist_append(call->headers, line);
	if (!longer)
		return ERR_NOMEM;
	call->headers = longer;
	return 0;
}

static int sign(struct call *call, const struct cli *cli, const char *client,
    const uint8_t key[SIGN_KEY_BYTES], const char *method, const char *path)
{
	struct id_maker ids = { .entropy = entropy_system() };
	int64_t now_ms = clock_now_ms(&cli->clock);
	char nonce[ID_TEXT], hex[SIGN_TEXT], seconds[32];
	struct sign_parts parts = { method, path, now_ms / 1000, nonce,
		bytes_of("", 0), NULL };
	struct id id;
	int err;

	id_next(&id, &ids, now_ms);
	id_format(nonce, &id);
	snprintf(seconds, sizeof(seconds), "%" PRId64, parts.time_s);
	err = sign_request(hex, key, &parts);
	if (!err)
		err = add(call, "X-Whistle-Client", client);
	if (!err)
		err = add(call, "X-Whistle-Time", seconds);
	if (!err)
		err = add(call, "X-Whistle-Nonce", nonce);
	if (!err)
		err = add(call, "X-Whistle-Signature", hex);
	return err ? err
		   : add(call, "Accept-Language",
			 lang_is_chinese() ? "zh" : "en");
}

static enum cli_exit sign_as(struct call *call, const struct cli *cli,
    const char *client, const char *method, const char *path)
{
	uint8_t key[SIGN_KEY_BYTES];
	char file[PATH_TEXT];
	int err;

	if (!operator_name_is_valid(client, false)) {
		say_error(_("“%s” is no name of a client."), client);
		return CLI_USAGE;
	}
	snprintf(
	    file, sizeof(file), "%s/keys/http/%s.key", cli->home.path, client);
	err = sign_key_load(key, file);
	if (!err)
		err = sign(call, cli, client, key, method, path);
	explicit_bzero(key, sizeof(key));
	return err ? say_failure(err, file) : CLI_DONE;
}

/* ---- asked ---- */

static size_t keep(char *data, size_t size, size_t count, void *context)
{
	struct call *call = context;

	if (call->answer.len + size * count > ANSWER_MAX ||
	    buf_add(&call->answer, data, size * count))
		return 0;
	return size * count;
}

/* The certificate in the city's folder is the gateway's own, whatever name
 * it has and whoever made it: that one and no other. */
static void trust(struct call *call)
{
	struct curl_blob cert = { call->cert.data, call->cert.len,
		CURL_BLOB_NOCOPY };

	if (call->ca[0]) {
		curl_easy_setopt(call->curl, CURLOPT_CAINFO, call->ca);
		curl_easy_setopt(call->curl, CURLOPT_CAPATH, NULL);
	} else if (call->cert.len > 0) {
		curl_easy_setopt(call->curl, CURLOPT_NOPROXY, "*");
		curl_easy_setopt(call->curl, CURLOPT_CAINFO_BLOB, &cert);
		curl_easy_setopt(call->curl, CURLOPT_CAPATH, NULL);
		curl_easy_setopt(call->curl, CURLOPT_SSL_VERIFYHOST, 0L);
	}
}

static void set_up(struct call *call, const struct cli *cli, const char *method)
{
	CURL *curl = call->curl;

	curl_easy_setopt(curl, CURLOPT_URL, call->url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(
	    curl, CURLOPT_TIMEOUT_MS, (long)(cli->timeout_s * 1000));
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, call->headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, call);
	trust(call);
	if (strcmp(method, "POST") == 0)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
}

static enum cli_exit perform(
    struct call *call, const struct cli *cli, const char *method)
{
	CURLcode failed;

	call->curl = curl_easy_init();
	if (!call->curl)
		return say_failure(ERR_NOMEM, call->url);
	set_up(call, cli, method);
	failed = curl_easy_perform(call->curl);
	if (!failed) {
		curl_easy_getinfo(
		    call->curl, CURLINFO_RESPONSE_CODE, &call->status);
		return CLI_DONE;
	}
	if (failed == CURLE_PEER_FAILED_VERIFICATION)
		say_error(_("%s shows a certificate that is not trusted (%s). "
			    "Trusted are the one that gateway.yaml names, or "
			    "with --ca whoever FILE has."),
		    call->url, curl_easy_strerror(failed));
	else
		say_error(_("The gateway at %s does not answer (%s). Is it "
			    "running?"),
		    call->url, curl_easy_strerror(failed));
	return CLI_UNREACHABLE;
}

/* The gateway's own sentence, which is in the reader's language. */
static enum cli_exit explain(
    const struct call *call, const json_t *answer, const char *subject)
{
	const char *detail =
	    json_string_value(json_object_get(answer, "detail"));

	if (detail)
		say_error("%s: %s", subject, detail);
	else
		say_error(
		    _("%s: the gateway answered %ld."), subject, call->status);
	if (call->status == 404)
		return CLI_NOT_FOUND;
	if (call->status == 503 || call->status == 504)
		return CLI_UNREACHABLE;
	return call->status == 403 ? CLI_REFUSED : CLI_FAILED;
}

static enum cli_exit take(
    json_t **answer_out, const struct call *call, const char *subject)
{
	json_t *answer = json_loadb(
	    (const char *)call->answer.data, call->answer.len, 0, NULL);
	enum cli_exit exit = CLI_DONE;

	if (call->status < 200 || call->status >= 300 || !answer)
		exit = explain(call, answer, subject);
	if (exit == CLI_DONE)
		*answer_out = answer;
	else
		json_decref(answer);
	return exit;
}

enum cli_exit gateway_ask(json_t **answer_out, struct cli *cli,
    const struct gateway_http *gateway, const char *method, const char *path,
    const char *subject)
{
	struct call call = { .ca = "" };
	enum cli_exit exit = find_url(&call, cli, gateway, path);

	if (exit == CLI_DONE)
		exit = sign_as(&call, cli, gateway->client, method, path);
	if (exit == CLI_DONE)
		exit = perform(&call, cli, method);
	if (exit == CLI_DONE)
		exit = take(answer_out, &call, subject);
	if (call.curl)
		curl_easy_cleanup(call.curl);
	curl_slist_free_all(call.headers);
	buf_free(&call.answer);
	buf_free(&call.cert);
	return exit;
}
