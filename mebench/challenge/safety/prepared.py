"""Work in two halves: what is prepared with material of the organisers, and what is done with that of strangers."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

Ready = TypeVar("Ready")
Request = dict[str, Any]

MATERIAL = "material"
"""Key of a request under which stands what strangers wrote; it never reaches the first half."""


def prepared_by(prepare: Callable[[Request], Ready]) -> Callable[[Callable[[Request, Ready], Any]], Callable[..., Any]]:
    """Return a decorator for the second half of some work.

    Parameters
    ----------
    prepare : the first half; it runs before the inner walls stand, and must import all that the second half needs, for
        behind them the libraries may be out of reach.
    """

    def decorate(work: Callable[[Request, Ready], Any]) -> Callable[..., Any]:
        @functools.wraps(work)
        def whole(request: Request, *ready: Ready) -> Any:
            return work(request, *(ready or (prepare(request),)))

        whole.prepare = prepare  # type: ignore[attr-defined]
        return whole

    return decorate
