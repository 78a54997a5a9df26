package node

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"cordon/console"
	"cordon/evidence"
	"cordon/rules"
	"cordon/trust"
)

// Approvals lists the records that operators gave and that the files do not have.
func (n *Node) Approvals(context.Context) ([]console.Approval, error) {
	n.law.mu.Lock()
	approved := n.law.in.approved
	n.law.mu.Unlock()
	list := []console.Approval{}
	for _, a := range approved {
		out := console.Approval{Number: a.Number, Record: string(a.Text)}
		of, err := trust.Elements(a.File)
		if err != nil {
			return nil, err
		}
		for _, e := range of {
			out.Elements = append(out.Elements, e.Name)
		}
		list = append(list, out)
	}
	return list, nil
}

// Approve gives a pending radio a record.
func (n *Node) Approve(_ context.Context, act console.Act, record string) error {
	var number int
	var added []string
	err := n.amend(amendment{
		edit: func(s *statutes) error {
			before := s.facts
			s.approved = append(slices.Clip(s.approved), approvalOf(0, []byte(record)))
			if err := s.read(); err != nil {
				return err
			}
			switch added = addedElements(before, s.facts); {
			case len(added) == 0:
				return console.Problem{Message: "want a record with an element", Where: "record"}
			case len(s.facts.Zones) > len(before.Zones): // an approval may be taken back, and a zone forbids
				return console.Problem{Message: "an approval has no zones: put them into the files of records", Where: "record"}
			}
			return nil
		},
		keep: func() (err error) {
			number, err = n.d.Statements.AddStatement(statementRecord, []byte(record))
			return err
		},
		told: func(snapshot *rules.Snapshot) {
			in := &n.law.in
			in.approved[len(in.approved)-1] = approvalOf(number, []byte(record))
			for _, name := range added {
				e := snapshot.Element(name)
				if e.HasNode {
					n.pending.forget(e.Node)
				}
				n.act(act, evidence.Entry{Act: "approve", Element: name, Subject: nodeText(e), Detail: recordDetails(number, record)})
			}
		},
	})
	return n.refused(act, evidence.Entry{Act: "approve", Detail: recordDetails(0, record)}, err)
}

// recordDetails shows a record in evidence, where a text is one line and may be cut: what it says, and the digest
// of its octets.
func recordDetails(number int, record string) []evidence.Detail {
	sum := sha256.Sum256([]byte(record))
	return details(map[string]string{
		"number": countText(uint64(number)), "record": strings.Join(strings.Fields(record), " "), "record_digest": "sha256:" + hex.EncodeToString(sum[:]),
	})
}

// addedElements are the names that after has and before has not.
func addedElements(before, after *rules.Facts) []string {
	known := make(map[string]bool, len(before.Elements))
	for i := range before.Elements {
		known[before.Elements[i].Name] = true
	}
	var added []string
	for i := range after.Elements {
		if name := after.Elements[i].Name; !known[name] {
			added = append(added, name)
		}
	}
	return added
}

func nodeText(e *rules.Element) string {
	if !e.HasNode {
		return ""
	}
	return e.Node.String()
}

// Dismiss forgets a pending radio.
func (n *Node) Dismiss(_ context.Context, act console.Act, node string) error {
	for _, w := range n.pending.list() {
		if w.Node.String() == node && n.pending.forget(w.Node) {
			n.act(act, evidence.Entry{Act: "dismiss", Subject: node})
			return nil
		}
	}
	return fmt.Errorf("no radio %s is pending: %w", node, fs.ErrNotExist)
}
