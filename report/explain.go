package report

import "cordon/rules"

// Explain is a verdict as text: what it is, the rule that decides with its source, the facts used, what would
// change it, and then everything else that was about the element.
func Explain(e rules.Explanation) []byte { return nil }
