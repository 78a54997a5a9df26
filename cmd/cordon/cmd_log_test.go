package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cordon/evidence"
	"cordon/ledger"

	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
)

// logSite is a log of a few entries and what belongs to it.
type logSite struct {
	*testing.T
	dir, key string
}

func newLogSite(t *testing.T) *logSite {
	dir := t.TempDir()
	s := &logSite{t, filepath.Join(dir, "evidence"), filepath.Join(dir, "log.key")}
	l, err := ledger.Open(ledger.Config{Dir: s.dir, KeyFile: s.key, PseudonymFile: filepath.Join(dir, "pseudonyms.key"), Origin: "example.org/evidence"})
	if err != nil {
		t.Fatal(err)
	}
	l.Append(evidence.Entry{Kind: evidence.Start, Why: "version 1"})
	for i := range 30 {
		l.Append(evidence.Entry{Kind: evidence.Verdict, Act: "refuse", Gate: "n2", Element: fmt.Sprintf("gnb-%d", i), Rules: []string{"uk-2022.ban"},
			Detail: []evidence.Detail{{Name: "claims", Value: "evil\x1b[2Jname"}}})
	}
	l.Append(evidence.Entry{Kind: evidence.Act, Act: "cut", Who: "alice", Why: "court order 7"})
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return s
}

// cordon runs a command that is to succeed.
func (s *logSite) cordon(args ...string) string {
	s.Helper()
	status, out, errs := run(s.T, nil, "", args...)
	if status != statusOK || errs != "" {
		s.Fatalf("%v: status %d\n%s\n%s", args, status, out, errs)
	}
	return out
}

// refused runs a command that is to end so, with that in its error.
func (s *logSite) refused(status int, want string, args ...string) {
	s.Helper()
	got, out, errs := run(s.T, nil, "", args...)
	if got != status || !strings.Contains(errs, want) || out != "" {
		s.Errorf("%v: status %d, want %q in\n%s\n%s", args, got, want, out, errs)
	}
}

func (s *logSite) file(name, text string) string {
	s.Helper()
	path := filepath.Join(s.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		s.Fatal(err)
	}
	return path
}

func TestLogTailAndShow(t *testing.T) {
	s := newLogSite(t)
	out := s.cordon("log", "tail", "--log", s.dir, "-n", "2")
	if strings.Count(out, "\n") != 2 || !strings.Contains(out, "verdict   refuse at n2 gnb-29 uk-2022.ban\n") || !strings.HasSuffix(out, "act       cut by alice: court order 7\n") {
		t.Errorf("%s", out)
	}
	lines := strings.Split(strings.TrimSpace(s.cordon("log", "tail", "--log", s.dir, "--json", "--n", "1000")), "\n")
	for i, line := range lines {
		var v struct {
			Index int
			Entry map[string]any
		}
		if err := json.Unmarshal([]byte(line), &v); err != nil || v.Index != i || v.Entry["kind"] == "" {
			t.Errorf("%v: %s", err, line)
		}
	}
	if len(lines) != 32 {
		t.Errorf("%d lines", len(lines))
	}
	out = s.cordon("log", "show", "3", "--log", s.dir)
	if !strings.Contains(out, "entry    3\n") || !strings.Contains(out, "claims   evil\uFFFD[2Jname\n") {
		t.Errorf("%q", out)
	}
	if out := s.cordon("log", "show", "--json", "31", "--log", s.dir); !strings.Contains(out, `"entry":{"act":"cut","kind":"act"`) {
		t.Errorf("%s", out)
	}
	s.refused(statusFailed, "there is no entry 32: the log in "+s.dir+" has 32 of them, numbered from 0", "log", "show", "32", "--log", s.dir)
	s.refused(statusUsage, `entry "x": want its number in "cordon log tail"`, "log", "show", "x", "--log", s.dir)
	s.refused(statusFailed, "there is no evidence log in /nonexistent: name the directory", "log", "tail", "--log", "/nonexistent")
}

// A followed log is followed until the command is interrupted, which is no failure.
func TestLogFollow(t *testing.T) {
	s := newLogSite(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	c := &call{ctx: ctx, out: &out, err: &errs, getenv: func(string) string { return s.dir }}
	if status := dispatch(c, []string{"log", "tail", "--follow"}); status != statusOK || strings.Count(out.String(), "\n") != 20 {
		t.Errorf("status %d\n%s\n%s", status, &out, &errs)
	}
}

// Who has the public key and nothing else verifies a log and a proof.
func TestLogVerify(t *testing.T) {
	s := newLogSite(t)
	key := strings.TrimSpace(s.cordon("log", "key", "--key-file", s.key))
	if out := s.cordon("log", "verify", s.dir, "--key", key); !strings.Contains(out, "32 entries\n") || !strings.Contains(out, "unclean ends  0\n") {
		t.Errorf("%s", out)
	}
	if out := s.cordon("log", "verify", "--log", s.dir, "--key-file", s.key, "--json"); !strings.Contains(out, `"entries": 32,`) {
		t.Errorf("%s", out)
	}
	proof := s.file("31.tlog-proof", "")
	s.cordon("log", "prove", "31", "--log", s.dir, "-o", proof)
	if out := s.cordon("log", "verify", proof, "--key", s.file("vkey", key)); !strings.Contains(out, "entry 31 of example.org/evidence, under the checkpoint of 32 entries") || !strings.Contains(out, "alice") {
		t.Errorf("%s", out)
	}
	text := s.cordon("log", "prove", "31", "--log", s.dir)
	s.refused(statusFailed, "not verified", "log", "verify", s.file("other", strings.Replace(text, "index 31", "index 30", 1)), "--key", key)
	s.refused(statusFailed, "not verified", "log", "verify", s.file("short", text[:len(text)-9]), "--key", key)
	_, other, err := note.GenerateKey(rand.Reader, "example.org/evidence")
	if err != nil {
		t.Fatal(err)
	}
	s.refused(statusFailed, "not signed as it should be", "log", "verify", s.dir, "--key", other)
	s.refused(statusFailed, "there is no key file", "log", "verify", s.dir, "--key-file", "/nonexistent")
	s.refused(statusUsage, "--since is for a log", "log", "verify", proof, "--key", key, "--since", proof)
	bundle := filepath.Join(s.dir, "tile/entries/000.p/32")
	b, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-20] ^= 1
	if err := os.WriteFile(bundle, b, 0o644); err != nil {
		t.Fatal(err)
	}
	s.refused(statusFailed, "tampered", "log", "verify", s.dir, "--key", key)
}

// A witness's cosignature is asked for where its key is given, and tolerated where it is not.
func TestLogWitness(t *testing.T) {
	s := newLogSite(t)
	key := strings.TrimSpace(s.cordon("log", "key", "--key-file", s.key))
	skey, wkey, err := note.GenerateKey(rand.Reader, "witness.example")
	if err != nil {
		t.Fatal(err)
	}
	w, err := fnote.NewSignerForCosignatureV1(skey)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := os.ReadFile(filepath.Join(s.dir, "checkpoint"))
	if err != nil {
		t.Fatal(err)
	}
	log, err := note.NewVerifier(key)
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(signed, note.VerifierList(log))
	if err != nil {
		t.Fatal(err)
	}
	cosigned, err := note.Sign(n, w)
	if err != nil {
		t.Fatal(err)
	}
	checkpoint := s.file("cosigned", string(cosigned))
	s.refused(statusFailed, "without the signature of witness.example", "log", "verify", s.dir, "--key", key, "--witness", wkey)
	if out := s.cordon("log", "verify", s.dir, "--key", key, "--witness", wkey, "--since", checkpoint); !strings.Contains(out, "witness.example") {
		t.Errorf("%s", out)
	}
	s.cordon("log", "verify", s.dir, "--key", key, "--since", checkpoint)
	proof := s.file("proof", "")
	s.cordon("log", "prove", "3", "--log", s.dir, "--under", checkpoint, "-o", proof)
	s.cordon("log", "verify", proof, "--key", key, "--witness", wkey)
	s.refused(statusFailed, "is named twice", "log", "verify", proof, "--key", key, "--witness", wkey, "--witness", wkey)
	s.refused(statusFailed, "no witness's public key", "log", "verify", proof, "--key", key, "--witness", "x+y")
}
