// Package evidence says what Cordon writes down of its decisions, and how anybody checks that
// nothing of it was changed, left out or put in afterwards.
//
// # What is written
//
// An [Entry] is one line of canonical JSON (RFC 8785): the fields of [Entry] under their names in
// small letters, those that are empty left out, and "v", the version of this form, which is 1.
// Texts hold no control characters and are no longer than their limits, so that what a hostile
// peer calls itself can neither grow the log nor speak to a terminal. [ParseEntry] accepts exactly
// what [AppendEntry] makes.
//
// # How it is proved
//
// Entries are the leaves of a Merkle tree (RFC 6962). A [Checkpoint] commits to all of them; it is a
// note signed with Ed25519 (C2SP tlog-checkpoint), to which witnesses may have added cosignatures
// (C2SP tlog-cosignature). Tree and entries lie in tiles and bundles of 256 (C2SP tlog-tiles).
// A [Proof] holds one entry, its path to the root and a checkpoint (C2SP tlog-proof). To check any of
// them a [Verifier] needs the log's public key and nothing else.
//
// # Privacy
//
// No subscriber's identity is written. A [Pseudonym] takes its place; who has the key can tell
// which pseudonym is whose, and when the key is destroyed nobody can.
package evidence
