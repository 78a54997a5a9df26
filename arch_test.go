// The import policy of this module, as a test.
package cordon_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "cordon/"

// A package may import packages of earlier tiers only. Relaxing this table is a
// design change: say why in the commit.
var tiers = [][]string{
	{"ident", "timer", "wire/per", "geo", "document", "evidence"},
	{"wire/ngap", "wire/pfcp", "wire/gtpu", "wire/sctp", "aka", "rules"},
	{"wire/nas", "subscriber", "trust"},
	{"amf", "smf", "upf", "n4", "report"},
	{"transport/joined"}, // the tier of sockets, but for what all of it uses
	{"store", "transport", "transport/wireguard", "datapath", "console", "ran", "ledger"},
	{"node"},
	{"cmd/cordon"},
}

// Test support belongs to no tier: no package of the product may import it.
var testSupport = []string{"wire/wiretest", "transport/umltest", "transport/netnstest", "upf/upftest"}

const pureTiers = 4 // these see no socket, file, clock, lock or goroutine

var impure = []string{"net", "net/http", "os", "os/exec", "log", "log/slog", "sync", "sync/atomic", "syscall", "unsafe", "reflect", "context", "time.Now", "time.After", "time.AfterFunc", "time.NewTimer", "time.NewTicker", "time.Sleep", "go"}

// Package upf writes memory that a forwarder in the kernel reads and writes at the same time. It
// does so by word, and waits for nobody.
var pureLeave = map[string]string{"upf": "sync/atomic"}

var thirdParty = map[string][]string{
	"document":            {"go.yaml.in/yaml/v3"},
	"rules":               {"cel.dev/cel-go/"},
	"evidence":            {"golang.org/x/mod/sumdb/"},
	"ledger":              {"golang.org/x/mod/sumdb/"},
	"store":               {"modernc.org/sqlite"},
	"transport/joined":    {"golang.org/x/sys/"},
	"transport":           {"golang.org/x/sys/", "golang.org/x/net/"},
	"transport/wireguard": {"golang.org/x/sys/", "golang.org/x/net/", "golang.zx2c4.com/wireguard/"},
	"datapath":            {"golang.org/x/sys/", "golang.org/x/net/", "gvisor.dev/gvisor/", "github.com/cilium/ebpf", "github.com/vishvananda/netlink"},
	"ran":                 {"golang.org/x/sys/", "golang.zx2c4.com/wireguard/tun"},
	"cmd/cordon":          {"golang.org/x/term"},
}

func TestImports(t *testing.T) {
	tier := map[string]int{}
	for i, ps := range tiers {
		for _, p := range ps {
			tier[p] = i
		}
	}
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		rel, _ := filepath.Rel(".", path)
		pkg := filepath.ToSlash(filepath.Dir(rel))
		if slices.Contains(testSupport, pkg) {
			return nil
		}
		own, ok := tier[pkg]
		if !ok {
			t.Errorf("%s: package %s is in no tier", rel, pkg)
			return nil
		}
		seen[pkg] = true
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imp, _ := strconv.Unquote(spec.Path.Value)
			to, inside := strings.CutPrefix(imp, module)
			switch {
			case slices.Contains(testSupport, to):
				t.Errorf("%s imports %s, which is for tests", rel, to)
			case inside && tier[to] >= own:
				t.Errorf("%s imports %s, which is not below it", rel, to)
			case !inside && strings.Contains(imp, ".") && !slices.ContainsFunc(thirdParty[pkg], func(p string) bool { return strings.HasPrefix(imp, p) }):
				t.Errorf("%s imports %s, which it has no leave to", rel, imp)
			case own < pureTiers && slices.Contains(impure, imp) && pureLeave[pkg] != imp:
				t.Errorf("%s is pure and imports %s", rel, imp)
			}
		}
		if own < pureTiers {
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.GoStmt:
					t.Errorf("%s is pure and starts a goroutine", rel)
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && slices.Contains(impure, x.Name+"."+n.Sel.Name) {
						t.Errorf("%s is pure and calls %s.%s", rel, x.Name, n.Sel.Name)
					}
				}
				return true
			})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for p := range tier {
		if !seen[p] {
			t.Errorf("package %s is in the table and not in the tree", p)
		}
	}
}
