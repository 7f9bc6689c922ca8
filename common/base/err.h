/*
 * What can go wrong, as numbers. A function that can fail returns 0 or one
 * of these, negative. A refusal by the law is not here: it is an answer
 * (ticket/refusal.h). Codes are passed up unchanged and logged once, by the
 * place that decides.
 */
#ifndef WHISTLE_BASE_ERR_H
#define WHISTLE_BASE_ERR_H

#define ERR_CODES(X) \
	X(NOMEM, "out of memory") \
	X(IO, "input or output failed") \
	X(FULL, "no space left in the store") \
	X(CORRUPT, "a stored record is damaged") \
	X(NOT_FOUND, "not found") \
	X(EXISTS, "exists already") \
	X(INVALID, "not valid") \
	X(TOO_LARGE, "too large") \
	X(VERSION, "made by another version") \
	X(BUSY, "in use by another process") \
	X(ACCESS, "not permitted") \
	X(UNREACHABLE, "not reachable") \
	X(TIMEOUT, "no answer in time") \
	X(COMMIT, "a commit whose result is not known")

enum err {
	ERR_NONE = 0,
#define X(name, text) ERR_##name##_POSITIVE,
	ERR_CODES(X)
#undef X
#define X(name, text) ERR_##name = -ERR_##name##_POSITIVE,
	    ERR_CODES(X)
#undef X
};

/* A short English phrase for a code; static storage. */
const char *err_text(int code);

/* The code for an errno of the file system: ERR_NOT_FOUND, ERR_ACCESS,
 * ERR_EXISTS, ERR_FULL, ERR_BUSY, ERR_NOMEM, else ERR_IO. */
int err_of_errno(int number);

/*
 * A bug, not an input: says where, and dumps core so that the supervisor
 * restarts us. Never reached from anything a peer or a file can say.
 */
_Noreturn void panic_at(const char *file, int line, const char *what);

#define panic_if(condition) \
	((condition) ? panic_at(__FILE__, __LINE__, #condition) : (void)0)

#endif
