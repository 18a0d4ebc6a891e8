"""Lazy registries: an id maps to a `module:object` target that is imported only when it is used."""

from __future__ import annotations

import dataclasses
import importlib
import importlib.metadata
from collections.abc import Iterator
from typing import Any, Generic, TypeVar, cast

from mebench.errors import TooLittleMemory, UserError, did_you_mean
from mebench.plain import plain_text

T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Entry:
    """One registered plug-in.

    Attributes
    ----------
    id : the name that users type.
    target : `module:object`, imported on first use.
    summary : one line for `mebench list`.
    task : `spotting`, `recognition`, `generation`, or empty.
    origin : who registered it: `mebench`, a distribution's name, or a plug-in file.
    """

    id: str
    target: str
    summary: str = ""
    task: str = ""
    origin: str = "mebench"


class Registry(Generic[T]):
    """A named set of plug-ins of one kind.

    Parameters
    ----------
    kind : singular noun for messages, such as `method`.
    group : entry-point group through which other packages add theirs, such as `mebench.methods`.
    of : class that every plug-in derives from; None checks nothing.
    instances : whether `get` returns an object of the registered class instead of the class.
    """

    def __init__(self, kind: str, group: str, *, of: type | None = None, instances: bool = False) -> None:
        self.kind = kind
        self.group = group
        self._of = of
        self._instances = instances
        self._entries: dict[str, Entry] = {}
        self._objects: dict[str, T] = {}
        self._broken: dict[str, str] = {}
        self._scanned = False

    def add(self, id: str, target: str, summary: str = "", *, task: str = "", origin: str = "mebench") -> None:
        """Register a target without importing it.

        Raises
        ------
        UserError : when the id is taken; the message names both origins.
        """
        taken = self._entries.get(id)
        if taken is not None:
            raise UserError(
                f"The {self.kind} id {id!r} is registered twice, by {taken.origin} ({taken.target}) "
                f"and by {origin} ({target}): rename one of them."
            )
        self._entries[id] = Entry(id, target, summary, task, origin)

    def add_loaded(self, id: str, object: T, summary: str = "", *, task: str = "", origin: str = "mebench") -> None:
        """Register an object that is there already.

        Raises
        ------
        UserError : when the id is taken; the message names both origins.
        """
        self.add(id, f"{type(object).__module__}:{id}", summary, task=task, origin=origin)
        self._objects[id] = object

    def entries(self) -> Iterator[Entry]:
        """Yield every entry by id, those of other packages included; imports none of them."""
        self._scan()
        yield from (self._entries[id] for id in sorted(self._entries))

    def __contains__(self, id: object) -> bool:
        """Tell whether the id is known."""
        self._scan()
        return id in self._entries

    def entry(self, id: str) -> Entry:
        """Return the entry of an id.

        Raises
        ------
        UserError : when nobody registered the id; the message gives the nearest names.
        """
        self._scan()
        if id not in self._entries:
            raise UserError(f"There is no {self.kind} {plain_text(id, 100)!r}.{did_you_mean(id, self._entries)}")
        return self._entries[id]

    def get(self, id: str) -> T:
        """Import and return the object behind an id.

        Raises
        ------
        UserError : for an unknown id, or with the reason when the plug-in fails to import.
        TooLittleMemory : when there is no room for a library that it loads.
        """
        entry = self.entry(id)
        if id not in self._objects:
            self._objects[id] = self._load(entry)
        return self._objects[id]

    def reason(self, id: str) -> str | None:
        """Return why a plug-in cannot be used, or None; imports it."""
        try:
            self.get(id)
        except UserError:
            return self._broken.get(id)
        return None

    def _load(self, entry: Entry) -> T:
        module, _, attribute = entry.target.partition(":")
        try:
            loaded: Any = getattr(importlib.import_module(module), attribute)
            self._check(loaded)
            return cast(T, loaded() if self._instances and isinstance(loaded, type) else loaded)
        except TooLittleMemory:
            raise
        except Exception as error:
            self._broken[entry.id] = f"{type(error).__name__}: {error}"
            raise UserError(
                f"The {self.kind} {entry.id!r} of {entry.origin} cannot be imported ({self._broken[entry.id]}): "
                "mend or uninstall it."
            ) from error

    def _check(self, loaded: Any) -> None:
        """Refuse a plug-in of another kind.

        Raises
        ------
        TypeError : when it is neither a class derived from the registry's nor an object of one.
        """
        if self._of is None or isinstance(loaded, self._of):
            return
        if not (isinstance(loaded, type) and issubclass(loaded, self._of)):
            raise TypeError(f"it is no {self._of.__module__}.{self._of.__qualname__}")

    def _scan(self) -> None:
        if self._scanned:
            return
        self._scanned = True
        for point in importlib.metadata.entry_points(group=self.group):
            origin = point.dist.name if point.dist else "an entry point"
            self.add(point.name, point.value, origin=origin)
