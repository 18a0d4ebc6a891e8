from __future__ import annotations

import importlib
import sys

import pytest

from mebench.module_sources import closure, source_digest

FILES = {
    "__init__.py": "",
    "main.py": "import os\nfrom house.floor import beam\nimport house.door\n\ndef late():\n    from . import window\n",
    "door.py": "from .floor.nail import LENGTH\n",
    "window.py": "",
    "attic.py": "import house.main\n",
    "typed.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import house.attic\nelse:\n    import house.window\n",
    "gone.py": "import house.nothing\n",
    "named.py": "from house.floor import AREA\n",
    "floor/__init__.py": "AREA = 3\n",
    "floor/beam.py": "from . import nail\n",
    "floor/nail.py": "import house.main\nLENGTH = 1\n",
}


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A package of a few modules; `main` reaches `nail` in two ways, and `nail` imports `main`."""
    for name, content in FILES.items():
        path = tmp_path / "house" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path / "house"
    for name in [n for n in sys.modules if n.partition(".")[0] == "house"]:
        del sys.modules[name]
    importlib.invalidate_caches()


def test_imports_are_followed_wherever_they_stand(house):
    assert list(closure("house.main")) == [
        "house.door",
        "house.floor.beam",
        "house.floor.nail",
        "house.main",
        "house.window",
    ]


def test_a_package_counts_where_a_name_of_its_own_is_imported(house):
    assert list(closure("house.named")) == ["house.floor", "house.named"]


def test_what_only_type_checkers_import_does_not_count(house):
    assert list(closure("house.typed")) == ["house.typed", "house.window"]


def test_nothing_is_run(house):
    (house / "window.py").write_text("raise RuntimeError\n")
    assert "house.window" in closure("house.main")
    assert "house.main" not in sys.modules


@pytest.mark.parametrize(("name", "moves"), [("floor/nail.py", True), ("window.py", True), ("attic.py", False)])
def test_the_digest_moves_with_what_is_imported_and_with_nothing_else(house, name, moves):
    before = source_digest("house.main")
    assert source_digest("house.main") == before
    with (house / name).open("a") as file:
        file.write("X = 2\n")
    assert (source_digest("house.main") != before) is moves


def test_the_digest_knows_names(house):
    before = source_digest("house.main")
    (house / "door.py").rename(house / "gate.py")
    main = house / "main.py"
    main.write_text(main.read_text().replace("house.door", "house.gate"))
    importlib.invalidate_caches()
    assert source_digest("house.main") != before


def test_a_missing_module_is_named(house):
    with pytest.raises(ModuleNotFoundError, match="no module house.nothing"):
        closure("house.gone")


def test_a_module_without_source_is_named():
    with pytest.raises(ImportError, match="source of _socket is not installed|source of sys is not installed"):
        closure("sys")
