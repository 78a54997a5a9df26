// Package ran simulates the radio side of a 5G network: gNBs with their NG association
// and N3 endpoint, and phones with their SIM, NAS state and traffic. It speaks the codecs of
// this module and keeps its own state and logic, so that it can disagree with the core, and
// it works against any standard core.
//
// There are three ways in:
//
//   - [Run] is a load generator: radios, phones at a rate, traffic, a [Summary];
//   - [Open] gives one [Radio], and [Radio.Add] its phones as [UE], each driven step by
//     step, for tests of a whole core;
//   - [Raw] gives a [RawRadio], which says whatever it is told to, for hostile ones.
//
// A Radio is one goroutine that owns its phones; a [Phone] is a value without clock, lock or
// goroutine. Two more goroutines per radio read N2 and N3. The N2 association and the N3
// socket come in through small interfaces ([N2], [N3]), so that everything also runs in
// memory and in a testing/synctest bubble; randomness comes in as an io.Reader.
//
// What a core sends is presumed wrong until checked: a security key that differs from the
// phone's, a tunnel that leads to another phone, a payload that came back altered, are
// counted or refused as a real radio and phone would.
package ran
