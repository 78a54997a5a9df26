package trust

import (
	"errors"

	"cordon/document"
	"cordon/rules"
)

// File is one text of records. The end of its name says what it is: .yaml or .yml records, .json the same as
// JSON, .geojson zones (RFC 7946), .csv an inventory of elements.
type File struct {
	Name string
	Text []byte
}

// Warnings is what is odd in records and does not keep them from being used.
type Warnings []*document.Problem

// Parse reads records and checks them. Each list of the facts comes out in the order of its names. The error joins a
// [document.Problem] for all that is wrong.
func Parse(files []File) (*rules.Facts, Warnings, error) {
	return nil, nil, errors.New("no records are read yet")
}

// Check finds what contradicts itself in facts that were not read from files. The error joins a [document.Problem] for each,
// whose Path names the record, as elements["gnb-7"].node.
func Check(f *rules.Facts) (Warnings, error) { return nil, nil }

// Export writes facts as records, which Parse reads back equal but for cuts and findings, which are no records.
func Export(f *rules.Facts) []byte { return nil }

// Schema is the JSON Schema of a file of records, for editors.
func Schema() []byte { return nil }
