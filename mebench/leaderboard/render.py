"""Templates to one self-contained page.

Everything is autoescaped; the page's own content security policy allows this page's script, by its digest, and no
other, and forbids every request to a network.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Iterator
from typing import Any

import jinja2
from markupsafe import Markup

from mebench.plain import plain_lines


@functools.cache
def environment() -> jinja2.Environment:
    """Return the templates' environment: autoescaped, and strict about names that nobody gave."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("mebench.leaderboard"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _asset(name: str) -> Markup:
    loader = environment().loader
    assert loader is not None
    return Markup(loader.get_source(environment(), name)[0])


def render(template: str, **values: Any) -> str:
    """Return a whole page as text.

    Parameters
    ----------
    template : name of a template that extends `page.html.j2`.
    values : what the template shows; text in them is escaped.
    """
    return "".join(render_pieces(template, **values))


def render_pieces(template: str, **values: Any) -> Iterator[str]:
    """Yield a page piece by piece, so that a large one is never held in memory; see `render`."""
    script = _asset("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = environment().get_template(template)
    # Names are escaped by now, and still hold what would steer the terminal of whoever looks at the source.
    yield from map(plain_lines, page.generate(style=_asset("style.css"), script=script, script_digest=digest, **values))


def fragment(template: str, **values: Any) -> str:
    """Return a part of a page as text, as clean as a whole one."""
    return plain_lines(environment().get_template(template).render(**values))
