/*
 * What LMDB believes of its own file without a checksum: which of its two
 * heads is the newer one, and which pages are free. A bit that changes there
 * would take a store back in time, or have pages in use written over.
 */
#include "store/kv_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* LMDB's format 1, which all of 0.9 writes: the page's head, then magic,
 * version, address, map size, the two roots, the last page, the number. */
enum {
	PAGE_HEAD = 16,
	META_PAGE_SIZE = PAGE_HEAD + 24,
	META_NUMBER = PAGE_HEAD + 24 + 2 * 48 + 8,
	META_BYTES = META_NUMBER + 8,
	FREE_DBI = 0,
	MAIN_DBI = 1,
	FIRST_PAGE = 2, /* behind the two heads */
	LOOKS = 8,	/* at a file that somebody else writes */
};

_Static_assert(MDB_VERSION_MAJOR == 0 && MDB_VERSION_MINOR == 9,
    "the heads of another LMDB may look different");
_Static_assert(sizeof(size_t) == 8, "as do those of 32 bits");

static bool read_number(
    uint64_t *number_out, uint32_t *page_size_out, int fd, off_t at)
{
	uint8_t meta[META_BYTES];

	if (pread(fd, meta, sizeof(meta), at) != (ssize_t)sizeof(meta))
		return false;
	memcpy(number_out, meta + META_NUMBER, sizeof(*number_out));
	memcpy(page_size_out, meta + META_PAGE_SIZE, sizeof(*page_size_out));
	return true;
}

/*
 * Commits take turns: the heads have successive numbers, the even one first;
 * none has been written to a file that is new. One bit can still take the
 * store back, by a single commit: that which makes the newer number two less.
 * A neighbour with whom that commit was shared then tells us that we are old.
 */
static int look_at_heads(int fd)
{
	uint64_t first, second;
	uint32_t page_size, ignored;

	if (!read_number(&first, &page_size, fd, 0))
		return 0; /* cut short: LMDB says what it makes of it */
	if (page_size < 512 || page_size > 65536 ||
	    (page_size & (page_size - 1)))
		return ERR_CORRUPT;
	if (!read_number(&second, &ignored, fd, page_size))
		return 0;
	if (first == 0 && second == 0)
		return 0;
	if (first % 2 == 0 && (first + 1 == second || second + 1 == first))
		return 0;
	return ERR_CORRUPT;
}

int kv_check_heads(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = ERR_CORRUPT;

	if (fd < 0)
		return errno == ENOENT ? 0 : kv_err(errno);
	for (int i = 0; rc == ERR_CORRUPT && i < LOOKS; i++)
		rc = look_at_heads(fd);
	close(fd);
	return rc;
}

/* Its first head alone, of no commit: there was no room for the second, or
 * no power. Nothing can have been written behind it. */
static bool is_half_made(int fd)
{
	static const uint8_t magic[] = { 0xde, 0xc0, 0xef, 0xbe };
	uint8_t head[sizeof(magic)];
	uint64_t number;
	uint32_t page_size;
	off_t end = lseek(fd, 0, SEEK_END);

	return read_number(&number, &page_size, fd, 0) && number == 0 &&
	       pread(fd, head, sizeof(head), PAGE_HEAD) ==
		   (ssize_t)sizeof(head) &&
	       memcmp(head, magic, sizeof(magic)) == 0 &&
	       end < 2 * (off_t)page_size;
}

int kv_forget_half_made(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? 0 : kv_err(errno);
	bool is = is_half_made(fd);
	close(fd);
	return is && unlink(path) ? kv_err(errno) : 0;
}

/* ---- pages ---- */

struct pages {
	MDB_txn *txn;
	uint8_t *is_free; /* a bit a page */
	size_t count;	  /* of the file */
	size_t free;
	size_t used;
};

static bool mark_free(struct pages *pages, size_t page)
{
	uint8_t bit = (uint8_t)(1 << page % 8);

	if (page < FIRST_PAGE || page >= pages->count ||
	    (pages->is_free[page / 8] & bit))
		return false;
	pages->is_free[page / 8] |= bit;
	pages->free++;
	return true;
}

/* A run of numbers, its length first. */
static bool mark_run(struct pages *pages, const MDB_val *value)
{
	const size_t *run = value->mv_data;
	size_t room = value->mv_size / sizeof(*run);

	if (room < 1 || run[0] > room - 1)
		return false;
	for (size_t i = 1; i <= run[0]; i++)
		if (!mark_free(pages, run[i]))
			return false;
	return true;
}

static int read_free(struct pages *pages)
{
	MDB_cursor *cursor;
	MDB_val key, value;
	bool is_sound = true;
	int rc = mdb_cursor_open(pages->txn, FREE_DBI, &cursor);

	if (rc)
		return kv_err(rc);
	while (
	    is_sound && !(rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)))
		is_sound = mark_run(pages, &value);
	mdb_cursor_close(cursor);
	if (!is_sound)
		return ERR_CORRUPT;
	return rc == MDB_NOTFOUND ? 0 : kv_err(rc);
}

static int add_used(struct pages *pages, MDB_dbi table)
{
	MDB_stat stat;
	int rc = mdb_stat(pages->txn, table, &stat);

	if (rc)
		return kv_err(rc);
	pages->used +=
	    stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
	return 0;
}

static int count_pages(struct pages *pages, const struct kv *kv)
{
	int rc = read_free(pages);

	if (!rc)
		rc = add_used(pages, FREE_DBI);
	if (!rc)
		rc = add_used(pages, MAIN_DBI);
	for (int i = 0; !rc && i < KV_TABLE_COUNT; i++)
		rc = add_used(pages, kv->tables[i]);
	return rc;
}

int kv_check_pages(struct kv_txn *txn)
{
	struct pages pages = { .txn = kv_lmdb_txn(txn) };
	const struct kv *kv = kv_of(txn);
	MDB_envinfo info;
	int rc;

	if (kv_may_write(txn))
		return 0;
	rc = mdb_env_info(kv->env, &info);
	if (rc)
		return kv_err(rc);
	/* Another process may have committed since we began: then the file
	 * may have grown, and no more. */
	bool is_exact = info.me_last_txnid == mdb_txn_id(pages.txn);
	pages.count = info.me_last_pgno + 1;
	pages.is_free = calloc(pages.count / 8 + 1, 1);
	if (!pages.is_free)
		return ERR_NOMEM;
	rc = count_pages(&pages, kv);
	free(pages.is_free);
	if (rc)
		return rc;
	size_t sum = FIRST_PAGE + pages.used + pages.free;
	if (sum > pages.count || (is_exact && sum != pages.count))
		return ERR_CORRUPT;
	return 0;
}
