"""Scores as text and as small bars that show the interval of uncertainty.

Conventions
-----------
Every bar runs from 0 to 1 unless its metric leaves that range, so that bars can be compared over the whole page.
Positions are percent of the bar.
"""

from __future__ import annotations

import dataclasses
import math

BOTTOM, TOP = 0.0, 1.0


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    """One score of a table.

    Attributes
    ----------
    text : the value with three decimals, `–` where there is none.
    sort : the value at full precision for sorting; empty where there is none.
    ci : the interval as text, empty where there is none.
    at, low, high : the value and the ends of its interval in percent of the bar, or None.
    defined : False where the statistic is 0/0 and its 0 means nothing.
    as_it_stands : whether the card keeps nothing to work the score out from.
    """

    text: str
    sort: str = ""
    ci: str = ""
    at: float | None = None
    low: float | None = None
    high: float | None = None
    defined: bool = True
    as_it_stands: bool = False


ABSENT = Cell("–")


def decimals(value: float) -> str:
    """Return three decimals without the leading zero, as tables of the field print them: `.123`, `1.000`, `-.050`."""
    text = f"{value:.3f}"
    if text == "-0.000":
        text = "0.000"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def cell(
    value: float | None,
    ci95: tuple[float, float] | None = None,
    *,
    defined: bool = True,
    span: tuple[float, float] = (BOTTOM, TOP),
) -> Cell:
    """Return a score's cell; no value, or one that is not finite, gives an empty one.

    Parameters
    ----------
    value : the score, or None.
    ci95 : lower and upper end of its 95% interval, or None.
    defined : False where the score is 0/0.
    span : ends of the bar.
    """
    if value is None or not math.isfinite(value):
        return ABSENT
    ends = ci95 if ci95 is not None and all(math.isfinite(end) for end in ci95) and defined else None
    return Cell(
        decimals(value),
        repr(float(value)),
        f"{decimals(ends[0])} to {decimals(ends[1])}" if ends else "",
        _place(value, *span),
        _place(ends[0], *span) if ends else None,
        _place(ends[1], *span) if ends else None,
        defined,
    )


def _place(value: float, bottom: float, top: float) -> float:
    return round(100.0 * (min(max(value, bottom), top) - bottom) / (top - bottom), 2)
