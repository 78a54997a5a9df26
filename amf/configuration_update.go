package amf

import (
	"slices"
	"time"

	"cordon/wire/nas"
	"cordon/wire/ngap"
)

// informNames tells the device the network's names and the time (TS 24.501 §5.4.4). Nothing in it
// needs an acknowledgement.
func (a *AMF) informNames(c *conn) {
	m := &nas.ConfigurationUpdateCommand{FullName: a.cfg.FullName, ShortName: a.cfg.ShortName}
	if year := a.now.UTC().Year(); a.cfg.NITZ && year >= 2000 && year < 2100 { // what can be told
		_, offset := a.now.Zone()
		zone := nas.TimeZone(time.Duration(offset) * time.Second / (15 * time.Minute))
		m.Zone = &zone
		m.Time = &nas.UniversalTime{Time: a.now.UTC().Truncate(time.Second), Zone: zone}
	}
	if m.FullName != "" || m.ShortName != "" || m.Time != nil {
		a.sendNAS(c, m)
	}
}

// reallocate gives the device a new temporary identity on a connection that stands; the former
// is good until it acknowledges.
func (a *AMF) reallocate(c *conn) {
	u := c.ue
	a.rename(u)
	a.save(u)
	guti := a.guti(u)
	ack := nas.AcknowledgementRequested
	m := &nas.ConfigurationUpdateCommand{Indication: &ack, GUTI: &guti}
	a.command(c, m, t3555)
}

// command sends a command that the device acknowledges in time.
func (a *AMF) command(c *conn, m *nas.ConfigurationUpdateCommand, wait time.Duration) {
	c.update, c.updates = slices.Clone(a.encode(m)), 1
	a.start(c, timerUpdate, wait)
	a.sendPlain(c, c.update)
}

// retryUpdate is T3555.
func (a *AMF) retryUpdate(c *conn) {
	if c.update == nil && !c.evicted || c.ue == nil {
		a.drop(ReasonStale)
		return
	}
	if c.updates < tries && !c.evicted {
		c.updates++
		a.start(c, timerUpdate, t3555)
		a.sendPlain(c, c.update)
		return
	}
	// Which identity the device has shows at its next message (TS 24.501 §5.4.4.6 a).
	c.update = nil
	a.drop(ReasonNoAnswer)
	cause := ngap.CauseNASUnspecified
	if c.evicted {
		cause = ngap.CauseRadioReleaseDueTo5GCGeneratedReason
	}
	a.release(c, cause)
}

// configurationUpdateComplete is the device's acknowledgement.
func (a *AMF) configurationUpdateComplete(c *conn) {
	if c.update == nil {
		a.unexpected(c)
		return
	}
	c.update = nil
	a.stop(c, timerUpdate)
	if c.evicted {
		a.release(c, ngap.CauseRadioReleaseDueTo5GCGeneratedReason)
		return
	}
	a.confirm(c.ue)
	a.save(c.ue)
	a.idle(c)
}
