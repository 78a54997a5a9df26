// The maps. Those named .data are arrays of one entry, which the program reads without a look-up.
#pragma once
#include "packet.h"
#include "reason.h"
#include "upf.h"

#define POOLS 32
#define RANGES 512
#define SERVICES 64
#define RULE_SETS 256
#define SPACE 1024 // words with a bit for each value of the first 16 bits of an address

#define SHARED(name) SEC(".data." #name) __attribute__((used))

struct settings cfg SHARED(settings);
struct pool pools[POOLS] SHARED(pools);
struct range ranges[RANGES] SHARED(ranges);
struct service services[SERVICES] SHARED(services);
__u64 special[2 * SPACE] SHARED(special);

// routed has the bits of addresses, as special has them, to which the kernel knows another way than
// the default; the user of the program keeps it.
__u64 routed[2 * SPACE] SHARED(routed);

// limits is what the user of the program chooses.
struct limits {
	__u64 findings; // reasons of which user space gets a packet a second of each peer, by bit
	__u32 asks;     // packets a second that user space may be given to answer, of each peer
	enum reason reasons; // how many the program knows
	__u32 framed;   // there are networks behind devices, which only user space knows
	__u32 n3, n6;   // the two interfaces, 0 of one that is not there
	__u32 waiting;  // packets a second that user space may be given of a session that waits
	__u64 own[2];   // link addresses of the two, as the machine loads them; 0 of one that is not known
} may SHARED(limits) = {.reasons = REASONS};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, RULE_SETS);
	__type(key, __u32);
	__type(value, struct rule_set);
} rule_sets SEC(".maps");

// The sizes of those below are chosen when they are made.

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct line);
} up SEC(".maps"), down SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct peer);
} peers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct watch);
} watches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct nat);
} ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct record);
} records SEC(".maps"); // which the program has no use for

// radios are the numbers of peers by address, for packets that name no session.
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1 << 16);
	__type(key, __be32[4]);
	__type(value, __u32);
} radios SEC(".maps");

// told is what user space was given of a peer in a second, on one processor.
struct told {
	__u32 second;
	__u32 asked;
	__u64 reasons; // by bit
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct told);
} tolds SEC(".maps");

// drops count by reason, uplink and then downlink.
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2 * REASONS);
	__type(key, __u32);
	__type(value, __u64);
} drops SEC(".maps");
