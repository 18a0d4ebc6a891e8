"""What the conventions of every task share: a fingerprint, named presets, and the way back from a card."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from mebench.errors import UserError, did_you_mean
from mebench.schema.fingerprints import rules_fingerprint
from mebench.settings import config_dict

FINGERPRINT = "fingerprint"
"""Name under which a card records the fingerprint among the rules."""


@dataclasses.dataclass(frozen=True)
class Convention:
    """How predictions and truth of a task are compared; the fields of a derived class are its rules.

    A new rule needs a default that says what was done before there was a choice: then no fingerprint moves.

    Class attributes
    ----------------
    task : id of the task.
    presets : conventions by name, `strict` (the default) first; set once the class is made.
    """

    task: ClassVar[str] = ""
    presets: ClassVar[Mapping[str, Any]] = {}

    def differing(self) -> dict[str, Any]:
        """Return the rules that are not the task's default, as plain JSON types."""
        default = config_dict(type(self)())
        return {name: value for name, value in config_dict(self).items() if value != default[name]}

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the task and the rules that differ from its default; see `schema.fingerprints`."""
        return rules_fingerprint(self.task, self.differing())

    def as_dict(self) -> dict[str, Any]:
        """Return every rule and the fingerprint, as a scorecard records them."""
        return {**config_dict(self), FINGERPRINT: self.fingerprint}

    @classmethod
    def preset(cls, name: str) -> Self:
        """Return a named convention.

        Raises
        ------
        UserError : for a name that the task has no preset of.
        """
        if name not in cls.presets:
            raise UserError(f"There is no convention {name!r} of {cls.task}.{did_you_mean(name, cls.presets)}")
        found: Self = cls.presets[name]
        return found

    @classmethod
    def of_card(cls, fields: Mapping[str, Any]) -> Self:
        """Return the convention that a card records; a rule that the card is too old to have is the default.

        Raises
        ------
        UserError : when this version of mebench does not know a rule, or the fingerprint is another.
        """
        values = {name: value for name, value in fields.items() if name != FINGERPRINT}
        try:
            convention = cls(**values)
        except (TypeError, ValueError) as error:
            raise UserError(
                f"The card's convention is not known here ({error}): grade the predictions again."
            ) from error
        if convention.fingerprint != fields.get(FINGERPRINT):
            raise UserError("The card's convention does not have its fingerprint: grade the predictions again.")
        return convention
