package rules

import (
	"reflect"
	"testing"

	"cordon/ident"
)

// TestForbidden: an area is forbidden to whom none of its radios may serve.
func TestForbidden(t *testing.T) {
	regime, err := Parse("areas.yaml", []byte(`regime: areas
title: areas
status: own
summary: whom radios may serve
rules:
  - {id: AREA-BAN, shape: function-ban, text: no such vendor, mark: F, source: {document: test}, where: vendor.name == "banned"}
  - {id: AREA-OUT, shape: function-ban, text: not for the protected, mark: F, source: {document: test}, where: vendor.name == "doubtful", act: restrict, owes: [no-protected]}
`))
	if err != nil {
		t.Fatal(err)
	}
	f := &Facts{Vendors: []Vendor{{Name: "banned"}, {Name: "doubtful"}, {Name: "good"}}}
	add := func(id uint32, vendor string, tacs ...ident.TAC) {
		f.Elements = append(f.Elements, Element{
			Name: "gnb-" + string('a'+rune(id)), Functions: []Function{"gnb"}, Vendor: vendor, HasNode: true, TACs: tacs,
			Node: ident.RANNode{PLMN: ident.PLMN{0, 0xf1, 0x10}, Kind: ident.GNB, Bits: 24, ID: id},
		})
	}
	add(1, "banned", 1, 2, 3)
	add(2, "doubtful", 2, 4)
	add(3, "good", 3, 5)
	add(4, "banned", 9)
	add(5, "doubtful", 9, 4)
	f.Elements = append(f.Elements, Element{Name: "switch", Functions: []Function{"router"}, Vendor: "banned", TACs: []ident.TAC{5, 6}})
	s, err := Compile(f, []*Regime{regime}, 20000)
	if err != nil {
		t.Fatal(err)
	}
	want := Forbidden{Standard: []ident.TAC{1}, Protected: []ident.TAC{1, 2, 4, 9}}
	if got := s.Forbidden(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if e := s.Radio(f.Elements[2].Node); e == nil || e.Name != "gnb-d" {
		t.Errorf("radio 3 is %v", e)
	}
	if s.Radio(ident.RANNode{}) != nil || (*Snapshot)(nil).Radio(f.Elements[0].Node) != nil {
		t.Error("nobody has a record")
	}
	if got := (*Snapshot)(nil).Forbidden(); got.Standard != nil || got.Protected != nil {
		t.Errorf("without a law %v", got)
	}
}
