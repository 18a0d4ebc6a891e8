"""What the documentation prints is run as printed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / name).read_text(), flags=re.DOTALL)


@pytest.mark.slow
def test_the_example_method_runs_as_printed(tmp_path, monkeypatch):
    (tmp_path / "stillness.py").write_text(blocks("docs/plugins.md", "python")[0])
    command = shlex.split(blocks("docs/plugins.md", "sh")[0])
    assert command[0] == "mebench"
    monkeypatch.setenv("MEBENCH_CACHE", str(tmp_path / "cache"))
    ended = subprocess.run([sys.executable, "-m", *command], cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert "stillness" in ended.stdout
    assert list((tmp_path / "runs").glob("*/scorecard.json"))


@pytest.mark.parametrize("page", ["README.md", "docs/plugins.md", "docs/traps.md"])
def test_links_lead_somewhere(page):
    folder = (DOCS / page).parent
    links = re.findall(r"\]\(((?!https?:)[^)#]+)", (DOCS / page).read_text())
    assert [link for link in links if not (folder / link).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "docs/plugins.md", "docs/traps.md"])
def test_files_that_are_named_exist(page):
    named = re.findall(r"`(mebench/[\w/]+\.py)`", (DOCS / page).read_text())
    assert [name for name in named if not (DOCS / name).is_file()] == []


def test_the_traps_name_settings_and_fields_that_exist():
    import dataclasses

    from mebench.datasets.policies import EventPolicies
    from mebench.metrics.conventions import PRESETS, Convention

    text = (DOCS / "docs/traps.md").read_text()
    fields = {field.name for cls in (Convention, EventPolicies) for field in dataclasses.fields(cls)}
    named = {"zero_offset", "scored_videos", "pooling"}
    assert all(f"`{name}" in text for name in named)
    assert named <= fields
    assert PRESETS["softnet"].scored_videos == "with_events"


def test_every_verb_of_the_readme_exists():
    from click.testing import CliRunner

    from mebench.cli.commands import mebench

    known = CliRunner().invoke(mebench, ["--help"]).output
    verbs = set(re.findall(r"^mebench (\w+)", (DOCS / "README.md").read_text(), flags=re.MULTILINE))
    assert len(verbs) >= 8
    assert {verb for verb in verbs if not re.search(rf"^  {verb} ", known, flags=re.MULTILINE)} == set()
