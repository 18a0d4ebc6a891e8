"""A page as a tree, for tests that ask what a browser would see."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "link", "br", "img", "hr", "input"}
SVG_LEAVES = {"rect", "line", "path", "circle"}


class Node:
    def __init__(self, tag: str, attributes: dict[str, str | None], parent: Node | None) -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Node] = []
        self.own_text: list[str] = []

    @property
    def text(self) -> str:
        return " ".join(" ".join([*self.own_text, *(child.text for child in self.children)]).split())

    def has(self, name: str) -> bool:
        return name in (self.attributes.get("class") or "").split()

    def find_all(self, tag: str = "", cls: str = "", id: str = "") -> list[Node]:
        found = []
        for child in self.children:
            fits = (not tag or child.tag == tag) and (not cls or child.has(cls))
            if fits and (not id or child.attributes.get("id") == id):
                found.append(child)
            found += child.find_all(tag, cls, id)
        return found

    def find(self, tag: str = "", cls: str = "", id: str = "") -> Node:
        return self.find_all(tag, cls, id)[0]


class Page(HTMLParser):
    """Parse strictly: an element that is not closed, or closed twice, fails the test."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.current = Node("", {}, None)
        self.feed(text)
        self.close()
        assert self.current is self.root, f"<{self.current.tag}> is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, dict(attrs), self.current)
        self.current.children.append(node)
        if tag not in VOID:
            self.current = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in SVG_LEAVES, f"<{tag}/> is only closed in SVG"
        self.current.children.append(Node(tag, dict(attrs), self.current))

    def handle_endtag(self, tag: str) -> None:
        assert self.current.tag == tag, f"</{tag}> closes <{self.current.tag}>"
        assert self.current.parent is not None
        self.current = self.current.parent

    def handle_data(self, data: str) -> None:
        self.current.own_text.append(data)


def parse(text: str) -> Node:
    return Page(text).root
