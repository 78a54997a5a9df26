package amf

import "testing"

func TestProfileOfRadio(t *testing.T) {
	cfg := testConfig()
	cfg.Radios = []RadioRule{{Prefix: "UERANSIM-gnb-7", Profile: "nokia"}}
	for name, want := range map[string]string{
		"UERANSIM-gnb-901-70-1": "ueransim", "UERANSIM-gnb-7": "nokia", "gNB-OAI": "oai", "gNB-Eurecom-5GNRBox": "oai", "srsgnb01": "srsran",
		"cu_cp_01": "srsran", "ocucp01": "ocudu", "": "generic", "OAI": "generic",
	} {
		if got := cfg.profile(testNode(1), name).Name; got != want {
			t.Errorf("%q is taken for %s, want %s", name, got, want)
		}
	}
}
