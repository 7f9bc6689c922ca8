/*
 * whistle ticket link: the address of a ticket's page for its resident, as
 * text and as a QR code. It is made with the gateway's own key of the city
 * folder, so that only whoever may read that file can make it, and only for
 * the unit that the ticket came in by, which answers to the resident.
 */
#include <errno.h>
#include <sodium.h>
#include <string.h>
#include "base/err.h"
#include "client/qr.h"
#include "client/secret.h"
#include "commands.h"
#include "json.h"
#include "lang.h"
#include "say.h"
#include "session.h"
#include "ticket_id.h"

enum { PATH_BYTES = 1100, LINK_BYTES = QR_TEXT_MAX };

static const char page_folder[] = "/t/", default_http[] = "127.0.0.1:8311";

static struct {
	bool qr;
	const char *svg;
} asked;

static const struct option_row link_rows[] = {
	{ "qr", OPTION_FLAG, &asked.qr, 0, 0, "",
	    N_("also as a QR code on the terminal") },
	{ "svg", OPTION_TEXT, &asked.svg, 0, 0, "FILE",
	    N_("write the QR code into an SVG image") },
};

/* The node that serves the page: the ticket's origin is its unit. */
static enum cli_exit find_server(
    const struct node **node_out, struct cli *cli, const struct ticket *ticket)
{
	const struct unit *origin = org_unit(cli->org, &ticket->origin);

	if (!origin || strcmp(origin->node->level, "hotline") != 0) {
		say_error(_("Only tickets of the hotline have a page for "
			    "residents."));
		return CLI_REFUSED;
	}
	if (!code_equal(&cli->operator->unit->code, &origin->code)) {
		say_error(_("Only %s (%s) gives the address of this page to "
			    "the resident."),
		    origin->name, origin->code.s);
		return CLI_REFUSED;
	}
	*node_out = origin->node;
	return CLI_DONE;
}

static enum cli_exit load_key(uint8_t key[SIGN_KEY_BYTES], struct cli *cli)
{
	char path[PATH_BYTES];
	int err;

	snprintf(path, sizeof(path), "%s/keys/pages.key", cli->home.path);
	err = sign_key_load(key, path);
	if (err == 0)
		return CLI_DONE;
	if (err == ERR_NOT_FOUND) {
		say_error(_("%s is not there. The gateway makes it when it "
			    "first starts: run this where the gateway runs."),
		    path);
		return CLI_NOT_FOUND;
	}
	return say_failure(err, path);
}

static enum cli_exit make_link(char link[LINK_BYTES], struct cli *cli,
    const struct node *node, const struct id *ticket)
{
	uint8_t key[SIGN_KEY_BYTES];
	char secret[SECRET_TEXT];
	struct http_config config;
	enum cli_exit exit = load_key(key, cli);

	if (exit == CLI_DONE)
		exit = session_http(&config, cli);
	if (exit != CLI_DONE)
		return exit;
	snprintf(link, LINK_BYTES, "%s%s%s%s",
	    node->public_url ? "" : config.is_tls ? "https://" : "http://",
	    node->public_url ? node->public_url
	    : node->http     ? node->http
			     : default_http,
	    page_folder, secret_format(secret, key, ticket));
	sodium_memzero(key, sizeof(key));
	return CLI_DONE;
}

static enum cli_exit write_file(const struct buf *image)
{
	FILE *file = fopen(asked.svg, "w");
	bool is_good;

	if (!file) {
		say_error(
		    _("%s cannot be written: %s."), asked.svg, strerror(errno));
		return CLI_FAILED;
	}
	is_good = fwrite(image->data, 1, image->len, file) == image->len;
	if (fclose(file) == 0 && is_good)
		return CLI_DONE;
	say_error(_("%s cannot be written: %s."), asked.svg, strerror(errno));
	return CLI_FAILED;
}

static enum cli_exit draw(const char *link)
{
	struct buf image = { 0 };
	struct qr *qr = NULL;
	enum cli_exit exit = CLI_DONE;
	int err = qr_open(&qr, link);

	if (err == 0 && asked.qr) {
		err = qr_blocks(&image, qr);
		if (err == 0)
			fwrite(image.data, 1, image.len, stdout);
		buf_clear(&image);
	}
	if (err == 0 && asked.svg) {
		err = qr_svg(&image, qr);
		if (err == 0)
			exit = write_file(&image);
	}
	qr_close(&qr);
	buf_free(&image);
	return err < 0 ? say_failure(err, "QR") : exit;
}

static enum cli_exit print(struct cli *cli, const struct node *node,
    const struct id *ticket, const char *link)
{
	if (cli->json) {
		json_t *object = json_object();
		json_object_set_new(object, "id", json_id(ticket));
		json_object_set_new(object, "link", json_text(link));
		json_object_set_new(
		    object, "public", json_boolean(node->public_url != NULL));
		int err = json_print(object);
		return err < 0 ? say_failure(err, "JSON") : CLI_DONE;
	}
	printf("%s\n", link);
	if (!node->public_url)
		fprintf(stderr, "%s\n",
		    _("This address holds on this machine only: residents "
		      "need public_url in nodes.yaml."));
	return CLI_DONE;
}

static enum cli_exit link_run(
    struct cli *cli, const struct cli_command *command, int count, char **words)
{
	const struct node *node = NULL;
	struct wire_reply reply;
	char link[LINK_BYTES];
	struct id ticket;
	(void)command;
	(void)count;
	enum cli_exit exit = ticket_id_show(&reply, cli, words[0], false);
	if (exit == CLI_DONE) {
		ticket = reply.show.row->ticket.id;
		exit = find_server(&node, cli, &reply.show.row->ticket);
	}
	if (exit == CLI_DONE)
		exit = make_link(link, cli, node, &ticket);
	if (exit == CLI_DONE)
		exit = print(cli, node, &ticket, link);
	return exit == CLI_DONE ? draw(link) : exit;
}

static const struct cli_command rows[] = {
	{ "ticket", "link", "ID", 1, 1, CLI_ROWS(link_rows), link_run, NULL,
	    N_("the address of the page by which a resident follows a ticket"),
	    N_("Whoever has the address can look at the ticket's progress, add "
	       "a remark and rate: give it to the caller and to nobody else. "
	       "For the unit that the ticket came in by, where the gateway "
	       "runs, whose keys/pages.key makes the address. What it begins "
	       "with is public_url in nodes.yaml.") },
};

const struct cli_commands ticket_link_commands = { CLI_ROWS(rows) };
