// What is the same for every packet of a session: time, rate, numbers, counts, refusals.
#pragma once
#include "maps.h"

enum { UPLINK, DOWNLINK };

#define SECOND 1000000000ull
#define BURST_TIME (SECOND / 10)
#define BURST_OCTETS (8 * 1500)

// monotonic is CLOCK_MONOTONIC at the last tick: to ask for more costs as much as half the rest.
INLINE __u64 monotonic(void)
{
	return bpf_jiffies64() * cfg.outer.tick + cfg.outer.epoch;
}

// second_of is in which second a time is. A division would take longer than what it is for.
INLINE __u32 second_of(__u64 now)
{
	__u64 s = (now >> 30) * 4611686018ull >> 32, rest = now - s * SECOND; // short by less than 2

	s += rest >= SECOND;
	s += rest >= 2 * SECOND;
	return s;
}

// over reports whether a packet would be too much now.
INLINE int over(const struct line *l, __u64 now)
{
	__s64 ahead = l->tat - now;

	if (!l->cost || ahead <= (__s64)BURST_TIME)
		return 0;
	return ahead > (__s64)((__u64)l->cost * BURST_OCTETS >> (l->shift & 63));
}

// charge accounts for n octets; several processors may do so at once.
INLINE void charge(struct line *l, __u64 now, __u32 n)
{
	__u64 tat = l->tat, cost = (__u64)l->cost * n >> (l->shift & 63);

	if (!l->cost)
		return;
	if ((__s64)(tat - now) < 0 && __sync_val_compare_and_swap(&l->tat, tat, now + cost) == tat)
		return;
	__sync_fetch_and_add(&l->tat, cost);
}

INLINE void count(struct line *l, __u32 n)
{
	__sync_fetch_and_add(&l->octets, n);
	__sync_fetch_and_add(&l->packets, 1);
}

// crowded reports whether user space has been given as many packets of a session that waits in this second as help: it
// keeps fewer. So who sends to one idle device keeps user space from no other's.
CALLED int crowded(struct line *l, __u32 second)
{
	__u64 word;

	if (!l)
		return 0;
	word = l->word;
	if (word >> 32 != second)
		word = (__u64)second << 32;
	if ((__u32)word >= may.waiting)
		return 1;
	l->word = word + 1;
	return 0;
}

// watch counts what a peer's packet shows of it.
INLINE void watched(int reason, __u32 peer)
{
	struct watch *w = bpf_map_lookup_elem(&watches, &peer);

	if (!w)
		return;
	switch (reason) {
	case REASON_UNKNOWN_TEID:
		__sync_fetch_and_add(&w->unknown_teid, 1);
		break;
	case REASON_WRONG_SOURCE:
	case REASON_SECOND_SOURCE:
		__sync_fetch_and_add(&w->foreign, 1);
		break;
	case REASON_SPOOFED_SOURCE:
		__sync_fetch_and_add(&w->spoofed, 1);
		break;
	case REASON_REPLAYED:
		__sync_fetch_and_add(&w->replayed, 1);
		break;
	case REASON_MALFORMED_GTPU:
	case REASON_MALFORMED_IP:
		__sync_fetch_and_add(&w->malformed, 1);
		break;
	}
}

// elsewhere reports whether a frame is for another station, or for more than one: a switch floods what it does not know the
// way of, and taps copy. The kernel throws such a frame away, or knows of one more address of ours.
INLINE int elsewhere(const struct eth *eth)
{
	__u64 to = *(const __u64 *)eth->to & LINK_ADDRESS;

	return to_many(eth) || (may.own[0] && to != may.own[0] && to != may.own[1]);
}

// wrong_side reports whether a packet came by one of the two interfaces that should have come by the other. An
// interface may be a part of one of the two, and is neither then.
INLINE int wrong_side(const HOOK *ctx, __u32 by, __u32 other)
{
	return by && came_in(ctx) == by && by != other;
}

// QUIET, TOLD and ANSWERED say how much user space is given of the packets that are refused.
enum { QUIET, TOLD, ANSWERED };

// refuse says what becomes of a packet that is not forwarded: user space gets some of those that it
// may answer, and of each finding one a second of each peer, and judges them as it would
// without this program. It counts those, and the program the rest.
CALLED int refuse(int reason, int direction, __u32 peer, int how)
{
	struct told *t;
	__u32 second, i;
	__u64 *n;

	if (reason <= REASON_NONE || reason >= REASONS)
		return PASS;
	t = bpf_map_lookup_elem(&tolds, &peer);
	if (!t)
		return PASS;
	second = second_of(monotonic());
	if (t->second != second)
		*t = (struct told){.second = second};
	if (how == ANSWERED && t->asked < may.asks) {
		t->asked++;
		return PASS;
	}
	if (how != QUIET && may.findings & ~t->reasons & 1ull << reason) {
		t->reasons |= 1ull << reason;
		return PASS;
	}
	if (direction == UPLINK)
		watched(reason, peer);
	i = direction * REASONS + reason;
	n = bpf_map_lookup_elem(&drops, &i);
	if (n)
		++*n;
	return DROP;
}

// answered reports whether user space answers packets that are refused for a reason.
INLINE int answered(int reason)
{
	return reason == REASON_UNKNOWN_TEID || reason == REASON_UNKNOWN_EXTENSION || reason == REASON_TOO_BIG || reason == REASON_HOPS;
}

// radio is the number of the peer at an address, 0 if there is none.
INLINE __u32 radio(const struct address *addr)
{
	__u32 *n = bpf_map_lookup_elem(&radios, addr);

	return n ? *n : 0;
}
