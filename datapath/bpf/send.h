// Frames on their way out.
#pragma once
#include "gtpu.h"
#include "nat.h"

#define AF_INET 2
#define AF_INET6 10
#define ENCAPSULATION (UDP_SIZE + GTPU_SIZE + GTPU_OPTIONAL + 4) // around a device's packet besides IP
#define SUM_STEP 32
#define SUM_STEPS 288 // of a packet of 9216 octets
#define SUM_CHUNK 64
#define SUM_CHUNKS 144 // the same

// age4 takes one off the life of an IPv4 packet.
INLINE void age4(struct ip4 *ip)
{
	__u32 sum = ip->sum + bpf_htons(0x0100);

	ip->ttl--;
	ip->sum = sum + (sum >> 16);
}

// age takes one off the life of a device's packet that has more than one left.
INLINE int age(const struct frame *f, const struct inner *p)
{
	struct ip4 *ip = f->data + p->at;
	struct ip6 *ip6 = f->data + p->at;

	if (p->family == FAMILY6) {
		if ((void *)(ip6 + 1) > f->end)
			return -1;
		ip6->hops--;
		return 0;
	}
	if ((void *)(ip + 1) > f->end)
		return -1;
	age4(ip);
	return 0;
}

// mark gives a device's packet a DSCP, which is in its place in the octet.
INLINE int mark(const struct frame *f, const struct inner *p, __u8 tos)
{
	struct ip4 *ip = f->data + p->at;
	struct ip6 *ip6 = f->data + p->at;
	__u16 *first = f->data + p->at, was;

	if (p->family == FAMILY6) {
		if ((void *)(ip6 + 1) > f->end)
			return -1;
		ip6->version_class = (ip6->version_class & ~bpf_htonl(0x0fc00000)) | bpf_htonl((__u32)tos << 20);
		return 0;
	}
	if ((void *)(ip + 1) > f->end)
		return -1;
	was = *first;
	ip->tos = (ip->tos & 3) | tos;
	ip->sum = changed(ip->sum, was, *first);
	return 0;
}

// trim takes off what a link or a radio put behind the device's packet.
INLINE int trim(HOOK *ctx, const struct frame *f, const struct inner *p)
{
	__s32 over = size_of(ctx, f) - (p->at + p->len);

	return over > 0 ? shorten(ctx, f, p->at + p->len) : 0;
}

// ask_way asks the kernel for the next hop of a packet for N6. By another interface than the two, only the kernel sends.
INLINE int ask_way(HOOK *ctx, const struct inner *p, struct hop *h)
{
	struct bpf_fib_lookup fib = {.ifindex = came_in(ctx), .tot_len = p->len};

	if (p->family == FAMILY4) {
		fib.family = AF_INET;
		fib.ipv4_src = bpf_htonl((__u32)p->from_lo);
		fib.ipv4_dst = bpf_htonl((__u32)p->to_lo);
	} else {
		fib.family = AF_INET6;
		fib.ipv6_src[0] = bpf_htonl(p->from_hi >> 32);
		fib.ipv6_src[1] = bpf_htonl((__u32)p->from_hi);
		fib.ipv6_src[2] = bpf_htonl(p->from_lo >> 32);
		fib.ipv6_src[3] = bpf_htonl((__u32)p->from_lo);
		fib.ipv6_dst[0] = bpf_htonl(p->to_hi >> 32);
		fib.ipv6_dst[1] = bpf_htonl((__u32)p->to_hi);
		fib.ipv6_dst[2] = bpf_htonl(p->to_lo >> 32);
		fib.ipv6_dst[3] = bpf_htonl((__u32)p->to_lo);
	}
	if (bpf_fib_lookup(ctx, &fib, sizeof(fib), 0) != BPF_FIB_LKUP_RET_SUCCESS || (fib.ifindex != may.n3 && fib.ifindex != may.n6))
		return SLOW;
	h->ifindex = fib.ifindex;
	h->mtu = 0xffff; // which the kernel has seen to
	h->vlan = 0;
	__builtin_memcpy(h->macs, fib.dmac, 6);
	__builtin_memcpy((void *)h->macs + 6, fib.smac, 6);
	return REASON_NONE;
}

// leave takes everything before the device's packet off, and sends it on N6.
INLINE int leave(HOOK *ctx, const struct frame *f, const struct inner *p, const struct hop *h, __u8 qfi)
{
	__be16 type = p->family == FAMILY4 ? TYPE_IP4 : TYPE_IP6;

	if (translate(f, p) || age(f, p) || (cfg.flags & SETTINGS_MARK_N6 && mark(f, p, cfg.dscp[qfi & 63] << 2)))
		return BROKEN;
	if (trim(ctx, f, p) || !reframe(ctx, f, p->at, type, 0, h->macs, h->vlan, type))
		return BROKEN;
	return bpf_redirect(h->ifindex, 0);
}

// sum_piece is the sum of the 16-bit words from an offset to the end of what lies in one piece, as the machine loads them.
CALLED __u64 sum_piece(HOOK *ctx, __u32 at)
{
	struct frame f = frame_of(ctx);
	void *b = f.data + (at & 0xff);
	__u64 sum = 0;

	for (int i = 0; i < SUM_STEPS && b + SUM_STEP <= f.end; i++, b += SUM_STEP) {
		__u32 *w = b;

		sum += (__u64)w[0] + w[1] + w[2] + w[3] + w[4] + w[5] + w[6] + w[7];
	}
	for (int i = 0; i < SUM_STEP / 2 && b + 2 <= f.end; i++, b += 2)
		sum += *(__u16 *)b;
	if (b + 1 <= f.end)
		sum += *(__u8 *)b;
	return sum;
}

// sum_pieces is the same of n octets that lie in several.
CALLED __u64 sum_pieces(HOOK *ctx, __u32 at, __u32 n)
{
	__u64 sum = 0, b[SUM_CHUNK / 8];

	for (int i = 0; i < SUM_CHUNKS && n >= SUM_CHUNK; i++, at += SUM_CHUNK, n -= SUM_CHUNK) {
		if (load_octets(ctx, at, b, SUM_CHUNK))
			return 0;
		for (int j = 0; j < SUM_CHUNK / 8; j++)
			sum += (b[j] & 0xffffffff) + (b[j] >> 32);
	}
	__builtin_memset(b, 0, sizeof(b));
	n &= SUM_CHUNK - 1;
	if (n && load_octets(ctx, at, b, n))
		return 0;
	for (int j = 0; j < SUM_CHUNK / 8; j++)
		sum += (b[j] & 0xffffffff) + (b[j] >> 32);
	return sum;
}

// sum_from is the sum of the words from an offset to a frame's end.
INLINE __u64 sum_from(HOOK *ctx, __u8 spread, __u32 at)
{
	struct frame f = frame_of(ctx);
	__u32 size;

	f.spread = spread;
	size = size_of(ctx, &f);
	return spread && size > pieced(&f) ? sum_pieces(ctx, at, size - at) : sum_piece(ctx, at);
}

// words_of is the sum of an IPv6 address.
INLINE __u64 words_of(const __be32 a[4]) { return (__u64)a[0] + a[1] + a[2] + a[3]; }

// OUTER4_SUM is of what every outer header has.
#define OUTER4_SUM (0x45u + bpf_htons(DONT_FRAGMENT) + bpf_htons(64 << 8 | PROTO_UDP))

// outer4 writes IPv4 for n octets after it.
INLINE void outer4(struct ip4 *ip, const struct peer *q, __u8 tos, __u32 n)
{
	ip->version_ihl = 0x45;
	ip->tos = tos;
	ip->len = bpf_htons(n + IP4_SIZE);
	ip->id = 0;
	ip->fragment = bpf_htons(DONT_FRAGMENT);
	ip->ttl = 64;
	ip->protocol = PROTO_UDP;
	ip->from = bpf_htonl(cfg.n3_4);
	ip->to = q->addr[0];
	ip->sum = ~fold64(OUTER4_SUM + (tos << 8) + ip->len + (__u64)ip->from + ip->to);
}

INLINE void outer6(struct ip6 *ip, const struct peer *q, __u8 tos, __u32 n)
{
	ip->version_class = bpf_htonl(6u << 28 | (__u32)tos << 20);
	ip->len = bpf_htons(n);
	ip->next = PROTO_UDP;
	ip->hops = 64;
	__builtin_memcpy(ip->from, (const void *)cfg.n3_6, 16);
	__builtin_memcpy(ip->to, q->addr, 16);
}

// tunnel writes UDP and GTP-U with a downlink container for the n octets of a device's packet.
INLINE void tunnel(void *at, __u32 teid, __u8 qfi, __u32 n)
{
	struct udp *udp = at;
	struct gtpu *g = (void *)(udp + 1);
	__u32 *optional = (void *)(g + 1);

	udp->from = bpf_htons(GTPU_PORT);
	udp->to = bpf_htons(GTPU_PORT);
	udp->len = bpf_htons(n + ENCAPSULATION);
	udp->sum = 0;
	g->flags = 0x34;
	g->type = TYPE_GPDU;
	g->len = bpf_htons(n + GTPU_OPTIONAL + 4);
	g->teid = bpf_htonl(teid);
	optional[0] = bpf_htonl(EXT_CONTAINER);
	optional[1] = bpf_htonl(1u << 24 | (__u32)qfi << 8);
}

// deliver puts a device's packet into its tunnel, and sends it to a peer of a family on N3.
INLINE int deliver(HOOK *ctx, const struct frame *f, const struct inner *p, __u64 tunnel_of, __u8 qfi, const struct peer *q, __u32 family)
{
	int four = family == FAMILY4;
	__u32 n = ENCAPSULATION + p->len, around = ENCAPSULATION + (four ? IP4_SIZE : IP6_SIZE);
	__u8 tos = cfg.dscp[qfi & 63] << 2;
	void *at;

	if (trim(ctx, f, p))
		return BROKEN;
	at = reframe(ctx, f, p->at, p->family == FAMILY4 ? TYPE_IP4 : TYPE_IP6, around, q->macs, q->vlan, four ? TYPE_IP4 : TYPE_IP6);
	if (!at || at + IP6_SIZE + ENCAPSULATION > (void *)(long)ctx->data_end)
		return BROKEN; // cannot be: a device's packet is no shorter than what IPv6 is longer
	if (four) {
		outer4(at, q, tos, n);
		tunnel(at + IP4_SIZE, (__u32)tunnel_of, qfi, p->len);
	} else {
		struct udp *udp = at + IP6_SIZE;
		__u16 sum;

		outer6(at, q, tos, n);
		tunnel(udp, (__u32)tunnel_of, qfi, p->len);
		sum = ~fold64(sum_from(ctx, f->spread, ETH_SIZE + TAG_SIZE(q->vlan) + IP6_SIZE) + udp->len + bpf_htons(PROTO_UDP) + words_of(cfg.n3_6) + words_of(q->addr));
		udp->sum = sum ? sum : 0xffff;
	}
	return bpf_redirect(q->ifindex, 0);
}
