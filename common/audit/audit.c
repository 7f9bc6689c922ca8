#include "audit/audit.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "audit/inside.h"
#include "base/limits.h"
#include "store/kv_walk.h"

static const struct {
	const char *word, *text;
	bool is_doubt;
} faults[AUDIT_FAULT_COUNT] = {
#define X(name, word, text, is_doubt) [AUDIT_##name] = { word, text, is_doubt },
	AUDIT_FAULTS(X)
#undef X
};

static const char *const tables[KV_TABLE_COUNT] = {
#define X(name, text) [KV_##name] = text,
	KV_TABLE_LIST(X)
#undef X
};

const char *audit_word(enum audit_fault fault)
{
	return faults[fault].word;
}

const char *audit_text(enum audit_fault fault)
{
	return faults[fault].text;
}

bool audit_is_doubt(enum audit_fault fault)
{
	return faults[fault].is_doubt;
}

const char *audit_table(enum kv_table table)
{
	return tables[table];
}

static int tell(struct audit *audit, const struct audit_finding *finding)
{
	if (finding->table == KV_TICKETS || finding->table == KV_EVENTS)
		audit->is_partial = true;
	if (faults[finding->fault].is_doubt)
		audit->result->doubts++;
	else
		audit->result->damages++;
	return audit->config->found(audit->config->context, finding);
}

int audit_found(struct audit *audit, enum audit_fault fault,
    enum kv_table table, const char *subject, ...)
{
	struct audit_finding finding = { .fault = fault, .table = table };
	va_list list;

	va_start(list, subject);
	vsnprintf(finding.subject, sizeof(finding.subject), subject, list);
	va_end(list);
	return tell(audit, &finding);
}

int audit_found_ticket(struct audit *audit, enum audit_fault fault,
    enum kv_table table, const struct id *ticket, uint32_t seq)
{
	char id[ID_TEXT];

	id_format(id, ticket);
	return seq ? audit_found(audit, fault, table, "%s#%" PRIu32, id, seq)
		   : audit_found(audit, fault, table, "%s", id);
}

int audit_found_key(struct audit *audit, enum audit_fault fault,
    enum kv_table table, struct bytes key)
{
	char text[AUDIT_SUBJECT_MAX] = "";
	size_t len = key.len;

	if (len > sizeof(text) / 2 - 1)
		len = sizeof(text) / 2 - 1;
	for (size_t i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", key.data[i]);
	return audit_found(audit, fault, table, "%s", text);
}

/* ---- a walk that goes on after damage ---- */

int audit_each(struct audit *audit, enum kv_table table,
    int (*visit)(struct audit *audit, struct bytes key, struct bytes value))
{
	struct kv_walk walk;
	struct bytes key, value = bytes_of(NULL, 0);
	int rc = kv_walk_open(&walk, audit->txn, table, bytes_of(NULL, 0));

	if (rc)
		return rc;
	for (rc = kv_walk_step(&key, &value, &walk); !rc || rc == ERR_CORRUPT;
	     rc = kv_walk_step(&key, &value, &walk)) {
		int said = rc ? 0 : visit(audit, key, value);
		if (said) {
			rc = said;
			goto out;
		}
	}
	if (rc == ERR_NOT_FOUND || rc == ERR_INVALID)
		rc = 0;
out:
	kv_walk_close(&walk);
	return rc;
}

static int check_table(struct audit *audit, enum kv_table table)
{
	struct kv_walk walk;
	struct bytes key, value;
	uint64_t *count = &audit->result->records[table];
	int rc = kv_walk_open(&walk, audit->txn, table, bytes_of(NULL, 0));
	int said = 0;

	if (rc)
		return audit_found(audit, AUDIT_UNREADABLE, table, "%s", "");
	while (!said) {
		rc = kv_walk_step(&key, &value, &walk);
		if (rc && rc != ERR_CORRUPT)
			break;
		++*count;
		if (rc)
			said =
			    audit_found_key(audit, AUDIT_DAMAGED, table, key);
	}
	kv_walk_close(&walk);
	if (said)
		return said;
	if (rc == ERR_INVALID)
		said = audit_found(audit,
		    walk.last_len ? AUDIT_UNORDERED : AUDIT_UNREADABLE, table,
		    "%s", "");
	else if (rc == ERR_NOMEM)
		return rc;
	if (!said && *count != kv_count(audit->txn, table))
		said = audit_found(audit, AUDIT_MISCOUNTED, table,
		    "%" PRIu64 " of %" PRIu64, *count,
		    kv_count(audit->txn, table));
	return said;
}

static int check_meta(struct audit *audit)
{
	static const struct {
		const char *name;
		size_t len; /* 0: any but none */
	} wanted[] = { { "schema", 4 }, { "node", 0 }, { "id", ID_BYTES } };

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		struct bytes value = bytes_of(NULL, 0);
		int rc = meta_get(&value, audit->txn, wanted[i].name);

		if (!rc && value.len &&
		    (!wanted[i].len || value.len == wanted[i].len))
			continue;
		rc = audit_found(
		    audit, AUDIT_META, KV_META, "%s", wanted[i].name);
		if (rc)
			return rc;
	}
	return 0;
}

int audit_tables(struct audit *audit)
{
	int rc = kv_check_pages(audit->txn);

	if (rc == ERR_NOMEM)
		return rc;
	if (rc)
		rc = audit_found(audit, AUDIT_PAGES, KV_META, "%s", "");
	for (enum kv_table i = 0; !rc && i < KV_TABLE_COUNT; i++)
		rc = check_table(audit, i);
	return rc ? rc : check_meta(audit);
}

int audit_store(struct audit_result *result_out, struct kv_txn *txn,
    const struct audit_config *config)
{
	static int (*const passes[])(struct audit *) = { audit_tables,
		audit_logs, audit_stranded, audit_indexes, audit_timers,
		audit_contacts, audit_files, audit_links, audit_journal,
		recount_compare };
	struct audit audit = {
		.config = config, .result = result_out, .txn = txn
	};
	int rc;

	memset(result_out, 0, sizeof(*result_out));
	rc = arena_open(&audit.arena, DECODE_MAX_BYTES);
	if (!rc)
		rc = recount_open(&audit.recount);
	for (size_t i = 0; !rc && i < sizeof(passes) / sizeof(passes[0]); i++)
		rc = passes[i](&audit);
	recount_close(&audit.recount);
	arena_close(&audit.arena);
	return rc;
}
