"""What the documentation prints is run as printed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command_lines import command_lines, command_of, unknown_options

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


def plugin(code: str, tmp_path: Path) -> Path:
    """Write a plug-in of the page under the name that its first line says."""
    path = tmp_path / code.splitlines()[0].removeprefix("# ")
    path.write_text(code)
    return path


def call(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("MEBENCH_CACHE", str(tmp_path / "cache"))
    ended = subprocess.run([sys.executable, "-m", *arguments], cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.parametrize("number", [0, 1])
def test_the_plugins_of_the_page_pass_their_checks(number, tmp_path, monkeypatch):
    path = plugin(blocks("docs/plugins.md", "python")[number], tmp_path)
    command = shlex.split(blocks("docs/plugins.md", "sh")[1])
    assert command == ["mebench", "test", "--plugin", "stillness.py"]
    said = call([*command[:-1], path.name], tmp_path, monkeypatch)
    assert "checks hold, none failed." in said.splitlines()[-1]


@pytest.mark.slow
def test_the_example_metric_stands_on_card_and_board_as_printed(tmp_path, monkeypatch):
    plugin(blocks("docs/plugins.md", "python")[1], tmp_path)
    said = [call(shlex.split(line), tmp_path, monkeypatch) for line in blocks("docs/plugins.md", "sh")[2].splitlines()]
    assert "missed of overall" in said[2]
    assert "missed \u2193" in (tmp_path / "board" / "index.html").read_text()


def test_examples_import_from_the_public_face_alone():
    code = "\n".join(blocks("docs/plugins.md", "python"))
    assert re.findall(r"from mebench\.\S+|import mebench\.\S+", code) == []


PAGES = [
    path.relative_to(DOCS).as_posix()
    for place in ("*.md", "docs/**/*.md", "submissions/*.md")
    for path in sorted(DOCS.glob(place))
]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page):
    folder = (DOCS / page).parent
    links = re.findall(r"\]\(((?!https?:)[^)#]+)", (DOCS / page).read_text())
    assert [link for link in links if not (folder / link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_exist(page):
    named = re.findall(r"`((?:mebench|tests|docs|baselines)/[\w/]+(?:\.py|/))`", (DOCS / page).read_text())
    named = [
        name for name in named if not name.startswith(("mebench/a/", "tests/a/")) and not re.search("[A-Z]{4}", name)
    ]
    assert [name for name in named if not (DOCS / name).exists()] == []


def test_every_room_of_the_house_is_in_the_tree():
    tree = re.findall(r"^\| `(\w+)/` \|", (DOCS / "docs/architecture.md").read_text(), flags=re.MULTILINE)
    rooms = {path.parent.name for path in (DOCS / "mebench").glob("*/__init__.py")}
    assert rooms <= set(tree)
    assert len(tree) == len(set(tree))


def test_the_picture_of_the_house_is_that_of_its_script(tmp_path):
    script = [sys.executable, str(DOCS / "docs/make_architecture_picture.py"), "--out"]
    pictures = []
    for name in ("first", "second"):
        subprocess.run([*script, str(tmp_path / name)], check=True, capture_output=True)
        pictures.append([(tmp_path / f"{name}{suffix}").read_bytes() for suffix in (".png", ".svg")])
    assert pictures[0] == pictures[1]
    words = re.compile(r"<!-- (.*?) -->")
    assert words.findall(pictures[0][1].decode()) == words.findall((DOCS / "docs/images/architecture.svg").read_text())


def test_a_commit_is_held_against_what_ci_lints_with():
    tools = {"ruff format", "ruff check", "mypy", "lint-imports"}
    hooks = re.findall(r"entry: (.*)", (DOCS / ".pre-commit-config.yaml").read_text())
    assert {re.sub(r" --.*", "", hook) for hook in hooks} == tools
    lint = (DOCS / "tox.ini").read_text().partition("[testenv:lint]")[2]
    assert all(tool in lint for tool in tools)
    assert all(f"\n{name}==" in (DOCS / "constraints.txt").read_text() for name in ("ruff", "mypy", "import-linter"))


def test_every_package_says_what_it_is_for_and_what_it_may_import():
    packages = [
        path for path in (DOCS / "mebench").rglob("__init__.py") if (DOCS / "mebench/challenge") not in path.parents
    ]
    packages.remove(DOCS / "mebench/__init__.py")
    said = {path.parent.relative_to(DOCS).as_posix(): path.read_text() for path in packages}
    assert [name for name, text in said.items() if not re.search(r"\bmay\s+import\b", text, re.IGNORECASE)] == []


def test_the_traps_name_settings_and_fields_that_exist():
    import dataclasses

    from mebench.datasets.policies import EventPolicies
    from mebench.metrics.conventions.spotting import PRESETS, SpottingConvention

    text = (DOCS / "docs/traps.md").read_text()
    fields = {field.name for cls in (SpottingConvention, EventPolicies) for field in dataclasses.fields(cls)}
    named = {"zero_offset", "scored_videos", "pooling"}
    assert all(f"`{name}" in text for name in named)
    assert named <= fields
    assert PRESETS["softnet"].scored_videos == "with_events"


WITH_COMMANDS = [*(page for page in PAGES if page != "CHANGELOG.md"), "Makefile", ".ci/run"]


@pytest.mark.parametrize("page", WITH_COMMANDS)
def test_every_verb_and_option_that_is_written_exists(page):
    for line in command_lines((DOCS / page).read_text()):
        command, words = command_of(line)
        assert command is not None, f"{page}: mebench {line}"
        assert unknown_options(command, words) == set(), f"{page}: mebench {line}"


def test_what_the_readme_names_exists(loaded):
    """Ids of methods, datasets, protocols and tables, with their settings, wherever a command line has one."""
    from mebench.datasets.catalogue import DATASETS
    from mebench.methods.catalogue import METHODS
    from mebench.protocols.catalogue import PROTOCOLS
    from mebench.settings import build_config, parse_spec

    text = (DOCS / "README.md").read_text().replace("`", " ")
    registries = {"method": METHODS, "dataset": DATASETS, "train": DATASETS, "on": DATASETS, "protocol": PROTOCOLS}
    named = re.findall(r"--(method|dataset|train|on|protocol) ([a-z]\S+)", text)
    assert {option for option, _ in named} == set(registries)
    for option, word in named:
        spec = parse_spec(word)
        plug_in = loaded(registries[option], spec.id)
        if option != "protocol":
            build_config(plug_in.Config, spec.options, owner=spec.id)
    for spec in map(parse_spec, re.findall(r"((?:spot3dcnn\w*|synth_lv|mdmd|au_sum):[a-z]\S+)", text)):
        plug_in = loaded(METHODS if spec.id in METHODS else DATASETS, spec.id)
        build_config(plug_in.Config, spec.options, owner=spec.id)


def test_the_settings_of_the_readme_are_read_and_taken(tmp_path, loaded):
    from mebench.datasets.catalogue import DATASETS
    from mebench.methods.catalogue import METHODS
    from mebench.runs.choices import choose_datasets, choose_method, read_settings
    from mebench.settings import build_config

    (tmp_path / "settings.toml").write_text(blocks("README.md", "toml")[0])
    table = read_settings(tmp_path / "settings.toml")
    method = choose_method("spot3dcnn:layers=3", table)
    config = build_config(loaded(METHODS, method.id).Config, method.options, owner=method.id)
    assert (config.layers, config.lcn, config.short_range) == (3, False, (25, 75))
    dataset, other = choose_datasets(["synth_lv", "synth_lv_sparse"], (), table)
    config = build_config(DATASETS.get(dataset.id).Config, dataset.options, owner=dataset.id)
    assert (config.light, config.fps) == ("uneven", 30.0)
    assert dict(other.options) == {"fps": 30.0}


@pytest.mark.parametrize("name", ["MEBENCH_CACHE", "MEBENCH_CACHE_SIZE", "MEBENCH_DATA", "MEBENCH_CONFIG"])
def test_what_can_be_set_from_outside_is_in_the_readme(name):
    assert f"`{name}=" in (DOCS / "README.md").read_text()
