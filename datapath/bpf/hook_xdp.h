// What is XDP's own: a frame is as it is on the wire, in one buffer, or in several where a program is made for that.
#pragma once

#define HOOK struct xdp_md

enum { PASS = XDP_PASS, DROP = XDP_DROP, BROKEN = XDP_ABORTED };

// What a tag takes of a frame that is sent.
#define TAG_SIZE(vlan) ((vlan) ? VLAN_SIZE : 0)

INLINE struct frame frame_of(const HOOK *ctx)
{
	return (struct frame){.data = (void *)(long)ctx->data, .end = (void *)(long)ctx->data_end};
}

// pieced is how much lies in one piece. The verifier takes a difference of pointers in 64 bits only.
INLINE __u32 pieced(const struct frame *f)
{
	__u64 size = f->end - f->data;

	asm volatile("" : "+r"(size));
	return size;
}

// size_of is a frame's size.
INLINE __u32 size_of(HOOK *ctx, const struct frame *f) { return f->spread ? bpf_xdp_get_buff_len(ctx) : pieced(f); }

// came_in is the interface that a frame came to.
INLINE __u32 came_in(const HOOK *ctx) { return ctx->ingress_ifindex; }

INLINE int load_octets(HOOK *ctx, __u32 at, void *to, __u32 n) { return bpf_xdp_load_bytes(ctx, at, to, n); }

// shorten takes octets off a frame's end.
INLINE int shorten(HOOK *ctx, const struct frame *f, __u32 to) { return bpf_xdp_adjust_tail(ctx, (__s32)to - (__s32)size_of(ctx, f)); }

// reframe takes everything off before the packet at an offset, makes room for headers around it, and puts a
// link's before that. It gives back where the room begins. The packet itself is of type inner, the outermost header of
// type.
INLINE void *reframe(HOOK *ctx, const struct frame *f, __u32 at, __be16 inner, __u32 around, const __u32 macs[3], __u16 vlan, __be16 type)
{
	__u32 size = ETH_SIZE + TAG_SIZE(vlan) + around;

	if (bpf_xdp_adjust_head(ctx, (int)at - (int)size))
		return NULL;
	return link_header((void *)(long)ctx->data, (void *)(long)ctx->data_end, macs, vlan, type);
}
