"""What a card says never becomes markup, and reports tell what moved."""

from __future__ import annotations

from xml.etree import ElementTree

from mebench.analysis.regression import Comparison, Row, Verdict
from mebench.cli.formats import escaped, markdown_table
from mebench.cli.regression_reports import junit, markdown, summary

MOVED = Comparison(
    "mine on synth_lv under megc2020-spotting",
    (
        Row("tp", "macro", 3, 2, 0.0, Verdict.FALLEN),
        Row("f1", "macro", 0.5, 0.25, 0.0, Verdict.FALLEN),
        Row("f1", "micro", 0.5, 0.5, 0.0, Verdict.EQUAL),
    ),
    notes=("s1/a: macro tp 3 to 2",),
)
UNLIKE = Comparison("mine on synth_lv", errors=("The truth is another: record again.",))
FINE = Comparison("<b>\x1b[31m|mine", (Row("f1", "macro", 0.5, 0.6, 0.0, Verdict.RISEN),))


def test_a_cell_is_one_cell():
    assert escaped("a|b\n*c* <i>") == r"a\|b \*c\* \<i\>"
    assert markdown_table(["x", "y"], [["a|b", "1"]]).splitlines() == ["| x | y |", "| --- | ---: |", r"| a\|b | 1 |"]


def test_the_summary_counts_both_kinds_of_failure():
    assert summary([MOVED, UNLIKE, FINE]) == "3 checked, 1 failed, 1 could not be compared."
    assert summary([FINE]) == "1 checked, 0 failed."


def test_markdown_shows_what_moved_and_hides_what_did_not():
    text = markdown([MOVED, UNLIKE])
    assert "| tp of macro | 3 | 2 | 0 | fallen |" in text
    assert "| f1 of macro | 0.500000 | 0.250000 | 0 | fallen |" in text
    assert "f1 of micro" not in text
    assert "f1 of micro" in markdown([MOVED], everything=True)
    assert "- s1/a: macro tp 3 to 2\n" in text
    assert "NOT COMPARABLE" in text


def test_junit_parts_failures_from_errors_and_is_well_formed():
    (suite,) = ElementTree.fromstring(junit([MOVED, UNLIKE, FINE]))
    assert [suite.get(key) for key in ("tests", "failures", "errors")] == ["3", "1", "1"]
    moved, unlike, fine = suite
    assert moved.find("failure").get("message") == "2 numbers moved, first tp of macro"
    assert moved.find("failure").text.splitlines()[-1] == "s1/a: macro tp 3 to 2"
    assert unlike.find("error").get("message") == "The truth is another: record again."
    assert fine.get("name") == "<b>|mine"
    assert "risen" in fine.find("system-out").text


def test_a_number_that_is_not_there_keeps_its_column_in_junit():
    gone = Comparison("mine", (Row("f1", "micro", 0.5, None, 0.0, Verdict.UNDEFINED),))
    (suite,) = ElementTree.fromstring(junit([gone]))
    assert suite[0].find("failure").text == "f1 of micro  0.500000  -  0  now undefined"
