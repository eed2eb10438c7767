"""Tags for what a page needs before it is drawn: its main part, and typed words.

`{% drawn name %}...{% enddrawn %}` draws nothing itself. What is inside is drawn into the variable
`name`, for `{{ name }}` further down and for what is between. `{% begin_with_typed %}` gives the
forms of the page what was typed into them before the language changed.
"""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context

from grievances.web.shared.fields import BeginsWithTyped
from grievances.web.shared.middleware.typed_again import typed_again

register = template.Library()


class Drawn(template.Node):
    """The node of a part that is drawn first."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> str:
        """Draw the part into its variable.

        Returns:
            Nothing to show here.
        """
        context[self.name] = self.nodelist.render(context)
        return ""


@register.simple_tag(takes_context=True)
def begin_with_typed(context: Context) -> str:
    """Give every form of the page what was typed into it before.

    Returns:
        Nothing to show here.
    """
    request = context.get("request")
    typed = typed_again(request) if request is not None else None
    if typed is not None:
        forms: Iterable[object] = context.flatten().values()
        for each in forms:
            if isinstance(each, BeginsWithTyped):
                each.begin_with(typed)
    return ""


@register.tag
def drawn(parser: Parser, token: Token) -> Drawn:
    """Return the node of a part; its only word is the name of the variable."""
    _, name = token.split_contents()
    nodelist = parser.parse(("enddrawn",))
    parser.delete_first_token()
    return Drawn(name, nodelist)
