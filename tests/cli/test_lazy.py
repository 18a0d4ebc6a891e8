"""Groups that import a verb's module only when it is used."""

from __future__ import annotations

import sys

import click
import pytest
from click.testing import CliRunner

from mebench.cli.lazy import LazyGroup, SuggestingChoice

VERBS = {"zero": ("lazy_verbs_for_tests:zero", "Come first."), "alpha": ("lazy_verbs_for_tests:alpha", "Come last.")}


@pytest.fixture
def group(tmp_path, monkeypatch):
    code = "import click\n@click.command()\ndef zero(): click.echo('zero it is')\nalpha = zero\n"
    (tmp_path / "lazy_verbs_for_tests.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "lazy_verbs_for_tests", raising=False)
    yield LazyGroup("group", verbs=VERBS)
    sys.modules.pop("lazy_verbs_for_tests", None)


def test_help_lists_verbs_in_their_order_and_imports_none(group):
    shown = CliRunner().invoke(group, ["--help"]).output
    assert shown.index("zero   Come first.") < shown.index("alpha  Come last.")
    assert "lazy_verbs_for_tests" not in sys.modules


def test_a_verb_is_imported_when_it_is_used(group):
    assert CliRunner().invoke(group, ["zero"]).output == "zero it is\n"
    assert "lazy_verbs_for_tests" in sys.modules
    assert group.get_command(click.Context(group), "gamma") is None


def test_a_verb_that_is_nearly_right_is_suggested(group):
    answer = CliRunner().invoke(group, ["zeero"])
    assert answer.exit_code == 2
    assert "There is no command 'zeero'. Did you mean 'zero'?" in answer.output
    assert "lazy_verbs_for_tests" not in sys.modules


def test_a_choice_suggests_as_well():
    choice = SuggestingChoice(["table", "json"])
    assert choice.convert("json", None, None) == "json"
    with pytest.raises(click.BadParameter, match="'jsn' is not among table, json. Did you mean 'json'"):
        choice.convert("jsn", None, None)
