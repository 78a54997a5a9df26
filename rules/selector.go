package rules

import (
	"fmt"
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"
)

// What a selector may cost, in CEL's units: about one for each variable, operator and octet compared.
const (
	costLimit    = 10_000  // estimated before it is accepted, for facts as long as their hints
	runLimit     = 100_000 // when it runs; what costs more is unknown
	longestText  = 100     // octets of one fact, as a hint
	longestList  = 32      // items of one fact, as a hint
	deepestNests = 24
)

// language is the environment in which selectors are compiled: each fact is a variable of it.
type language struct {
	env *cel.Env
	err error
}

func newLanguage() *language {
	opts := []cel.EnvOption{
		cel.ParserRecursionLimit(deepestNests),
		cel.ParserExpressionSizeLimit(packLimits.Text),
		cel.ASTValidators(cel.ValidateRegexLiterals(), cel.ValidateHomogeneousAggregateLiterals()),
	}
	for i := range variables {
		opts = append(opts, cel.Variable(variables[i].name, variables[i].kind))
	}
	env, err := cel.NewEnv(opts...)
	return &language{env, err}
}

// selector is a compiled expression with the facts that it speaks of.
type selector struct {
	program cel.Program
	uses    []int // places in variables, in order
	unknown []*cel.AttributePatternType
}

// compile compiles an expression, which must be true or false and not cost too much.
func (l *language) compile(text string) (*selector, error) {
	if l.err != nil {
		return nil, l.err
	}
	if len(text) > packLimits.Text {
		return nil, fmt.Errorf("the expression has %d octets: want at most %d", len(text), packLimits.Text)
	}
	ast, issues := l.env.Compile(text)
	if issues.Err() != nil {
		e := issues.Errors()[0]
		return nil, fmt.Errorf("this does not compile as CEL: %s (at character %d of line %d of it)", e.Message, e.Location.Column()+1, e.Location.Line())
	}
	if ast.OutputType() != cel.BoolType {
		return nil, fmt.Errorf("the expression is %s: want one that is true or false", ast.OutputType())
	}
	estimate, err := l.env.EstimateCost(ast, sizes{})
	if err != nil {
		return nil, fmt.Errorf("estimating the cost of the expression: %w", err)
	}
	if estimate.Max > costLimit {
		return nil, fmt.Errorf("the expression may cost %d: want at most %d", estimate.Max, costLimit)
	}
	program, err := l.env.Program(ast, cel.EvalOptions(cel.OptOptimize, cel.OptPartialEval), cel.CostLimit(runLimit))
	if err != nil {
		return nil, fmt.Errorf("preparing the expression: %w", err)
	}
	s := &selector{program: program}
	for _, ref := range ast.NativeRep().ReferenceMap() {
		if i := variableNamed(ref.Name); i >= 0 && !slices.Contains(s.uses, i) {
			s.uses = append(s.uses, i)
		}
	}
	slices.Sort(s.uses)
	for _, i := range s.uses {
		s.unknown = append(s.unknown, cel.AttributePattern(variables[i].name))
	}
	return s, nil
}

// sizes hints how long facts are.
type sizes struct{}

func (sizes) EstimateSize(n cost.AstNode) *cost.SizeEstimate {
	path := n.Path()
	if len(path) == 0 || variableNamed(path[0]) < 0 {
		return nil
	}
	kind := variables[variableNamed(path[0])].kind
	if len(path) == 1 && (kind.Kind() == types.ListKind || kind.Kind() == types.MapKind) {
		return &cost.SizeEstimate{Max: longestList}
	}
	return &cost.SizeEstimate{Max: longestText}
}

func (sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}

// holds evaluates a selector. What is neither true nor false, for a fact is missing or the expression
// errs, is Unknown. A nil selector holds.
func (s *selector) holds(x *subject) Known {
	if s == nil {
		return Yes
	}
	var missing []*cel.AttributePatternType
	for n, i := range s.uses {
		if _, known := variables[i].value(x); !known {
			missing = append(missing, s.unknown[n])
		}
	}
	var vars any = x
	if missing != nil {
		partial, err := cel.PartialVars(x, missing...)
		if err != nil {
			return Unknown
		}
		vars = partial
	}
	v, _, err := s.program.Eval(vars)
	if err != nil {
		return Unknown
	}
	switch v {
	case types.True:
		return Yes
	case types.False:
		return No
	}
	return Unknown
}
