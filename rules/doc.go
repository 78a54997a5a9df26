// Package rules decides what equipment may do. A regime is a dated set of rules with
// their sources; facts say what the network is made of; [Compile] joins both for one date to
// an immutable [Snapshot], and [Decide] answers every question of every gate from it.
//
// # What a rule is
//
// A rule has one of eight shapes, which cover every regime found in law so far. It is data:
// shape, selector, parameters, dates, source, evidence mark. Its text exists once, in its regime's
// file under regimes/.
//
// # Contract
//
//   - Decide is pure and total. The zero [Verdict] refuses, and so does a nil Snapshot.
//   - Rules of several regimes are judged apart and the strictest verdict binds. More rules never
//     allow what fewer refused, and the order of facts and rules does not matter.
//   - A fact that a rule needs and the record lacks is unknown, and unknown never allows what
//     known would refuse.
//   - A snapshot is compiled whole or refused whole, with every reason.
package rules
