#include "net/sieve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <sys/socket.h>
#include "base/err.h"

enum {
	TCP_FLAGS_AT = 13,
	TCP_SYN = 0x02,
	TCP_SYN_ACK = 0x12,
	IP_SOURCE_AT = 12,
	PASS = -1, /* all of the packet */
	CLASS_BITS = 4,
	/* Five for the flags and the source, seven for the class, two ends. */
	STEPS = SIEVE_KNOWN_MAX + 14,
};

struct program {
	struct sock_filter steps[STEPS];
	unsigned short count;
};

static void step(struct program *program, int code, uint32_t value)
{
	program->steps[program->count++] =
	    (struct sock_filter){ .code = (unsigned short)code, .k = value };
}

/* Leaves the source in the accumulator; what opens no connection passes. */
static void read_source(struct program *program)
{
	step(program, BPF_LD | BPF_B | BPF_ABS, TCP_FLAGS_AT);
	step(program, BPF_ALU | BPF_AND | BPF_K, TCP_SYN_ACK);
	step(program, BPF_JMP | BPF_JEQ | BPF_K, TCP_SYN);
	program->steps[program->count - 1].jt = 1;
	step(program, BPF_RET | BPF_K, (uint32_t)PASS);
	step(program, BPF_LD | BPF_W | BPF_ABS,
	    (uint32_t)SKF_NET_OFF + IP_SOURCE_AT);
}

/*
 * A product with an odd number that nobody can guess spreads any set of
 * addresses over the upper bits, and who floods from one of them does not
 * know with whom he shares a class.
 */
static void look_up_class(struct program *program, const struct sieve *sieve)
{
	step(program, BPF_ALU | BPF_XOR | BPF_K, sieve->salt * 2654435761u);
	step(program, BPF_ALU | BPF_MUL | BPF_K, sieve->salt | 1);
	step(program, BPF_ALU | BPF_RSH | BPF_K, 32 - CLASS_BITS);
	step(program, BPF_MISC | BPF_TAX, 0);
	step(program, BPF_LD | BPF_IMM, sieve->open);
	step(program, BPF_ALU | BPF_RSH | BPF_X, 0);
	step(program, BPF_JMP | BPF_JSET | BPF_K, 1);
}

/* Every jump so far that has no goal yet goes to the end that lets pass,
 * which is the last step, behind the one that does not. */
static void make(struct program *program, const struct sieve *sieve)
{
	unsigned short first;

	read_source(program);
	first = program->count;
	for (size_t i = 0; i < sieve->known_count; i++)
		step(
		    program, BPF_JMP | BPF_JEQ | BPF_K, ntohl(sieve->known[i]));
	look_up_class(program, sieve);
	step(program, BPF_RET | BPF_K, 0);
	for (unsigned short i = first; i < program->count; i++) {
		if (BPF_CLASS(program->steps[i].code) == BPF_JMP)
			program->steps[i].jt =
			    (unsigned char)(program->count - i - 1);
	}
	step(program, BPF_RET | BPF_K, (uint32_t)PASS);
}

int sieve_set(int listening_fd, const struct sieve *sieve)
{
	struct program program = { .count = 0 };
	struct sock_fprog prog = { .filter = program.steps };

	if (sieve->open == SIEVE_EVERYBODY)
		return sieve_remove(listening_fd);
	make(&program, sieve);
	prog.len = program.count;
	return setsockopt(listening_fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog,
		   sizeof(prog))
		   ? ERR_IO
		   : 0;
}

int sieve_remove(int listening_fd)
{
	int none = 0;

	if (setsockopt(listening_fd, SOL_SOCKET, SO_DETACH_FILTER, &none,
		sizeof(none)) == 0)
		return 0;
	return errno == ENOENT ? 0 : ERR_IO; /* there was none */
}
