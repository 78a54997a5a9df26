package wiretest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// Note is something tshark found wrong with a packet.
type Note struct {
	Packet int // index into what was dissected
	Text   string
}

func (n Note) String() string { return fmt.Sprintf("packet %d: %s", n.Packet, n.Text) }

// warn is the severity from which an expert note counts: PI_WARN, with PI_ERROR above
// it (wireshark's epan/proto.h); notes and chats are below.
const warn = 0x00600000

// Dissect has tshark read the packets, all of one link type, and returns what it found
// malformed or worth a warning, none of which is let pass. It skips the test where tshark is not installed, and
// fails it there when the environment has CI set.
func Dissect(t testing.TB, packets ...Packet) []Note {
	t.Helper()
	out := run(t, packets, "-T", "fields", "-E", "separator=\t", "-E", "aggregator=|",
		"-e", "frame.number", "-e", "_ws.malformed", "-e", "_ws.expert.severity", "-e", "_ws.expert.message")
	var notes []Note
	for line := range strings.Lines(out) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(f) < 4 {
			t.Fatalf("tshark: unexpected line %q", line)
		}
		n, err := strconv.Atoi(f[0])
		if err != nil {
			t.Fatalf("tshark: %v", err)
		}
		notes = append(notes, judge(n-1, f[1], f[2], f[3])...)
	}
	return notes
}

// judge reads one packet's fields.
func judge(packet int, malformed, severities, messages string) []Note {
	var notes []Note
	if malformed != "" {
		notes = append(notes, Note{packet, "malformed: " + malformed})
	}
	texts := strings.Split(messages, "|")
	for i, s := range strings.Split(severities, "|") {
		level, err := strconv.ParseUint(s, 10, 32)
		if err != nil || level < warn {
			continue
		}
		text := s
		if i < len(texts) {
			text = texts[i]
		}
		notes = append(notes, Note{packet, text})
	}
	return notes
}

// Text is tshark's full reading of the packets, to look for what a field was understood
// as.
func Text(t testing.TB, packets ...Packet) string {
	t.Helper()
	return run(t, packets, "-V")
}

// Check fails the test for each note, with tshark's reading of the packet.
func Check(t testing.TB, packets ...Packet) {
	t.Helper()
	for _, n := range Dissect(t, packets...) {
		t.Errorf("%v\n%x\n%s", n, packets[n.Packet].data, Text(t, packets[n.Packet]))
	}
}

func run(t testing.TB, packets []Packet, args ...string) string {
	t.Helper()
	bin, err := exec.LookPath("tshark")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("tshark is not installed, and in CI it must be")
		}
		t.Skip("NOT CHECKED: tshark is not installed, so no other dissector reads what we write")
	}
	if len(packets) == 0 {
		t.Fatal("nothing to dissect")
	}
	for _, p := range packets {
		if p.link != packets[0].link {
			t.Fatal("packets of two link types in one capture")
		}
		if len(p.data) > 65000 {
			t.Fatalf("message of %d octets does not fit an IP packet", len(p.data))
		}
	}
	args = append([]string{"-n", "-r", "-",
		"-o", `uat:user_dlts:"User 0 (DLT=147)","nas-5gs","0","","0",""`,
		"-o", "nas-5gs.null_decipher:TRUE",
		"-o", "ngap.dissect_container:FALSE", // what radios say to each other is opaque to us
	}, args...)
	cmd := exec.CommandContext(t.Context(), bin, args...)
	cmd.Stdin = bytes.NewReader(pcap(packets[0].link, packets))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("tshark: %v\n%s", err, stderr.String())
	}
	return stdout.String()
}
