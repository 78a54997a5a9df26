package trust

import (
	"bytes"
	"fmt"
	"testing"
)

// largeInventory is so many elements at a thousand sites.
func largeInventory(n int) []byte {
	var b bytes.Buffer
	b.WriteString("name,role,vendor,site,latitude,longitude,address,node,tacs,installed\n")
	for i := range n {
		fmt.Fprintf(&b, "gnb-%06d,gnb,alder,site-%d,%d.5,1.25,10.%d.%d.%d,gnb-00101-%x/28,%d,2020-01-02\n", i, i%1000, i%1000%60, i>>16, i>>8&255, i&255, i, i%5000)
	}
	return b.Bytes()
}

func BenchmarkParse(b *testing.B) {
	const n = 50_000
	inventory := []File{{"v.yaml", []byte("vendors: [{name: alder}]")}, {"i.csv", largeInventory(n)}}
	facts, _, err := Parse(inventory)
	if err != nil {
		b.Fatal(err)
	}
	records := Export(facts)
	for _, test := range []struct {
		name  string
		files []File
	}{{"CSV", inventory}, {"YAML", []File{{"r.yaml", records}}}} {
		b.Run(test.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if f, _, err := Parse(test.files); err != nil || len(f.Elements) != n {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "elements/s")
		})
	}
}

func BenchmarkExport(b *testing.B) {
	facts, _, err := Parse([]File{{"v.yaml", []byte("vendors: [{name: alder}]")}, {"i.csv", largeInventory(50_000)}})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		b.SetBytes(int64(len(Export(facts))))
	}
}
