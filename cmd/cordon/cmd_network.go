package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cordon/console"
	"cordon/ident"
)

func status(c *call) error {
	api, err := c.remote(0)
	if err != nil {
		return err
	}
	var st console.Status
	if err := api.get("/v1/status", &st); err != nil {
		return err
	}
	if api.json {
		return printJSON(c.out, st)
	}
	health := "well"
	if !st.Store.OK {
		health = st.Store.Problem
	}
	return facts(c.out,
		"network", st.Name+", PLMN "+strings.Join(st.PLMNs, ", "),
		"running", fmt.Sprintf("since %s, version %s", st.Started.Format(time.DateTime), st.Version),
		"radios", strconv.Itoa(st.Radios),
		"devices", fmt.Sprintf("%d registered, %d connected", st.Devices, st.Attached),
		"sessions", strconv.Itoa(st.Sessions),
		"N2", st.N2, "N3", st.N3, "N6", st.N6,
		"store", fmt.Sprintf("%s, %d changes to write", health, st.Store.Pending),
	)
}

func radioList(c *call) error {
	api, err := c.remote(0)
	if err != nil {
		return err
	}
	var list console.Radios
	if err := api.get("/v1/radios", &list); err != nil {
		return err
	}
	if api.json {
		return printJSON(c.out, list)
	}
	var rows [][]string
	for _, r := range list.Radios {
		rows = append(rows, []string{r.ID, r.Name, r.Address.String(), strings.Join(r.TAIs, ","), strings.Join(r.Slices, ","), r.Profile,
			strconv.Itoa(r.Devices), ago(r.Since)})
	}
	return table(c.out, "RADIO NAME ADDRESS AREAS SLICES PROFILE DEVICES CONNECTED", rows)
}

func radioReset(c *call) error {
	api, err := c.remote(1)
	if err != nil {
		return err
	}
	ask, err := json.Marshal(map[string]string{"id": c.args[0]})
	if err != nil {
		return err
	}
	var done map[string]string
	if err := api.ask(http.MethodPost, "/v1/radios/reset", "application/json", bytes.NewReader(ask), &done); err != nil || !api.json {
		return err
	}
	return printJSON(c.out, done)
}

// everyPage asks for the pages of a list until there is no next.
func everyPage(api *client, path string, page func(path string) (next string, err error)) error {
	for next := ""; ; {
		q := url.Values{"limit": {"1000"}}
		if next != "" {
			q.Set("after", next)
		}
		n, err := page(path + "?" + q.Encode())
		if err != nil || n == "" {
			return err
		}
		if n == next {
			return fmt.Errorf("%s repeats a page: see --api", api.base)
		}
		next = n
	}
}

func deviceList(c *call) error {
	api, err := c.remote(0)
	if err != nil {
		return err
	}
	all := console.Devices{Devices: []console.Device{}}
	err = everyPage(api, "/v1/devices", func(path string) (string, error) {
		var page console.Devices
		err := api.get(path, &page)
		all.Devices = append(all.Devices, page.Devices...)
		return page.Next, err
	})
	if err != nil {
		return err
	}
	if api.json {
		return printJSON(c.out, all)
	}
	var rows [][]string
	for _, d := range all.Devices {
		rows = append(rows, []string{imsi(d.SUPI), d.State, yesNo(d.Connected), d.Radio, d.TAI, d.GUTI, strconv.Itoa(len(d.Sessions)), ago(d.LastSeen)})
	}
	return table(c.out, "IMSI STATE CONNECTED RADIO AREA GUTI SESSIONS SEEN", rows)
}

func imsi(s console.SUPI) string { return ident.SUPI(s).IMSI() }

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// named is the path of the subscriber or device that the first argument names.
func (c *call) named(under string) (path string, err error) {
	id, err := ident.ParseSUPI(c.args[0])
	if err != nil {
		return "", misused("%v", err)
	}
	return under + "imsi-" + id.IMSI(), nil
}

func deviceShow(c *call) error {
	api, err := c.remote(1)
	if err != nil {
		return err
	}
	path, err := c.named("/v1/devices/")
	if err != nil {
		return err
	}
	var d console.Device
	if err := api.get(path, &d); err != nil {
		return err
	}
	if api.json {
		return printJSON(c.out, d)
	}
	if err := facts(c.out, "IMSI", imsi(d.SUPI), "state", d.State, "connected", yesNo(d.Connected), "radio", d.Radio, "area", d.TAI, "cell", d.Cell,
		"GUTI", d.GUTI, "plan", d.Plan, "slices", strings.Join(d.Slices, ", "), "algorithms", d.Algorithms,
		"registered", ago(d.Registered), "seen", ago(d.LastSeen)); err != nil || len(d.Sessions) == 0 {
		return err
	}
	fmt.Fprintln(c.out)
	return sessionTable(c, d.Sessions)
}

func deviceDeregister(c *call) error {
	api, err := c.remote(1)
	if err != nil {
		return err
	}
	path, err := c.named("/v1/devices/")
	if err != nil {
		return err
	}
	var done map[string]string
	if err := api.ask(http.MethodPost, path+"/deregister", "", nil, &done); err != nil || !api.json {
		return err
	}
	return printJSON(c.out, done)
}

func sessionRelease(c *call) error {
	api, err := c.remote(2)
	if err != nil {
		return err
	}
	psi := c.args[1]
	path, err := c.named("/v1/devices/")
	if err != nil {
		return err
	}
	var done map[string]string
	if err := api.ask(http.MethodPost, path+"/sessions/"+url.PathEscape(psi)+"/release", "", nil, &done); err != nil || !api.json {
		return err
	}
	return printJSON(c.out, done)
}

func sessionList(c *call) error {
	api, err := c.remote(0)
	if err != nil {
		return err
	}
	all := console.Sessions{Sessions: []console.Session{}}
	err = everyPage(api, "/v1/sessions", func(path string) (string, error) {
		var page console.Sessions
		err := api.get(path, &page)
		all.Sessions = append(all.Sessions, page.Sessions...)
		return page.Next, err
	})
	if err != nil {
		return err
	}
	if api.json {
		return printJSON(c.out, all)
	}
	return sessionTable(c, all.Sessions)
}

func sessionTable(c *call, list []console.Session) error {
	var rows [][]string
	for _, s := range list {
		address := ""
		if s.Address.IsValid() {
			address = s.Address.String()
		}
		rows = append(rows, []string{imsi(s.SUPI), strconv.Itoa(int(s.ID)), s.State, string(s.DNN), s.Slice, address, octets(s.Uplink.Bytes), octets(s.Downlink.Bytes), ago(s.Since)})
	}
	return table(c.out, "IMSI ID STATE DNN SLICE ADDRESS UPLINK DOWNLINK SINCE", rows)
}
