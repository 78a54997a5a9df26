package rules_test

import (
	"fmt"
	"slices"
	"strings"

	"cordon/ident"
	"cordon/rules"
)

// A verdict table is plain text. Paragraphs are separated by empty lines; each paragraph with a case in it
// begins with a comment that says where in the source the cases come from. Words are separated by
// spaces; within a word "_" stands for a space. Scenery comes first:
//
//	vendor hw title=Hw country=CN parent=hw-group aliases=a,b class=high-risk:2020-01-28
//	site hill at=51.5,-0.1 country=GB
//	zone base sensitive at=51.5,-0.1 radius=1000           or ring=lat,lon;lat,lon;lat,lon
//	kind radio functions=gnb technology=5g site=hill       a template for "like"
//	element hub functions=switch                           stands there in every case
//	fleet far 65 like=radio vendor=nokia                   far-1 to far-65 do
//	link hub far-1 protection=ipsec kind=fibre carrier=x
//
// A case is one line, with its expected verdict on the next. Its element is called "it":
//
//	case NAME | date 2023-01-28 | element like=radio vendor=hw | subscriber protected | gate session
//	=> restrict UK-DVD-02 owes watch,replace due 2027-12-31 also UK-DVD-06
//
// The verdict is what is decided, by which rule, what is owed and when a rule in force refuses, and the
// other rules that are violated. Further clauses of a case: "with deadline_day=included" chooses
// parameters, "gate", "dnn", "slice", "userplane", and any line of scenery but kind, for it alone.
//
// Keys of an element: like functions technology vendor manager support software model version digest site
// served=lat,lon,metres installed purchased like-for-like traffic premises permit support-end plan path
// from staff recorded months separated two-people tags findings=kind:count. A key with nothing behind "=" is
// unknown. permit=KIND:by=x:ref=x:version=x:site=x:from=DATE:until=DATE adds one, and permit= takes all away.
type verdictTable struct {
	scenery  scenery
	kinds    map[string][]string
	cases    []*verdictCase
	sourced  bool // this paragraph begins with a comment
	expected *verdictCase
}

type verdictCase struct {
	name           string
	line, wantLine int
	want           string
	date           rules.Date
	with           map[string]string
	facts          *rules.Facts
	question       rules.Question
}

// scenery is facts as they are put together.
type scenery struct{ rules.Facts }

func (s *scenery) clone() *scenery {
	f := s.Facts
	f.Vendors, f.Sites, f.Zones = slices.Clone(f.Vendors), slices.Clone(f.Sites), slices.Clone(f.Zones)
	f.Elements, f.Links, f.Findings = slices.Clone(f.Elements), slices.Clone(f.Links), slices.Clone(f.Findings)
	return &scenery{f}
}

func readTable(text string) (*verdictTable, error) {
	t := &verdictTable{kinds: map[string][]string{}}
	for i, line := range strings.Split(text, "\n") {
		if err := t.read(i+1, line); err != nil {
			return nil, fmt.Errorf("%d: %w", i+1, err)
		}
	}
	if t.expected != nil {
		return nil, fmt.Errorf("%d: %s has no expected line", t.expected.line, t.expected.name)
	}
	return t, nil
}

func (t *verdictTable) read(n int, line string) error {
	verdict, isVerdict := strings.CutPrefix(line, "=>")
	if isVerdict != (t.expected != nil) {
		return fmt.Errorf("a case and its expected line stand together")
	}
	switch {
	case isVerdict:
		t.expected.want, t.expected.wantLine = strings.TrimSpace(verdict), n
		t.expected = nil
	case line == "":
		t.sourced = false
	case strings.HasPrefix(line, "#"):
		t.sourced = true
	case strings.HasPrefix(line, "case "):
		if !t.sourced {
			return fmt.Errorf("a case without a comment that tells its source")
		}
		return t.readCase(n, line)
	case strings.HasPrefix(line, "kind "):
		words := strings.Fields(line)
		if len(words) < 3 {
			return fmt.Errorf("want a kind's name and its keys")
		}
		keys, err := t.unfold(words[2:])
		t.kinds[words[1]] = keys
		return err
	default:
		return t.add(&t.scenery, strings.Fields(line))
	}
	return nil
}

func (t *verdictTable) readCase(n int, line string) error {
	clauses := strings.Split(strings.TrimPrefix(line, "case "), "|")
	c := &verdictCase{name: strings.TrimSpace(clauses[0]), line: n, with: map[string]string{}}
	if slices.ContainsFunc(t.cases, func(o *verdictCase) bool { return o.name == c.name }) {
		return fmt.Errorf("two cases are called %s", c.name)
	}
	c.question = rules.Question{Gate: rules.GateManagement, Element: "it"}
	scene := t.scenery.clone()
	for _, clause := range clauses[1:] {
		words := strings.Fields(clause)
		if len(words) < 2 {
			return fmt.Errorf("clause %q: want a word and what it says", clause)
		}
		if done, err := c.clause(words); err != nil {
			return err
		} else if done {
			continue
		}
		if words[0] == "element" && strings.Contains(words[1], "=") {
			words = slices.Insert(words, 1, "it")
		}
		if err := t.add(scene, words); err != nil {
			return err
		}
	}
	if c.date == 0 {
		return fmt.Errorf("%s has no date", c.name)
	}
	c.facts = &scene.Facts
	t.cases, t.expected = append(t.cases, c), c
	return nil
}

// clause reads what a case says of its question, and reports whether it did.
func (c *verdictCase) clause(words []string) (done bool, err error) {
	q := &c.question
	switch words[0] {
	case "date":
		c.date, err = rules.ParseDate(words[1])
	case "with":
		for _, w := range words[1:] {
			name, value, _ := strings.Cut(w, "=")
			c.with[name] = value
		}
	case "subscriber":
		if words[1] != "protected" && words[1] != "ordinary" {
			return true, fmt.Errorf("subscriber %s: want protected or ordinary", words[1])
		}
		q.Protected = words[1] == "protected"
		if q.Gate == rules.GateManagement {
			q.Gate = rules.GateDevice
		}
	case "gate":
		q.Gate, err = rules.ParseGate(words[1])
	case "dnn":
		q.DNN, err = ident.ParseDNN(words[1])
	case "slice":
		q.Slice, err = ident.ParseSNSSAI(words[1])
	case "userplane":
		q.UserPlane = words[1]
	default:
		return false, nil
	}
	return true, err
}
