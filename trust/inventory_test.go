package trust

import (
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cordon/geo"
	"cordon/rules"
)

const vendorsText = `vendors:
  - name: alder
    title: Alder Networks
    aliases: [Alder Networks Oy]
  - name: birch
sites:
  - name: Ashford
    title: The old mill
`

const inventoryText = "Name,Status,Role,Manufacturer,Type,Site,Latitude,Longitude,Primary IP,TACs,Node,Installed,Plan by,Plan cost,management path,n3,Tags\r\n" +
	"gnb-7,Active,5G Base Station,ALDER NETWORKS OY,AirScale,Ashford,51.1465,0.875,192.0.2.7/24,7; 0x8,gnb-00101-19b/22,2019-05-02,2027-12-31,1000,mediated,10.1.7.0/28,\"a;b\"\r\n" +
	"rtr-1,Planned,Core Router,birch,\"MX \"\"9\"\"\",,52,1,2001:db8::1,,,,,,,,\r\n" +
	"upf-1,Active,upf,,,Ashford,51.1466,0.875,192.0.2.9,,,,,,,,\r\n"

func TestInventory(t *testing.T) {
	for _, text := range []string{inventoryText, "\ufeff" + strings.NewReplacer(",", ";", "7; 0x8", "\"7;0x8\"").Replace(inventoryText)} {
		f := parse(t, File{"i.csv", []byte(text)}, File{"v.yaml", []byte(vendorsText)})
		if len(f.Elements) != 3 {
			t.Fatalf("%+v", f)
		}
		e := f.Elements[0]
		if e.Name != "gnb-7" || e.Functions[0] != "gnb" || e.Vendor != "alder" || e.Model != "AirScale" || e.Site != "Ashford" || len(e.TACs) != 2 || e.TACs[1] != 8 ||
			!e.HasNode || e.Node.ID != 0x19b || e.Installed.String() != "2019-05-02" || e.Plan.Cost != 1000 || e.Plan.By.String() != "2027-12-31" || e.Management.Path != "mediated" ||
			!slices.Equal(e.Addresses.N2, prefixes{netip.MustParsePrefix("192.0.2.7/32")}) || !slices.Equal(e.Addresses.N3, prefixes{netip.MustParsePrefix("10.1.7.0/28")}) ||
			!slices.Equal(e.Tags, []string{"a", "b"}) || e.Traffic != -1 {
			t.Errorf("%+v", e)
		}
		if r := f.Elements[1]; r.Site != "rtr-1" || r.Model != `MX "9"` || r.Functions[0] != "router" || r.Addresses.Management[0].Addr().String() != "2001:db8::1" {
			t.Errorf("%+v", r)
		}
		if u := f.Elements[2]; u.Vendor != "" || len(u.Addresses.N4) != 1 {
			t.Errorf("%+v", u)
		}
		want := []rules.Site{{Name: "Ashford", Title: "The old mill", At: geo.Point{Lat: 51.1465, Lon: 0.875}, Placed: true}, {Name: "rtr-1", At: geo.Point{Lat: 52, Lon: 1}, Placed: true}}
		if !reflect.DeepEqual(f.Sites, want) {
			t.Errorf("%+v", f.Sites)
		}
		if again := parse(t, File{"e.yaml", Export(f)}); !reflect.DeepEqual(f, again) {
			t.Errorf("%+v\n%+v", f, again)
		}
	}
}

// Every column that a field has is read, and is written as the export of it would be in YAML.
func TestInventoryColumns(t *testing.T) {
	var names []string
	for _, c := range readings() {
		if slices.Contains(names, c.name) {
			t.Errorf("two columns are called %s", c.name)
		}
		names = append(names, c.name)
	}
	for _, want := range []string{"name", "role", "manufacturer", "model", "site", "latitude", "longitude", "address", "functions", "version", "digest", "node", "tacs", "slices", "installed",
		"purchased", "vendor", "manager", "support", "traffic", "premises", "fingerprint", "support_end", "plan_by", "plan_vendor", "addresses_n3", "management_months", "like_for_like", "tags"} {
		if !slices.Contains(names, want) {
			t.Errorf("there is no column %s", want)
		}
	}
	for alias, name := range columnAliases {
		if !slices.Contains(names, name) {
			t.Errorf("%s stands for %s, which is no column", alias, name)
		}
	}
	for role, f := range roles {
		if _, err := rules.ParseFunction(string(f)); err != nil || role != strings.ToLower(role) {
			t.Errorf("%q: %v", role, err)
		}
		if got, err := functionOf(strings.ToUpper(role)); got != f || err != nil {
			t.Errorf("%q: %v %v", role, got, err)
		}
	}
}

func TestInventoryRefused(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"unknown column", "TACs", "TACS2", `i.csv:1:71: "TACS2" is no column known here: want tacs`},
		{"foreign column", "TACs", "Cost centre", `i.csv:1:71: "Cost centre" is no column known here: take it out`},
		{"column twice", "Latitude,Longitude", "Latitude,Latitude", "i.csv:1:50: latitude: stands there twice"},
		{"no name", "Name,Status", "Status,Face", "i.csv:1:1: want a column called name"},
		{"empty name", "rtr-1,Planned", ",Planned", "i.csv:3:1: name: is missing"},
		{"role", "Core Router", "Core Ruter", `i.csv:3:15: role: "core-ruter" is no function tag`},
		{"latitude", ",52,1,", ",91,1,", `i.csv:3:45: latitude: "91": want degrees from -90 to 90`},
		{"longitude missing", ",52,1,", ",52,,", "i.csv:3:1: latitude: want both latitude and longitude, or neither"},
		{"street", "192.0.2.9,", "1 Mill Lane,", `i.csv:4:42: address: "1 Mill Lane": want an IP address; that of a street goes to physical_address`},
		{"date", "2019-05-02", "02/05/2019", `i.csv:2:116: installed: "02/05/2019": want a date as 2027-12-31`},
		{"TAC", "7; 0x8", "7; x", `i.csv:2:92: tacs: "x": want a tracking area code`},
		{"node", "gnb-00101-19b/22", "411", `i.csv:2:99: node: node "411": want its kind`},
		{"quote", "\"MX \"\"9\"\"\"", "\"MX \"9\"", "i.csv:3:37: this is not CSV: extraneous or missing \" in quoted-field"},
		{"cells", "upf-1,Active,upf,", "upf-1,upf,", "i.csv:4:1: 16 cells: want 17, as in the first line"},
		{"not UTF-8", "rtr-1", "rtr\xe9", "i.csv:3:1: this is not UTF-8"},
		{"manufacturer", ",birch,", ",Bich,", `i.csv:3:27: manufacturer: no vendor is called "Bich": is it "birch"? else add it`},
		{"site in two places", "51.1466", "51.2466", `i.csv:4:20: site: "Ashford" is at 51.2466, 0.875 here and at 51.1465, 0.875 elsewhere (i.csv:2:57)`},
		{"element twice", "rtr-1", "gnb-7", `i.csv:3:1: elements["gnb-7"].name: stands there twice: the other is "gnb-7" (i.csv:2:1)`},
		{"nothing", inventoryText, "", "i.csv:1:1: the file is empty"},
	}
	for _, test := range tests {
		text := strings.Replace(inventoryText, test.old, test.new, 1)
		if text == inventoryText {
			t.Fatalf("%s changes nothing", test.name)
		}
		f, _, err := Parse([]File{{"v.yaml", []byte(vendorsText)}, {"i.csv", []byte(text)}})
		if err == nil || !strings.HasPrefix(err.Error(), test.want) || f != nil {
			t.Errorf("%s:\n%v\nwant\n%s", test.name, err, test.want)
		}
	}
}

func FuzzInventory(f *testing.F) {
	f.Add(strings.NewReplacer("ALDER NETWORKS OY", "", "birch", "").Replace(inventoryText))
	f.Add("name;functions;served;plan_cost;tags\na;upf;;7;\"x;y,z\"\n")
	f.Add("name,role,n2,latitude,longitude\n\"a\nb\",gnb,::1,-0,0\n")
	f.Fuzz(func(t *testing.T, text string) { readsBackOrTells(t, File{"i.csv", []byte(text)}) })
}
