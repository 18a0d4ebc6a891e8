"""Intervals of long videos as columns: the one table for annotated events and for predictions.

Conventions
-----------
Frame numbers are 1-based and inclusive at both ends. An apex of 0 means none; so does, in a truth, an offset of 0. A
missing score is NaN. Arrays are one-dimensional, of equal length, and read-only.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mebench.schema.recordings import Event, ExpressionType


class IntervalRow(NamedTuple):
    """One interval, the way it is handed to `Intervals.from_rows`."""

    subject: str
    video: str
    onset: int
    offset: int
    type: ExpressionType | str
    score: float = float("nan")
    emotion: str = ""
    apex: int = 0
    action_units: str = ""


_DTYPES: dict[str, Any] = {
    "subject": np.str_,
    "video": np.str_,
    "onset": np.int64,
    "offset": np.int64,
    "is_macro": np.bool_,
    "score": np.float64,
    "emotion": np.str_,
    "apex": np.int64,
    "action_units": np.str_,
}
_DEFAULTS: dict[str, Any] = {"is_macro": False, "score": np.nan, "emotion": "", "apex": 0, "action_units": ""}


@dataclasses.dataclass(frozen=True, eq=False)
class Intervals:
    """A frozen table of intervals; every attribute is an array of shape (n,).

    Attributes
    ----------
    subject, video : whose video it is; (subject, video) is unique within a truth.
    onset, offset : first and last frame number, int64.
    is_macro : True for a macro-expression, False for a micro-expression.
    score : the method's confidence, float64, NaN where absent.
    emotion : lower-case label, empty where absent.
    apex : frame number of the strongest expression, int64, 0 where absent.
    action_units : the annotation's own string, empty where absent.
    """

    subject: NDArray[np.str_]
    video: NDArray[np.str_]
    onset: NDArray[np.int64]
    offset: NDArray[np.int64]
    is_macro: NDArray[np.bool_]
    score: NDArray[np.float64]
    emotion: NDArray[np.str_]
    apex: NDArray[np.int64]
    action_units: NDArray[np.str_]

    def __post_init__(self) -> None:
        """Check that the columns are equally long and make them read-only."""
        for name in _DTYPES:
            column = getattr(self, name)
            if column.shape != self.subject.shape or column.ndim != 1:
                raise ValueError(f"column {name} has shape {column.shape}, subject has {self.subject.shape}")
            frozen = column.view()
            frozen.flags.writeable = False
            object.__setattr__(self, name, frozen)

    @classmethod
    def from_columns(cls, **columns: ArrayLike) -> Intervals:
        """Make a table of columns given by name; only subject, video, onset and offset must be given.

        Raises
        ------
        ValueError : for columns of different lengths.
        TypeError : for an unknown or a missing column.
        """
        if unknown := set(columns) - set(_DTYPES):
            raise TypeError(f"no such column: {', '.join(sorted(unknown))}")
        if missing := set(_DTYPES) - set(_DEFAULTS) - set(columns):
            raise TypeError(f"missing column: {', '.join(sorted(missing))}")
        n = len(np.asarray(columns["onset"]))
        filled = {
            name: np.asarray(columns[name], dtype=dtype) if name in columns else np.full(n, _DEFAULTS[name], dtype)
            for name, dtype in _DTYPES.items()
        }
        return cls(**filled)

    @classmethod
    def from_rows(cls, rows: Iterable[IntervalRow | tuple[Any, ...]]) -> Intervals:
        """Make a table of rows in the order of `IntervalRow`; trailing fields may be left out.

        Raises
        ------
        ValueError : when a type is neither `micro` nor `macro`.
        """
        full = [IntervalRow(*row) for row in rows]
        if not full:
            return cls.empty()
        columns: dict[str, Any] = dict(zip(IntervalRow._fields, zip(*full, strict=True), strict=True))
        columns["is_macro"] = [ExpressionType(kind) is ExpressionType.MACRO for kind in columns.pop("type")]
        return cls.from_columns(**columns)

    @classmethod
    def from_events(cls, subject: str, video: str, events: Sequence[Event]) -> Intervals:
        """Make a table of one video's annotated events."""
        nan = float("nan")
        return cls.from_rows(
            (subject, video, e.onset, e.offset, e.type, nan, e.emotion, e.apex or 0, e.action_units) for e in events
        )

    @classmethod
    def empty(cls) -> Intervals:
        """Return a table without rows."""
        return cls(**{name: np.empty(0, dtype) for name, dtype in _DTYPES.items()})

    @classmethod
    def concat(cls, tables: Iterable[Intervals]) -> Intervals:
        """Return the rows of all tables, one table after the other."""
        parts = list(tables)
        if not parts:
            return cls.empty()
        return cls(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in _DTYPES})

    def __len__(self) -> int:
        """Return the number of intervals."""
        return len(self.onset)

    def __eq__(self, other: object) -> bool:
        """Tell whether two tables hold the same rows in the same order; two absent scores are equal."""
        if not isinstance(other, Intervals):
            return NotImplemented
        return len(self) == len(other) and all(
            np.array_equal(getattr(self, name), getattr(other, name), equal_nan=name == "score") for name in _DTYPES
        )

    __hash__ = None  # type: ignore[assignment]

    def select(self, which: ArrayLike) -> Intervals:
        """Return the rows of a boolean mask of shape (n,), of an index array, or of a slice."""
        index: Any = which if isinstance(which, slice) else np.asarray(which)
        if not isinstance(which, slice) and not index.size:
            index = index.astype(np.int64)  # numpy takes an empty list for one of floats
        return Intervals(**{name: getattr(self, name)[index] for name in _DTYPES})

    def replace(self, **columns: ArrayLike) -> Intervals:
        """Return a copy with some columns replaced."""
        return Intervals.from_columns(**{**{name: getattr(self, name) for name in _DTYPES}, **columns})

    def sorted(self) -> Intervals:
        """Return the canonical order: subject, video, onset, offset, micro before macro, then falling score."""
        keys = (self.emotion, -self.score, self.is_macro, self.offset, self.onset, self.video, self.subject)
        return self.select(np.lexsort(keys))

    def rows(self) -> list[IntervalRow]:
        """Return the rows as plain Python values."""
        types = [ExpressionType.MACRO if macro else ExpressionType.MICRO for macro in self.is_macro.tolist()]
        columns = [types if name == "type" else getattr(self, name).tolist() for name in IntervalRow._fields]
        return [IntervalRow(*row) for row in zip(*columns, strict=True)]
