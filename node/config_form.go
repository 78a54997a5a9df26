package node

import "cordon/document"

// fields is the file's form: each name and what it sets.
func (c *Config) fields() []document.Entry {
	return []document.Entry{
		document.Field("name", document.Text(&c.Name)),
		document.Field("plmn", readPLMN(&c.PLMN)),
		document.Field("amf", document.Section(
			document.Field("region", document.Int(&c.AMF.Region, 0, 255)),
			document.Field("set", document.Int(&c.AMF.Set, 0, 1023)),
			document.Field("pointer", document.Int(&c.AMF.Pointer, 0, 63)),
			document.Field("capacity", document.Int(&c.AMF.Capacity, 0, 255)),
		)),
		document.Field("tacs", document.List(&c.TACs, readTAC)),
		document.Field("slices", document.List(&c.Slices, readSlice)),
		document.Field("networks", document.List(&c.Networks, (*NetworkConfig).read)),
		document.Field("plans", document.List(&c.Plans, readPlan)),
		document.Field("default_plan", document.Text(&c.DefaultPlan)),
		document.Field("n2", document.Section(
			document.Field("address", document.Endpoint(&c.N2.Address)),
			document.Field("sctp", readSCTP(&c.N2.SCTP)),
			document.Field("udp_port", document.Int(&c.N2.UDPPort, 1, 65535)),
			document.Field("strict_streams", document.Bool(&c.N2.StrictStreams)),
		)),
		document.Field("n3", c.N3.read()),
		document.Field("n6", c.N6.read()),
		document.Field("fast", c.Fast.read()),
		document.Field("n4", document.Section(
			document.Field("node_id", readNodeID(&c.N4.NodeID)),
			document.Field("address", document.Endpoint(&c.N4.Address)),
		)),
		document.Field("wireguard", c.WireGuard.read()),
		document.Field("user_planes", document.List(&c.UserPlanes, (*UserPlaneConfig).read)),
		document.Field("security", c.Security.read()),
		document.Field("timers", document.Section(
			document.Field("t3512", document.Duration(&c.Timers.T3512)),
			document.Field("t3502", document.Duration(&c.Timers.T3502)),
			document.Field("t3346", document.Duration(&c.Timers.T3346)),
		)),
		document.Field("network_name", document.Section(
			document.Field("full", document.Text(&c.NetworkName.Full)),
			document.Field("short", document.Text(&c.NetworkName.Short)),
			document.Field("nitz", document.Bool(&c.NetworkName.NITZ)),
		)),
		document.Field("ims_voice", document.Bool(&c.IMSVoice)),
		document.Field("radios", document.List(&c.Radios, (*RadioConfig).read)),
		document.Field("trust", c.Trust.read()),
		document.Field("store", document.Section(
			document.Field("path", document.Text(&c.Store.Path)),
			document.Field("key_file", document.Text(&c.Store.KeyFile)),
		)),
		document.Field("evidence", document.Section(
			document.Field("path", document.Text(&c.Evidence.Path)),
			document.Field("key_file", document.Text(&c.Evidence.KeyFile)),
			document.Field("pseudonym_key_file", document.Text(&c.Evidence.PseudonymFile)),
			document.Field("origin", document.Text(&c.Evidence.Origin)),
		)),
		document.Field("api", c.API.read()),
		document.Field("limits", document.Section(
			document.Field("devices", document.Int(&c.Limits.Devices, 1, 1<<24)),
			document.Field("half_open", document.Int(&c.Limits.HalfOpen, 1, 1<<20)),
			document.Field("radios", document.Int(&c.Limits.Radios, 1, 1<<16)),
			document.Field("radios_per_prefix", document.Int(&c.Limits.PerPrefix, 1, 1<<16)),
			document.Field("sessions", document.Int(&c.Limits.Sessions, 1, 1<<20)),
		)),
		document.Field("log", c.Log.read()),
	}
}

func (c *N3Config) read() document.Reading {
	return document.Section(
		document.Field("address", document.Endpoint(&c.Address)),
		document.Field("advertise", document.Address(&c.Advertise)),
		document.Field("radios", document.List(&c.Radios, document.Prefix)),
		document.Field("echo_every", document.Duration(&c.EchoEvery)),
	)
}

func (c *N6Config) read() document.Reading {
	return document.Section(
		document.Field("mode", readN6(&c.Mode)),
		document.Field("device", document.Text(&c.Device)),
		document.Field("dns", document.Endpoint(&c.DNS)),
		document.Field("forbidden", document.List(&c.Forbidden, document.Prefix)),
		document.Field("services", document.List(&c.Services, (*ServiceConfig).read)),
		document.Field("nat", c.NAT.read()),
		document.Field("ue_to_ue", document.Bool(&c.UEToUE)),
		document.Field("echo", document.Endpoint(&c.Echo)),
		document.Field("echo6", document.Endpoint(&c.Echo6)),
	)
}

func (c *APIConfig) read() document.Reading {
	return document.Section(
		document.Field("listen", document.Endpoint(&c.Listen)),
		document.Field("token_file", document.Text(&c.TokenFile)),
	)
}

func (c *LogConfig) read() document.Reading {
	return document.Section(
		document.Field("level", readLogLevel(&c.Level)),
		document.Field("format", readLogFormat(&c.JSON)),
	)
}

func (c *NetworkConfig) read() document.Reading {
	return document.Section(append(c.ranged(), document.Field("dns", document.List(&c.DNS, document.Address)))...)
}

// readPools reads a network as a user plane knows it, which tells devices nothing.
func (c *NetworkConfig) readPools() document.Reading { return document.Section(c.ranged()...) }

func (c *NetworkConfig) ranged() []document.Entry {
	c.MTU = 1400
	return []document.Entry{
		document.Field("name", readDNN(&c.Name)),
		document.Field("pool", document.Prefix(&c.Pool)),
		document.Field("pool6", document.Prefix(&c.Pool6)),
		document.Field("nat", document.Bool(&c.NAT)),
		document.Field("mtu", document.Int(&c.MTU, 1280, 9000)),
		document.Field("ethernet", c.readEthernet()),
	}
}

func (c *ServiceConfig) read() document.Reading {
	return document.Section(
		document.Field("address", document.Endpoint(&c.Address)),
		document.Field("protocol", document.Choice(&c.Protocol, "tcp", "udp")),
	)
}

func (c *SecurityConfig) read() document.Reading {
	return document.Section(
		document.Field("integrity", document.List(&c.Integrity, func(to *uint8) document.Reading { return readAlgorithm(to, "nia") })),
		document.Field("ciphering", document.List(&c.Ciphering, func(to *uint8) document.Reading { return readAlgorithm(to, "nea") })),
		document.Field("home_keys", document.List(&c.Keys, (*HomeKeyConfig).read)),
		document.Field("null_scheme", document.Bool(&c.NullScheme)),
	)
}

func (c *HomeKeyConfig) read() document.Reading {
	return document.Section(
		document.Field("id", document.Int(&c.ID, 0, 255)),
		document.Field("profile", readScheme(&c.Profile)),
		document.Field("file", document.Text(&c.File)),
	)
}

func (c *RadioConfig) read() document.Reading {
	return document.Section(
		document.Field("gnb", readGNB(&c.GNB)),
		document.Field("name", document.Text(&c.Name)),
		document.Field("profile", document.Text(&c.Profile)),
	)
}
