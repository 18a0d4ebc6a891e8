"""`detailed_results.html`: what a platform shows the participant of one submission, whether it was graded or not.

Conventions
-----------
The page is a tree of elements from which text is written escaped, so nothing that stands in a submission becomes
markup. It needs the standard library alone, for it is written where a platform grades, and nothing from a network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from mebench.plain import plain_lines

FILE = "detailed_results.html"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}th{text-align:left}"


def accepted_page(scores: Mapping[str, float], notes: Sequence[str], part: str) -> str:
    """Return the page of a submission that was graded.

    Parameters
    ----------
    scores : by column key.
    notes : what was read other than it was written.
    part : of the truth that is scored: `public`, or `all`.
    """
    body, page = _page("The submission is accepted")
    of = "the public part; the final ranking is by the hidden part" if part == "public" else "everything"
    _text(body, "p", f"Scores are rounded and of {of}.")
    table = SubElement(body, "table")
    for name, value in scores.items():
        row = SubElement(table, "tr")
        _text(row, "th", name)
        _text(row, "td", f"{value:g}")
    _list(body, [f"note: {note}" for note in notes])
    return _written(page)


def failed_page(told: str) -> str:
    """Return the page of a submission that has no score.

    Parameters
    ----------
    told : what the participant is told, one line for each problem.
    """
    first, *rest = [line.strip() for line in told.splitlines() if line.strip()] or [""]
    body, page = _page("The submission has no score")
    _text(body, "p", first)
    _list(body, rest)
    return _written(page)


def _page(title: str) -> tuple[Element, Element]:
    """Return the body of a new page, and the page."""
    page = Element("html", lang="en")
    head = SubElement(page, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    _text(head, "title", title)
    _text(head, "style", _STYLE)
    body = SubElement(page, "body")
    _text(body, "h1", title)
    return body, page


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text


def _list(parent: Element, lines: Sequence[str]) -> None:
    if lines:
        items = SubElement(parent, "ul")
        for line in lines:
            _text(items, "li", line)


def _written(page: Element) -> str:
    return plain_lines("<!DOCTYPE html>\n" + tostring(page, encoding="unicode", method="html") + "\n")
