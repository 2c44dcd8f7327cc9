"""The solver's expressions as Python functions: thousands of values go through one in the time of one simplify()."""

import z3

BINARY = {
    z3.Z3_OP_BADD: "+", z3.Z3_OP_BMUL: "*", z3.Z3_OP_BAND: "&", z3.Z3_OP_BOR: "|", z3.Z3_OP_BXOR: "^",
    z3.Z3_OP_AND: "and", z3.Z3_OP_OR: "or", z3.Z3_OP_ULT: "<", z3.Z3_OP_ULEQ: "<=", z3.Z3_OP_UGT: ">",
    z3.Z3_OP_UGEQ: ">=", z3.Z3_OP_EQ: "==", z3.Z3_OP_DISTINCT: "!=",
}


class Function:
    """function(values, byte): values by the names of the unknowns, byte(address) reads memory."""

    def __init__(self, expressions):
        self.lines, self.names = [], {}
        results = [self.name_of(each) for each in expressions]
        body = "\n    ".join([*self.lines, f"return ({', '.join(results)},)"])
        scope = {}
        exec(f"def function(values, byte):\n    {body}", scope)  # pylint: disable=exec-used
        self.call = scope["function"]

    def __call__(self, values, byte):
        return self.call(values, byte)

    def name_of(self, expression):
        """The local variable that has this value; each is computed once."""
        key = expression.get_id()
        if key not in self.names:
            text = self.text(expression, [self.name_of(each) for each in expression.children()])
            self.names[key] = f"v{len(self.lines)}"
            self.lines.append(f"{self.names[key]} = {text}")
        return self.names[key]

    def text(self, expression, parts):
        kind = expression.decl().kind()
        mask = (1 << expression.size()) - 1 if z3.is_bv(expression) else None
        if z3.is_bv_value(expression):
            return str(expression.as_long())
        if kind == z3.Z3_OP_UNINTERPRETED:
            return f"byte({parts[0]})" if parts else f"values[{expression.decl().name()!r}]"
        if kind in BINARY:
            joined = f" {BINARY[kind]} ".join(parts)
            return f"({joined}) & {mask}" if mask is not None else f"({joined})"
        if kind in (z3.Z3_OP_TRUE, z3.Z3_OP_FALSE):
            return str(kind == z3.Z3_OP_TRUE)
        if kind == z3.Z3_OP_NOT:
            return f"not {parts[0]}"
        if kind == z3.Z3_OP_BNOT:
            return f"{parts[0]} ^ {mask}"
        if kind == z3.Z3_OP_BSHL:
            return f"({parts[0]} << {parts[1]}) & {mask} if {parts[1]} < {expression.size()} else 0"
        if kind == z3.Z3_OP_ITE:
            return f"{parts[1]} if {parts[0]} else {parts[2]}"
        if kind == z3.Z3_OP_EXTRACT:
            _, low = expression.params()
            return f"({parts[0]} >> {low}) & {mask}"
        if kind == z3.Z3_OP_ZERO_EXT:
            return parts[0]
        if kind == z3.Z3_OP_CONCAT:
            text = parts[0]
            for child, part in zip(expression.children()[1:], parts[1:]):
                text = f"({text} << {child.size()} | {part})"
            return text
        raise NotImplementedError(f"{expression.decl().name()} of {expression}")
