package trust

import (
	"reflect"
	"strings"
	"testing"

	"cordon/geo"
	"cordon/rules"
)

const zonesText = `{"type": "FeatureCollection", "name": "by some tool", "features": [
  {"type": "Feature", "properties": {"name": "base", "purpose": "sensitive", "title": "The base", "fid": 7},
   "geometry": {"type": "Polygon", "coordinates": [[[1, 51], [2, 51], [2, 52, 30.5], [1, 51]], [[1.5, 51.1], [1.6, 51.2], [1.6, 51.1], [1.5, 51.1]]]}},
  {"type": "Feature", "properties": {"purpose": "territory", "name": "isles"},
   "geometry": {"coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 0]]], [[[5, 0], [6, 0], [6, 1], [5, 0]]]], "type": "MultiPolygon"}}
]}`

func TestGeoJSON(t *testing.T) {
	f := parse(t, File{"z.geojson", []byte(zonesText)})
	want := []rules.Zone{
		{Name: "base", Title: "The base", Purpose: rules.Sensitive, Area: geo.Area{
			Ring:  []geo.Point{{Lat: 51, Lon: 1}, {Lat: 51, Lon: 2}, {Lat: 52, Lon: 2}},
			Holes: [][]geo.Point{{{Lat: 51.1, Lon: 1.5}, {Lat: 51.2, Lon: 1.6}, {Lat: 51.1, Lon: 1.6}}},
		}},
		{Name: "isles-1", Purpose: rules.Territory, Area: geo.Area{Ring: []geo.Point{{Lat: 0, Lon: 0}, {Lat: 0, Lon: 1}, {Lat: 1, Lon: 1}}}},
		{Name: "isles-2", Purpose: rules.Territory, Area: geo.Area{Ring: []geo.Point{{Lat: 0, Lon: 5}, {Lat: 0, Lon: 6}, {Lat: 1, Lon: 6}}}},
	}
	if !reflect.DeepEqual(f.Zones, want) {
		t.Errorf("%+v", f.Zones)
	}
	if again := parse(t, File{"z.yaml", Export(f)}); !reflect.DeepEqual(again, f) {
		t.Errorf("%+v", again)
	}
}

func TestGeoJSONRefused(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"not JSON", `"fid": 7}`, `"fid": 7,}`, "z.geojson:2:108: this is not JSON: "},
		{"other type", "FeatureCollection", "Topology", `z.geojson:1:10: type: "Topology": want FeatureCollection`},
		{"no features", `"features"`, `"feature"`, "z.geojson:1:1: features is missing"},
		{"no purpose", `"purpose": "sensitive", `, "", "z.geojson:2:37: features[0].properties: purpose is missing"},
		{"no geometry", `"geometry": {"coordinates"`, `"geometrie": {"coordinates"`, "z.geojson:4:3: features[1]: geometry is missing"},
		{"null geometry", `{"type": "Polygon", "coordinates": [[[1, 51], [2, 51], [2, 52, 30.5], [1, 51]], [[1.5, 51.1], [1.6, 51.2], [1.6, 51.1], [1.5, 51.1]]]}`, "null",
			"z.geojson:3:16: features[0].geometry: want a section"},
		{"a point", `"Polygon", "coordinates"`, `"Point", "coordinates"`, `z.geojson:3:25: features[0].geometry.type: "Point": want Polygon or MultiPolygon`},
		{"latitude first", "[1, 51], [2, 51]", "[1, 51], [51, 120]", `z.geojson:3:67: features[0].geometry.coordinates[0][1][1]: "120": want a number from -90 to 90`},
		{"not closed", "[2, 52, 30.5], [1, 51]]", "[2, 52, 30.5], [1, 52]]", "z.geojson:3:52: features[0].geometry.coordinates[0]: want a ring of at least four positions"},
		{"one number", "[1, 51], [2, 51]", "[1, 51], [2]", "z.geojson:3:62: features[0].geometry.coordinates[0][1]: want [longitude, latitude]"},
		{"no ring", "[[[5, 0], [6, 0], [6, 1], [5, 0]]]", "[]", "z.geojson:5:69: features[1].geometry.coordinates[1]: want at least one ring"},
		{"bow tie", "[[0, 0], [1, 0], [1, 1], [0, 0]]", "[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]", "z.geojson:5:33: features[1].geometry.coordinates[0]: its edges cross"},
		{"twice", `"isles"`, `"base"`, ""},
		{"depth of a polygon", `"Polygon"`, `"MultiPolygon"`, `z.geojson:3:59: features[0].geometry.coordinates[0][0][0]: want [longitude, latitude] in degrees, not "1"`},
	}
	for _, test := range tests {
		text := strings.Replace(zonesText, test.old, test.new, 1)
		if text == zonesText {
			t.Fatalf("%s changes nothing", test.name)
		}
		_, _, err := Parse([]File{{"z.geojson", []byte(text)}})
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want)) {
			t.Errorf("%s:\n%v\nwant\n%s", test.name, err, test.want)
		}
	}
}

func FuzzGeoJSON(f *testing.F) {
	f.Add(zonesText)
	f.Add(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"a","purpose":"b"},"geometry":{"type":"MultiPolygon","coordinates":[]}}]}`)
	f.Fuzz(func(t *testing.T, text string) { readsBackOrTells(t, File{"z.geojson", []byte(text)}) })
}
