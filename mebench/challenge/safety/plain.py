"""Strangers' text on terminals, in spreadsheets, and as names that people tell apart.

A spreadsheet evaluates cells that begin like a formula. Two teams whose names look alike are taken for one by readers,
and a name that prints as nothing is taken for a mistake of the page.
"""

from __future__ import annotations

import unicodedata

from mebench.challenge.safety.lookalikes import ANY_CASE, OWN_CASE
from mebench.plain import plain_text

__all__ = ["escape_cell", "plain_text", "prints_as_nothing", "shown_name", "skeleton"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u303f\ufffc\U0001d159\U00013441\U00013442\U00016fe4")
"""Letters and symbols that are drawn as empty space: Hangul fillers, the blank of Braille, null notes."""

_SEPARATORS = frozenset("-_.,'’`´·•~")


def escape_cell(value: object) -> str:
    """Return a value as the text of a CSV cell that no spreadsheet takes for a formula.

    Text that begins with `=`, `+`, `-`, `@`, a tab or a line break, blanks before it included, gets an apostrophe in
    front. Numbers are numbers and stay as they are.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value)
    text = str(value)
    begins = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return "'" + text if begins else text


def shown_name(name: str) -> str:
    """Return a file's name in which what does not print is escaped, so that whoever has the file can find it."""
    shown = "".join(c if c == " " or plain_text(c) else ascii(c)[1:-1] for c in name)
    return plain_text(shown)


def prints_as_nothing(text: str) -> bool:
    """Tell whether a reader would see nothing: blanks, controls, fillers, marks without a letter, or no text at all."""
    return all(_is_unseen(c) for c in text)


def _is_unseen(c: str) -> bool:
    return unicodedata.category(c)[0] in "CMZ" or c in _BLANK


def skeleton(text: str) -> str:
    """Return what is left of a name when everything that readers overlook is taken away.

    Names with equal skeletons look alike: case, accents, width, blanks, dashes, invisible characters, and letters of
    other scripts that are drawn like Latin ones do not count, nor does the difference of 0 and O or of 1, I and l. A
    skeleton is for comparing only; it is empty just where the name prints as nothing.
    """
    seen = "".join(c for c in unicodedata.normalize("NFKD", text) if not _is_unseen(c))
    # Beside Latin letters a Greek one is drawn in its own case; a Greek word may be written in capitals as well.
    if any(c.isalpha() and unicodedata.name(c, "").startswith("LATIN") for c in seen):
        seen = seen.translate(OWN_CASE)
    folded = "".join(str(unicodedata.digit(c, c)) for c in unicodedata.normalize("NFKD", seen.casefold()))
    drawn = "".join(c for c in folded.translate(ANY_CASE) if not _is_unseen(c))
    kept = "".join(c for c in drawn if c not in _SEPARATORS)
    # Of a name of nothing but dashes, dots or loose accents, these are what readers see.
    return (kept or drawn or "".join(c for c in text if not _is_unseen(c))).replace("rn", "m").replace("vv", "w")
