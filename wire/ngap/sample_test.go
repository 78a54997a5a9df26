package ngap

import (
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"cordon/ident"
)

// A sample is a message with every field set, or with the required ones only.
type sample struct {
	name string
	m    Message
}

// samples has two of each message there is, so that no later one escapes the tests.
func samples() []sample {
	var out []sample
	for _, p := range procedures {
		for _, newMessage := range p.newMessage {
			if newMessage == nil {
				continue
			}
			for _, full := range []bool{false, true} {
				m := newMessage()
				name := reflect.TypeOf(m).Elem().Name()
				fill(reflect.ValueOf(m).Elem(), name, optionalFields(m), full)
				kind := "required"
				if full {
					kind = "full"
				}
				out = append(out, sample{name + "-" + kind, m})
			}
		}
	}
	return out
}

// optionalFields are the names of those a zero message does without: what the message's
// own table says, read off by what it writes.
func optionalFields(m Message) map[string]bool {
	out := map[string]bool{}
	v := reflect.ValueOf(m).Elem()
	for i := range v.NumField() {
		switch f := v.Type().Field(i); f.Type.Kind() {
		case reflect.Pointer, reflect.Bool:
			out[f.Name] = true
		case reflect.Slice, reflect.String:
			out[f.Name] = !slices.Contains(strings.Fields(requiredFields), v.Type().Name()+"."+f.Name)
		}
	}
	return out
}

// requiredFields are the lists and strings that are not optional in their message.
const requiredFields = `
		PDUSessionResourceSetupRequest.Setup PDUSessionResourceReleaseCommand.Release
		PDUSessionResourceReleaseResponse.Released PDUSessionResourceModifyRequest.Modify
		PDUSessionResourceModifyIndication.Modify InitialContextSetupRequest.AllowedNSSAI
		HandoverRequired.PDUSessions HandoverRequired.SourceToTargetContainer
		HandoverCommand.TargetToSourceContainer HandoverRequest.Setup HandoverRequest.AllowedNSSAI
		HandoverRequest.SourceToTargetContainer HandoverRequestAcknowledge.Admitted
		HandoverRequestAcknowledge.TargetToSourceContainer PathSwitchRequest.Switch
		PathSwitchRequestAcknowledge.Switched PathSwitchRequestAcknowledge.AllowedNSSAI
		PathSwitchRequestFailure.Released UplinkRANStatusTransfer.Container
		DownlinkRANStatusTransfer.Container Paging.TAIs InitialUEMessage.NASPDU
		DownlinkNASTransport.NASPDU UplinkNASTransport.NASPDU NASNonDeliveryIndication.NASPDU
		RerouteNASRequest.NGAPMessage NGSetupRequest.SupportedTAs NGSetupResponse.AMFName
		NGSetupResponse.ServedGUAMIs NGSetupResponse.PLMNSupport AMFStatusIndication.UnavailableGUAMIs
		DownlinkUEAssociatedNRPPaTransport.RoutingID DownlinkUEAssociatedNRPPaTransport.NRPPaPDU
		UplinkUEAssociatedNRPPaTransport.RoutingID UplinkUEAssociatedNRPPaTransport.NRPPaPDU
		DownlinkNonUEAssociatedNRPPaTransport.RoutingID DownlinkNonUEAssociatedNRPPaTransport.NRPPaPDU
		UplinkNonUEAssociatedNRPPaTransport.RoutingID UplinkNonUEAssociatedNRPPaTransport.NRPPaPDU
		UERadioCapabilityInfoIndication.UERadioCapability SecondaryRATDataUsageReport.Usage
		`

var (
	samplePLMN = ident.PLMN{0x00, 0xf1, 0x10}
	sampleTAI  = ident.TAI{PLMN: samplePLMN, TAC: 0x000102}
	sampleNode = ident.RANNode{PLMN: samplePLMN, Kind: ident.GNB, Bits: 22, ID: 0x2a5a5a}
	sampleCell = UserLocation{Kind: AccessNR, PLMN: samplePLMN, Cell: 0x123456789, TAI: sampleTAI, Time: 0xe9000000}
	sampleAddr = netip.AddrFrom4([4]byte{10, 0, 0, 7})
	sampleGTP  = GTPTunnel{Addr: sampleAddr, TEID: 0xcafe0001}
)

// whole are the values of types whose fields cannot be filled one by one.
var whole = map[reflect.Type]any{
	reflect.TypeFor[ident.PLMN]():    samplePLMN,
	reflect.TypeFor[ident.TAI]():     sampleTAI,
	reflect.TypeFor[ident.RANNode](): sampleNode,
	reflect.TypeFor[ident.GUAMI]():   ident.GUAMI{PLMN: samplePLMN, Region: 2, Set: 0x155, Pointer: 0x2a},
	reflect.TypeFor[ident.STMSI]():   ident.STMSI{Set: 0x155, Pointer: 0x2a, TMSI: 0xdeadbeef},
	reflect.TypeFor[ident.SNSSAI]():  ident.SNSSAI{SST: 1, SD: 0x010203},
	reflect.TypeFor[UserLocation]():  sampleCell,
	reflect.TypeFor[CGI]():           CGI{PLMN: samplePLMN, Cell: 0x123456789},
	reflect.TypeFor[netip.Addr]():    sampleAddr,
	reflect.TypeFor[GTPTunnel]():     sampleGTP,
	reflect.TypeFor[Cause]():         CauseRadioUserInactivity,
	reflect.TypeFor[Kind]():          Successful,
	reflect.TypeFor[Procedure]():     ProcNGSetup,
	reflect.TypeFor[BitRates]():      BitRates{1_000_000_000, 4_000_000_000_000},
	reflect.TypeFor[QosParameters](): QosParameters{NonDynamic: &NonDynamic5QI{FiveQI: 9}, ARP: ARP{Level: 8, IsPreemptable: true}},
	reflect.TypeFor[PagingTarget]():  PagingTarget{Node: &sampleNode},
	reflect.TypeFor[TargetID]():      TargetID{Node: sampleNode, TAI: sampleTAI},
	reflect.TypeFor[SONConfigurationTransfer](): SONConfigurationTransfer{
		Target:  TargetRANNode{sampleNode, sampleTAI},
		Content: sampleSON(),
	},
	reflect.TypeFor[ident.AMFUENGAPID](): ident.AMFUENGAPID(0x8123456789),
	reflect.TypeFor[ident.RANUENGAPID](): ident.RANUENGAPID(0x80000001),
}

// fill sets the fields of v, all of them or those not optional.
func fill(v reflect.Value, path string, optional map[string]bool, full bool) {
	if w, ok := whole[v.Type()]; ok {
		v.Set(reflect.ValueOf(w))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if full || !optional[f.Name] {
				fill(v.Field(i), path+"."+f.Name, nil, full)
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), path, nil, full)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 && v.Type().Elem().Name() == "uint8" {
			v.SetBytes(sampleOctets(path))
			return
		}
		n := 1
		if full {
			n = 2
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(v.Index(i), path, nil, full)
		}
	case reflect.Array:
		for i := range v.Len() {
			v.Index(i).SetUint(uint64(i + 1))
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString("amf-1.cordon")
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(1)
	default:
		panic(fmt.Sprint(path, " is of kind ", v.Kind()))
	}
}
