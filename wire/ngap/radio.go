package ngap

import (
	"cordon/wire/per"
)

// RRCEstablishmentCause is why a device connected (TS 38.413 §9.3.1.111).
type RRCEstablishmentCause uint8

const (
	RRCEmergency RRCEstablishmentCause = iota
	RRCHighPriorityAccess
	RRCMTAccess
	RRCMOSignalling
	RRCMOData
	RRCMOVoiceCall
	RRCMOVideoCall
	RRCMOSMS
	RRCMPSPriorityAccess
	RRCMCSPriorityAccess
	RRCNotAvailable
	RRCMOExceptionData
)

// RRCState is whether a device is inactive or connected.
type RRCState uint8

const (
	RRCInactive RRCState = iota
	RRCConnected
)

// PagingDRX is a paging cycle (TS 38.413 §9.3.1.90).
type PagingDRX uint8

const (
	PagingDRX32 PagingDRX = iota
	PagingDRX64
	PagingDRX128
	PagingDRX256
)

// PagingPriority is 0 for the highest level, 1, to 7 for level 8 (TS 38.413 §9.3.1.78).
type PagingPriority uint8

// TimeToWait is the least time before trying again (TS 38.413 §9.3.1.56).
type TimeToWait uint8

const (
	Wait1s TimeToWait = iota
	Wait2s
	Wait5s
	Wait10s
	Wait20s
	Wait60s
)

// RadioCapabilityForPaging is opaque to the core (TS 38.413 §9.3.1.68).
type RadioCapabilityForPaging struct {
	NR, EUTRA []byte
}

// RerouteInformation is of NSSAIs chosen by another AMF (TS 38.413 §9.3.3.27); each is
// opaque: 128, 32 and 32 octets, or nil.
type RerouteInformation struct {
	Configured, RejectedInPLMN, RejectedInTA []byte
}

// VoiceFallback says whether a voice call may be redirected to EPS.
type VoiceFallback uint8

const (
	VoiceFallbackPossible VoiceFallback = iota
	VoiceFallbackNotPossible
)

// IABAuthorized says whether a device may be an IAB node.
type IABAuthorized uint8

const (
	IABNodeAuthorized IABAuthorized = iota
	IABNodeNotAuthorized
)

// IMSVoiceSupport answers a radio capability check.
type IMSVoiceSupport uint8

const (
	IMSVoiceSupported IMSVoiceSupport = iota
	IMSVoiceNotSupported
)

// EmergencyFallback asks a radio to move an emergency call (TS 38.413 §9.3.1.26).
type EmergencyFallback struct {
	Target *EmergencyTarget
}

// EmergencyTarget is the core that is to serve an emergency call.
type EmergencyTarget uint8

const (
	EmergencyTarget5GC EmergencyTarget = iota
	EmergencyTargetEPC
)

// InactiveReportRequest asks for reports of RRC state (TS 38.413 §9.3.1.91).
type InactiveReportRequest uint8

const (
	InactiveReportSubsequent InactiveReportRequest = iota
	InactiveReportSingle
	InactiveReportCancel
)

// HandoverType is between which systems a device moves (TS 38.413 §9.3.1.22).
type HandoverType uint8

const (
	HandoverIntra5GS HandoverType = iota
	Handover5GSToEPS
	HandoverEPSTo5GS
	Handover5GSToUTRAN
)

func radioCapabilityForPaging(c *coder, v *RadioCapabilityForPaging) {
	nr, eutra := v.NR != nil, v.EUTRA != nil
	t := c.begin(&nr, &eutra)
	if nr {
		octets(c, &v.NR)
	}
	if eutra {
		octets(c, &v.EUTRA)
	}
	c.end(t)
}

func rerouteInformation(c *coder, v *RerouteInformation) {
	configured, inPLMN, inTA := v.Configured != nil, v.RejectedInPLMN != nil, v.RejectedInTA != nil
	t := c.begin(&configured, &inPLMN, &inTA)
	sized(c, configured, &v.Configured, 128)
	sized(c, inPLMN, &v.RejectedInPLMN, 32)
	sized(c, inTA, &v.RejectedInTA, 32)
	c.end(t)
}

// sized codes an OCTET STRING (SIZE(n)) that may be absent.
func sized(c *coder, has bool, v *[]byte, n int) {
	if !has {
		return
	}
	b := *v
	if c.Decoding() {
		b = make([]byte, n)
	}
	if len(b) != n {
		c.Fail(per.ErrRange)
	}
	if per.Fixed(&c.Coder, b); !c.Failed() && c.Decoding() {
		*v = b
	}
}

func rrcEstablishmentCause(c *coder, v *RRCEstablishmentCause) {
	per.Enum(&c.Coder, v, 10, 2, true)
}

func rrcState(c *coder, v *RRCState) { per.Enum(&c.Coder, v, 2, 0, true) }

func pagingDRX(c *coder, v *PagingDRX) { per.Enum(&c.Coder, v, 4, 0, true) }

func pagingPriority(c *coder, v *PagingPriority) { per.Enum(&c.Coder, v, 8, 0, true) }

func timeToWait(c *coder, v *TimeToWait) { per.Enum(&c.Coder, v, 6, 0, true) }

func voiceFallback(c *coder, v *VoiceFallback) { per.Enum(&c.Coder, v, 2, 0, true) }

func iabAuthorized(c *coder, v *IABAuthorized) { per.Enum(&c.Coder, v, 2, 0, true) }

func imsVoiceSupport(c *coder, v *IMSVoiceSupport) { per.Enum(&c.Coder, v, 2, 0, true) }

func handoverType(c *coder, v *HandoverType) { per.Enum(&c.Coder, v, 3, 1, true) }

func inactiveReportRequest(c *coder, v *InactiveReportRequest) {
	per.Enum(&c.Coder, v, 3, 0, true)
}

func ranPagingPriority(c *coder, v *uint16) { per.Int(&c.Coder, v, 1, 256) }

func indexToRFSP(c *coder, v *uint16) { per.ExtInt(&c.Coder, v, 1, 256, 1<<16-1) }

func emergencyFallback(c *coder, v *EmergencyFallback) {
	target := v.Target != nil
	t := c.begin(&target)
	c.flag()
	present(c, target, &v.Target, emergencyTarget)
	c.end(t)
}

func emergencyTarget(c *coder, v *EmergencyTarget) { per.Enum(&c.Coder, v, 2, 0, true) }
