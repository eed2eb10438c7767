"""The tags of Django's `i18n`; a fixed text is translated once for each language.

A page has some eighty fixed texts. To look each of them up and to escape it costs more than to
read what it was before: the catalogues do not change while a process runs.
"""

from __future__ import annotations

from django.template import Context
from django.template.base import FilterExpression, Node, Parser, Token, Variable
from django.templatetags import i18n
from django.utils.translation import get_language

register = i18n.register.__class__()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class FixedText(Node):
    """The node of a text that depends on nothing but the language."""

    child_nodelists = ()

    def __init__(self, node: i18n.TranslateNode) -> None:
        self._node = node
        self._known: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        """Return the text in the language of the page."""
        language = get_language()
        if language not in self._known:
            self._known[language] = self._node.render(context)
        return self._known[language]


def translate(parser: Parser, token: Token) -> Node:
    """Return the node of Django's tag, or one that remembers a fixed text."""
    node = i18n.do_translate(parser, token)
    return FixedText(node) if _is_fixed(node) else node


def _is_fixed(node: i18n.TranslateNode) -> bool:
    """Return whether a node shows a text in quotes as it is, and keeps it nowhere."""
    text: FilterExpression = node.filter_expression
    return (
        isinstance(text.var, Variable)
        and text.var.lookups is None
        and isinstance(text.var.literal, str)
        and not (text.filters or node.asvar or node.message_context or node.noop)
    )


register.tag("translate", translate)
register.tag("trans", translate)
