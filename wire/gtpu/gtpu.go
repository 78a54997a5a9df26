// Package gtpu encodes and decodes GTP-U version 1 (TS 29.281) with the PDU session
// container (TS 38.415).
package gtpu

// Port is where GTP-U is spoken, UDP (TS 29.281 §4.4.2).
const Port = 2152
