"""Text to arithmetic: numbers, names, ``+ - * / **``, parentheses and lags; anything else is refused."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping

import numpy as np

from sxsim.errors import PlanError
from sxsim.identities.terms import Array, Constant, Figure, Operation, Term, divide, power

_LONGEST = 4_000
_DEEPEST = 200
_LARGEST_EXPONENT = 100
_LONGEST_LAG = 100
_SHOWN = 200

_NUMBER = r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.])"
_PIECE = re.compile(rf"\s|{_NUMBER}|[^\W\d]\w*|[-+*/()\[\]]")
_STRANGE = re.compile(r"[\w.]+|.", re.DOTALL)
_HINT = "Use numbers, names, + - * / **, parentheses, and name[-1] for the figure of the year before."

_COMPUTE: Mapping[type[ast.operator], Callable[[Array, Array], Array]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: divide,
    ast.Pow: power,
}


def parse(text: str) -> Term:
    """Read an expression; it is never executed."""
    if not text:
        raise PlanError("The expression is empty.", _HINT)
    if len(text) > _LONGEST:
        raise PlanError(
            f"The expression {_short(text)!r} has {len(text):,} characters, more than {_LONGEST:,}.",
            "Split it into several identities.",
        )
    _check_pieces(text)
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError as error:
        near = text[max((error.offset or 1) - 1, 0) :][:20] or text[-20:]
        raise _refusal(text, near, "which cannot be read") from None
    except (RecursionError, MemoryError):
        raise _too_deep(text) from None
    return _Reader(text).term(tree.body, 0)


def _check_pieces(text: str) -> None:
    """Refuse what arithmetic has no use for, before anything else looks at the text."""
    place = 0
    while place < len(text):
        found = _PIECE.match(text, place)
        if found is None:
            strange = _STRANGE.match(text, place)
            raise _refusal(text, strange[0] if strange else text[place], "which is no part of arithmetic")
        place = found.end()


def _refusal(text: str, piece: str, reason: str, hint: str = _HINT) -> PlanError:
    return PlanError(f"The expression {_short(text)!r} holds {_short(piece)!r}, {reason}.", hint)


def _short(text: str) -> str:
    """Keep a complaint readable, whatever it is about."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _too_deep(text: str) -> PlanError:
    return PlanError(
        f"The expression {_short(text)!r} is nested more than {_DEEPEST} deep.",
        "Split it into several identities.",
    )


class _Reader:
    """Turns a syntax tree into terms, and knows the text for its complaints."""

    def __init__(self, text: str) -> None:
        self.text = text

    def term(self, node: ast.expr, depth: int) -> Term:
        """Return a term; refuse what is not on the list."""
        if depth > _DEEPEST:
            raise _too_deep(self.text)
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return self.constant(node, float(str(number)))  # of a whole number with 400 digits: infinity
            case ast.Name(id=name):
                return Figure(name=name)
            case ast.Subscript(value=ast.Name(id=name)):
                return Figure(name=name, lag=self.lag(node))
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return self.operation(node, Constant(number=-1.0), self.term(inner, depth + 1), np.multiply)
            case ast.BinOp(left=first, op=op, right=second) if type(op) in _COMPUTE:
                left, right = self.term(first, depth + 1), self.term(second, depth + 1)
                return self.operation(node, left, right, _COMPUTE[type(op)])
        raise self.refuse(node, f"which is {_WORDS.get(type(node), 'no arithmetic')}")

    def lag(self, node: ast.Subscript) -> int:
        """Return how many years a subscript goes back."""
        match node.slice:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as years)) if (
                not isinstance(years, bool) and 1 <= years <= _LONGEST_LAG
            ):
                return years
        raise self.refuse(
            node,
            f"whose lag is not one of -1 to -{_LONGEST_LAG}",
            "A lag is a negative whole number of years: name[-1] is the figure of the year before.",
        )

    def operation(
        self, node: ast.expr, left: Term, right: Term, compute: Callable[[Array, Array], Array]
    ) -> Term:
        """Return an operation; one on numbers alone is done at once."""
        if compute is power:
            self.check_exponent(node, right)
        if compute is divide and isinstance(right, Constant) and right.number == 0.0:
            raise self.refuse(node, "which divides by zero")
        if not (isinstance(left, Constant) and isinstance(right, Constant)):
            return Operation(left=left, right=right, compute=compute)
        with np.errstate(all="ignore"):
            number = compute(np.asarray(left.number), np.asarray(right.number))
        return self.constant(node, float(number))

    def constant(self, node: ast.expr, number: float) -> Constant:
        """Return a number that is one."""
        if not np.isfinite(number):
            raise self.refuse(node, "which is not a finite number")
        return Constant(number=number)

    def check_exponent(self, node: ast.expr, exponent: Term) -> None:
        """Refuse exponents that vary, say nothing or explode."""
        if not (isinstance(exponent, Constant) and 0 < abs(exponent.number) <= _LARGEST_EXPONENT):
            raise self.refuse(
                node,
                f"whose exponent is not a number between -{_LARGEST_EXPONENT} and {_LARGEST_EXPONENT} "
                "other than zero",
                "An exponent may hold numbers only, as in (x / x[-5]) ** (1 / 5).",
            )

    def refuse(self, node: ast.expr, reason: str, hint: str = _HINT) -> PlanError:
        """Make an error that names the piece."""
        return _refusal(self.text, ast.get_source_segment(self.text, node) or self.text, reason, hint)


_WORDS: Mapping[type[ast.expr], str] = {
    ast.Call: "a call",
    ast.Compare: "a comparison",
    ast.BoolOp: "a logical choice",
    ast.IfExp: "a choice between two values",
    ast.Subscript: "a lag of something other than a name",
    ast.List: "a list",
    ast.ListComp: "a loop",
    ast.GeneratorExp: "a loop",
}
