"""After Landlock nothing opens but what was named; each test is a process of its own, for it cannot be undone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mebench.challenge.safety.sandbox import missing_walls

CODE = """
import errno, os, sys
from pathlib import Path
from mebench.challenge.safety.landlock import confine
base = Path(sys.argv[1])
opened = (base / "closed" / "x").open()
confine([base / "read", base / "one", base / "none"], [base / "use"])
def tried(act):
    try:
        act()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    if "files" in missing_walls():
        pytest.skip(f"no Landlock here: {missing_walls()['files']}")
    for name in ("read", "use", "closed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text(name)
    for name in ("one", "two"):
        (tmp_path / name).write_text(name)
    return tmp_path


def tried(base: Path, *acts: str) -> list[str]:
    """Return what came of each act in a confined process."""
    code = CODE + "".join(f"print(tried(lambda: {act}))\n" for act in acts)
    done = subprocess.run(
        [sys.executable, "-c", code, str(base)], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.split()


def test_what_may_be_read_is_read_and_not_written(base):
    assert tried(
        base,
        "(base / 'read/x').read_text()",
        "os.listdir(base / 'read')",
        "(base / 'one').read_text()",
        "(base / 'read/x').write_text('')",
        "(base / 'read/new').write_text('')",
        "(base / 'read/x').unlink()",
    ) == ["done", "done", "done", "EACCES", "EACCES", "EACCES"]
    assert (base / "read" / "x").read_text() == "read"


def test_what_may_be_used_is_read_made_and_removed(base):
    acts = ["read_text()", "write_text('')", "unlink()", "with_name('d').mkdir()", "with_name('d').rmdir()"]
    assert tried(base, *(f"(base / 'use/x').{act}" for act in acts)) == ["done"] * 5
    assert list((base / "use").iterdir()) == []


def test_links_and_pipes_are_not_made_even_there(base):
    assert tried(base, "os.symlink('/etc', base / 'use/l')", "os.mkfifo(base / 'use/p')") == ["EACCES", "EACCES"]


def test_nothing_else_opens(base):
    acts = ["(base / 'two').read_text()", "(base / 'closed/x').read_text()", "os.listdir(base)", "os.listdir('/etc')"]
    assert tried(base, *acts, "(base / 'use/../two').read_text()") == ["EACCES"] * 5


def test_what_was_open_stays_open(base):
    assert tried(base, "opened.read()") == ["done"]


def test_a_folder_to_be_used_must_be_there(base):
    code = "import sys; from pathlib import Path; from mebench.challenge.safety.landlock import confine\n"
    code += "try: confine([], [Path(sys.argv[1])])\nexcept FileNotFoundError: print('told'); open(sys.argv[2]).read()\n"
    command = [sys.executable, "-c", code, str(base / "none"), str(base / "two")]
    assert subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout == "told\n"
