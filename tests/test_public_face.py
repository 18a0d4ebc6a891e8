"""What `mebench/__init__.py` offers: every name is there, where type checkers look for it too, and costs nothing unasked."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import mebench

SOURCE = ast.parse(Path(mebench.__file__).read_text())


@pytest.mark.parametrize("name", mebench.__all__)
def test_every_name_is_found(name):
    assert getattr(mebench, name) is not None
    assert name in dir(mebench)


def test_type_checkers_find_the_same_names_at_the_same_places():
    told = {
        (alias.asname or alias.name): (node.module, alias.name)
        for block in SOURCE.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("mebench")
        for alias in node.names
    }
    # `read_scorecard` is a method of a class, which no import can name.
    found = {name: (module, path) for name, (module, path) in mebench._PLACES.items() if "." not in path}
    assert told == found
    assert set(mebench.__all__) == set(mebench._PLACES)
    assert mebench.__all__ == sorted(mebench.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Spoter'"):
        _ = mebench.Spoter


def test_importing_it_imports_no_library():
    code = "import sys, mebench; print([n for n in ('numpy', 'torch', 'cv2', 'click', 'pandas') if n in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
