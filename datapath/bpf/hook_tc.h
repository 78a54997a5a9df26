// What is traffic control's own: the kernel has made a packet of the frame. It has the outer tag beside it, may have
// joined several packets, may lie in several pieces, and checksums may be left to whoever sends it.
#pragma once
#include <bpf/bpf_core_read.h>

#define HOOK struct __sk_buff

enum { PASS = -1, DROP = 2, BROKEN = DROP }; // TCX_NEXT: whoever else is there has its turn

// What a tag takes of a frame that is sent: the kernel puts it there later.
#define TAG_SIZE(vlan) 0

// HEADERS is what is brought together of a packet's beginning: all headers of nearly every packet.
#define HEADERS 192

// What of the kernel's own view of a packet is not in the other one.
struct sk_buff {
	unsigned char *head, *data;
	__u8 ip_summed : 2, encapsulation : 1;
	__u16 csum_start;
} __attribute__((preserve_access_index));

#define CHECKSUM_PARTIAL 3

// Flags of bpf_skb_adjust_room that are younger than some systems' headers.
#define DECAP_IP4 (1 << 7)
#define DECAP_IP6 (1 << 8)

extern void *bpf_cast_to_kern_ctx(void *ctx) __ksym;

INLINE struct frame frame_of(const HOOK *ctx)
{
	return (struct frame){.data = (void *)(long)ctx->data, .end = (void *)(long)ctx->data_end, .l3 = ETH_SIZE, .spread = 1};
}

// pieced is how much lies in one piece. The verifier takes a difference of pointers in 64 bits only.
INLINE __u32 pieced(const struct frame *f)
{
	__u64 size = f->end - f->data;

	asm volatile("" : "+r"(size));
	return size;
}

// size_of is a frame's size.
INLINE __u32 size_of(HOOK *ctx, const struct frame *f) { return ctx->len; }

// came_in is the interface that a frame came to.
INLINE __u32 came_in(const HOOK *ctx) { return ctx->ifindex; }

INLINE int load_octets(HOOK *ctx, __u32 at, void *to, __u32 n) { return bpf_skb_load_bytes(ctx, at, to, n); }

// shorten takes octets off a frame's end.
INLINE int shorten(HOOK *ctx, const struct frame *f, __u32 to) { return bpf_skb_change_tail(ctx, to, 0); }

// fit finds the frame of a packet that the program may handle. Joined packets it cannot take apart again, since the
// kernel does not know GTP-U's length; of those in a tunnel of the kernel's, the kernel knows more than they show.
INLINE int fit(HOOK *ctx, struct frame *f)
{
	struct sk_buff *skb = bpf_cast_to_kern_ctx(ctx);
	__u32 n = ctx->len < HEADERS ? ctx->len : HEADERS;

	if (ctx->gso_size || BPF_CORE_READ_BITFIELD(skb, encapsulation))
		return -1;
	if (ctx->data_end - ctx->data < n && bpf_skb_pull_data(ctx, n))
		return -1;
	*f = frame_of(ctx);
	if (BPF_CORE_READ_BITFIELD(skb, ip_summed) == CHECKSUM_PARTIAL)
		f->unsummed = skb->csum_start - (__u32)(skb->data - skb->head);
	return 0;
}

// untag takes a packet's tags off, of which so many are inside of it.
CALLED int untag(HOOK *ctx, __u32 inside)
{
	__u32 tags = inside + (ctx->vlan_present ? 1 : 0);

	for (int i = 0; i <= VLANS && i < tags; i++)
		if (bpf_skb_vlan_pop(ctx))
			return -1;
	return 0;
}

// reframe takes everything off before the packet at an offset, makes room for headers around it, and puts a
// link's before that. It gives back where the room begins. The packet itself is of type inner, the outermost header of
// type. A checksum that the kernel is to complete is forgotten with a header that goes.
INLINE void *reframe(HOOK *ctx, const struct frame *f, __u32 at, __be16 inner, __u32 around, const __u32 macs[3], __u16 vlan, __be16 type)
{
	__u64 off = inner == TYPE_IP4 ? DECAP_IP4 : DECAP_IP6;
	__u64 on = BPF_F_ADJ_ROOM_ENCAP_L4_UDP | (type == TYPE_IP4 ? BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 : BPF_F_ADJ_ROOM_ENCAP_L3_IPV6);
	__u32 tags = f->l3 - ETH_SIZE;

	at -= tags;
	if ((tags || ctx->vlan_present) && untag(ctx, tags / VLAN_SIZE))
		return NULL;
	if (at > ETH_SIZE && bpf_skb_adjust_room(ctx, ETH_SIZE - (__s32)at, BPF_ADJ_ROOM_MAC, off))
		return NULL;
	if (around && bpf_skb_adjust_room(ctx, around, BPF_ADJ_ROOM_MAC, on))
		return NULL;
	if (!link_header((void *)(long)ctx->data, (void *)(long)ctx->data_end, macs, 0, type))
		return NULL;
	if (vlan && bpf_skb_vlan_push(ctx, TYPE_VLAN, vlan))
		return NULL;
	return (void *)(long)ctx->data + ETH_SIZE;
}
