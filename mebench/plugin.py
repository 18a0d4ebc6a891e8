"""What every plug-in has: an id, a version, settings, and a digest of all three.

Conventions
-----------
A plug-in is a class. Its one-line summary stands once: in the catalogue that ships it, so that it is listed without
being imported, or on the class where no catalogue has a line for it (a `--plugin` file, an entry point). Its settings
are a frozen dataclass whose every field is declared with `settings.setting` and so has a unit and a source.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from mebench.settings import build_config, config_dict, digest_of


@dataclasses.dataclass(frozen=True)
class NoSettings:
    """The config of a plug-in that has nothing to set."""


class Plugin:
    """A named, versioned thing with settings.

    Parameters
    ----------
    config : an instance of `Config`.

    Class attributes
    ----------------
    id : the name that users type.
    version : a change that moves a result is a new version.
    summary : one line for a plug-in that no catalogue lists; empty where a catalogue has it.
    paper : DOI or arXiv id of the text that it follows; empty where there is none.
    Config : frozen dataclass of settings.
    """

    id: ClassVar[str] = ""
    version: ClassVar[str] = "1"
    summary: ClassVar[str] = ""
    paper: ClassVar[str] = ""
    Config: ClassVar[type] = NoSettings

    def __init__(self, config: Any) -> None:
        self.config = config

    @classmethod
    def configure(cls, options: Mapping[str, Any] | None = None) -> Self:
        """Make the plug-in with its defaults, overlaid by the user's options.

        Raises
        ------
        UserError : for an unknown setting or a value out of range.
        """
        return cls(build_config(cls.Config, options or {}, owner=cls.id))

    def settings(self) -> dict[str, Any]:
        """Return the resolved settings as plain JSON types."""
        return config_dict(self.config)

    def digest(self) -> str:
        """Hex digest of id, version and settings."""
        return digest_of(self.id, self.version, self.settings())
