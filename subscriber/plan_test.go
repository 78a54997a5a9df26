package subscriber

import (
	"errors"
	"reflect"
	"testing"

	"cordon/ident"
)

var rates = AMBR{UL: 1e8, DL: 1e9}

func slice(sst uint8) ident.SNSSAI { return ident.SNSSAI{SST: sst, SD: ident.NoSD} }

// twoSlices is a plan with a default slice of two networks and another of one.
func twoSlices(t testing.TB) *Plan {
	t.Helper()
	p, err := NewPlan(Plan{Name: "gold", UEAMBR: rates, Slices: []Slice{
		{SNSSAI: slice(1), Default: true, DNNs: []Network{
			{DNN: "internet", Default: true, AMBR: rates},
			{DNN: "ims", AMBR: rates, FiveQI: 5, ARP: 9}}},
		{SNSSAI: ident.SNSSAI{SST: 2, SD: 7}, DNNs: []Network{{DNN: "factory", AMBR: rates}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestNewPlanFillsIn(t *testing.T) {
	given := Plan{Name: "one", UEAMBR: rates, Slices: []Slice{{SNSSAI: slice(1), DNNs: []Network{{DNN: "internet", AMBR: rates}}}}}
	p, err := NewPlan(given)
	if err != nil {
		t.Fatal(err)
	}
	want := Network{DNN: "internet", Default: true, AMBR: rates, FiveQI: 9, ARP: 8}
	if !p.Slices[0].Default || p.Slices[0].DNNs[0] != want {
		t.Errorf("%+v", p.Slices[0])
	}
	if given.Slices[0].Default || given.Slices[0].DNNs[0].FiveQI != 0 {
		t.Errorf("the caller's plan was changed: %+v", given)
	}
}

func TestPlanValidate(t *testing.T) {
	for _, v := range []struct {
		field string
		edit  func(*Plan)
	}{
		{"name", func(p *Plan) { p.Name = "" }},
		{"name", func(p *Plan) { p.Name = string(make([]byte, 65)) }},
		{"ue_ambr", func(p *Plan) { p.UEAMBR.UL = 0 }},
		{"ue_ambr", func(p *Plan) { p.UEAMBR.DL = MaxBitRate + 1 }},
		{"slices", func(p *Plan) { p.Slices = nil }},
		{"slices", func(p *Plan) { p.Slices = make([]Slice, 9) }},
		{"slices", func(p *Plan) { p.Slices[0].Default = false }},
		{"slices[1]", func(p *Plan) { p.Slices[1].SNSSAI = slice(1) }},
		{"slices[1].snssai", func(p *Plan) { p.Slices[1].SNSSAI.SD = 1 << 24 }},
		{"slices[1].dnns", func(p *Plan) { p.Slices[1].DNNs = nil }},
		{"slices[1].dnns", func(p *Plan) { p.Slices[1].DNNs = make([]Network, 17) }},
		{"slices[0].dnns", func(p *Plan) { p.Slices[0].DNNs[0].Default = false }},
		{"slices[0].dnns", func(p *Plan) { p.Slices[0].DNNs[1].Default = true }},
		{"slices[0].dnns[1]", func(p *Plan) { p.Slices[0].DNNs[1].DNN = "internet" }},
		{"slices[0].dnns[0].dnn", func(p *Plan) { p.Slices[0].DNNs[0].DNN = "" }},
		{"slices[0].dnns[0].dnn", func(p *Plan) { p.Slices[0].DNNs[0].DNN = "Internet" }},
		{"slices[0].dnns[0].ambr", func(p *Plan) { p.Slices[0].DNNs[0].AMBR.DL = 0 }},
		{"slices[0].dnns[0].5qi", func(p *Plan) { p.Slices[0].DNNs[0].FiveQI = 1 }},
		{"slices[0].dnns[0].arp", func(p *Plan) { p.Slices[0].DNNs[0].ARP = 7 }},
		{"slices[0].dnns[0].arp", func(p *Plan) { p.Slices[0].DNNs[0].ARP = 16 }},
	} {
		p := twoSlices(t)
		v.edit(p)
		err := p.Validate()
		if e, ok := errors.AsType[*PlanError](err); !ok || e.Field != v.field || e.Want == "" {
			t.Errorf("%s: %v", v.field, err)
		}
	}
	if _, err := NewPlan(Plan{}); err == nil {
		t.Error("accepted an empty plan")
	}
}

func TestAllowedNSSAI(t *testing.T) {
	p := twoSlices(t)
	one, two, other := slice(1), ident.SNSSAI{SST: 2, SD: 7}, ident.SNSSAI{SST: 2, SD: 8}
	all := []ident.SNSSAI{one, two, other}
	for _, v := range []struct {
		name                                 string
		requested, served, allowed, rejected []ident.SNSSAI
	}{
		{"none asked for", nil, all, []ident.SNSSAI{one}, nil},
		{"one asked for", []ident.SNSSAI{two}, all, []ident.SNSSAI{two}, nil},
		{"its order", []ident.SNSSAI{two, one}, all, []ident.SNSSAI{two, one}, nil},
		{"twice", []ident.SNSSAI{two, two, other, other}, all, []ident.SNSSAI{two}, []ident.SNSSAI{other}},
		{"not subscribed", []ident.SNSSAI{other, two}, all, []ident.SNSSAI{two}, []ident.SNSSAI{other}},
		{"not served", []ident.SNSSAI{two, one}, []ident.SNSSAI{one}, []ident.SNSSAI{one}, []ident.SNSSAI{two}},
		{"none of them", []ident.SNSSAI{other}, all, []ident.SNSSAI{one}, []ident.SNSSAI{other}},
		{"default not served", nil, []ident.SNSSAI{two}, nil, nil},
		{"nothing here", []ident.SNSSAI{one}, nil, nil, []ident.SNSSAI{one}},
	} {
		allowed, rejected := p.AllowedNSSAI(v.requested, v.served)
		if !reflect.DeepEqual(allowed, v.allowed) || !reflect.DeepEqual(rejected, v.rejected) {
			t.Errorf("%s: %v and not %v", v.name, allowed, rejected)
		}
	}
}

func TestSelect(t *testing.T) {
	p := twoSlices(t)
	one, two, other := slice(1), ident.SNSSAI{SST: 2, SD: 7}, slice(9)
	both := []ident.SNSSAI{two, one}
	for _, v := range []struct {
		name    string
		allowed []ident.SNSSAI
		slice   *ident.SNSSAI
		dnn     ident.DNN
		want    ident.DNN
		err     error
	}{
		{"neither named", both, nil, "", "internet", nil},
		{"neither named, the default slice not allowed", both[:1], nil, "", "factory", nil},
		{"slice named", both, &two, "", "factory", nil},
		{"network named", both, nil, "ims", "ims", nil},
		{"network of the slice that is not default", both, nil, "factory", "factory", nil},
		{"both named", both, &one, "ims", "ims", nil},
		{"network of the other slice", both, &one, "factory", "", ErrDNN},
		{"unknown network", both, nil, "secret", "", ErrDNN},
		{"slice not allowed", both[1:], &two, "", "", ErrSlice},
		{"slice not subscribed", []ident.SNSSAI{other}, &other, "", "", ErrSlice},
		{"nothing allowed", nil, nil, "", "", ErrSlice},
		{"allowed what is no longer subscribed", []ident.SNSSAI{other}, nil, "", "", ErrSlice},
	} {
		s, n, err := p.Select(v.allowed, v.slice, v.dnn)
		if !errors.Is(err, v.err) || (err == nil) != (n != nil) || (s == nil) != (n == nil) {
			t.Errorf("%s: %v, %v, %v", v.name, s, n, err)
		} else if n != nil && (n.DNN != v.want || s.Network(v.want) != n) {
			t.Errorf("%s: %s", v.name, n.DNN)
		}
	}
}
