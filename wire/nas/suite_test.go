package nas

import (
	"bytes"
	"reflect"
	"slices"
	"testing"
	"time"

	"cordon/ident"
)

// samples are values for the fields of a message, by type.
var samples = map[reflect.Type]any{
	reflect.TypeFor[MobileIdentity]():       MobileIdentity{Type: IdentityGUTI, GUTI: testGUTI},
	reflect.TypeFor[UESecurityCapability](): capability("e0e0"),
	reflect.TypeFor[ident.DNN]():            ident.DNN("internet.example"),
	reflect.TypeFor[string]():               "Cordon",
	reflect.TypeFor[time.Duration]():        2 * time.Minute,
	reflect.TypeFor[ident.TAI]():            ident.TAI{PLMN: p00101, TAC: 7},
	reflect.TypeFor[[]ident.TAI]():          []ident.TAI{{PLMN: p00101, TAC: 7}, {PLMN: p00101, TAC: 9}},
	reflect.TypeFor[ServiceAreas]():         ServiceAreas{NotAllowed: true, TAIs: []ident.TAI{{PLMN: p00101, TAC: 7}, {PLMN: p00101, TAC: 9}}},
	reflect.TypeFor[ident.GUTI]():           testGUTI,
	reflect.TypeFor[ident.STMSI]():          testGUTI.STMSI(),
	reflect.TypeFor[ident.IMEISV]():         ident.IMEISV(0x1234567890123456),
	reflect.TypeFor[ident.PLMN]():           p00101,
	reflect.TypeFor[[]ident.PLMN]():         []ident.PLMN{p00101, p90170},
	reflect.TypeFor[ident.SNSSAI]():         ident.SNSSAI{SST: 1, SD: 0x0a0b0c},
	reflect.TypeFor[[]ident.SNSSAI]():       []ident.SNSSAI{{SST: 1, SD: 0x0a0b0c}, internet},
	reflect.TypeFor[[]RejectedSNSSAI]():     []RejectedSNSSAI{{internet, 1}, {ident.SNSSAI{SST: 2, SD: 5}, 0}},
	reflect.TypeFor[[]ProtocolOption]():     []ProtocolOption{{OptionDNSv4, []byte{1, 1, 1, 1}}, {OptionMTUv4, []byte{5, 0x78}}},
	reflect.TypeFor[[]ReactivationError]():  []ReactivationError{{5, CauseRestrictedServiceArea}},
	reflect.TypeFor[[]QoSRule]():            []QoSRule{DefaultRule(1, 1)},
	reflect.TypeFor[[]QoSFlow]():            []QoSFlow{{QFI: 1, Op: FlowCreate, Replace: true, FiveQI: 9, Window: 2000, EPSBearer: 5}},
	reflect.TypeFor[AMBR]():                 AMBR{1e9, 5e8},
	reflect.TypeFor[PDUAddress]():           PDUAddress{Type: PDUSessionIPv6, InterfaceID: [8]byte{1}},
	reflect.TypeFor[[16]byte]():             [16]byte{1, 15: 2},
	reflect.TypeFor[[14]byte]():             [14]byte{1, 13: 2},
	reflect.TypeFor[TimeZone]():             TimeZone(-20),
	reflect.TypeFor[UniversalTime]():        UniversalTime{time.Date(2026, 2, 28, 23, 59, 58, 0, time.UTC), 4},
	reflect.TypeFor[uint16]():               uint16(0x123),
	reflect.TypeFor[PDUSessions]():          PDUSessions(0).With(1).With(15),
	reflect.TypeFor[IntegrityRate]():        IntegrityRate{FullRate, FullRate},
	reflect.TypeFor[[]LADN]():               []LADN{{"ims", []ident.TAI{{PLMN: p00101, TAC: 7}}}},
	reflect.TypeFor[bool]():                 true,
}

// fill sets a field and all within it, octets to so many of them.
func fill(f reflect.Value, octets int) {
	if f.Type() == reflect.TypeFor[[]byte]() {
		f.SetBytes(bytes.Repeat([]byte{0x2a}, octets))
		return
	}
	if v, ok := samples[f.Type()]; ok {
		f.Set(reflect.ValueOf(v))
		return
	}
	switch f.Kind() {
	case reflect.Pointer:
		f.Set(reflect.New(f.Type().Elem()))
		fill(f.Elem(), octets)
	case reflect.Uint8:
		f.SetUint(3)
	case reflect.Struct:
		for i := range f.NumField() {
			fill(f.Field(i), octets)
		}
	default:
		panic("no sample of " + f.Type().String())
	}
}

// An element is one of a message's table, encoded with a sample value.
type element struct {
	name     string
	format   format
	min, max int
	b        []byte
}

// value is where the value of the element begins.
func (e *element) value() int {
	return [...]int{formatV: 0, formatLV: 1, formatLVE: 2, formatT1: 0, formatTV: 1, formatTLV: 2, formatTLVE: 3}[e.format]
}

// resized is the element with a value of n octets.
func (e *element) resized(n int) []byte {
	at := e.value()
	b := append(slices.Clone(e.b[:at]), bytes.Repeat([]byte{0x2a}, n)...)
	switch e.format {
	case formatLV, formatTLV:
		b[at-1] = byte(n)
	case formatLVE, formatTLVE:
		b[at-2], b[at-1] = byte(n>>8), byte(n)
	}
	return b
}

// A suite is one message with all that it may carry.
type suite struct {
	name   string
	header []byte
	ies    []element
	parse  func([]byte) (any, []*DecodeError, error)
	encode func(any) ([]byte, error)
}

func elements[M any](ies []ie[M]) []element {
	var out []element
	for _, e := range ies {
		m := new(M)
		fill(reflect.ValueOf(m).Elem(), max(e.min, 1))
		c := &coder{writing: true}
		write(c, m, []ie[M]{e})
		if c.err != nil {
			panic(c.err)
		}
		out = append(out, element{e.name, e.format &^ inClear, e.min, e.max, c.b})
	}
	return out
}

func mm[M any, P interface {
	*M
	Message
}](ies []ie[M]) suite {
	t := P(new(M)).Type()
	return suite{t.String(), []byte{byte(ProtocolMM), 0, byte(t)}, elements(ies),
		func(b []byte) (any, []*DecodeError, error) {
			m, ignored, err := Parse(b)
			if m == nil {
				return nil, ignored, err
			}
			return m, ignored, err
		},
		func(m any) ([]byte, error) { return Append(nil, m.(Message)) }}
}

func sm[M any, P interface {
	*M
	SMMessage
}](ies []ie[M]) suite {
	t := P(new(M)).Type()
	return suite{t.String(), []byte{byte(ProtocolSM), 5, 7, byte(t)}, elements(ies),
		func(b []byte) (any, []*DecodeError, error) {
			_, m, ignored, err := ParseSM(b)
			if m == nil {
				return nil, ignored, err
			}
			return m, ignored, err
		},
		func(m any) ([]byte, error) { return AppendSM(nil, SMHeader{5, 7}, m.(SMMessage)) }}
}

func suites() []suite {
	return []suite{
		mm(authenticationFailureIEs),
		mm(authenticationRejectIEs),
		mm(authenticationRequestIEs),
		mm(authenticationResponseIEs),
		mm(authenticationResultIEs),
		mm(configurationUpdateCommandIEs),
		mm([]ie[ConfigurationUpdateComplete]{}),
		mm(controlPlaneServiceRequestIEs),
		mm(deregistrationRequestNetworkIEs),
		mm([]ie[DeregistrationAcceptNetwork]{}),
		mm(deregistrationRequestUEIEs),
		mm([]ie[DeregistrationAcceptUE]{}),
		mm(dlnasTransportIEs),
		mm(identityRequestIEs),
		mm(identityResponseIEs),
		mm(mmStatusIEs),
		mm(notificationIEs),
		mm(notificationResponseIEs),
		mm(registrationAcceptIEs),
		mm(registrationCompleteIEs),
		mm(registrationRejectIEs),
		mm(registrationRequestIEs),
		mm(securityModeCommandIEs),
		mm(securityModeCompleteIEs),
		mm(securityModeRejectIEs),
		mm(serviceAcceptIEs),
		mm(serviceRejectIEs),
		mm(serviceRequestIEs),
		sm(pduSessionAuthenticationCommandIEs),
		sm(pduSessionAuthenticationCompleteIEs),
		sm(pduSessionAuthenticationResultIEs),
		sm(pduSessionEstablishmentRequestIEs),
		sm(pduSessionModificationCompleteIEs),
		sm(pduSessionModificationCommandRejectIEs),
		sm(pduSessionEstablishmentAcceptIEs),
		sm(pduSessionEstablishmentRejectIEs),
		sm(pduSessionModificationCommandIEs),
		sm(pduSessionModificationRequestIEs),
		sm(pduSessionModificationRejectIEs),
		sm(pduSessionReleaseCommandIEs),
		sm(pduSessionReleaseCompleteIEs),
		sm(pduSessionReleaseRequestIEs),
		sm(pduSessionReleaseRejectIEs),
		sm(smStatusIEs),
		mm(ulnasTransportIEs),
	}
}

// join is the message of the elements.
func (s *suite) join(ies ...[]byte) []byte {
	return append(slices.Clone(s.header), bytes.Join(ies, nil)...)
}

// split is the encoded elements, mandatory and optional.
func (s *suite) split() (mandatory, optional [][]byte) {
	for _, e := range s.ies {
		if e.format.mandatory() {
			mandatory = append(mandatory, e.b)
		} else {
			optional = append(optional, e.b)
		}
	}
	return mandatory, optional
}

// must parses what is to be a message, with so many elements ignored.
func (s *suite) must(t *testing.T, b []byte, ignored int) any {
	t.Helper()
	m, ig, err := s.parse(b)
	if err != nil || len(ig) != ignored {
		t.Fatalf("%x: ignored %v, %v; want %d ignored", b, ig, err, ignored)
	}
	return m
}

// eachMessage runs a test over all messages with their full form.
func eachMessage(t *testing.T, f func(t *testing.T, s *suite, full []byte, m any)) {
	for _, s := range suites() {
		t.Run(s.name, func(t *testing.T) {
			mandatory, optional := s.split()
			full := s.join(append(mandatory, optional...)...)
			f(t, &s, full, s.must(t, full, 0))
		})
	}
}

func TestSuitesComplete(t *testing.T) {
	have := map[string]bool{}
	for _, s := range suites() {
		have[s.name] = true
	}
	for i := range 256 {
		if mt := MessageType(i); newMessage(mt) != nil && !have[mt.String()] {
			t.Errorf("no suite of %v", mt)
		}
		if mt := SMMessageType(i); newSMMessage(mt) != nil && !have[mt.String()] {
			t.Errorf("no suite of %v", mt)
		}
	}
}
