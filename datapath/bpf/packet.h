// Frames, and what it takes to change one.
#pragma once
#include <linux/bpf.h>
#include <linux/types.h>
#include <stddef.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define INLINE static __attribute__((always_inline))

// What is rare is called. The verifier looks at such a function once, whoever calls it.
#define CALLED __attribute__((noinline))

// blur hides from the verifier what it knows of a value, so that it takes the code that follows for the same
// whichever way led there. The value is to be compared with a bound then.
#define blur(x, y) asm volatile("%0 ^= %1; %0 ^= %1" : "+r"(x) : "r"(y))

#define ETH_SIZE 14
#define VLAN_SIZE 4
#define VLANS 2
#define IP4_SIZE 20
#define IP6_SIZE 40
#define UDP_SIZE 8

#define TYPE_IP4 bpf_htons(0x0800)
#define TYPE_IP6 bpf_htons(0x86dd)
#define TYPE_VLAN bpf_htons(0x8100)
#define TYPE_SVLAN bpf_htons(0x88a8)

enum {
	PROTO_HOP_BY_HOP = 0,
	PROTO_ICMP = 1,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_ROUTING = 43,
	PROTO_FRAGMENT = 44,
	PROTO_AUTHENTICATION = 51,
	PROTO_ICMP6 = 58,
	PROTO_DESTINATION = 60,
	PROTO_SCTP = 132,
};

#define DONT_FRAGMENT 0x4000
#define MORE_FRAGMENTS 0x2000
#define OFFSET_MASK 0x1fff

struct eth {
	__u8 to[6], from[6];
	__be16 type;
};

struct ip4 {
	__u8 version_ihl, tos;
	__be16 len, id, fragment;
	__u8 ttl, protocol;
	__sum16 sum;
	__be32 from, to;
};

struct ip6 {
	__be32 version_class;
	__be16 len;
	__u8 next, hops;
	__be32 from[4], to[4];
};

struct udp {
	__be16 from, to, len;
	__sum16 sum;
};

// A frame that is being looked at: what of it lies in one piece.
struct frame {
	void *data, *end;
	__u32 l3;     // where the IP header is
	__be16 type;  // of it
	__u8 spread;  // there may be more of it than lies there
	__u32 unsummed; // where what begins whose checksum is not complete, 0: there is none
};

// link_header puts a header of a link in front of the packet that follows it, and gives back where that is.
INLINE void *link_header(void *data, void *end, const __u32 macs[3], __u16 vlan, __be16 type)
{
	struct eth *eth = data;
	__be16 *tag = (__be16 *)(eth + 1);
	__u32 *to = data;

	if (data + ETH_SIZE + VLAN_SIZE > end)
		return NULL;
	to[0] = macs[0];
	to[1] = macs[1];
	to[2] = macs[2];
	if (!vlan) {
		eth->type = type;
		return data + ETH_SIZE;
	}
	eth->type = TYPE_VLAN;
	tag[0] = bpf_htons(vlan);
	tag[1] = type;
	return data + ETH_SIZE + VLAN_SIZE;
}

#ifdef TRAFFIC_CONTROL
#include "hook_tc.h"
#else
#include "hook_xdp.h"
#endif

// in_pieces reports whether n octets from an offset may be there and do not lie with the frame's beginning.
INLINE int in_pieces(HOOK *ctx, const struct frame *f, __u32 at, __u32 n)
{
	return f->spread && f->data + at + n > f->end && size_of(ctx, f) > pieced(f);
}

#define LINK_ADDRESS 0xffffffffffffull // six octets of eight, as this program's machines load them

// to_many reports whether a frame is for more than one station. No router takes such a packet further (RFC 1812 §5.3.4).
INLINE int to_many(const struct eth *eth) { return eth->to[0] & 1; }

// ethernet finds the network header behind at most two tags.
INLINE int ethernet(struct frame *f)
{
	struct eth *eth = f->data;

	if ((void *)(eth + 1) > f->end)
		return -1;
	f->type = eth->type;
	f->l3 = ETH_SIZE;
	for (int i = 0; i < VLANS && (f->type == TYPE_VLAN || f->type == TYPE_SVLAN); i++) {
		if (f->data + f->l3 + VLAN_SIZE > f->end)
			return -1;
		f->type = *(__be16 *)(f->data + f->l3 + 2);
		f->l3 += VLAN_SIZE;
	}
	return 0;
}

INLINE __u16 fold(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

// fold64 is a sum in 16 bits.
INLINE __u16 fold64(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	return fold((__u32)sum);
}

// An address of either family as peers have theirs: on the wire, IPv4 in the first four octets.
struct address {
	__u64 words[2];
};

INLINE int same_address(const struct address *a, const __be32 b[4])
{
	const __u64 *w = (const __u64 *)b;

	return a->words[0] == w[0] && a->words[1] == w[1];
}
