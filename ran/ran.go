// Package ran simulates the radio side of a 5G network: gNBs with their NG association
// and N3 endpoint, and phones with their SIM, NAS state and traffic. It speaks the codecs of
// this module and keeps its own state and logic, so that it can disagree with the core, and
// it works against any standard core.
//
// There are three ways in:
//
//   - [Run] is a load generator: radios, groups of phones at a rate, traffic, a [Summary];
//     [Begin] is one that goes on while a test changes the network, and tells at any time
//     where each phone is;
//   - [Open] gives one [Radio], and [Radio.Add] its phones as [UE], each driven step by
//     step, for tests of a whole core;
//   - [Raw] gives a [RawRadio], which says whatever it is told to, for hostile ones.
//
// A Radio is one goroutine that owns the phones that are on it; a [Phone] is a value without
// clock, lock or goroutine. A phone that reaches several radios camps on the first whose cell
// is suitable: not barred, with the core's consent to the radio, and of a tracking area that
// nobody has forbidden the phone. An idle phone moves, with all its state, from loop to loop;
// there is no handover. Where no cell is suitable a phone waits and sends nothing. Two more goroutines per radio read N2 and N3. The N2 association and the N3
// socket come in through small interfaces ([N2], [N3]), so that everything also runs in
// memory and in a testing/synctest bubble; randomness comes in as an io.Reader.
//
// What a core sends is presumed wrong until checked: a security key that differs from the
// phone's, a tunnel that leads to another phone, a payload that came back altered, are
// counted or refused as a real radio and phone would.
package ran
