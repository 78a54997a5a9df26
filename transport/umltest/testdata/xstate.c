// Preloaded into user-mode-linux, which up to Linux 6.10 keeps 2696 octets of a
// process's extended processor state. On a host with AMX that state is longer, and the host
// refuses to set less than all of it (ptrace PTRACE_SETREGSET, EFAULT). This completes the
// call with what the process has; the tiles of AMX, which guests do not use, are left empty.
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { header = 512 }; // where the bit map of the components in use stands
static const uint64_t tiles = 3ull << 17;

static uint8_t state[64 << 10] __attribute__((aligned(64)));

static long set_state(pid_t pid, void *kind, const struct iovec *given)
{
	struct iovec whole = {state, sizeof state};
	uint64_t used;

	if (syscall(SYS_ptrace, PTRACE_GETREGSET, pid, kind, &whole) < 0)
		return -1;
	if (given->iov_len >= whole.iov_len)
		return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, kind, given);
	memcpy(state, given->iov_base, given->iov_len);
	memcpy(&used, state + header, sizeof used);
	used &= ~tiles;
	memcpy(state + header, &used, sizeof used);
	return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, kind, &whole);
}

long ptrace(enum __ptrace_request request, ...)
{
	va_list ap;
	va_start(ap, request);
	pid_t pid = va_arg(ap, pid_t);
	void *addr = va_arg(ap, void *);
	void *data = va_arg(ap, void *);
	va_end(ap);

	if (request == PTRACE_SETREGSET && addr == (void *)NT_X86_XSTATE)
		return set_state(pid, addr, data);
	if (request == PTRACE_PEEKTEXT || request == PTRACE_PEEKDATA || request == PTRACE_PEEKUSER) {
		long word; // glibc returns what the system call stores
		if (syscall(SYS_ptrace, request, pid, addr, &word) < 0)
			return -1;
		errno = 0;
		return word;
	}
	return syscall(SYS_ptrace, request, pid, addr, data);
}
