"""A tag that draws a part of a page before the place where it stands.

`{% drawn name %}...{% enddrawn %}` draws nothing itself. What is inside is drawn into the variable
`name`, for `{{ name }}` further down and for what stands between.
"""

from __future__ import annotations

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context

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


@register.tag
def drawn(parser: Parser, token: Token) -> Drawn:
    """Return the node of a part; its only word is the name of the variable."""
    _, name = token.split_contents()
    nodelist = parser.parse(("enddrawn",))
    parser.delete_first_token()
    return Drawn(name, nodelist)
