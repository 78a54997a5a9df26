// Package report tells people what rules make of a network: one verdict explained, a whole set of records
// judged, and what falls due. It renders values of rules and trust as text for terminals, as
// JSON for machines and as HTML for whoever prints it; it judges nothing itself.
//
//   - [Explain] is one verdict as text.
//   - [Check] is every verdict on a set of records as of a date.
//   - [WhatIf] is what falls due when, and what goes dark.
//   - [Map] is sites and zones drawn as SVG.
//
// # Contract
//
// Names come from records and so from anybody. In text, characters that a terminal obeys or that turn the
// direction of writing are shown as U+FFFD. HTML and SVG are escaped and have no script; they
// fetch nothing and say so in a content security policy. JSON has names as the records do.
//
// # The JSON of a check
//
// What [Check] and [WhatIf] hold is what their JSON holds; the fields' comments say what each means. Fields may be
// added. None is renamed, taken away or given another meaning. Dates are as 2027-12-31, and absent or empty for none. Lists that
// are empty are [], and within an outlook absent.
package report
