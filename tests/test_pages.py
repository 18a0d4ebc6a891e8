"""Templates to pages."""

from __future__ import annotations

import jinja2
import pytest

from mebench.pages import Pages

PAGES = Pages("mebench.leaderboard")
EMPTY = {"title": "a < b", "boards": (), "literature": ()}


@pytest.fixture
def pages(monkeypatch):
    """Pages of two templates that need no package."""
    templates = {
        "page.js": "let a;",
        "style.css": "b {}",
        "x.html.j2": "{{ word }}\n{% for n in numbers %}{{ n }},{% endfor %}",
    }
    found = Pages()
    found.environment.loader = jinja2.DictLoader(templates)
    return found


def test_a_page_is_its_pieces_and_pieces_come_one_by_one(pages):
    def numbers():
        yield 1
        raise RuntimeError("asked for too much")

    pieces = pages.pieces("x.html.j2", word="w", numbers=numbers())
    assert next(pieces) == "w"
    assert pages.render("x.html.j2", word="w", numbers=[1, 2]) == "w\n1,2,"
    with pytest.raises(RuntimeError, match="too much"):
        list(pieces)


def test_words_are_escaped_and_cannot_steer_a_terminal(pages):
    for made in (pages.render, pages.fragment):
        assert made("x.html.j2", word="<b>\x1b[2J", numbers=()) == "&lt;b&gt;\n"


def test_a_name_that_nobody_gave_is_an_error(pages):
    with pytest.raises(jinja2.UndefinedError, match="'numbers' is undefined"):
        pages.render("x.html.j2", word="w")


def test_the_first_package_that_has_a_template_is_taken():
    both = Pages("mebench.challenge.pages", "mebench.leaderboard")
    assert {"challenge.html.j2", "page.html.j2"} <= set(both.environment.list_templates())
