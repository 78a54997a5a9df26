package nas

import "fmt"

// SMMessageType is the type of a 5GSM message (TS 24.501 table 9.7.2).
type SMMessageType uint8

const (
	TypePDUSessionEstablishmentRequest      SMMessageType = 0xc1
	TypePDUSessionEstablishmentAccept       SMMessageType = 0xc2
	TypePDUSessionEstablishmentReject       SMMessageType = 0xc3
	TypePDUSessionAuthenticationCommand     SMMessageType = 0xc5
	TypePDUSessionAuthenticationComplete    SMMessageType = 0xc6
	TypePDUSessionAuthenticationResult      SMMessageType = 0xc7
	TypePDUSessionModificationRequest       SMMessageType = 0xc9
	TypePDUSessionModificationReject        SMMessageType = 0xca
	TypePDUSessionModificationCommand       SMMessageType = 0xcb
	TypePDUSessionModificationComplete      SMMessageType = 0xcc
	TypePDUSessionModificationCommandReject SMMessageType = 0xcd
	TypePDUSessionReleaseRequest            SMMessageType = 0xd1
	TypePDUSessionReleaseReject             SMMessageType = 0xd2
	TypePDUSessionReleaseCommand            SMMessageType = 0xd3
	TypePDUSessionReleaseComplete           SMMessageType = 0xd4
	TypeSMStatus                            SMMessageType = 0xd6
)

var smMessageNames = [...]string{
	TypePDUSessionEstablishmentRequest:      "PDU session establishment request",
	TypePDUSessionEstablishmentAccept:       "PDU session establishment accept",
	TypePDUSessionEstablishmentReject:       "PDU session establishment reject",
	TypePDUSessionAuthenticationCommand:     "PDU session authentication command",
	TypePDUSessionAuthenticationComplete:    "PDU session authentication complete",
	TypePDUSessionAuthenticationResult:      "PDU session authentication result",
	TypePDUSessionModificationRequest:       "PDU session modification request",
	TypePDUSessionModificationReject:        "PDU session modification reject",
	TypePDUSessionModificationCommand:       "PDU session modification command",
	TypePDUSessionModificationComplete:      "PDU session modification complete",
	TypePDUSessionModificationCommandReject: "PDU session modification command reject",
	TypePDUSessionReleaseRequest:            "PDU session release request",
	TypePDUSessionReleaseReject:             "PDU session release reject",
	TypePDUSessionReleaseCommand:            "PDU session release command",
	TypePDUSessionReleaseComplete:           "PDU session release complete",
	TypeSMStatus:                            "5GSM status",
}

// String is the name of the message in lower case.
func (t SMMessageType) String() string {
	if int(t) < len(smMessageNames) && smMessageNames[t] != "" {
		return smMessageNames[t]
	}
	return fmt.Sprintf("5GSM message type %#02x", uint8(t))
}

// newSMMessage is an empty message of the type, or nil if there is none.
func newSMMessage(t SMMessageType) SMMessage {
	switch t {
	case TypePDUSessionEstablishmentRequest:
		return new(PDUSessionEstablishmentRequest)
	case TypePDUSessionEstablishmentAccept:
		return new(PDUSessionEstablishmentAccept)
	case TypePDUSessionEstablishmentReject:
		return new(PDUSessionEstablishmentReject)
	case TypePDUSessionAuthenticationCommand:
		return new(PDUSessionAuthenticationCommand)
	case TypePDUSessionAuthenticationComplete:
		return new(PDUSessionAuthenticationComplete)
	case TypePDUSessionAuthenticationResult:
		return new(PDUSessionAuthenticationResult)
	case TypePDUSessionModificationRequest:
		return new(PDUSessionModificationRequest)
	case TypePDUSessionModificationReject:
		return new(PDUSessionModificationReject)
	case TypePDUSessionModificationCommand:
		return new(PDUSessionModificationCommand)
	case TypePDUSessionModificationComplete:
		return new(PDUSessionModificationComplete)
	case TypePDUSessionModificationCommandReject:
		return new(PDUSessionModificationCommandReject)
	case TypePDUSessionReleaseRequest:
		return new(PDUSessionReleaseRequest)
	case TypePDUSessionReleaseReject:
		return new(PDUSessionReleaseReject)
	case TypePDUSessionReleaseCommand:
		return new(PDUSessionReleaseCommand)
	case TypePDUSessionReleaseComplete:
		return new(PDUSessionReleaseComplete)
	case TypeSMStatus:
		return new(SMStatus)
	}
	return nil
}
