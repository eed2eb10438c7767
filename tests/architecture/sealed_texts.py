"""The texts that keys are bound to, followed backwards from the calls of the outside libraries.

A text of associated data, or a purpose of a keyed hash or of a derived key, is given to one of
these libraries through functions of ours, whatever they are called. So each function is looked at
that hands one of its parameters on to such a call: what its own callers give there is such a text
too. Texts of the shape `evidence|{}|{}` are taken wherever they are made.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from tests.architecture.syntax import Function, called, calls, keyword_of, nodes, text_of, texts_in

Places = set[tuple[str, int]]
"""A function by its name, and the position of a parameter of it that ends as such a text."""


@cache
def functions() -> dict[str, Function]:
    """Return every function by its name; a method is none, for its name may be many others'."""
    inside = {id(each) for node in nodes() if isinstance(node, ast.ClassDef) for each in node.body}
    found = [node for node in nodes() if isinstance(node, Function) and id(node) not in inside]
    return {node.name: node for node in found}


def given_outside(call: ast.Call) -> list[ast.expr]:
    """Return what a call gives an outside library to bind a key to; nothing for other calls."""
    name = ast.unparse(call.func)
    found: list[ast.expr | None] = []
    if name in {"hmac.new", "hmac.digest"}:
        found = [*call.args[1:2]]
    elif name == "HKDF":
        found = [keyword_of(call, "info"), *call.args[3:4]]
    elif name.endswith((".encrypt", ".decrypt")):
        found = [keyword_of(call, "info"), *call.args[2:3]]
    elif name.endswith(("TimestampSigner", "signing.dumps", "signing.loads")):
        found = [keyword_of(call, "salt")]
    elif name.endswith(").sign"):
        found = [*call.args[:1]]
    return [each for each in found if each is not None]


def parameters(function: Function) -> list[str]:
    """Return the names of what a function is given by position; the rest of them as one."""
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    return [*names, function.args.vararg.arg] if function.args.vararg else names


def given_at(call: ast.Call, places: Places) -> list[ast.expr]:
    """Return what a call gives at the places of the function it calls."""
    name = called(call)
    if name not in functions():
        return []
    found: list[ast.expr] = []
    for position in (position for which, position in places if which == name):
        given = keyword_of(call, parameters(functions()[name])[position])
        found += [given] if given else call.args[position : position + 1]
    return found


def _made_of(function: Function, expression: ast.expr) -> set[str]:
    """Return the names an expression is made of, local assignments followed once."""
    names = {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and names & {ast.unparse(each) for each in node.targets}:
            names |= {each.id for each in ast.walk(node.value) if isinstance(each, ast.Name)}
    return names


@cache
def places() -> Places:
    """Return the parameters that end as such a text, from the libraries outwards."""
    found: Places = set()
    inside = {
        name: [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        for name, function in functions().items()
    }
    while True:
        before = len(found)
        for name, function in functions().items():
            made_of: set[str] = set()
            for call in inside[name]:
                for given in given_outside(call):
                    made_of |= _made_of(function, given)
                made_of |= {g.id for g in given_at(call, found) if isinstance(g, ast.Name)}
            names = enumerate(parameters(function))
            found |= {(name, position) for position, each in names if each in made_of}
        if len(found) == before:
            return found


@cache
def makers() -> set[str]:
    """Return the names of all functions and methods that make a text of associated data."""
    return {
        function.name
        for function in nodes()
        if isinstance(function, Function)
        for node in ast.walk(function)
        if isinstance(node, ast.Return) and node.value is not None
        if _looks_bound(node.value, text_of(node.value) or "")
    }


def sealed_texts() -> set[str]:
    """Return every text that a key is bound to, with `{}` for what is filled in."""
    found = {text for node in nodes() if (text := text_of(node)) and _looks_bound(node, text)}
    for call in calls():
        for given in (*given_outside(call), *given_at(call, places())):
            found |= set(_texts(given))
        if called(call) in makers():
            found |= {text for each in call.args for text in texts_in(each)}
    for name, position in places():
        found |= set(texts_in(_default_of(functions()[name], position)))
    return found - {""}


def _looks_bound(node: ast.AST, text: str) -> bool:
    """Tell whether a text has the shape of associated data."""
    return isinstance(node, ast.JoinedStr) and "|" in text and "| " not in text


def _default_of(function: Function, position: int) -> ast.expr | None:
    args, defaults = function.args, function.args.defaults
    at = position - (len(args.posonlyargs) + len(args.args) - len(defaults))
    return defaults[at] if 0 <= at < len(defaults) else None


def _texts(given: ast.expr) -> Iterator[str]:
    """Yield the texts of an expression, its parts, and what a function it calls returns."""
    yield from texts_in(given)
    if isinstance(given, ast.BinOp):
        yield from _texts(given.left)
        yield from _texts(given.right)
    if isinstance(given, ast.Call) and called(given) in functions():
        for node in ast.walk(functions()[called(given)]):
            if isinstance(node, ast.Return):
                yield from texts_in(node.value)
