"""Letters that are drawn like Latin ones, for the comparison of names.

Conventions
-----------
A selection of what Unicode Technical Standard 39 calls confusable, for the scripts in which a Latin name can be forged:
Cyrillic, Greek, Armenian, Coptic, Cherokee, Lisu, and the rarer Latin letters. What compatibility decomposition already
undoes (full width, mathematical letters, Roman numerals) is not listed.
"""

from __future__ import annotations

_FOLDED = {
    "a": "аɑᴀⲁꭺⱥαꓮ",
    "b": "вьɓʙƀβᏴꓐ",
    "c": "сᴄȼⲥϲᏟꓚ",
    "d": "ԁđðɗᴅᎠꓓ",
    "e": "еᴇɇεᎬꓰ",
    "f": "ƒꜰꓝ",
    "g": "ɡցɢǥᏀꓖ",
    "h": "нһհħʜηᎻꓧ",
    "j": "јյᴊɉϳᎫꓙ",
    "k": "кƙᴋⲕκᏦꓗ",
    "m": "мᴍⲙμᎷꓟ",
    "n": "ոŋɴⲛνꓠ",
    "o": "0оøօᴏⲟοσꓳ",
    "p": "рᴘⲣρᏢꓑ",
    "q": "ԛզ",
    "r": "гʀɍᎡꓣ",
    "s": "ѕꜱᏚꓢ",
    "t": "тᴛŧƭⲧτᎢꓔ",
    "u": "սᴜꓴ",
    "v": "ѵᴠᏙꓦ",
    "w": "ԝѡᴡωᎳꓪ",
    "x": "хⲭχꓫ",
    "y": "уʏɏⲩυγꓬ",
    "z": "ᴢƶζᏃꓜ",
}
_ONE = "1iıɨɩɪӏіιłƚɫʟᏞꓡꓲⵏ|!ǀ∣׀ⅼ"
_DASHES = "‐‑‒–—―−⁃＿∙⋅․‚′‘ʼʹ＇"

_GREEK = {
    "a": "αΑ", "b": "βΒ", "c": "ϲϹ", "e": "εΕ", "h": "Η", "i": "ιΙ", "j": "ϳͿ", "k": "κΚ", "m": "Μ", "n": "ηΝ",
    "o": "οΟσ", "p": "ρϱΡ", "t": "τΤ", "u": "υ", "v": "ν", "w": "ω", "x": "χΧ", "y": "γΥ", "z": "Ζ",
}  # fmt: skip


def _table(looks: dict[str, str]) -> dict[int, str]:
    return {ord(c): latin for latin, others in looks.items() for c in others}


OWN_CASE = _table(_GREEK)
"""Greek letters in the case in which they stand, for `str.translate`."""

ANY_CASE = _table({latin: others.casefold() for latin, others in _FOLDED.items()} | {"l": _ONE, "-": _DASHES})
"""Letters and signs after `str.casefold`; a Greek letter is read as its capital where that is drawn like a Latin one.

0 and O are one, and so are 1, I and l.
"""
