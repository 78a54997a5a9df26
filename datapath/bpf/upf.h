// The memory that Go and the program share: the twins of package upf's Line, Settings, PoolEntry,
// Range, ServiceEntry, PeerEntry, PeerCounters, Rule, RuleSet and NATEntry, where what the fields
// mean is said. The tests of package datapath hold sizes and offsets together.
#pragma once
#include <linux/types.h>

#define SLOT_MASK 0xfffff // of a TEID; the rest of it is random

struct line {
	__u32 teid, peer;
	__u32 ue4, aux;
	__u64 ue6;
	__u8 qfi, rules, flags, shift;
	__u32 cost;
	__u64 tat;
	__u64 word;
	__u64 octets;
	__u64 packets;
};

enum line_flag {
	LINE_SLOW = 1 << 0,
	LINE_SHUT = 1 << 1,
	LINE_HOLD = 1 << 2,
	LINE_NOTIFY = 1 << 3,
	LINE_REPORTED = 1 << 4,
	LINE_LOST = 1 << 5,
	LINE_ALIAS = 1 << 6,
	LINE_FROM_CORE = 1 << 7,
};

enum { RULES_ANY = 0, RULES_NONE = 255 };

// Where a frame for N6 goes on its link, while the kernel knows no other way.
struct hop {
	__u32 macs[3]; // the next hop's and ours
	__u32 ifindex; // 0: not known now, and user space sends
	__u16 mtu;     // of the largest IP packet
	__u16 vlan;    // tag, 0: none
};

// What package datapath writes of Settings.
struct outer {
	struct hop hop4, hop6;
	__u64 epoch; // CLOCK_MONOTONIC when jiffies were 0, in nanoseconds
	__u32 tick;  // nanoseconds of a jiffy
	__u32 spare;
};

struct instant {
	__u64 jiffies;
	__u64 time; // of CLOCK_MONOTONIC, in nanoseconds
};

struct settings {
	__u32 version;
	__u32 flags;
	__u32 mtu;
	__u32 pools, ranges, services; // how many count
	__u32 nat_block;
	__u32 n3_4;
	__be32 n3_6[4];
	__u8 dscp[64];
	__u32 mtu_n6;
	__u32 spare;
	struct outer outer;
};

enum settings_flag {
	SETTINGS_UE_TO_UE = 1 << 0,
	SETTINGS_REQUIRE_CONTAINER = 1 << 1,
	SETTINGS_FILTER_DUPLICATES = 1 << 2,
	SETTINGS_MARK_N6 = 1 << 3,
};

struct pool {
	__u64 base, mask, gateway;
	__u32 first, count;
	__u32 family, flags;
};

enum pool_flag { POOL_NAT = 1 << 0, POOL_PUBLIC = 1 << 1 };

struct range {
	__u32 family; // 0: either
	__u32 spare;
	__u64 hi, lo, mask_hi, mask_lo;
};

struct service {
	__u64 hi, lo;
	__u16 family, protocol, port, spare;
};

struct peer {
	__be32 addr[4];
	__u32 macs[3]; // the next hop's and ours
	__u32 ifindex;
	__u32 mtu;
	__u32 family;
	__u32 ready;
	__u32 sum;
	__u32 vlan;
	__u32 sequence;
	__u64 spare;
};

struct watch {
	__u64 unknown_teid, foreign, spoofed, replayed, gaps, malformed;
	__u64 left[4];
};

#define RULES 16

struct rule {
	struct range remote;
	__u16 remote_first, remote_last;
	__u16 local_first, local_last;
	__u32 protocol;
	__u32 flags;
};

struct record {
	__u64 words[12];
};

struct rule_set {
	__u32 count;
	__u32 flags;
	struct rule rules[RULES];
};

struct nat {
	__u64 owner;
	__u64 used;
};
