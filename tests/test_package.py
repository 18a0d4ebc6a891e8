"""What is installed is whole: seen from a folder of its own, without the sources beside it."""

from __future__ import annotations

import subprocess
import sys

from mebench.runs.provenance import version


def isolated(code: str, tmp_path) -> str:
    ended = subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_the_installed_package_carries_its_templates_and_types(tmp_path):
    code = (
        "import importlib.resources as r; files = r.files('mebench');"
        "names = ['py.typed', 'leaderboard/templates/page.html.j2', 'leaderboard/templates/style.css',"
        " 'challenge/pages/templates/challenge.html.j2'];"
        "print([n for n in names if not files.joinpath(n).is_file()])"
    )
    assert isolated(code, tmp_path) == "[]"


def test_the_version_has_one_source(tmp_path):
    assert isolated("import mebench; print(mebench.__version__)", tmp_path) == version()


def test_the_command_is_installed(tmp_path):
    code = "import importlib.metadata as m; print([e.value for e in m.entry_points(group='console_scripts', name='mebench')])"
    assert isolated(code, tmp_path) == "['mebench.cli.main:main']"
