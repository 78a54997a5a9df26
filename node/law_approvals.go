package node

import (
	"context"

	"cordon/console"
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
