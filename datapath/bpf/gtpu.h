// GTP-U (TS 29.281) with the PDU session container (TS 38.415), as wire/gtpu reads them.
#pragma once
#include "packet.h"
#include "reason.h"

#define GTPU_PORT 2152
#define GTPU_SIZE 8
#define GTPU_OPTIONAL 4
#define GTPU_EXTENSIONS 8
#define GTPU_FAR 1024 // an inner packet that begins behind so much is for user space

enum { GTPU_PN = 1, GTPU_S = 2, GTPU_E = 4 };
enum { TYPE_GPDU = 255 };
enum { EXT_NONE = 0, EXT_MANDATORY = 0x80, EXT_LONG_PDCP = 0x82, EXT_CONTAINER = 0x85, EXT_PDCP = 0xc0 };
enum { CONTAINER_DOWNLINK, CONTAINER_UPLINK };

struct gtpu {
	__u8 flags, type;
	__be16 len;
	__be32 teid;
};

// What a G-PDU's header says.
struct gpdu {
	__u32 teid;
	__u32 inner; // where the packet begins, in the frame
	__u32 end;   // and what ends, the datagram
	__u16 seq;
	__u8 numbered;
	__u8 contained;
	__u8 direction;
	__u8 qfi;
};

// container reads a PDU session container's content of n octets, at least two of which are there.
INLINE int container(struct gpdu *g, const __u8 *b, __u32 n)
{
	__u32 need = 2;

	if (g->contained)
		return REASON_MALFORMED_GTPU;
	g->contained = 1;
	g->direction = b[0] >> 4;
	g->qfi = b[1] & 0x3f;
	switch (g->direction) {
	case CONTAINER_UPLINK:
		if (!(b[0] & 0x0f) && !(b[1] & 0xc0))
			return REASON_NONE;
		need += (b[0] & 8 ? 24 : 0) + (b[0] & 4 ? 4 : 0) + (b[0] & 2 ? 4 : 0) + (b[0] & 1 ? 3 : 0);
		need += (b[1] & 0x80 ? 4 : 0) + (b[1] & 0x40 ? 1 : 0);
		break;
	case CONTAINER_DOWNLINK:
		need += (b[1] & 0x80 ? 1 : 0) + (b[0] & 8 ? 8 : 0) + (b[0] & 4 ? 3 : 0) + (b[0] & 2 ? 4 : 0);
		break;
	default:
		return REASON_MALFORMED_GTPU;
	}
	return need > n ? REASON_MALFORMED_GTPU : REASON_NONE;
}

// What extensions found, in one word.
#define CHAIN(g) ((g)->inner | (__u64)(g)->contained << 32 | (__u64)(g)->direction << 40 | (__u64)(g)->qfi << 48)

// extensions walks the chain of headers that begins at an offset with one of type next, up to end. The result
// is CHAIN, or a reason negated.
CALLED __s64 extensions(HOOK *ctx, __u32 at, __u32 end, __u8 next)
{
	struct frame f = frame_of(ctx);
	struct gpdu g = {.inner = at};
	__u8 *b;
	__u32 n;

	for (int i = 0; i < GTPU_EXTENSIONS && next != EXT_NONE; i++) {
		if (g.inner > GTPU_FAR)
			return -REASONS; // for user space
		b = f.data + g.inner;
		if (g.inner + 4 > end || (void *)(b + 4) > f.end)
			return -REASON_MALFORMED_GTPU;
		n = b[0] * 4;
		if (n == 0 || g.inner + n > end)
			return -REASON_MALFORMED_GTPU;
		if (next == EXT_CONTAINER) {
			if (container(&g, b + 1, n - 2))
				return -REASON_MALFORMED_GTPU;
		} else if (next >= EXT_MANDATORY && next != EXT_PDCP && next != EXT_LONG_PDCP) {
			return -REASON_UNKNOWN_EXTENSION;
		}
		b = f.data + g.inner + (n - 1);
		if ((void *)(b + 1) > f.end)
			return -REASON_MALFORMED_GTPU;
		next = b[0];
		g.inner += n;
	}
	return next == EXT_NONE ? CHAIN(&g) : -REASON_MALFORMED_GTPU;
}

// chain is extensions, with what nearly every packet has looked at first: a plain container alone.
INLINE int chain(HOOK *ctx, const struct frame *f, struct gpdu *g, __u8 next)
{
	__u8 *b = f->data + g->inner;
	__s64 found;

	if (next == EXT_CONTAINER && g->inner + 4 <= g->end && (void *)(b + 4) <= f->end && b[0] == 1 && b[3] == EXT_NONE &&
	    b[1] == CONTAINER_UPLINK << 4 && b[2] < 0x40) {
		g->contained = 1;
		g->direction = CONTAINER_UPLINK;
		g->qfi = b[2];
		g->inner += 4;
		return REASON_NONE;
	}
	found = extensions(ctx, g->inner, g->end, next);
	if (found == -REASON_MALFORMED_GTPU && in_pieces(ctx, f, g->inner, GTPU_FAR))
		return SLOW;
	if (found < 0)
		return found <= -REASONS ? SLOW : -found;
	g->inner = found;
	g->contained = found >> 32 & 1;
	g->direction = found >> 40 & 0xf;
	g->qfi = found >> 48 & 0x3f;
	return REASON_NONE;
}

// gpdu reads the message that begins at an offset of the frame and has n octets, which are there.
INLINE int gpdu(HOOK *ctx, const struct frame *f, __u32 at, __u32 n, struct gpdu *g)
{
	struct gtpu *h = f->data + at;
	__u8 *optional = (__u8 *)(h + 1);

	if (in_pieces(ctx, f, at, GTPU_SIZE + GTPU_OPTIONAL))
		return SLOW;
	if (n < GTPU_SIZE || (void *)(h + 1) > f->end)
		return REASON_MALFORMED_GTPU;
	if ((h->flags & 0xf0) != 0x30 || bpf_ntohs(h->len) != n - GTPU_SIZE)
		return REASON_MALFORMED_GTPU;
	if (h->type != TYPE_GPDU)
		return SLOW;
	*g = (struct gpdu){.teid = bpf_ntohl(h->teid), .inner = at + GTPU_SIZE, .end = at + n};
	if (!(h->flags & (GTPU_E | GTPU_S | GTPU_PN)))
		return REASON_NONE;
	if (n < GTPU_SIZE + GTPU_OPTIONAL || (void *)(optional + GTPU_OPTIONAL) > f->end)
		return REASON_MALFORMED_GTPU;
	if (h->flags & GTPU_S) {
		g->numbered = 1;
		g->seq = optional[0] << 8 | optional[1];
	}
	g->inner += GTPU_OPTIONAL;
	return h->flags & GTPU_E ? chain(ctx, f, g, optional[3]) : REASON_NONE;
}
