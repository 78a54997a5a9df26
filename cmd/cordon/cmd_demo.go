package main

import (
	"errors"
	"fmt"
	"io"
	"time"
)

const (
	demoShortest = 15 * time.Second
	demoLength   = 24 * time.Second
)

// demo runs a small country's network in this process and tells what happens in it.
func demo(c *call) error {
	length := c.flags.Duration("for", demoLength, "how long the demo lasts, at least 15s; longer where the machine is slow")
	asJSON := c.flags.Bool("json", false, "tell nothing but the summary, as JSON")
	records := c.flags.String("records", "", "write the country's records and rules to this directory, and do nothing else")
	if err := c.parse(0); err != nil {
		return err
	}
	if *records != "" {
		return demoRecords(c, *records)
	}
	if *length < demoShortest {
		return misused("--for %v: want at least %v", *length, demoShortest)
	}
	story := newStory(c.out)
	if *asJSON {
		story = newStory(io.Discard)
	}
	d, err := openDemo(story)
	if err != nil {
		return err
	}
	summary, err := d.run(c.ctx, *length)
	if err != nil {
		return err
	}
	if *asJSON {
		if err := printJSON(c.out, summary); err != nil {
			return err
		}
	} else {
		story.conclude(summary)
	}
	if !summary.OK {
		return errors.New("not everything came out as it should: the summary says what did not")
	}
	return nil
}

// demoRecords writes the files that the demo's network obeys, and says how to have them judged.
func demoRecords(c *call, dir string) error {
	t, err := writeCountry(dir)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "Written. To have them judged without a network:\n\n  %s\n", checkCommand(t))
	return err
}
