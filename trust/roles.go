package trust

import (
	"strings"

	"cordon/rules"
)

// roles is what inventories call functions, in lower case with spaces between words, beside the function
// tags themselves. A gNB or eNB written with its parts stays one element with the whole's function.
var roles = map[string]rules.Function{
	"5g base station": "gnb", "5g radio": "gnb", "gnodeb": "gnb", "gnb cu du": "gnb", "nr base station": "gnb", "nr": "gnb",
	"central unit": "cu", "gnb cu": "cu", "distributed unit": "du", "gnb du": "du",
	"radio unit": "ru", "radio head": "ru", "remote radio head": "ru", "remote radio unit": "ru", "rrh": "ru", "rru": "ru", "aau": "ru", "active antenna": "ru",
	"baseband": "bbu", "baseband unit": "bbu",
	"4g base station": "enb", "enodeb": "enb", "lte": "enb", "lte base station": "enb",
	"base station": "base-station", "bts": "base-station", "cell site": "base-station",
	"ran intelligent controller": "ric",
	"core router":                "router", "edge router": "router", "cell site router": "router", "csr": "router", "provider edge": "router", "pe": "router",
	"access switch": "switch", "core switch": "switch", "distribution switch": "switch", "ethernet switch": "switch",
	"microwave link": "microwave", "microwave radio": "microwave", "radio link": "microwave",
	"dwdm": "optical", "optical transport": "optical", "otn": "optical", "wdm": "optical",
	"security gateway": "seg", "segw": "seg", "ipsec gateway": "seg",
	"user plane function": "upf", "session management function": "smf", "access and mobility management function": "amf",
	"element manager": "em", "element management": "em", "ems": "em", "management system": "em", "nms": "oss", "network management": "oss",
	"jump host": "jump-host", "bastion": "jump-host", "log server": "logging", "syslog": "logging",
	"hypervisor": "virtualisation", "virtualization": "virtualisation", "lawful interception": "li",
	"internet gateway": "internet-gateway", "dns server": "dns", "ntp": "timing", "ptp": "timing", "grandmaster": "timing",
}

// functionOf is the function that an inventory's role stands for.
func functionOf(role string) (rules.Function, error) {
	words := strings.ToLower(strings.Join(strings.FieldsFunc(role, func(r rune) bool {
		return r == ' ' || r == '-' || r == '_' || r == '/' || r == '+' || r == '&'
	}), " "))
	if f, ok := roles[words]; ok {
		return f, nil
	}
	return rules.ParseFunction(strings.ReplaceAll(words, " ", "-"))
}
