package rules

import (
	"fmt"
	"slices"

	"cordon/document"
)

// Function is a 3GPP, management or transport function tag, as "gnb".
type Function string

// functionTags is every tag. The core's are those of TS 23.501 clause 6.2, and "5gc-other" stands for
// those that later releases bring.
var functionTags = []Function{
	// 5G core
	"amf", "smf", "upf", "ausf", "udm", "udr", "udsf", "pcf", "nrf", "nssf", "nef", "i-nef", "nwdaf", "chf", "scp", "sepp",
	"n3iwf", "tngf", "twif", "w-agf", "5g-eir", "ucmf", "af", "smsf", "lmf", "gmlc", "bsf", "nssaaf", "nsacf", "dccf", "adrf",
	"mfaf", "easdf", "tsctsf", "mb-smf", "mb-upf", "mbsf", "mbstf", "arpf", "sidf", "5gc-other",
	// 4G core
	"mme", "sgw", "pgw", "hss", "pcrf", "epdg", "epc-other",
	// radio access
	"gnb", "cu", "du", "ru", "bbu", "antenna", "enb", "ng-enb", "base-station", "ric",
	// fixed access
	"olt", "ont", "fibre-access", "dslam", "cpe",
	// transport
	"router", "switch", "microwave", "optical", "transmission", "firewall", "seg", "interconnect", "internet-gateway",
	"ip-core", "dns", "timing",
	// management and oversight
	"em", "oss", "bss", "mano", "nfvi", "virtualisation", "orchestrator", "sdn-controller", "aaa", "mfa", "monitoring", "li",
	"siem", "jump-host", "mediation", "logging", "backup", "paw", "hsm",
	// services and premises
	"ims", "sms", "mec", "customer", "other",
}

// radiators are functions that serve an area. Where it is not recorded, it is unknown; an element with
// none of these serves none.
var radiators = []Function{"gnb", "enb", "ng-enb", "base-station", "du", "ru", "bbu", "antenna", "olt"}

// Functions is every function tag.
func Functions() []Function { return slices.Clone(functionTags) }

// ParseFunction reads a function tag. The error of one that is not known names the nearest.
func ParseFunction(s string) (Function, error) {
	if slices.Contains(functionTags, Function(s)) {
		return Function(s), nil
	}
	return "", fmt.Errorf("%.40q is no function tag%s", s, meant(s, functionTags))
}

// meant completes an error with the word that was probably meant.
func meant[T ~string](got string, words []T) string {
	names := make([]string, len(words))
	for i, w := range words {
		names[i] = string(w)
	}
	if near := document.Nearest(got, names); near != "" {
		return fmt.Sprintf(": %q is", near)
	}
	if len(names) <= 12 {
		return ": want " + document.OneOf(names)
	}
	return ""
}

func (e *Element) serves() bool {
	return slices.ContainsFunc(e.Functions, func(f Function) bool { return slices.Contains(radiators, f) })
}
