package nas

// ProtocolOption is one protocol or container of the protocol configuration options that
// device and data network exchange (TS 24.008 §10.5.6.3).
type ProtocolOption struct {
	ID      OptionID
	Content []byte
}

// OptionID names a protocol, or a container from the device or, where it then answers, to
// it.
type OptionID uint16

const (
	OptionIPCP            OptionID = 0x8021
	OptionPAP             OptionID = 0xc023
	OptionCHAP            OptionID = 0xc223
	OptionPCSCFv6         OptionID = 0x0001
	OptionDNSv6           OptionID = 0x0003
	OptionNotSupported    OptionID = 0x0004
	OptionByNAS           OptionID = 0x000a // address allocation through NAS signalling
	OptionByDHCPv4        OptionID = 0x000b
	OptionPCSCFv4         OptionID = 0x000c
	OptionDNSv4           OptionID = 0x000d
	OptionMTUv4           OptionID = 0x0010 // link MTU, two octets
	OptionPCSCFReselect   OptionID = 0x0012
	OptionPDUSessionID    OptionID = 0x001a
	OptionMTUEthernet     OptionID = 0x0020
	OptionMTUUnstructured OptionID = 0x0021
	OptionQoSRules        OptionID = 0x0023 // two-octet length when sent by the network
	OptionQoSFlows        OptionID = 0x0024 // two-octet length when sent by the network
	OptionATSSS           OptionID = 0x0030 // two-octet length when sent by the network
	OptionDNSSecurity     OptionID = 0x0031 // two-octet length when sent by the network
	OptionECS             OptionID = 0x0032 // two-octet length when sent by the network
)

// long reports whether a container from the network has a length of two octets.
func (id OptionID) long() bool {
	switch id {
	case OptionQoSRules, OptionQoSFlows, OptionATSSS, OptionDNSSecurity, OptionECS:
		return true
	}
	return false
}

// pcoPPP is an extension bit and the configuration protocol, PPP for use with IP.
const pcoPPP = 0x80

// optionsFromDevice is the extended protocol configuration options of a device.
func optionsFromDevice(c *coder, p *[]ProtocolOption) { options(c, p, false) }

// optionsFromNetwork is those of the network, in which some lengths are of two octets.
func optionsFromNetwork(c *coder, p *[]ProtocolOption) { options(c, p, true) }

func options(c *coder, p *[]ProtocolOption, network bool) {
	head := uint8(pcoPPP)
	u8(c, &head)
	each(c, p, func(c *coder, o *ProtocolOption) {
		u16(c, &o.ID)
		if c.writing {
			if network && o.ID.long() {
				c.check(len(o.Content) <= 65535)
				c.put(byte(len(o.Content) >> 8))
			} else {
				c.check(len(o.Content) <= 255)
			}
			c.put(byte(len(o.Content)))
			c.put(o.Content...)
			return
		}
		n := 0
		if network && o.ID.long() {
			n = int(c.get()) << 8
		}
		n |= int(c.get())
		o.Content = append([]byte(nil), c.take(n)...)
	})
}
