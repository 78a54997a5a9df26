package trust

import (
	"cordon/geo"
	"cordon/ident"
	"cordon/rules"
)

// The fields of every kind of record. What is read, exported and told to editors is what stands here.

var vendorFields = []field[rules.Vendor]{
	needed("name", "What records and rules call it: lower case, digits, hyphens.", slug, func(v *rules.Vendor) *string { return &v.Name }),
	at("title", "What people call it.", line, func(v *rules.Vendor) *string { return &v.Title }),
	at("aliases", "Other names in notices and inventories.", list(name), func(v *rules.Vendor) *[]string { return &v.Aliases }),
	at("parent", "The vendor that controls it; absent for the head of a group.", slug, func(v *rules.Vendor) *string { return &v.Parent }),
	at("country", "Where control of it lies (ISO 3166).", country, func(v *rules.Vendor) *string { return &v.Country }),
	at("classes", "What you state that a regime classes it. It adds to what the regime says itself, and the stricter counts.", sections(classFields), func(v *rules.Vendor) *[]rules.Classing { return &v.Classes }),
}

var classFields = []field[rules.Classing]{
	at("regime", "The regime's name; absent for every one.", slug, func(c *rules.Classing) *string { return &c.Regime }),
	needed("class", "standard, trusted or high-risk.", class, func(c *rules.Classing) *rules.Class { return &c.Class }),
	at("notice", "What it rests on.", line, func(c *rules.Classing) *string { return &c.Notice }),
	at("from", "First day on which it holds; absent for always.", date, func(c *rules.Classing) *rules.Date { return &c.From }),
}

var siteFields = []field[rules.Site]{
	needed("name", "What elements call it.", name, func(s *rules.Site) *string { return &s.Name }),
	at("title", "What people call it.", line, func(s *rules.Site) *string { return &s.Title }),
	at("country", "Where it is (ISO 3166).", country, func(s *rules.Site) *string { return &s.Country }),
	siteAt,
}

var zoneFields = append([]field[rules.Zone]{
	needed("name", "Its name.", name, func(z *rules.Zone) *string { return &z.Name }),
	at("title", "What people call it.", line, func(z *rules.Zone) *string { return &z.Title }),
	needed("purpose", "What it is for: sensitive (significant to national security), critical (safety-critical networks), territory (where sites can be at all), permitted (where an authority has permitted something), or a word of your own.",
		purpose, func(z *rules.Zone) *rules.Purpose { return &z.Purpose }),
}, lift(areaFields, func(z *rules.Zone) *geo.Area { return &z.Area })...)

var elementFields = []field[rules.Element]{
	needed("name", "Its name in this network.", name, func(e *rules.Element) *string { return &e.Name }),
	needed("functions", "What it does: function tags.", list(function), func(e *rules.Element) *[]rules.Function { return &e.Functions }),
	at("technology", "5g, 4g, fibre or transport.", choice("5g", "4g", "fibre", "transport"), func(e *rules.Element) *string { return &e.Technology }),
	at("vendor", "Its maker: the name of a vendor.", slug, func(e *rules.Element) *string { return &e.Vendor }),
	at("manager", "The vendor of its management system.", slug, func(e *rules.Element) *string { return &e.Manager }),
	at("support", "Vendors that support it.", list(slug), func(e *rules.Element) *[]string { return &e.Support }),
	at("software", "Vendors of software on it, beside the maker.", list(slug), func(e *rules.Element) *[]string { return &e.Software }),
	at("model", "What its maker calls it.", line, func(e *rules.Element) *string { return &e.Model }),
	at("version", "Version of its software.", name, func(e *rules.Element) *string { return &e.Version }),
	at("digest", "Of its software, as sha256: and 64 hexadecimal digits.", digest, func(e *rules.Element) *string { return &e.Digest }),
	at("site", "Where it stands: the name of a site.", name, func(e *rules.Element) *string { return &e.Site }),
	at("served", "The area that it serves: circle, or polygon and holes, as in a zone; absent is unknown.", area, func(e *rules.Element) *geo.Area { return &e.Served }),
	at("addresses", "Ranges that its own addresses lie in.", section(addressFields, noAddresses, nil), func(e *rules.Element) *rules.Addresses { return &e.Addresses }),
	elementNode,
	at("tacs", "Tracking area codes that it may broadcast.", list(tac), func(e *rules.Element) *[]ident.TAC { return &e.TACs }),
	at("plmns", "Networks that it may broadcast; absent is that of its node.", list(plmn), func(e *rules.Element) *[]ident.PLMN { return &e.PLMNs }),
	at("slices", "Slices that it may offer.", list(slice), func(e *rules.Element) *[]ident.SNSSAI { return &e.Slices }),
	at("fingerprint", "SHA-256 of its certificate.", fingerprint, func(e *rules.Element) *string { return &e.Fingerprint }),
	at("wireguard", "Public key of its end of WireGuard, which carries N4 and N9 to it.", wireGuardKey, func(e *rules.Element) *string { return &e.WireGuard }),
	at("protection", "Of N4 and N9 to it: ipsec, wireguard, macsec or none; absent is unknown.", protection, func(e *rules.Element) *string { return &e.Protection }),
	at("purchased", "The day on which it was bought.", date, func(e *rules.Element) *rules.Date { return &e.Purchased }),
	at("installed", "The day on which it was installed.", date, func(e *rules.Element) *rules.Date { return &e.Installed }),
	at("like_for_like", "It is a repair or a spare that replaces the same.", yes, func(e *rules.Element) *bool { return &e.LikeForLike }),
	at("traffic", "Expected traffic, in a unit that is the same for all; absent is unknown.", amount, func(e *rules.Element) *float64 { return &e.Traffic }),
	at("premises", "Premises passed; absent is unknown.", amount, func(e *rules.Element) *float64 { return &e.Premises }),
	at("permits", "Authorities' leave to use it.", sections(permitFields), func(e *rules.Element) *[]rules.Permit { return &e.Permits }),
	at("support_end", "Last day on which it is supported.", date, func(e *rules.Element) *rules.Date { return &e.SupportEnd }),
	at("plan", "When it is replaced.", plan, func(e *rules.Element) **rules.Replacement { return &e.Plan }),
	at("management", "How it is managed; what is absent is unknown.", section(managementFields, func(m rules.Management) bool { return m == rules.Management{} }, nil),
		func(e *rules.Element) *rules.Management { return &e.Management }),
	at("tags", "Words of your own, for rules to select by.", list(name), func(e *rules.Element) *[]string { return &e.Tags }),
}

var addressFields = []field[rules.Addresses]{
	at("n2", "Of its signalling.", list(prefix), func(a *rules.Addresses) *prefixes { return &a.N2 }),
	at("n3", "Of its user plane; absent is those of n2.", list(prefix), func(a *rules.Addresses) *prefixes { return &a.N3 }),
	at("n4", "Of the control of its user plane.", list(prefix), func(a *rules.Addresses) *prefixes { return &a.N4 }),
	at("management", "Of its management.", list(prefix), func(a *rules.Addresses) *prefixes { return &a.Management }),
}

var permitFields = []field[rules.Permit]{
	needed("kind", "What the rule calls it: authorisation, certificate, mitigation, trusted-product.", slug, func(p *rules.Permit) *string { return &p.Kind }),
	at("by", "The authority.", name, func(p *rules.Permit) *string { return &p.By }),
	at("ref", "The authority's reference.", name, func(p *rules.Permit) *string { return &p.Ref }),
	at("version", "Software version that it covers; absent for all.", name, func(p *rules.Permit) *string { return &p.Version }),
	at("site", "Site that it covers; absent for all.", name, func(p *rules.Permit) *string { return &p.Site }),
	at("from", "First day.", date, func(p *rules.Permit) *rules.Date { return &p.From }),
	at("until", "Last day; absent for no end.", date, func(p *rules.Permit) *rules.Date { return &p.Until }),
}

var planFields = []field[rules.Replacement]{
	needed("by", "The day by which it is replaced.", date, func(p *rules.Replacement) *rules.Date { return &p.By }),
	at("vendor", "Maker of what replaces it.", slug, func(p *rules.Replacement) *string { return &p.Vendor }),
	at("cost", "What that costs, in whole units of the currency.", whole[int64](0, 1e13), func(p *rules.Replacement) *int64 { return &p.Cost }),
	at("currency", "Of the cost (ISO 4217).", currency, func(p *rules.Replacement) *string { return &p.Currency }),
}

var managementFields = []field[rules.Management]{
	at("path", "mediated: only through your own mediation point; or direct.", choice("mediated", "direct"), func(m *rules.Management) *string { return &m.Path }),
	at("country", "From where (ISO 3166).", country, func(m *rules.Management) *string { return &m.Country }),
	at("staff", "The vendor whose staff do it; absent for your own.", slug, func(m *rules.Management) *string { return &m.Staff }),
	at("recorded", "Each session is recorded.", known, func(m *rules.Management) *rules.Known { return &m.Recorded }),
	at("months", "For how many months records are kept.", whole[int](1, 1200), func(m *rules.Management) *int { return &m.Months }),
	at("separated", "Its management network holds no other supplier's.", known, func(m *rules.Management) *rules.Known { return &m.Separated }),
	at("two_people", "Changes need a second person.", known, func(m *rules.Management) *rules.Known { return &m.TwoPeople }),
}

var linkFields = []field[rules.Link]{
	needed("name", "Its name.", name, func(l *rules.Link) *string { return &l.Name }),
	needed("a", "The element at one end.", name, func(l *rules.Link) *string { return &l.A }),
	needed("b", "The element at the other.", name, func(l *rules.Link) *string { return &l.B }),
	at("carrier", "Vendor or company whose line it is.", name, func(l *rules.Link) *string { return &l.Carrier }),
	at("kind", "fibre, microwave, leased or internet.", choice("fibre", "microwave", "leased", "internet"), func(l *rules.Link) *string { return &l.Kind }),
	at("protection", "ipsec, wireguard, macsec or none.", protection, func(l *rules.Link) *string { return &l.Protection }),
}
