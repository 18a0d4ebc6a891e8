"""Templates to self-contained pages, for every package that has some.

Conventions
-----------
Everything is autoescaped; a page's own content security policy allows this page's script, by its digest, and no other,
and forbids every request to a network. Looks and script are `style.css` and `page.js` among the templates.
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


class Pages:
    """The templates of some packages; where two have a template of one name, the first one's is taken."""

    def __init__(self, *packages: str) -> None:
        self._packages = packages

    @functools.cached_property
    def environment(self) -> jinja2.Environment:
        """The templates' environment: autoescaped, and strict about names that nobody gave."""
        return jinja2.Environment(
            loader=jinja2.ChoiceLoader([jinja2.PackageLoader(name) for name in self._packages]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, template: str, **values: Any) -> str:
        """Return a whole page as text.

        Parameters
        ----------
        template : name of a template that extends `page.html.j2`.
        values : what the template shows; text in them is escaped.
        """
        return "".join(self.pieces(template, **values))

    def pieces(self, template: str, **values: Any) -> Iterator[str]:
        """Yield a page piece by piece, so that a large one is never held in memory; see `render`."""
        script = self._asset("page.js")
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        own = {"style": self._asset("style.css"), "script": script, "script_digest": digest}
        # Names are escaped by now, and still hold what would steer the terminal of whoever looks at the source.
        yield from map(plain_lines, self.environment.get_template(template).generate(**own, **values))

    def fragment(self, template: str, **values: Any) -> str:
        """Return a part of a page as text, as clean as a whole one."""
        return plain_lines(self.environment.get_template(template).render(**values))

    def _asset(self, name: str) -> Markup:
        loader = self.environment.loader
        assert loader is not None
        return Markup(loader.get_source(self.environment, name)[0])
