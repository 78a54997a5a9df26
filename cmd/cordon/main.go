// Command cordon is a 5G core and everything an operator does with it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // who asks twice does not want to wait for an orderly end
	status := dispatch(&call{ctx: ctx, in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv}, os.Args[1:])
	stop()
	os.Exit(status)
}

// Exit statuses.
const (
	statusOK     = 0
	statusFailed = 1
	statusUsage  = 2
)

// A call is one run of one command, with every edge it may touch.
type call struct {
	ctx    context.Context
	in     io.Reader
	out    io.Writer
	err    io.Writer
	getenv func(string) string
	flags  *flag.FlagSet
	args   []string
}

// A command is named by one or two words.
type command struct {
	name  string
	args  string // what follows the name, for its usage line
	about string // one line
	run   func(*call) error
}

// commands is what cordon can do, in the order that help tells it.
func commands() []command {
	return []command{
		{"demo", "", "run a whole network in one process and tell what happens", demo},
		{"serve", "--config FILE.yaml", "run a core", serve},
		{"upf example", "", "print a configuration file of a user plane to start from", upfExample},
		{"upf key", "FILE", "make a private key of WireGuard and print its public key, for records", upfKey},
		{"upf detach", "PIN", "take out of the kernel what goes on forwarding without a process", upfDetach},
		{"upf", "--config FILE.yaml [--check]", "run a user plane at another site", upfRun},
		{"ran", "", "simulate radios and phones against a core", ranRun},
		{"subscriber add", "IMSI --k KEY (--opc KEY | --op KEY)", "add a subscriber", subscriberAdd},
		{"subscriber list", "", "list subscribers", subscriberList},
		{"subscriber show", "IMSI", "show a subscriber, without keys", subscriberShow},
		{"subscriber remove", "IMSI", "remove a subscriber and deregister the device", subscriberRemove},
		{"subscriber protect", "IMSI", "keep a subscriber's traffic from equipment that nobody vouches for", subscriberProtect},
		{"subscriber unprotect", "IMSI", "let a subscriber's traffic cross any equipment that serves", subscriberUnprotect},
		{"subscriber import", "FILE.csv", "add all subscribers of a file, or none", subscriberImport},
		{"radio list", "", "list connected radios", radioList},
		{"radio pending", "[RADIO]", "list radios without a record that ask to be served, or print a record of one to start from", radioPending},
		{"radio approve", "RADIO (--record FILE | --vendor V --site S) --why REASON", "give a pending radio a record", radioApprove},
		{"radio approvals", "", "list approved records that are not in the files of records yet", radioApprovals},
		{"radio withdraw", "NUMBER --why REASON", "take an approval back", radioWithdraw},
		{"radio dismiss", "RADIO --why REASON", "forget a pending radio until it asks again", radioDismiss},
		{"radio reset", "RADIO", "have a radio drop all its devices, which come back by themselves", radioReset},
		{"device list", "", "list devices", deviceList},
		{"device show", "IMSI", "show a device and its sessions", deviceShow},
		{"device deregister", "IMSI", "deregister a device", deviceDeregister},
		{"session list", "", "list PDU sessions", sessionList},
		{"session release", "IMSI ID", "release a PDU session", sessionRelease},
		{"status", "", "show the network at a glance", status},
		{"element list", "", "list elements with the verdict on each", elementList},
		{"why", "ELEMENT | RADIO", "explain the verdict on an element: rules, sources and facts", why},
		{"finding list", "", "list what was found of elements that their records do not explain", findingList},
		{"finding clear", "ELEMENT --why REASON", "have what was found of an element not count any more", findingClear},
		{"cut list", "", "list the cuts in force", cutList},
		{"cut restore", "NUMBER --why REASON", "take a cut back", cutRestore},
		{"cut", "(--vendor V | --element E | --software DIGEST) [--dry-run] --why REASON", "take equipment or software out of service at once, or say what that would do", cut},
		{"whatif", "[--regime R]... [--as-of DATE]", "say what other rules or another day would do to the running network", whatIf},
		{"rules list", "", "list the regimes that come with Cordon", rulesList},
		{"rules show", "REGIME", "show a regime's rules with their sources", rulesShow},
		{"rules check", "FILE... --regime R", "judge files of records by regimes: exit status 1 when something is refused", rulesCheck},
		{"records check", "FILE...", "check files of records together", recordsCheck},
		{"records export", "", "print the records in force", recordsExport},
		{"records import", "FILE...", "print inventories (.csv), zones (.geojson) and records as one file of records", recordsImport},
		{"records schema", "", "print the JSON Schema of records, for editors", recordsSchema},
		{"records example", "", "print a file of records to start from", recordsExample},
		{"reload", "--why REASON", "read the files of records and rules anew", reload},
		{"log tail", "", "show the last entries of the evidence log", logTail},
		{"log show", "INDEX", "show an entry of the evidence log", logShow},
		{"log nat", "ADDRESS:PORT [--at TIME]", "say by the evidence log which subscriber had a port of a public address", logNAT},
		{"log who", "PSEUDONYM", "find the subscriber whose pseudonym this is", logWho},
		{"log prove", "INDEX", "make a proof of an entry, for who has the log's public key", logProve},
		{"log verify", "[DIRECTORY | PROOF]", "verify an evidence log, or a proof, by the log's public key alone", logVerify},
		{"log key", "", "print the evidence log's public key", logKey},
		{"config check", "FILE.yaml", "check a configuration file", configCheck},
		{"config example", "", "print a configuration file to start from", configExample},
		{"version", "", "show the version", version},
	}
}

// usageError is a call that does not read; its message ends with what would.
type usageError struct{ msg string }

func (e usageError) Error() string { return e.msg }

// endsWith is an end with a status of its own. Told is nil where the command's output says why.
type endsWith struct {
	status int
	told   error
}

func (e endsWith) Error() string { return fmt.Sprint(e.told) }

func misused(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// dispatch runs the command that args name and returns the exit status.
func dispatch(c *call, args []string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		help(c.out, args[min(1, len(args)):])
		if len(args) == 0 {
			return statusUsage
		}
		return statusOK
	}
	for _, cmd := range commands() {
		words := strings.Fields(cmd.name)
		if len(args) < len(words) || strings.Join(args[:len(words)], " ") != cmd.name {
			continue
		}
		c.flags = flag.NewFlagSet(cmd.name, flag.ContinueOnError)
		c.flags.SetOutput(io.Discard)
		c.args = args[len(words):]
		return conclude(c, cmd, cmd.run(c))
	}
	missing, topic := strings.Join(args[:min(2, len(args))], " "), ""
	if slices.ContainsFunc(commands(), func(cmd command) bool { return strings.HasPrefix(cmd.name, args[0]+" ") }) {
		topic = " " + args[0]
	}
	fmt.Fprintf(c.err, "cordon: there is no command %q: \"cordon help%s\" lists them\n", missing, topic)
	return statusUsage
}

// conclude tells how a command ended.
func conclude(c *call, cmd command, err error) int {
	switch {
	case err == nil:
		return statusOK
	case errors.Is(err, flag.ErrHelp):
		usage(c.out, c.flags, cmd)
		return statusOK
	case errors.Is(err, context.Canceled) && c.ctx.Err() != nil:
		fmt.Fprintln(c.err, "cordon: interrupted")
		return statusFailed
	}
	if _, ok := errors.AsType[usageError](err); ok {
		fmt.Fprintf(c.err, "cordon %s: %v: see \"cordon %s --help\"\n", cmd.name, err, cmd.name)
		return statusUsage
	}
	if e, ok := errors.AsType[endsWith](err); ok {
		if e.told != nil {
			fmt.Fprintf(c.err, "cordon: %v\n", e.told)
		}
		return e.status
	}
	fmt.Fprintf(c.err, "cordon: %v\n", err)
	return statusFailed
}

// parse reads the flags that have been defined, which may stand before and after other
// arguments, and wants the given number of the latter.
func (c *call) parse(want int) error { return c.parseBetween(want, want) }

// parseBetween is parse for a command that takes from the least to the most arguments.
func (c *call) parseBetween(least, most int) error {
	var rest []string
	for args := c.args; ; {
		if err := c.flags.Parse(args); errors.Is(err, flag.ErrHelp) {
			return err
		} else if err != nil {
			return misused("%v", err)
		}
		if args = c.flags.Args(); len(args) == 0 {
			break
		}
		rest, args = append(rest, args[0]), args[1:]
	}
	switch {
	case len(rest) < least:
		return misused("an argument is missing")
	case len(rest) > most:
		return misused("%q is one argument too many", rest[most])
	}
	c.args = rest
	return nil
}

// usage explains a command and its flags, which are written with two hyphens everywhere.
func usage(w io.Writer, fs *flag.FlagSet, cmd command) {
	fmt.Fprintf(w, "%s\n  %s\n", strings.TrimSpace("cordon "+cmd.name+" "+cmd.args), cmd.about)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fs.VisitAll(func(f *flag.Flag) {
		kind, about := flag.UnquoteUsage(f)
		switch f.DefValue {
		case "", "0", "0s", "false":
		default:
			about += " (default " + f.DefValue + ")"
		}
		fmt.Fprintf(t, "  --%s\t%s\n", strings.TrimSpace(f.Name+" "+kind), about)
	})
	t.Flush()
}

// help lists the commands, those beginning with the given words when there are any.
func help(w io.Writer, words []string) {
	prefix := strings.Join(words, " ")
	fmt.Fprint(w, "Cordon, a 5G core.\n\n")
	for _, cmd := range commands() {
		if strings.HasPrefix(cmd.name, prefix) {
			fmt.Fprintf(w, "  cordon %-58s %s\n", strings.TrimSpace(cmd.name+" "+cmd.args), cmd.about)
		}
	}
	fmt.Fprint(w, "\nEach command explains its flags with --help.\n")
}
