"""Files under names that OpenCV cannot take: it crashes on bytes that are not UTF-8, which Python bears as surrogates.

Archives from Windows leave such names on Linux, and where the locale is `C` every name beyond ASCII is one.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def opencv_name(path: Path) -> Iterator[str]:
    """Yield a name under which OpenCV can open a file: its own, or that of a link which is removed afterwards."""
    if _is_text(str(path)):
        yield str(path)
        return
    with tempfile.TemporaryDirectory(prefix="mebench-") as folder:
        link = Path(folder) / f"video{path.suffix if path.suffix.isascii() and _is_text(path.suffix) else ''}"
        link.symlink_to(os.path.abspath(path))
        yield str(link)


def printable(name: str) -> str:
    """Return a file's name as text that can be printed and written: bytes that are not UTF-8 become question marks."""
    return os.fsencode(name).decode("utf-8", "replace")


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
