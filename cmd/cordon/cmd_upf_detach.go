package main

import (
	"fmt"

	"cordon/datapath"
)

// upfDetach takes out of the kernel what a process that has ended left there to forward.
func upfDetach(c *call) error {
	if err := c.parse(1); err != nil {
		return err
	}
	n, err := datapath.Detach(c.args[0])
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.out, "%s: taken from %d interfaces; its sessions are gone\n", c.args[0], n)
	return err
}
