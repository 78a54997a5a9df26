package node

import (
	"context"
	"errors"
	"io/fs"
	"testing"
	"time"

	"cordon/ident"
	"cordon/ran"
)

// What an operator does to a running core reaches the device it is meant for, and no other.
func TestOperatorActs(t *testing.T) {
	w := start(t, testConfig(t))
	w.subscribe(t, 2)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	load := w.load(t, 2)
	radio, err := ran.Open(ctx, load.Radios[0])
	if err != nil {
		t.Fatal(err)
	}
	defer radio.Close()
	var phones [2]*ran.UE
	for i := range phones {
		if phones[i], err = radio.Add(ctx, load.Groups[0].First+ident.SUPI(i), &load.Groups[0].Phone); err == nil {
			err = phones[i].Register(ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	served := func(u *ran.UE) {
		t.Helper()
		if err := u.Echo(ctx, 1, testEcho); err != nil {
			t.Errorf("phone %s: %v", u.SUPI(), err)
		}
	}

	radios, err := w.Radios(ctx)
	if err != nil || len(radios) != 1 || radios[0].Devices != 2 {
		t.Fatalf("%+v, %v", radios, err)
	}
	if err := w.ResetRadio(ctx, radios[0].ID); err != nil {
		t.Fatal(err)
	}
	for _, u := range phones { // idle, and as registered as before
		if err := u.Await(ctx, func(s ran.Status) (bool, error) { return !s.Connected, nil }); err != nil {
			t.Fatal(err)
		}
		if err := u.Service(ctx); err != nil {
			t.Fatal(err)
		}
		served(u)
	}
	if load, err := w.Load(ctx); err != nil || load.Devices != 2 || load.Sessions != 2 || load.Connected != 2 {
		t.Errorf("%+v, %v", load, err)
	}

	if err := w.ReleaseSession(ctx, phones[0].SUPI(), 1); err != nil {
		t.Fatal(err)
	}
	if err := phones[0].Await(ctx, func(s ran.Status) (bool, error) { _, there := s.Session(1); return !there, nil }); err != nil {
		t.Fatal(err)
	}
	served(phones[1])
	d, err := w.Device(ctx, phones[0].SUPI())
	if err != nil || len(d.Sessions) != 0 || !d.Connected || time.Since(d.Registered) > time.Minute || time.Since(d.LastSeen) > time.Minute {
		t.Errorf("%+v, %v", d, err)
	}

	if err := w.Deregister(ctx, phones[0].SUPI()); err != nil {
		t.Fatal(err)
	}
	if err := phones[0].Await(ctx, func(s ran.Status) (bool, error) { return s.State == ran.Deregistered, nil }); err != nil {
		t.Fatal(err)
	}
	served(phones[1])

	for what, err := range map[string]error{
		"radio":   w.ResetRadio(ctx, "gnb-00101-ff/22"),
		"session": w.ReleaseSession(ctx, phones[1].SUPI(), 9),
		"device":  w.Deregister(ctx, load.Groups[0].First+100),
	} {
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a %s that is not there: %v", what, err)
		}
	}
}
