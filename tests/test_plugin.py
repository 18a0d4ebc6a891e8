from __future__ import annotations

import dataclasses
import subprocess
import sys
from typing import Any

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.faces.au_catalogue import AU_DETECTORS
from mebench.methods.catalogue import METHODS
from mebench.plugin import NoSettings, Plugin
from mebench.registry import Registry
from mebench.settings import describe_config, digest_of, setting

REGISTRIES: list[Registry[Any]] = [METHODS, DATASETS, AU_DETECTORS]


@dataclasses.dataclass(frozen=True)
class ToyConfig:
    size: int = setting(3, "how large", unit="px", source="nobody")


class Toy(Plugin):
    id = "toy"
    version = "2"
    Config = ToyConfig


def built_in() -> list[tuple[Registry[Any], str]]:
    return [(r, e.id) for r in REGISTRIES for e in r.entries() if e.origin == "mebench"]


def test_settings_are_resolved_and_digested() -> None:
    toy = Toy.configure({"size": "4"})
    assert toy.config == ToyConfig(4)
    assert toy.settings() == {"size": 4}
    assert toy.digest() == digest_of("toy", "2", {"size": 4})
    assert toy.digest() != Toy.configure().digest()


def test_an_unknown_setting_is_refused_by_name() -> None:
    with pytest.raises(UserError, match=r"toy has no setting 'sise'. Did you mean 'size'"):
        Toy.configure({"sise": 1})


def test_a_plugin_without_settings_has_none() -> None:
    class Bare(Plugin):
        id = "bare"

    assert Bare.configure().config == NoSettings()
    assert Bare.configure().settings() == {}
    with pytest.raises(UserError, match="bare has no setting 'x'"):
        Bare.configure({"x": 1})


@pytest.mark.parametrize(("registry", "id"), built_in())
def test_the_summary_of_a_built_in_stands_in_its_catalogue_alone(registry: Registry[Any], id: str, loaded) -> None:
    assert registry.entry(id).summary
    assert loaded(registry, id).summary == ""


@pytest.mark.parametrize(("registry", "id"), built_in())
def test_every_setting_says_what_it_does_and_where_it_comes_from(registry: Registry[Any], id: str, loaded) -> None:
    plugin = loaded(registry, id)
    assert issubclass(plugin, Plugin)
    assert plugin.id == id
    for name, _, doc, _, source in describe_config(plugin.Config):
        assert doc, name
        assert source, name


@pytest.mark.parametrize("kind", ["methods", "datasets", "detectors"])
def test_listing_imports_no_plugin(kind: str) -> None:
    code = (
        "import sys; from mebench.cli.main import main\n"
        f"try: main(['list', {kind!r}])\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'cv2', 'pandas', 'scipy'} & set(sys.modules)\n"
        "ours = [m for m in sys.modules if m.startswith(('mebench.methods.spotting', 'mebench.datasets.s'))]\n"
        "sys.exit(f'{heavy} {ours}' if heavy or ours else 0)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert len(ended.stdout.splitlines()) >= 2
