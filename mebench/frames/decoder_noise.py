"""What FFmpeg prints on stderr while it decodes: the only sign that OpenCV gives of a picture that was patched up."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from typing import IO

_DAMAGE = re.compile(
    rb"\berror\b|bad vlc|damaged|corrupt|conceal|\binvalid|overread|truncat|prematurely|missing picture", re.IGNORECASE
)

_ONE_THREAD = threading.RLock()


class Noise:
    """The lines that were printed so far; none where stderr cannot be redirected.

    Parameters
    ----------
    file : where stderr goes.
    terminal : handle of where it went before.
    """

    def __init__(self, file: IO[bytes] | None = None, terminal: int = -1) -> None:
        self._file, self._terminal = file, terminal
        self._read = 0

    @contextlib.contextmanager
    def aloud(self) -> Iterator[None]:
        """Let stderr reach the terminal for a moment, to show progress."""
        if self._file is None:
            yield
            return
        os.dup2(self._terminal, 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(self._file.fileno(), 2)

    def damage(self) -> bool:
        """Return whether anything that was printed since the last call tells of damage."""
        if self._file is None or os.fstat(self._file.fileno()).st_size == self._read:
            return False
        # The decoder writes at the end of the file, so the place for reading is given with each call.
        new = os.pread(self._file.fileno(), 1 << 20, self._read)
        self._read += len(new)
        return _DAMAGE.search(new) is not None


@contextlib.contextmanager
def kept_noise() -> Iterator[Noise]:
    """Keep what C libraries print on stderr away from the terminal, and yield it."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(_ONE_THREAD)  # two that interleave would not put stderr back
        try:
            sys.stderr.flush()
            before = os.dup(2)
            stack.callback(os.close, before)
            file = stack.enter_context(tempfile.TemporaryFile())
        except (OSError, AttributeError, ValueError):
            yield Noise()
            return
        os.dup2(file.fileno(), 2)
        stack.callback(os.dup2, before, 2)
        yield Noise(file, before)
