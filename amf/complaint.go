package amf

import "cordon/wire/nas"

// maxComplaints is how many messages of one device a second are answered that ask for what
// cannot be. An honest device sends none; one that sends them without end would otherwise
// fill its radio's association with the answers and have it cut off, with everybody on it.
const maxComplaints = 16

// complain tells a device that a message of its was not acted on, unless it has been told
// often enough.
func (a *AMF) complain(c *conn, m nas.Message) {
	if second := a.now.Unix(); c.complained != second {
		c.complained, c.complaints = second, 0
	}
	if c.complaints >= maxComplaints {
		a.drop(ReasonTooMany)
		return
	}
	c.complaints++
	a.sendNAS(c, m)
}
