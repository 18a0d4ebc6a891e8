"""People: a subject of a dataset. The only place that writes or splits `dataset/subject`.

Conventions
-----------
Subject 6 of two datasets is two people. Where one dataset stands alone it may be left unnamed, and a person is written
as the subject; where several are pooled, as `dataset/subject`. A subject's own id may hold a slash only where its
dataset is named, since the first slash ends the dataset.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_BETWEEN = "/"


class Person(NamedTuple):
    """A subject of a dataset; `dataset` is empty where one dataset stands alone."""

    dataset: str
    subject: str

    def __str__(self) -> str:
        """Return `dataset/subject`, or the subject alone."""
        return f"{self.dataset}{_BETWEEN}{self.subject}" if self.dataset else self.subject

    @classmethod
    def parse(cls, text: str) -> Person:
        """Return the person that `str` has written; text without a slash is a subject alone."""
        dataset, between, subject = text.partition(_BETWEEN)
        return cls(dataset, subject) if between else cls("", text)


def of_dataset(people: NDArray[np.str_], dataset: str) -> NDArray[np.bool_]:
    """Return who of some people, written as text, is a subject of a dataset.

    Parameters
    ----------
    people : shape (n,).
    dataset : its id.

    Returns
    -------
    Shape (n,).
    """
    return np.char.startswith(people, f"{dataset}{_BETWEEN}")


def joined(*names: str) -> str:
    """Return ids as one text, such as `subject/video` or `database/subject/clip`; empty ones fall out."""
    return _BETWEEN.join(filter(None, names))
