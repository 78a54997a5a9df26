package report

import "cordon/rules"

// Map draws sites and zones as an SVG document of its own. Sites have the strictest verdict of their elements;
// verdict answers for an element of the facts.
func Map(f *rules.Facts, verdict func(element string) rules.Act) []byte { return nil }
