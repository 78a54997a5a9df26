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
//   - A cut is of what records name: an element whose maker is not known is not cut with a vendor.
//   - A snapshot is compiled whole or refused whole, with every reason.
//
// # The file of a regime
//
// One YAML document. Every key is optional unless marked *, and unknown keys are refused.
// regimes/contain.yaml is a full example.
//
//	regime: uk-2019 *         its name: lower case, digits, hyphens; the file is named after it
//	title: * country: GB      for people; ISO 3166 alpha-2, absent for none
//	status: law *             law, direction, guidance, proposal, reported or own
//	summary: *                a paragraph for an operator
//	sets:                     named sets of function tags; a set may name earlier tags only
//	  core: [amf, smf, 5gc-other]
//	vendors:                  whom the regime itself classes; any name or alias of a record matches
//	  - {names: [huawei, Huawei Technologies], class: high-risk, notice: "what it rests on", from: 2020-07-14}
//	parameters:               contested points: the first value is the strictest, and the default
//	  - {name: scope, values: [collective, per-vendor], why: "the sources disagree"}
//	rules:                    *
//	  - id: UK-HRV-01 *       unique among all regimes: letters, digits, hyphens, dots
//	    shape: function-ban * see below
//	    text: *               the rule in a sentence, in our words
//	    status: guidance      the regime's, where absent
//	    mark: F2 *            F, F2, M or A; absent is F where the status is own
//	    source: {document: *, clause: "", address: ""}
//	    when: {scope: collective}   only in force where these parameters have these values
//	    functions: [core, seg]      names of sets or tags; absent is every element
//	    class: high-risk      high-risk, or any, as where absent. An unknown vendor counts as high-risk
//	    anyone: true          the manager, support and software vendors count beside the maker
//	    where: CEL            further selector; unknown counts as true
//	    except: CEL           whom it spares; unknown counts as false
//	    from: 2020-07-14      first day in force; absent is always
//	    target: 2023-01-28    by when compliance is asked for: owes "late" from then on
//	    hard: 2023-12-31      first day on which a violation is refused; before it is only restricted and
//	                          owes "replace". Absent is from. from <= target <= hard <= until
//	    until: 2030-01-01     last day in force; absent is no end
//	    act: refuse           what a violation means: refuse (absent) or restrict
//	    owes: [watch]         sealed-only, no-protected, watch, replace, late, mediate, report, diversify:
//	                          owed while a violation is tolerated or restricted
//	    protected: true       holds for protected subscribers only, at the device and session gates
//
// A scalar that begins with $ stands for the value of that parameter, and $name within CEL for
// its value as a number or a quoted text. The parameter deadline_day, with the values excluded and
// included, says whether the day of hard itself is still grace, for all rules of the regime.
//
// Each shape has keys of its own:
//
//	function-ban   none: who is selected violates
//	share-cap      cap: 35 *            percent, which may be reached and not passed
//	               measure: count *     count, traffic or premises
//	               scope: collective    collective (absent) or per-vendor
//	               domain: {functions: [gnb], where: CEL}
//	                                    what the share is of; absent is the rule's functions
//	geo-exclusion  zones: [sensitive] * purposes; within: 2 (km; absent is 0). An element violates
//	               that stands in, on the edge of or within that distance of such a zone, or
//	               whose served area touches it. Not known is so: a site without coordinates, or an
//	               element with a function that serves an area (gnb, enb, ru, du, antenna, olt, ...) without one
//	phase-out      hard: *, or trigger: notice and months: 48, counted from the day on which the vendor
//	               was classed, for each vendor
//	freeze         after: 2020-12-31 *  last day on which it was lawful, or notice: the day before the vendor
//	               was classed. basis: [install, purchase], absent is both: either after it violates
//	permission     permit: {kind: *, authority: "", version: true, site: true, longest: 96}
//	               a permit of that kind, of that authority if one is named, in date today; with
//	               version it names the version in use, with site the site; longest in months
//	diversity      domain: as above, vendors: 2 (groups at least), outside: 1 (of which not of class),
//	               share: 60 (percent that no group passes), measure: count, traffic or premises
//	separation     require: CEL that holds (unknown does not), or one or more of only_dnns: [],
//	               only_slices: ["1", "1-000001"], only_user_planes: [own, tag:trusted, upf-1] for sessions.
//	               With none of these every element selected is bound by act and owes
//
// CEL sees these variables, and a misspelt one does not compile:
//
//	element.name, .technology, .model, .version, .digest, .protection string
//	element.functions, .tags, .reaches (purposes of zones served)     list(string)
//	element.installed, .purchased, .support_end ("2027-12-31"), today string
//	element.like_for_like                                             bool
//	element.findings["kind"]                                          int, 0 for none
//	vendor.name, .group, .class, .country; manager. the same          string
//	software.classes, support.classes, support.countries              list(string)
//	site.name, site.country                                           string
//	site.zones (purposes)                                             list(string)
//	management.path, .country, .staff                                 string
//	management.recorded, .separated, .two_people                      bool
//	management.months                                                 int
//	links.protections, links.carriers                                 list(string)
//	links.unprotected                                                 int
package rules
