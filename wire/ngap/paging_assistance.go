package ngap

import (
	"cordon/ident"
	"cordon/wire/per"
)

// PagingAssistance helps radios to page well (TS 38.413 §9.3.1.69).
type PagingAssistance struct {
	Cells   []CellStay // recommended ones, up to 16
	Attempt *PagingAttempt
}

// PagingAttempt is which attempt this is of how many, each 1 to 16 (TS 38.413 §9.3.1.72).
type PagingAttempt struct {
	Count, Intended uint8
	NextArea        *NextPagingArea
}

// NextPagingArea says whether the area changes at the next attempt.
type NextPagingArea uint8

const (
	NextPagingAreaSame NextPagingArea = iota
	NextPagingAreaChanged
)

// RecommendedForPaging is where a radio would look for a device it let go
// (TS 38.413 §9.3.1.100).
type RecommendedForPaging struct {
	Cells   []CellStay     // 1 to 16
	Targets []PagingTarget // 1 to 16
}

// PagingTarget is a radio, or a tracking area when Node is nil.
type PagingTarget struct {
	Node *ident.RANNode
	TAI  ident.TAI
}

func pagingAssistance(c *coder, v *PagingAssistance) {
	cells, attempt := len(v.Cells) > 0, v.Attempt != nil
	t := c.begin(&cells, &attempt)
	if cells {
		inner := c.begin()
		recommendedCells(c, &v.Cells)
		c.end(inner)
	}
	present(c, attempt, &v.Attempt, pagingAttempt)
	c.end(t)
}

func recommendedCells(c *coder, v *[]CellStay) {
	t := c.begin()
	list(c, v, 1, 16, cellStay)
	c.end(t)
}

func pagingAttempt(c *coder, v *PagingAttempt) {
	next := v.NextArea != nil
	t := c.begin(&next)
	per.ExtInt(&c.Coder, &v.Count, 1, 16, 255)
	per.ExtInt(&c.Coder, &v.Intended, 1, 16, 255)
	present(c, next, &v.NextArea, enum[NextPagingArea](2, 0))
	c.end(t)
}

func recommendedForPaging(c *coder, v *RecommendedForPaging) {
	t := c.begin()
	recommendedCells(c, &v.Cells)
	inner := c.begin()
	list(c, &v.Targets, 1, 16, pagingTargetItem)
	c.end(inner)
	c.end(t)
}

func pagingTargetItem(c *coder, v *PagingTarget) {
	t := c.begin()
	var alt uint8
	if v.Node == nil {
		alt = 1
	}
	if c.choice(&alt, 2); alt == 0 {
		present(c, true, &v.Node, globalRANNodeID)
	} else {
		tai(c, &v.TAI)
	}
	c.end(t)
}
