"""The Containerfile is read the way an engine reads it, and its flags are those that the guide tells."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE = ROOT / "submissions" / "Containerfile"
GUIDE = ROOT / "submissions" / "README.md"
KNOWN = {"FROM", "RUN", "COPY", "USER", "WORKDIR", "ENV", "ENTRYPOINT", "CMD"}
NEEDED = {
    "--network none",
    "--read-only",
    "--memory 4g",
    "--pids-limit 64",
    "--cap-drop ALL",
    "--security-opt no-new-privileges",
}


def instructions(text: str) -> list[tuple[str, str]]:
    """Return keyword and arguments of every instruction; a line that is none is an error."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    found = []
    for line in filter(str.strip, joined.splitlines()):
        match = re.fullmatch(r"([A-Z]+)\s+(\S.*)", line)
        if match is None or match[1] not in KNOWN:
            raise ValueError(f"no instruction: {line}")
        shlex.split(match[2])
        found.append((match[1], match[2]))
    return found


def command(text: str) -> list[str]:
    """Return the words of the `podman run` that a text shows."""
    lines = re.search(r"podman run (?:.*\\\n)*.*", text)[0]
    return shlex.split(re.sub(r"\\\n#?", " ", lines))


@pytest.fixture(scope="module")
def parsed():
    return instructions(FILE.read_text())


def test_it_begins_with_an_image_and_ends_in_a_command(parsed):
    assert parsed[0][0] == "FROM"
    assert re.fullmatch(r"[\w./-]+:[\w.-]+", parsed[0][1])
    for name in ("ENTRYPOINT", "CMD"):
        ((value,),) = [[arguments] for keyword, arguments in parsed if keyword == name]
        assert all(isinstance(word, str) for word in json.loads(value))


def test_it_does_not_run_as_root(parsed):
    users = [arguments for keyword, arguments in parsed if keyword == "USER"]
    assert users
    assert users[-1] not in ("root", "0")


def test_what_it_copies_is_there(parsed):
    for keyword, arguments in parsed:
        if keyword == "COPY":
            *sources, target = arguments.split()
            assert target.startswith("/")
            assert all((ROOT / source).exists() for source in sources)


def test_it_installs_what_the_grading_imports(parsed):
    installed = " ".join(arguments for keyword, arguments in parsed if keyword == "RUN")
    for name in ("numpy", "click", "jinja2", "sacrebleu", "rouge-score"):
        assert f'"{name}' in installed


def test_the_guide_shows_the_same_flags():
    guide = command(GUIDE.read_text())
    assert guide == command(FILE.read_text())
    assert all(flag in " ".join(guide) for flag in NEEDED)


def test_the_parser_finds_mistakes():
    for text in ("FORM x", "RUN", 'RUN echo "open', "COPY"):
        with pytest.raises(ValueError, match="no instruction|closing quotation"):
            instructions(text)
