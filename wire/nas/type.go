package nas

import "fmt"

// MessageType is the type of a 5GMM message (TS 24.501 table 9.7.1).
type MessageType uint8

const (
	TypeRegistrationRequest          MessageType = 0x41
	TypeRegistrationAccept           MessageType = 0x42
	TypeRegistrationComplete         MessageType = 0x43
	TypeRegistrationReject           MessageType = 0x44
	TypeDeregistrationRequestUE      MessageType = 0x45
	TypeDeregistrationAcceptUE       MessageType = 0x46
	TypeDeregistrationRequestNetwork MessageType = 0x47
	TypeDeregistrationAcceptNetwork  MessageType = 0x48
	TypeServiceRequest               MessageType = 0x4c
	TypeServiceReject                MessageType = 0x4d
	TypeServiceAccept                MessageType = 0x4e
	TypeControlPlaneServiceRequest   MessageType = 0x4f
	TypeConfigurationUpdateCommand   MessageType = 0x54
	TypeConfigurationUpdateComplete  MessageType = 0x55
	TypeAuthenticationRequest        MessageType = 0x56
	TypeAuthenticationResponse       MessageType = 0x57
	TypeAuthenticationReject         MessageType = 0x58
	TypeAuthenticationFailure        MessageType = 0x59
	TypeAuthenticationResult         MessageType = 0x5a
	TypeIdentityRequest              MessageType = 0x5b
	TypeIdentityResponse             MessageType = 0x5c
	TypeSecurityModeCommand          MessageType = 0x5d
	TypeSecurityModeComplete         MessageType = 0x5e
	TypeSecurityModeReject           MessageType = 0x5f
	TypeMMStatus                     MessageType = 0x64
	TypeNotification                 MessageType = 0x65
	TypeNotificationResponse         MessageType = 0x66
	TypeULNASTransport               MessageType = 0x67
	TypeDLNASTransport               MessageType = 0x68
)

var messageNames = [...]string{
	TypeRegistrationRequest:          "registration request",
	TypeRegistrationAccept:           "registration accept",
	TypeRegistrationComplete:         "registration complete",
	TypeRegistrationReject:           "registration reject",
	TypeDeregistrationRequestUE:      "deregistration request (UE originating)",
	TypeDeregistrationAcceptUE:       "deregistration accept (UE originating)",
	TypeDeregistrationRequestNetwork: "deregistration request (UE terminated)",
	TypeDeregistrationAcceptNetwork:  "deregistration accept (UE terminated)",
	TypeServiceRequest:               "service request",
	TypeServiceReject:                "service reject",
	TypeServiceAccept:                "service accept",
	TypeControlPlaneServiceRequest:   "control plane service request",
	TypeConfigurationUpdateCommand:   "configuration update command",
	TypeConfigurationUpdateComplete:  "configuration update complete",
	TypeAuthenticationRequest:        "authentication request",
	TypeAuthenticationResponse:       "authentication response",
	TypeAuthenticationReject:         "authentication reject",
	TypeAuthenticationFailure:        "authentication failure",
	TypeAuthenticationResult:         "authentication result",
	TypeIdentityRequest:              "identity request",
	TypeIdentityResponse:             "identity response",
	TypeSecurityModeCommand:          "security mode command",
	TypeSecurityModeComplete:         "security mode complete",
	TypeSecurityModeReject:           "security mode reject",
	TypeMMStatus:                     "5GMM status",
	TypeNotification:                 "notification",
	TypeNotificationResponse:         "notification response",
	TypeULNASTransport:               "UL NAS transport",
	TypeDLNASTransport:               "DL NAS transport",
}

// String is the name of the message in lower case.
func (t MessageType) String() string {
	if int(t) < len(messageNames) && messageNames[t] != "" {
		return messageNames[t]
	}
	return fmt.Sprintf("5GMM message type %#02x", uint8(t))
}

// newMessage is an empty message of the type, or nil if there is none.
func newMessage(t MessageType) Message {
	switch t {
	case TypeRegistrationRequest:
		return new(RegistrationRequest)
	case TypeRegistrationAccept:
		return new(RegistrationAccept)
	case TypeRegistrationComplete:
		return new(RegistrationComplete)
	case TypeRegistrationReject:
		return new(RegistrationReject)
	case TypeDeregistrationRequestUE:
		return new(DeregistrationRequestUE)
	case TypeDeregistrationAcceptUE:
		return new(DeregistrationAcceptUE)
	case TypeDeregistrationRequestNetwork:
		return new(DeregistrationRequestNetwork)
	case TypeDeregistrationAcceptNetwork:
		return new(DeregistrationAcceptNetwork)
	case TypeServiceRequest:
		return new(ServiceRequest)
	case TypeServiceReject:
		return new(ServiceReject)
	case TypeServiceAccept:
		return new(ServiceAccept)
	case TypeControlPlaneServiceRequest:
		return new(ControlPlaneServiceRequest)
	case TypeConfigurationUpdateCommand:
		return new(ConfigurationUpdateCommand)
	case TypeConfigurationUpdateComplete:
		return new(ConfigurationUpdateComplete)
	case TypeAuthenticationRequest:
		return new(AuthenticationRequest)
	case TypeAuthenticationResponse:
		return new(AuthenticationResponse)
	case TypeAuthenticationReject:
		return new(AuthenticationReject)
	case TypeAuthenticationFailure:
		return new(AuthenticationFailure)
	case TypeAuthenticationResult:
		return new(AuthenticationResult)
	case TypeIdentityRequest:
		return new(IdentityRequest)
	case TypeIdentityResponse:
		return new(IdentityResponse)
	case TypeSecurityModeCommand:
		return new(SecurityModeCommand)
	case TypeSecurityModeComplete:
		return new(SecurityModeComplete)
	case TypeSecurityModeReject:
		return new(SecurityModeReject)
	case TypeMMStatus:
		return new(MMStatus)
	case TypeNotification:
		return new(Notification)
	case TypeNotificationResponse:
		return new(NotificationResponse)
	case TypeULNASTransport:
		return new(ULNASTransport)
	case TypeDLNASTransport:
		return new(DLNASTransport)
	}
	return nil
}
