"""What a card says of its method: settings under the digest that they had, and whether it is a bound.

Conventions
-----------
The digest of a method of ours is that of its id, version and settings; see `plugin.Plugin.digest`. A card keeps no
version of its method, so any that we may ever have had will do. Nothing is imported, for methods may need heavy
libraries. A card of somebody else's method, whose digest may be made in another way, and one of predictions alone,
which has no digest, are not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mebench.methods.catalogue import METHODS
from mebench.schema.scorecard import MethodRef
from mebench.settings import digest_of

_OURS = "mebench"
_BOUNDS = ".bounds:"
_JOINED = {"spot_then_recognise": ("spotter", "recogniser")}
"""Settings of a method that name others: it is a bound where one of them is."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_VERSIONS = tuple(map(str, range(1, 100)))
"""Our methods count their versions from 1."""


def false_method(method: MethodRef) -> Iterator[str]:
    """Yield what a card says of a method of ours that is not so, a sentence each."""
    if method.id not in METHODS or METHODS.entry(method.id).origin != _OURS:
        return
    is_bound = _is_bound(method.id, method.config)
    if is_bound and not method.bound:
        yield f"Its method {method.id} is a bound, but the card says that it competes."
    if method.bound and not is_bound:
        yield f"Its method {method.id} competes, but the card says that it is a bound."
    if _DIGEST.fullmatch(method.digest) and not any(method.digest in _digests(method, v) for v in _VERSIONS):
        yield f"The settings of its method {method.id} do not give its digest {method.digest[:12]}: either was altered."


def _is_bound(id: str, config: Mapping[str, Any]) -> bool:
    """Tell whether a method of ours is a bound, by where it is defined, or by the methods that its settings name."""
    if _BOUNDS in METHODS.entry(id).target:
        return True
    each = [config, *(settings for settings in config.values() if isinstance(settings, Mapping))]
    named = {str(settings[name]) for settings in each for name in _JOINED.get(id, ()) if name in settings}
    return any(_is_bound(part, {}) for part in named if part in METHODS)


def _digests(method: MethodRef, version: str) -> Iterator[str]:
    """Yield the digest of settings that all datasets share, and of settings by dataset."""
    yield digest_of(method.id, version, method.config)
    by_dataset: Mapping[str, Any] = method.config
    if by_dataset and all(isinstance(settings, Mapping) for settings in by_dataset.values()):
        yield digest_of({id: digest_of(method.id, version, settings) for id, settings in by_dataset.items()})
