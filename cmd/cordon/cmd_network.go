package main

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cordon/console"
	"cordon/ident"
)

// glance is the network with the law that it obeys.
type glance struct {
	console.Status
	Law console.LawStatus `json:"law"`
}

func status(c *call) error {
	api, err := c.remote(0)
	if err != nil {
		return err
	}
	var st glance
	if err := api.get("/v1/status", &st.Status); err != nil {
		return err
	}
	if err := api.get("/v1/trust/law", &st.Law); err != nil {
		return err
	}
	return api.print(c.out, st, func() error {
		pairs := []string{
			"network", st.Name + ", PLMN " + strings.Join(st.PLMNs, ", "),
			"running", fmt.Sprintf("since %s, version %s", st.Started.Format(time.DateTime), st.Version),
			"radios", strconv.Itoa(st.Radios),
			"devices", fmt.Sprintf("%d registered, %d connected", st.Devices, st.Attached),
			"sessions", strconv.Itoa(st.Sessions),
			"N2", st.N2, "N3", st.N3, "N6", st.N6,
			"store", healthOf(st.Store, "changes"),
		}
		for _, u := range st.UserPlanes {
			pairs = append(pairs, "plane", planeState(u))
		}
		return facts(c.out, append(pairs, lawFacts(&st.Law)...)...)
	})
}

// planeState is a user plane at another site in a sentence.
func planeState(u console.UserPlane) string {
	state := "does not answer"
	switch {
	case u.Up:
		state = fmt.Sprintf("there, %d %% busy", u.Load)
	case u.Refuses:
		state = "refuses this core"
	}
	if !u.Since.IsZero() {
		state += ", since " + ago(u.Since)
	}
	if u.Barred {
		state += ", may not serve"
	}
	return fmt.Sprintf("%s: %s, %d sessions", u.Element, state, u.Sessions)
}

func healthOf(h console.Health, what string) string {
	health := "well"
	if !h.OK {
		health = h.Problem
	}
	return fmt.Sprintf("%s, %d %s to write", health, h.Pending, what)
}

// lawFacts is the law in force as names and values; of what needs an operator, only what there is.
func lawFacts(law *console.LawStatus) []string {
	var regimes []string
	for _, r := range law.Regimes {
		regimes = append(regimes, r.Name)
	}
	if regimes == nil {
		regimes = []string{"records alone, under no regime"}
	}
	pairs := []string{
		"law", fmt.Sprintf("%s, as of %s", strings.Join(regimes, ", "), law.AsOf),
		"elements", fmt.Sprintf("%d: %d refused, %d restricted", law.Elements, law.Refused, law.Restricted),
	}
	for _, o := range []struct {
		n    int
		name string
		what string
	}{
		{law.Pending, "pending", "without a record: \"cordon radio pending\""},
		{law.Draining, "draining", "being taken out of service"},
		{law.Cuts, "cuts", "in force: \"cordon cut list\""},
		{law.Findings, "findings", "that count: \"cordon finding list\""},
	} {
		if o.n > 0 {
			pairs = append(pairs, o.name, strconv.Itoa(o.n)+" "+o.what)
		}
	}
	if law.Problem != "" {
		first, more, several := strings.Cut(law.Problem, "\n")
		if several {
			first += fmt.Sprintf(" (and %d more)", 1+strings.Count(more, "\n"))
		}
		pairs = append(pairs, "refused", "the last change, so that the law before it stays: "+first)
	}
	return append(pairs, "evidence", healthOf(law.Evidence, "entries"))
}

func radioList(c *call) error {
	api, err := c.remote(0)
	if err != nil {
		return err
	}
	return show(api, c.out, "/v1/radios", func(list console.Radios) error {
		var rows [][]string
		for _, r := range list.Radios {
			rows = append(rows, []string{r.ID, r.Name, r.Address.String(), strings.Join(r.TAIs, ","), strings.Join(r.Slices, ","), r.Profile,
				strconv.Itoa(r.Devices), roundTrip(r.Paths), ago(r.Since)})
		}
		return table(c.out, "RADIO NAME ADDRESS AREAS SLICES PROFILE DEVICES ECHO CONNECTED", rows)
	})
}

// roundTrip is the time of the fastest echo over the slowest of a radio's paths; one that is silent counts for all.
func roundTrip(paths []console.PlanePeer) string {
	longest := 0.0
	for _, p := range paths {
		switch {
		case p.Sessions > 0 && p.Echo.Measured && p.Echo.Round == 0:
			return "silent"
		case p.Echo.Measured:
			longest = max(longest, p.Echo.Fastest)
		}
	}
	if longest == 0 {
		return "-"
	}
	return strconv.FormatFloat(longest, 'f', 1, 64) + " ms"
}

func radioReset(c *call) error {
	api, err := c.remote(1)
	if err != nil {
		return err
	}
	var done map[string]string
	if err := api.post("/v1/radios/reset", map[string]string{"id": c.args[0]}, &done); err != nil || !api.json {
		return err
	}
	return printJSON(c.out, done)
}

func deviceList(c *call) error {
	api, err := c.remote(0)
	if err != nil {
		return err
	}
	all, err := everyPage(api, "/v1/devices", func(l *console.Devices) (*[]console.Device, string) { return &l.Devices, l.Next })
	if err != nil {
		return err
	}
	return api.print(c.out, all, func() error {
		var rows [][]string
		for _, d := range all.Devices {
			rows = append(rows, []string{imsi(d.SUPI), d.State, yesNo(d.Connected), d.Radio, d.TAI, d.GUTI, strconv.Itoa(len(d.Sessions)), ago(d.LastSeen)})
		}
		return table(c.out, "IMSI STATE CONNECTED RADIO AREA GUTI SESSIONS SEEN", rows)
	})
}

func imsi(s console.SUPI) string { return ident.SUPI(s).IMSI() }

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func deviceShow(c *call) error {
	api, path, err := c.remoteOf(1, "/v1/devices/")
	if err != nil {
		return err
	}
	return show(api, c.out, path, func(d console.Device) error {
		if err := facts(c.out, "IMSI", imsi(d.SUPI), "state", d.State, "connected", yesNo(d.Connected), "radio", d.Radio, "area", d.TAI, "cell", d.Cell,
			"GUTI", d.GUTI, "plan", d.Plan, "slices", strings.Join(d.Slices, ", "), "algorithms", d.Algorithms,
			"registered", ago(d.Registered), "seen", ago(d.LastSeen)); err != nil || len(d.Sessions) == 0 {
			return err
		}
		fmt.Fprintln(c.out)
		return sessionTable(c, d.Sessions)
	})
}

func deviceDeregister(c *call) error {
	api, path, err := c.remoteOf(1, "/v1/devices/")
	if err != nil {
		return err
	}
	return api.act(c.out, http.MethodPost, path+"/deregister")
}

func sessionRelease(c *call) error {
	api, path, err := c.remoteOf(2, "/v1/devices/")
	if err != nil {
		return err
	}
	if id, err := strconv.Atoi(c.args[1]); err != nil || id < 1 || id > 15 {
		return misused("session %q: want its ID in \"cordon session list\", 1 to 15", c.args[1])
	}
	return api.act(c.out, http.MethodPost, path+"/sessions/"+c.args[1]+"/release")
}

func sessionList(c *call) error {
	api, err := c.remote(0)
	if err != nil {
		return err
	}
	all, err := everyPage(api, "/v1/sessions", func(l *console.Sessions) (*[]console.Session, string) { return &l.Sessions, l.Next })
	if err != nil {
		return err
	}
	return api.print(c.out, all, func() error { return sessionTable(c, all.Sessions) })
}

func sessionTable(c *call, list []console.Session) error {
	var rows [][]string
	for _, s := range list {
		state := s.State
		if s.Sealed {
			state += ", sealed"
		}
		var addresses []string
		if s.Address.IsValid() {
			addresses = append(addresses, s.Address.String())
		}
		if s.Prefix.IsValid() {
			addresses = append(addresses, s.Prefix.String())
		}
		rows = append(rows, []string{imsi(s.SUPI), strconv.Itoa(int(s.ID)), state, string(s.DNN), s.Slice, strings.Join(addresses, " "),
			octets(s.Uplink.Bytes), octets(s.Downlink.Bytes), ago(s.Since)})
	}
	return table(c.out, "IMSI ID STATE DNN SLICE ADDRESS UPLINK DOWNLINK SINCE", rows)
}
