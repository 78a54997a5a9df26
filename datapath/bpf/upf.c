//go:build ignore

// The forwarder in the kernel: it does with a packet what package upf says, or leaves it to user
// space. There is nothing that it decides and package upf would decide otherwise.
#include "quick.h"

// What came, and for whom.
enum arrival { FOR_HOST, FOR_N3, FOR_DEVICE };

struct arrived {
	__u32 at, n; // octets of the frame: UDP's payload, or the IP packet
	struct address from; // of a datagram
	struct pool *pool; // of a packet's destination
};

// datagram takes a UDP datagram for N3 that may have n octets, with its header.
INLINE enum arrival datagram(const struct frame *f, __u32 at, __u32 n, struct arrived *a)
{
	struct udp *udp = f->data + at;
	__u32 len;

	if ((void *)(udp + 1) > f->end || udp->to != bpf_htons(GTPU_PORT))
		return FOR_HOST;
	len = bpf_ntohs(udp->len);
	if (len < UDP_SIZE || len > n)
		return FOR_HOST;
	a->at = at + UDP_SIZE;
	a->n = len - UDP_SIZE;
	return FOR_N3;
}

// device says whether a packet of n octets is for a pool of ours.
INLINE enum arrival device(const struct frame *f, __u32 n, __u8 family, __u64 hi, __u64 lo, struct arrived *a)
{
	if (!space_bit(special, family, hi, lo))
		return FOR_HOST;
	a->pool = pool_of(family, hi, lo);
	if (!a->pool)
		return FOR_HOST;
	a->at = f->l3;
	a->n = n;
	return FOR_DEVICE;
}

INLINE enum arrival arrive4(HOOK *ctx, const struct frame *f, struct arrived *a)
{
	struct ip4 *ip = f->data + f->l3;
	__u32 size, len;

	if ((void *)(ip + 1) > f->end)
		return FOR_HOST;
	size = (ip->version_ihl & 15) * 4;
	len = bpf_ntohs(ip->len);
	if (ip->version_ihl >> 4 != 4 || size < IP4_SIZE || len < size || f->l3 + len > size_of(ctx, f))
		return FOR_HOST;
	if (!cfg.n3_4 || ip->to != bpf_htonl(cfg.n3_4))
		return device(f, len, FAMILY4, 0, bpf_ntohl(ip->to), a);
	if (ip->protocol != PROTO_UDP || ip->fragment & bpf_htons(MORE_FRAGMENTS | OFFSET_MASK))
		return FOR_HOST;
	a->from.words[0] = ip->from;
	a->from.words[1] = 0;
	return datagram(f, f->l3 + size, len - size, a);
}

INLINE int is_ours(const struct ip6 *ip)
{
	return ip->to[0] == cfg.n3_6[0] && ip->to[1] == cfg.n3_6[1] && ip->to[2] == cfg.n3_6[2] && ip->to[3] == cfg.n3_6[3];
}

INLINE enum arrival arrive6(HOOK *ctx, const struct frame *f, struct arrived *a)
{
	struct ip6 *ip = f->data + f->l3;
	__u32 len;

	if ((void *)(ip + 1) > f->end)
		return FOR_HOST;
	len = bpf_ntohs(ip->len);
	if (bpf_ntohl(ip->version_class) >> 28 != 6 || f->l3 + IP6_SIZE + len > size_of(ctx, f))
		return FOR_HOST;
	if (!cfg.n3_6[0] || !is_ours(ip))
		return device(f, IP6_SIZE + len, FAMILY6, half(ip->to), half(ip->to + 2), a);
	if (ip->next != PROTO_UDP)
		return FOR_HOST;
	__builtin_memcpy(&a->from, ip->from, 16);
	return datagram(f, f->l3 + IP6_SIZE, len, a);
}

// any is the way of all packets.
INLINE int any(HOOK *ctx, __u8 spread, __u32 unsummed)
{
	struct frame f = frame_of(ctx);
	struct arrived a;
	enum arrival kind = FOR_HOST;

	f.spread = spread;
	f.unsummed = unsummed;
	if (ethernet(&f) || elsewhere(f.data))
		return PASS;
	if (f.type == TYPE_IP4)
		kind = arrive4(ctx, &f, &a);
	else if (f.type == TYPE_IP6)
		kind = arrive6(ctx, &f, &a);
	if (kind == FOR_HOST)
		return PASS;
	blur(a.at, a.n);
	if (a.at > GTPU_FAR)
		return PASS;
	if (kind == FOR_N3)
		return wrong_side(ctx, may.n6, may.n3) ? PASS : uplink(ctx, &f, a.at, a.n, &a.from);
	return wrong_side(ctx, may.n3, may.n6) ? PASS : downlink(ctx, &f, a.at, a.n, a.pool);
}

// either takes the way of most packets, or that of all.
INLINE int either(HOOK *ctx, const struct frame *f)
{
	int verdict = quick(ctx, f);

	return verdict == NOT_QUICK ? any(ctx, f->spread, f->unsummed) : verdict;
}

#ifdef TRAFFIC_CONTROL

SEC("tcx/ingress")
int forward(HOOK *ctx)
{
	struct frame f;

	return fit(ctx, &f) ? PASS : either(ctx, &f);
}

#else

SEC("xdp")
int forward(HOOK *ctx)
{
	struct frame f = frame_of(ctx);

	return either(ctx, &f);
}

// forward_spread is for interfaces whose frames may lie in several buffers.
SEC("xdp.frags")
int forward_spread(HOOK *ctx)
{
	struct frame f = frame_of(ctx);

	f.spread = 1;
	return either(ctx, &f);
}

// clock tells the time in both ways, so that user space can say how they go together.
SEC("syscall")
int clock(struct instant *now)
{
	now->jiffies = bpf_jiffies64();
	now->time = bpf_ktime_get_ns();
	return 0;
}

#endif

char _license[] SEC("license") = "GPL";
