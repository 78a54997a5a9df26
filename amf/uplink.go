package amf

import (
	"errors"

	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// uplink is a NAS message on a connection that exists.
func (a *AMF) uplink(c *conn, pdu []byte) {
	switch {
	case c.state == stateReleasing:
		a.drop(ReasonState)
	case c.state == stateSecurity:
		a.uplinkSecurity(c, pdu)
	case c.ue != nil:
		a.uplinkProven(c, pdu)
	default:
		a.uplinkOpen(c, pdu)
	}
}

// uplinkOpen is a message of a device that has proven nothing. Only what TS 24.501 §4.4.4.3
// lists is processed, and it can touch nothing but this connection.
func (a *AMF) uplinkOpen(c *conn, pdu []byte) {
	plain, kind, ok := a.peel(pdu)
	if !ok {
		a.drop(ReasonMalformed)
		return
	}
	m, _, err := nas.Parse(plain) // under the null cipher a ciphered one can be read as well
	switch {
	case err != nil && kind.Ciphered() && (c.state == stateIdentity || c.state == stateAuth):
		// It answers under keys that are not known here. Told so, it begins without them.
		a.drop(ReasonUnprotected)
		a.reject(c, nas.CauseIdentityUnderivable)
		return
	case err != nil:
		a.drop(ReasonMalformed)
		return
	}
	switch m := m.(type) {
	case *nas.RegistrationRequest:
		a.repeated(c, m)
	case *nas.IdentityResponse:
		a.identityResponse(c, m)
	case *nas.AuthenticationResponse:
		a.authenticationResponse(c, m)
	case *nas.AuthenticationFailure:
		a.authenticationFailure(c, m)
	case *nas.SecurityModeReject:
		a.securityModeReject(c, m)
	case *nas.DeregistrationRequestUE:
		a.deregistrationRequest(c, m)
	default:
		a.drop(ReasonUnprotected)
	}
}

// repeated is a request to register on a connection where one is in hand. A device that sends
// it anew begins anew, a few times.
func (a *AMF) repeated(c *conn, m *nas.RegistrationRequest) {
	if c.restarts++; c.restarts > maxRestarts {
		a.drop(ReasonRefused)
		a.release(c, ngap.CauseNASUnspecified)
		return
	}
	a.procedure(c, stateNew)
	c.auth = nil
	a.registrationRequest(c, m, false, 0)
}

// maxRestarts is how often a device may begin anew on one connection before it proves
// anything.
const maxRestarts = 3

// uplinkProven is a message of a device whose keys are in use: it is protected with them
// or dropped (TS 24.501 §4.4.4.3).
func (a *AMF) uplinkProven(c *conn, pdu []byte) {
	plain, ok := a.unprotect(c, pdu)
	if !ok {
		return
	}
	m, _, err := nas.Parse(plain)
	if err != nil {
		a.drop(ReasonMalformed)
		if cause := statusCause(err); cause != 0 {
			a.complain(c, &nas.MMStatus{Cause: cause})
		}
		return
	}
	a.proven(c, m)
	a.renewKeys(c)
}

// again is a request to register on a connection that has its device already: the device has
// moved, its time is up, or it did not hear the answer. What was in hand gives way.
func (a *AMF) again(c *conn, m *nas.RegistrationRequest) {
	if c.state == stateLeaving {
		a.drop(ReasonState)
		return
	}
	c.auth, c.act = nil, nil
	a.stop(c, timerActivation)
	a.procedure(c, stateReady)
	a.registrationRequest(c, m, true, c.ue.sec.Uplink-1)
}

// proven deals with a message that has passed its integrity check. What does not fit the state
// is answered with 5GMM STATUS and changes nothing (TS 24.501 §7.4).
func (a *AMF) proven(c *conn, m nas.Message) {
	switch m := m.(type) {
	case *nas.RegistrationRequest:
		a.again(c, m)
	case *nas.RegistrationComplete:
		a.registrationComplete(c)
	case *nas.ServiceRequest:
		a.serviceRequest(c, m, true, c.ue.sec.Uplink-1)
	case *nas.DeregistrationRequestUE:
		a.deregistrationRequest(c, m)
	case *nas.DeregistrationAcceptNetwork:
		a.deregistrationAccept(c)
	case *nas.IdentityResponse:
		a.identityResponse(c, m)
	case *nas.AuthenticationResponse:
		a.authenticationResponse(c, m)
	case *nas.AuthenticationFailure:
		a.authenticationFailure(c, m)
	case *nas.ConfigurationUpdateComplete:
		a.configurationUpdateComplete(c)
	case *nas.SecurityModeReject:
		a.securityModeReject(c, m)
	case *nas.ULNASTransport:
		a.transport(c, m)
	case *nas.MMStatus:
		a.drop(ReasonReported)
	default:
		a.unexpected(c)
	}
}

// unexpected is a message that is not compatible with the state.
func (a *AMF) unexpected(c *conn) {
	a.drop(ReasonState)
	if c.ue != nil && c.state != stateReleasing {
		a.complain(c, &nas.MMStatus{Cause: nas.CauseWrongTypeState})
	}
}

// statusCause is what a device is told of a message that could not be decoded; 0 is nothing.
func statusCause(err error) nas.Cause {
	if e, ok := errors.AsType[*nas.DecodeError](err); ok {
		return e.Cause
	}
	return 0
}
