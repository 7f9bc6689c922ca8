#include "store_repair.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "lang.h"
#include "program.h"
#include "say.h"
#include "store_look.h"

enum { FINDINGS_MAX = 1000, LINE_TEXT = 2048, FATES = 3 };

/* What becomes of a damaged record, as the daemon says it, and for people. */
static const struct {
	const char *word, *text;
} fates[FATES] = {
	{ "again", N_("made again from the logs") },
	{ "asked", N_("the neighbours are asked for it") },
	{ "lost", N_("cannot be got back; whoever needs it says it again") },
};

/* ---- the daemon's own program does it ---- */

struct working {
	const struct cli *cli;
	const struct node *node;
	FILE *out;
};

static int become_daemon(void *context)
{
	const struct working *working = context;
	char program[PROGRAM_TEXT];

	if (program_of(program, working->node) ||
	    dup2(fileno(working->out), STDOUT_FILENO) < 0)
		return ERR_IO;
	execl(program, program, "--home", working->cli->home.path, "--node",
	    working->node->name, "--repair", (char *)NULL);
	return err_of_errno(errno);
}

static bool is_in_use(const char *dir)
{
	char path[PROGRAM_TEXT + 16];
	int fd, rc;

	snprintf(path, sizeof(path), "%s/lock", dir);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return false;
	rc = flock(fd, LOCK_EX | LOCK_NB);
	close(fd);
	return rc != 0;
}

/* ---- what it says ---- */

struct found {
	json_t *findings;
	long long counts[FATES];
	long long tickets, events;
	char kept[LINE_TEXT];
	bool is_done;
};

static void take_found(struct found *found, const char *line)
{
	char word[16], table[32], record[160] = "";

	if (sscanf(line, "found %15s %31s %159s", word, table, record) < 2)
		return;
	for (int i = 0; i < FATES; i++) {
		if (strcmp(word, fates[i].word) != 0)
			continue;
		found->counts[i]++;
		if (i > 0 && json_array_size(found->findings) < FINDINGS_MAX)
			json_array_append_new(found->findings,
			    json_pack("{s:s,s:s,s:s,s:s}", "fate", word,
				"table", table, "record", record, "text",
				fates[i].text));
	}
}

static void take_line(struct found *found, char *line)
{
	int at = 0;

	line[strcspn(line, "\n")] = '\0';
	take_found(found, line);
	if (sscanf(line, "repaired %lld %lld %n", &found->tickets,
		&found->events, &at) >= 2 &&
	    at > 0) {
		snprintf(found->kept, sizeof(found->kept), "%s", line + at);
		found->is_done = true;
	}
}

static json_t *report_of(
    const struct found *found, const struct node *node, const char *dir)
{
	return json_pack("{s:s,s:s,s:I,s:I,s:I,s:I,s:I,s:s,s:O}", "store", dir,
	    "node", node->name, "tickets", (json_int_t)found->tickets, "events",
	    (json_int_t)found->events, "again", (json_int_t)found->counts[0],
	    "asked", (json_int_t)found->counts[1], "lost",
	    (json_int_t)found->counts[2], "kept", found->kept, "findings",
	    found->findings);
}

int store_make_whole(json_t **report_out, const struct cli *cli,
    const struct node *node, const char *dir)
{
	struct working working = { cli, node, store_paper() };
	struct found found = { .findings = json_array() };
	char line[LINE_TEXT];
	int rc = working.out ? 0 : err_of_errno(errno);

	*report_out = NULL;
	if (!rc && is_in_use(dir))
		rc = ERR_BUSY;
	if (!rc)
		rc = store_apart(become_daemon, &working) ? ERR_CORRUPT : 0;
	if (working.out)
		rewind(working.out);
	while (!rc && fgets(line, sizeof(line), working.out))
		take_line(&found, line);
	if (!rc && !found.is_done)
		rc = ERR_CORRUPT;
	if (!rc)
		*report_out = report_of(&found, node, dir);
	if (working.out)
		fclose(working.out);
	json_decref(found.findings);
	return rc || *report_out ? rc : ERR_NOMEM;
}

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static long long number_at(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

void store_repair_print(const json_t *report)
{
	size_t index;
	json_t *finding;

	json_array_foreach(json_object_get(report, "findings"), index,
	    finding) printf("%s %s: %s\n", text_at(finding, "table"),
	    text_at(finding, "record"), lang_text(text_at(finding, "text")));
	printf(
	    _("%s: made anew, with %lld tickets and %lld events. Of what was "
	      "damaged, %lld records are made again from the logs, the "
	      "neighbours are asked for %lld, and %lld cannot be got "
	      "back.\n"),
	    text_at(report, "store"), number_at(report, "tickets"),
	    number_at(report, "events"), number_at(report, "again"),
	    number_at(report, "asked"), number_at(report, "lost"));
	printf(_("The old store and a list of what is damaged in it are in "
		 "%s.\n"),
	    text_at(report, "kept"));
	printf(_("Start the daemon: it takes nothing new until its neighbours "
		 "have given back what they share. Its log then says "
		 "problem=lost for each ticket that is still not whole.\n"));
}
