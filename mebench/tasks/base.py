"""What a task is: the one place that knows the files and the types of its truth and predictions."""

from __future__ import annotations

import abc
import dataclasses
import importlib
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from mebench.errors import UserError
from mebench.metrics.conventions.base import Convention
from mebench.schema.files import PUBLIC, write_atomic
from mebench.schema.problems import refuse
from mebench.schema.recordings import Recording
from mebench.schema.tables import Column, format_table, read_table
from mebench.tasks.expected import Expected

T = TypeVar("T", bound="AnyTruth")
P = TypeVar("P")
R = TypeVar("R", bound=Recording)

_LATE_PARTS_OF_NUMPY = tuple(f"numpy.{part}" for part in ("char", "linalg", "ma", "random", "strings"))

Rows = list[list[Any]]
"""Rows of the public list, of JSON types."""


class AnyTruth(Protocol):
    """What the truths of all tasks have in common."""

    @property
    def dataset(self) -> str:
        """Id of the dataset, those of several joined by `+`."""
        ...

    def digest(self) -> str:
        """Return the digest of the content."""
        ...

    def write(self, directory: Path) -> None:
        """Write all files, each whole or not at all."""
        ...


class Task(abc.ABC, Generic[T, P]):
    """One kind of work: `T` is its truth, `P` its predictions.

    Class attributes
    ----------------
    id, title : `recognition`, and the words for headings.
    item, items : what a split is made of and a run's samples are, in words: `clip`, `clips`.
    item_form : how the name of an item is written: `database/subject/clip`.
    truth_files : names of the files of a truth, the required ones first; a name may be a pattern such as `*.jsonl`.
    truth_words : what those files are, in a sentence.
    truth_example : how those files are written, for templates and help.
    predictions_file : name of the file, or folder, that a run writes its predictions to.
    suffixes : endings of the data files of a submission, in lower case.
    public_file : name of the public list.
    submitted : whether participants submit predictions (coders, not participants, give ratings).
    requirements : packages beyond mebench's own that grading needs.
    convention : class of the rules.
    recordings : what a dataset is asked for: `videos` or `clips`.
    protocols : ids of the protocols of a run that names none: on one dataset, on several, and with --train.
    columns : metrics of a printed table with a line for each scope; empty where a card is printed score by score.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    item: ClassVar[str]
    items: ClassVar[str]
    item_form: ClassVar[str] = ""
    truth_files: ClassVar[tuple[str, ...]]
    truth_words: ClassVar[str] = ""
    truth_example: ClassVar[str] = ""
    predictions_file: ClassVar[str] = "predictions.csv"
    suffixes: ClassVar[tuple[str, ...]] = (".csv",)
    public_file: ClassVar[str] = ""
    public_columns: ClassVar[tuple[Column, ...]] = ()
    submitted: ClassVar[bool] = True
    requirements: ClassVar[tuple[str, ...]] = ()
    convention: ClassVar[type[Convention]]
    recordings: ClassVar[str] = "clips"
    protocols: ClassVar[tuple[str, str, str]] = ("", "", "")
    columns: ClassVar[tuple[str, ...]] = ()

    @abc.abstractmethod
    def read_truth(self, folder: Path) -> T:
        """Read a truth.

        Raises
        ------
        UserError : when a file is missing.
        InvalidTable : with every problem.
        """

    @abc.abstractmethod
    def read_predictions(self, path: Path, classes: Sequence[str] = ()) -> tuple[P, Sequence[int]]:
        """Read predictions from a file or folder.

        Parameters
        ----------
        path : the file or folder.
        classes : labels that the protocol tells apart, where it does.

        Returns
        -------
        The predictions, and the line of each of them.

        Raises
        ------
        UserError : when a file cannot be opened.
        InvalidTable : with every problem.
        """

    @abc.abstractmethod
    def write_predictions(self, predictions: P, path: Path) -> None:
        """Write predictions, whole or not at all, so that `read_predictions` reads the same.

        Raises
        ------
        UserError : when the place cannot be written.
        """

    @abc.abstractmethod
    def pool(self, parts: Iterable[P]) -> P:
        """Return the predictions of several folds as one, in an order that does not depend on theirs."""

    @abc.abstractmethod
    def names(self, truth: T) -> list[str]:
        """Return the items of a truth, each once: what a split into public and hidden is made of."""

    @abc.abstractmethod
    def restrict(self, truth: T, names: Collection[str]) -> T:
        """Return the truth of some items."""

    @abc.abstractmethod
    def restrict_predictions(self, predictions: P, names: Collection[str]) -> P:
        """Return the predictions of some items, under the ids of the truth."""

    @abc.abstractmethod
    def text(self, truth: T) -> str:
        """Return the canonical text of a truth, which only organisers know."""

    @abc.abstractmethod
    def public_rows(self, truth: T) -> Rows:
        """Return what a truth says in public: which items there are, and nothing of their truth."""

    @abc.abstractmethod
    def expected(self, rows: Rows, classes: Sequence[str] = ()) -> Expected:
        """Return the public side that submissions are held against.

        Parameters
        ----------
        rows : as `public_rows` gives them.
        classes : labels that the protocol tells apart, where it does.
        """

    @abc.abstractmethod
    def truth_of(self, recordings: Sequence[Any]) -> T:
        """Return the truth of recordings, which bear the names that `named` gives."""

    def named(self, recording: R, *, several: bool) -> R:
        """Return a recording under the name that it has in a truth and in predictions.

        Parameters
        ----------
        recording : as its dataset gives it.
        several : whether the recordings of several datasets are tested together.
        """
        return recording

    def size(self, truth: T) -> dict[str, int]:
        """Return how much a truth holds, by what is counted."""
        return {self.items: len(self.names(truth))}

    def notes(self, truth: T, outside: str) -> tuple[str, ...]:
        """Return what whoever grades against a truth should know of it.

        Parameters
        ----------
        truth : the truth.
        outside : the convention's rule `outside`, where there is one convention and it has that rule.
        """
        return ()

    def facts(self, truth: T) -> dict[str, tuple[tuple[object, ...], tuple[object, ...]]]:
        """Return (measures, annotations) of every item, to say what has changed between two truths."""
        return dict.fromkeys(self.names(truth), ((), ()))

    def plain(self, predictions: P) -> Any:
        """Return predictions as plain JSON types, without NaN: what one process of a challenge hands to another.

        Raises
        ------
        UserError : when challenges take no predictions of the task.
        """
        raise UserError(f"Challenges take no predictions of {self.title}: grade them with `mebench grade`.")

    def from_plain(self, raw: Any) -> P:
        """Return what `plain` was given, after checking every value: the process before may have been taken over.

        Raises
        ------
        UserError : for anything that `plain` does not give.
        """
        raise UserError(f"Challenges take no predictions of {self.title}: grade them with `mebench grade`.")

    def load_metrics(self) -> None:
        """Load what grading loads on first use: behind the walls of a grading process it may be out of reach.

        Numpy loads parts of itself when a function first needs them; which ones differs between its versions.
        """
        for part in _LATE_PARTS_OF_NUMPY:
            importlib.import_module(part)

    def empty(self) -> P:
        """Return no predictions."""
        return self.pool(())

    def digest(self, truth: T) -> str:
        """Return the digest of a truth; it depends on neither the order of rows nor the name."""
        return truth.digest()

    @property
    def predictions_path(self) -> str:
        """Name of the file that a fold cannot lack: the predictions, or what stands for a folder of them."""
        return self.predictions_file

    def write_rows(self, rows: Rows, folder: Path) -> None:
        """Write the public list into a folder, whole or not at all.

        Raises
        ------
        UserError : when the folder cannot be written.
        """
        write_atomic(
            folder / self.public_file, format_table([column.name for column in self.public_columns], rows), PUBLIC
        )

    def read_rows(self, folder: Path) -> Rows:
        """Read what `write_rows` has written.

        Raises
        ------
        UserError : when the file cannot be read.
        InvalidTable : with every problem of the table.
        """
        table, problems = read_table(folder / self.public_file, self.public_columns)
        refuse(problems)
        return [list(row) for row in zip(*(table.columns[c.name] for c in self.public_columns), strict=True)]

    def write_truth(self, truth: T, folder: Path) -> None:
        """Write a truth and its name, each file whole or not at all, so that `read_truth` reads the same.

        Raises
        ------
        UserError : when the folder cannot be written.
        """
        truth.write(folder)

    def kept_files(self, folder: Path) -> list[Path]:
        """Return the files of a truth that are there, its name included: what a record of it keeps.

        Raises
        ------
        UserError : when there is none.
        """
        found = [path for pattern in (*self.truth_files, NAME_FILE) for path in sorted(folder.glob(pattern))]
        kept = list(dict.fromkeys(path for path in found if path.is_file()))
        if not any(path.name != NAME_FILE for path in kept):
            raise UserError(f"{folder} holds no truth of {self.id}: it needs {' and '.join(self.truth_files)}.")
        return kept


NAME_FILE = "truth.json"
"""Names the dataset of a truth."""


def named_clip(recording: R) -> R:
    """Return a clip that names its database, which is its dataset where there is no other."""
    return dataclasses.replace(recording, database=recording.person.dataset)  # type: ignore[call-arg]  # a clip has one
