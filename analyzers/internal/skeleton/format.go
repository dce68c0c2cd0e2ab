package skeleton

import (
	"go/constant"
	"go/token"
	"go/types"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// formatTargets returns the String and Error methods of this package that a
// formatting function calls on its arguments.
func (p *Package) formatTargets(common *ssa.CallCommon) []target {
	args := Args(common)
	if !common.Signature().Variadic() || len(args) == 0 {
		return nil
	}
	verbs, isFormat := "", false
	if n := len(args) - 2; n >= 0 && takesFormat(common, args[n]) {
		c, ok := args[n].(*ssa.Const)
		if !ok || c.Value == nil || c.Value.Kind() != constant.String {
			return nil
		}
		var plain bool
		verbs, plain = formatVerbs(constant.StringVal(c.Value))
		if !plain {
			return nil
		}
		isFormat = true
	}
	var list []target
	for i, v := range variadic(args[len(args)-1]) {
		mi, ok := v.(*ssa.MakeInterface)
		if !ok {
			continue
		}
		if isFormat && (i >= len(verbs) || !strings.ContainsRune("vsqxX", rune(verbs[i]))) {
			continue
		}
		if fn := p.stringer(mi.X.Type()); fn != nil {
			list = append(list, target{fn: fn, ref: p.Access.Of(mi.X)})
		}
	}
	return list
}

// takesFormat reports whether the last argument but the variadic ones is a format:
// the name of the function says so or, of a function value, the type.
func takesFormat(common *ssa.CallCommon, arg ssa.Value) bool {
	if fn := Static(common); fn != nil {
		return strings.HasSuffix(fn.Name(), "f")
	}
	b, ok := arg.Type().Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// stringer is the method that fmt calls to format a value of the type.
func (p *Package) stringer(typ types.Type) *ssa.Function {
	sets := types.NewMethodSet(typ)
	for _, name := range []string{"Error", "String"} {
		sel := sets.Lookup(p.Pass.Pkg, name)
		if sel == nil {
			continue
		}
		obj, ok := sel.Obj().(*types.Func)
		if !ok || len(sel.Index()) != 1 || obj.Pkg() != p.Pass.Pkg {
			return nil
		}
		sig := obj.Signature()
		if sig.Params().Len() != 0 || sig.Results().Len() != 1 || !types.Identical(sig.Results().At(0).Type(), types.Typ[types.String]) {
			return nil
		}
		if sets.Lookup(p.Pass.Pkg, "Format") != nil {
			return nil
		}
		if fn := p.SSA.Prog.FuncValue(obj.Origin()); fn != nil && fn.Blocks != nil {
			return fn
		}
		return nil
	}
	return nil
}

// variadic returns the values that are passed for a variadic parameter.
func variadic(v ssa.Value) []ssa.Value {
	sl, ok := v.(*ssa.Slice)
	if !ok {
		return nil
	}
	arr, ok := sl.X.(*ssa.Alloc)
	if !ok {
		return nil
	}
	at, ok := arr.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array)
	if !ok || at.Len() > 64 {
		return nil
	}
	vals := make([]ssa.Value, at.Len())
	for _, ref := range *arr.Referrers() {
		ia, ok := ref.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		c, ok := ia.Index.(*ssa.Const)
		if !ok {
			continue
		}
		i, ok := constant.Int64Val(c.Value)
		if !ok || i < 0 || i >= at.Len() {
			continue
		}
		for _, r := range *ia.Referrers() {
			if st, ok := r.(*ssa.Store); ok && st.Addr == ia {
				vals[i] = st.Val
			}
		}
	}
	return vals
}

// formatVerbs returns the verb that each argument is formatted with; plain is
// false for a format with explicit indices or widths from arguments.
func formatVerbs(format string) (verbs string, plain bool) {
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		i++
		for i < len(format) && strings.IndexByte("+-# 0123456789.", format[i]) >= 0 {
			if format[i] == '#' && i+1 < len(format) && format[i+1] == 'v' {
				format = format[:i+1] + "p" + format[i+2:] // %#v calls GoString
			}
			i++
		}
		if i >= len(format) {
			break
		}
		switch format[i] {
		case '%':
		case '*', '[':
			return "", false
		default:
			b.WriteByte(format[i])
		}
	}
	return b.String(), true
}

// noteFormatted fills formatted: which functions format a value whose method
// is in this package.
func (p *Package) noteFormatted() {
	p.formatted = make(map[*ssa.Function][]*ssa.Function)
	for _, fn := range p.Funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				op, _ := p.Op(call.Common())
				if !op.Format {
					continue
				}
				for _, t := range p.formatTargets(call.Common()) {
					p.formatted[t.fn] = appendNew(p.formatted[t.fn], fn)
				}
			}
		}
	}
}

func shortFile(name string) string { return filepath.Base(name) }

func itoa(n int) string { return strconv.Itoa(n) }

var _ = token.NoPos
