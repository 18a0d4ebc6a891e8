"""What stood in a cell, quoted for a message: short, on one line, and in the reader's own script.

Conventions
-----------
Printable text of any script stays as it is, for nobody knows the own header in escapes. Escaped are controls and what
does not print, and text that would be taken for other text: letters in full width, a Cyrillic letter in a Latin word,
or an accented letter written as two characters.
"""

from __future__ import annotations

import unicodedata

LONGEST = 60
"""Characters of a quote, the dots of a cut one included."""

_WORDS = {None: "nothing", True: "true", False: "false"}
_DRAWN_LIKE_ASCII = frozenset("аеорсухіјѕһԁԛԝАВЕЅІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧο‐‑‒–—−’‘‚“”„′″․٫，；：")


def quoted(value: object) -> str:
    """Return a value as printable text in quotes, cut after 60 characters; what JSON writes as a word is one."""
    text = _WORDS.get(value, "") if isinstance(value, bool | None) else str(value)
    short = text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
    return ascii(short) if _misleads(short) else repr(short)


def _misleads(text: str) -> bool:
    """Tell whether all that is not ASCII looks as if it were, or the text looks like its composed form."""
    others = {c for c in text if not c.isascii()}
    if not others:
        return False
    looks_plain = others <= _DRAWN_LIKE_ASCII or unicodedata.normalize("NFKC", text).isascii()
    return looks_plain or unicodedata.normalize("NFC", text) != text
