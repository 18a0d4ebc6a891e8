"""The versions that pyproject.toml allows, that CI tests and that are installed are the same story."""

from __future__ import annotations

import importlib.metadata
import os
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TOOLS = ("lint", "dev")
"""Extras without bounds: constraints.txt alone names the linters that count."""


def pins(name: str) -> dict[str, Version]:
    """The versions of a constraints file by canonical name; a line that pins nothing exactly is an error."""
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
    found = {canonicalize_name(package): Version(version) for package, version in (line.split("==") for line in lines)}
    assert len(found) == len(lines)
    return found


def declared(extras: Iterable[str] = ()) -> dict[str, Requirement]:
    """What pyproject.toml requires by itself, by canonical name, mebench's own extras aside."""
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])]
    found = {canonicalize_name(requirement.name): requirement for requirement in map(Requirement, lines)}
    return {name: requirement for name, requirement in found.items() if name != "mebench"}


def bounded() -> dict[str, Requirement]:
    return declared(extra for extra in PROJECT["optional-dependencies"] if extra not in TOOLS)


def lower_bound(requirement: Requirement) -> Version:
    (bound,) = [Version(part.version) for part in requirement.specifier if part.operator == ">="]
    return bound


def installed_for(requirements: Iterable[Requirement]) -> Iterator[str]:
    """The canonical names of all that is installed for these requirements, themselves included."""
    waiting, seen = list(requirements), set()
    while waiting:
        requirement = waiting.pop()
        name, extras = canonicalize_name(requirement.name), ("", *sorted(requirement.extras))
        if (name, extras) in seen or name not in INSTALLED:
            continue
        seen.add((name, extras))
        yield name
        asked = map(Requirement, INSTALLED[name].requires or ())
        waiting += [r for r in asked if not r.marker or any(r.marker.evaluate({"extra": extra}) for extra in extras)]


INSTALLED = {canonicalize_name(d.metadata["Name"]): d for d in importlib.metadata.distributions()}


def test_the_lowest_versions_are_the_bounds() -> None:
    lowest = pins("constraints-lowest.txt")
    bounds = {name: lower_bound(requirement) for name, requirement in bounded().items() if name != "torch"}
    assert {name: lowest.get(name) for name in bounds} == bounds


def test_the_other_lowest_versions_are_the_tested_ones() -> None:
    tested = pins("constraints.txt")
    others = {name: version for name, version in pins("constraints-lowest.txt").items() if name not in bounded()}
    assert "torch" not in others
    assert {name: tested.get(name, version) for name, version in others.items()} == others


def test_the_tested_versions_are_allowed_and_complete() -> None:
    tested = pins("constraints.txt")
    used = declared(extra for extra in PROJECT["optional-dependencies"] if extra not in ("dask", "slurm"))
    refused = [name for name, requirement in used.items() if str(tested.get(name)) not in requirement.specifier]
    assert refused == []


def test_tox_installs_exactly_what_is_pinned() -> None:
    file = Path(os.environ.get("PIP_CONSTRAINT", "")).name
    if file not in ("constraints.txt", "constraints-lowest.txt"):
        pytest.skip("only tox says which file it installs from")
    pinned, required = pins(file), declared(["vqa", "test"])
    if "torch" not in pinned:
        del required["torch"]
    # Without its local part: torch 2.13.0+cpu is the 2.13.0 of the file.
    installed = {name: Version(Version(INSTALLED[name].version).public) for name in installed_for(required.values())}
    assert {name: pinned.get(name) for name in installed} == installed


def test_tox_takes_a_torch_that_is_allowed() -> None:
    (line,) = [line for line in (ROOT / "tox.ini").read_text().splitlines() if line.startswith("deps = torch==")]
    fallback = line.removeprefix("deps = torch=={env:LOWEST_TORCH:").rstrip("}")
    assert Version(fallback) == pins("constraints.txt")["torch"]
    assert lower_bound(declared()["torch"]) <= Version(fallback)
