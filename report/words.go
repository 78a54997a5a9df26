package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"cordon/rules"
)

// clean is a text as a terminal may show it: what it would obey, or what turns the direction of writing, is shown as
// U+FFFD.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' || r == utf8.RuneError || r == '\ufffe' || r == '\uffff' {
			return utf8.RuneError
		}
		return r
	}, s)
}

// short is a clean text of at most so many characters.
func short(s string, most int) string {
	s = clean(s)
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// known is a text, or that there is none.
func known(s string) string {
	if s == "" {
		return "not known"
	}
	return clean(s)
}

// count is a number with its noun.
func count(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// list is names with commas between, at most so many of them.
func list(names []string, most int) string {
	shown := make([]string, 0, most)
	for _, n := range names[:min(len(names), most)] {
		shown = append(shown, short(n, maxName))
	}
	s := strings.Join(shown, ", ")
	if more := len(names) - most; more > 0 {
		s += fmt.Sprintf(" and %d more", more)
	}
	return s
}

const maxName = 60 // characters of a name, where it is not the subject

// participle is a verdict as people count elements by it.
func participle(a rules.Act) string {
	switch a {
	case rules.Refuse:
		return "refused"
	case rules.Restrict:
		return "restricted"
	}
	return "allowed"
}

// duty is an obligation's word spelled out.
func duty(word string) string {
	switch word {
	case rules.SealedOnly.String():
		return "its sessions pass nothing but the seal gateway's address"
	case rules.NoProtected.String():
		return "protected subscribers are kept away from it"
	case rules.Watch.String():
		return "findings against it count sooner"
	case rules.Replace.String():
		return "it is to be replaced"
	case rules.Late.String():
		return "a target date has passed, or a share is over its cap"
	case rules.Mediate.String():
		return "it is managed through the operator's mediation point only"
	case rules.Report.String():
		return "the operator tells an authority of it"
	case rules.Diversify.String():
		return "the operator brings in another vendor"
	}
	return clean(word)
}

// marks is every evidence mark, the surest first.
var marks = []rules.Mark{rules.MarkPrimary, rules.MarkSecondary, rules.MarkUnsure, rules.MarkAddress}

// sure says how well a rule's text is known. The operator's own has no other primary.
func sure(m rules.Mark, s rules.Status) string {
	if s == rules.Own {
		return "the operator's or Cordon's own text, which needs no confirming"
	}
	return m.Means()
}

// force says what a rule's status means.
func force(s rules.Status) string {
	switch s {
	case rules.Law:
		return "law in force"
	case rules.Direction:
		return "a direction that binds whom it is given to"
	case rules.Guidance:
		return "guidance, which advises"
	case rules.Proposal:
		return "a proposal, not in force"
	case rules.Reported:
		return "as the press first reported it"
	case rules.Own:
		return "the operator's or Cordon's own"
	}
	return "not said"
}

// came says what a rule comes to.
func came(o rules.Outcome) string {
	switch o {
	case rules.Satisfied:
		return "complies"
	case rules.Excepted:
		return "spared by an exception"
	case rules.Grace:
		return "violated, in grace"
	case rules.Violated:
		return "violated"
	}
	return "not said"
}

// asked says at which gate, for a sentence's end.
func asked(g rules.Gate) string {
	switch g {
	case rules.GateN2:
		return "asked when a radio sets up"
	case rules.GateDevice:
		return "asked when a device comes to a radio"
	case rules.GateSession:
		return "asked when a session's path is chosen"
	case rules.GateHandover:
		return "asked when a handover's target is chosen"
	case rules.GateN4:
		return "asked when a user plane associates"
	case rules.GateManagement:
		return "asked of the record, apart from what an element claims"
	case rules.GateSoftware:
		return "asked when software changes"
	}
	return "asked of the record"
}
