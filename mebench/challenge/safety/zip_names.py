"""Names of zip members: what could leave the folder, and what some file system takes for the same file.

Conventions
-----------
Two names are the same when they are so after compatibility composition (NFKC), without case, without characters that
print as nothing, and without dots and blanks at the end of a folder's or file's name. The tables of Unicode 3.2 are
used, which every version of Python holds, so that the verdict does not depend on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import ucd_3_2_0

from mebench.challenge.safety.zip_directory import Entry
from mebench.challenge.safety.zip_records import ZipFault

_DRIVE = re.compile(r"[A-Za-z]:")
_SLASHES = re.compile(r"[/\\]")
_UNPRINTABLE = re.compile(
    "[\x01-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ud800-\uf8ff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
"""Controls, directions, private characters, and those that file systems or eyes pass over."""

_LONGEST = 255
_DEEPEST = 16


def parts_of(name: str) -> tuple[str, ...]:
    """Return the folders and the file of a name; empty parts and single dots do not count."""
    return tuple(part for part in name.split("/") if part not in ("", "."))


def name_faults(entry: Entry) -> list[ZipFault]:
    """Return every way in which a member's name could leave the folder, mislead or fail to be written."""
    name, forms = entry.name, (entry.name, ucd_3_2_0.normalize("NFKC", entry.name))
    parts = [part for form in forms for part in _SLASHES.split(form)]
    raw = len(name.encode())
    rules = (
        ("\0" in name, "a name without NUL", "NUL", "nul"),
        ("\\" in name, "a name with / between folders", "a backslash", "backslash"),
        (any(form.startswith("/") for form in forms), "a relative path", "an absolute path", "absolute"),
        (any(_DRIVE.match(form) for form in forms), "a relative path", "a drive letter", "drive"),
        (any(part.rstrip(" ") == ".." for part in parts), "a path inside the archive", "..", "traversal"),
        (bool(_UNPRINTABLE.search(name)), "printable names", "controls", "control"),
        (raw > _LONGEST or _is_nothing(name), f"a name of 1 to {_LONGEST} bytes", "another", "name"),
        (len(parts_of(name)) > _DEEPEST, f"at most {_DEEPEST} folders in each other", "more", "depth"),
        (entry.other_name not in (None, name), "one name", f"another one, {entry.other_name}", "names"),
    )
    return [ZipFault(expected, found, kind, name) for broken, expected, found, kind in rules if broken]


def _is_nothing(name: str) -> bool:
    """Tell whether a name, or one of its parts, is dots and blanks only; `..` is told apart."""
    parts = parts_of(name)
    return not parts or any(not part.strip(". ") and part != ".." for part in parts)


def clashes(names: Sequence[str]) -> Iterator[ZipFault]:
    """Yield files that some system takes for one file, or for a folder that another needs.

    Parameters
    ----------
    names : of the members of an archive, or of what lies in a folder; those of folders end with a slash.
    """
    folded = [_folded(name) for name in names]
    folders = {key[:n] for key in folded for n in range(1, len(key))}
    folders |= {key for name, key in zip(names, folded, strict=True) if name.endswith("/")}
    seen: dict[tuple[str, ...], str] = {}
    for name, key in zip(names, folded, strict=True):
        if name.endswith("/"):
            continue
        if key in seen:
            expected = "names that differ in more than case, form and blanks"
            yield ZipFault(expected, f"{seen[key]} too", "duplicate", name)
        elif key in folders:
            yield ZipFault("a file or a folder", "both under one name", "clash", name)
        seen.setdefault(key, name)


def is_folder(entry: Entry) -> bool:
    """Tell whether a member is a folder, which its name ends with a slash for."""
    return entry.name.endswith("/")


def _folded(name: str) -> tuple[str, ...]:
    """Return the parts of a name in the form in which they are compared."""
    if name.isascii():
        plain = name.casefold()
    else:
        plain = ucd_3_2_0.normalize("NFKC", ucd_3_2_0.normalize("NFKC", _UNPRINTABLE.sub("", name)).casefold())
    return tuple(part.rstrip(" .") for part in parts_of(plain))
