"""`mebench describe`: one of each kind, settings the way they are typed, and what is refused."""

from __future__ import annotations

import re

import pytest

from .conftest import Mebench


@pytest.mark.parametrize(
    ("id", "kind", "words"),
    [
        ("samm_lv", "dataset", "SAMM"),
        ("megc2020-spotting", "protocol", "published numbers are recomputed with --convention megc2020"),
        ("f1", "metric", "2 TP / (2 TP + FP + FN)"),
        ("inline", "executor", "inline"),
        ("learner", "method", "published for fake_lv: steps=3"),
    ],
)
def test_one_of_every_kind(mebench: Mebench, plugin: list[str], id: str, kind: str, words: str) -> None:
    answer = mebench("describe", id, *plugin)
    assert answer.code == 0, answer.err
    assert answer.out.startswith(f"{id} ({kind}, version ")
    assert words in answer.out


def test_a_protocol_shows_where_its_rules_were_read(mebench: Mebench) -> None:
    from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting

    answer = mebench("describe", "megc2020-spotting")
    assert all(f"\n  {source}" in answer.out for source in Megc2020Spotting.sources)


def test_settings_are_described_and_not_set(mebench: Mebench, plugin: list[str]) -> None:
    answer = mebench("describe", "learner:steps=4", *plugin)
    assert answer.code == 2
    assert "learner:steps=4 gives settings, which are described and not set here: give learner alone." in answer.err
    assert "Traceback" not in answer.err


def test_a_name_that_nobody_has(mebench: Mebench) -> None:
    answer = mebench("describe", "megc2020-spoting")
    assert (answer.code, answer.out) == (2, "")
    assert "convention 'megc2020-spoting'. Did you mean 'megc2020-spotting'" in answer.err
    assert mebench("describe", "openfac").err.count("'openface'") == 1


def test_a_name_like_no_other_names_no_list_of_all(mebench: Mebench) -> None:
    answer = mebench("describe", "zzzzzzzzzz")
    assert answer.err == (
        "Error: There is no method, dataset, protocol, metric, action-unit detector, landmark detector, executor, "
        "table or convention 'zzzzzzzzzz'. See mebench list --help.\n"
    )


def test_a_table_of_a_paper(mebench: Mebench) -> None:
    from mebench.reproduce.table import load_table

    table = load_table("thesis-t4.3")
    answer = mebench("describe", "thesis-t4.3")
    assert answer.code == 0, answer.err
    assert answer.out.startswith(f"thesis-t4.3 (table, {table.paper})\n{table.title}\n")
    assert all(row.label in answer.out and row.settings in answer.out for row in table.rows)
    assert all(finding.text in answer.out for finding in table.findings)
    assert "carried out by mebench reproduce thesis-t4.3" in answer.out


def test_a_convention_shows_the_rules_that_differ(mebench: Mebench) -> None:
    from mebench.metrics.conventions.spotting import PRESETS

    pytest.importorskip("torch")  # a method has the same name
    answer = mebench("describe", "softnet")
    assert f"softnet (convention of spotting, fingerprint {PRESETS['softnet'].fingerprint})" in answer.out
    assert "\n  matching=greedy_score\n" in answer.out
    assert "\n  scored_videos=with_events\n" in answer.out
    assert "iou=" not in answer.out.split("softnet (convention of spotting,")[1].split("\n\n")[0]
    strict = mebench("describe", "strict").out
    assert "strict (convention of spotting, " in strict
    assert "strict (convention of recognition, " in strict
    assert "\n  iou=0.5\n" in strict


def test_the_conventions_are_listed_by_task(mebench: Mebench) -> None:
    answer = mebench("list", "conventions")
    assert answer.code == 0, answer.err
    tasks = {part.splitlines()[0]: part.splitlines() for part in answer.out.split("\n\n")}
    assert set(tasks) == {"generation", "label_sets", "questions", "recognition", "spot_recognise", "spotting"}
    spotting = tasks["spotting"]
    assert [line.split() for line in spotting if "softnet" in line] == [
        ["softnet", "matching=greedy_score,", "scored_videos=with_events"]
    ]


def test_a_setting_that_may_be_left_open_is_written_as_its_text_calls_it(mebench: Mebench) -> None:
    answer = mebench("describe", "mdmd")
    assert "  micro_k=auto (frames)\n" in answer.out
    assert "  macro_k=auto (frames)\n" in answer.out


def test_a_protocol_of_intervals_tells_what_becomes_of_those_outside_the_video(mebench: Mebench) -> None:
    told = mebench("describe", "megc2022-spotting").out
    assert "are clipped to it (outside=clip); not so with --convention megc2020, strs_metric, auw_gcn" in told
    assert "outside" not in mebench("describe", "megc2019-cde").out


def test_an_id_of_two_kinds_is_described_as_both(mebench: Mebench) -> None:
    answer = mebench("describe", "openface")
    assert "openface (action-unit detector, " in answer.out
    assert "\n\nopenface (landmark detector, " in answer.out


@pytest.fixture
def told_of_spot3dcnn(mebench: Mebench) -> str:
    pytest.importorskip("torch")
    return mebench("describe", "spot3dcnn").out


def setting_told(text: str, name: str) -> str:
    """Return the default of a setting, and what is said of it."""
    return re.findall(rf"^  {name}=(.*\n      .*)$", text, re.MULTILINE)[0]


@pytest.mark.parametrize(
    ("name", "value", "source"),
    [
        ("contrast", "0.5/1.5", "Table 5.4"),
        ("gamma", "0.5/1.5", "Table 5.4"),
        ("rotation", "10.0", "Table 5.4"),
        ("flip", "0.5", "5.4.4"),
        ("batch_size", "16", "Table 5.5"),
        ("patience", "5", "5.4.4"),
        ("learning_rate", "0.007", "Table 5.5"),
    ],
)
def test_tables_5_4_and_5_5_of_the_thesis(told_of_spot3dcnn: str, name: str, value: str, source: str) -> None:
    told = setting_told(told_of_spot3dcnn, name)
    assert told.split()[0] == value
    assert f"Source: {source}" in told


@pytest.mark.parametrize(
    ("dataset", "values"),
    [
        (
            "samm_lv",
            "learning_rate=0.007 short_range=25/75 long_range=200/400 short_skip=37 long_skip=217 "  # Table 5.5
            "weight_positive=3.0 weight_micro=0.9 weight_macro=0.1",  # Table 5.10, proposed
        ),
        ("casme_sq", "learning_rate=0.005 short_range=3/9 long_range=16/50 short_skip=6 long_skip=19"),
    ],
)
def test_tables_5_5_and_5_10_of_the_thesis_by_dataset(told_of_spot3dcnn: str, dataset: str, values: str) -> None:
    (line,) = re.findall(rf"^published for {dataset}: (.*)$", told_of_spot3dcnn, re.MULTILINE)
    assert set(line.split(", ")) == set(values.split())


def test_the_skips_set_by_hand_in_table_5_5_and_the_other_weights_of_table_5_10(told_of_spot3dcnn: str) -> None:
    assert "30 on SAMM-LV and 10 on CAS(ME)^2" in setting_told(told_of_spot3dcnn, "short_skip")
    assert "310 on SAMM-LV and 33 on CAS(ME)^2" in setting_told(told_of_spot3dcnn, "long_skip")
    assert "0.5, 1, 6 and 10" in setting_told(told_of_spot3dcnn, "weight_positive")
    for name in ("weight_positive", "weight_micro", "weight_macro"):
        told = setting_told(told_of_spot3dcnn, name)
        assert (told.split()[0], "Table 5.10" in told, "assumes sampling=natural" in told) == ("1.0", True, True)


def test_what_a_profile_changes_and_what_no_paper_has(told_of_spot3dcnn: str) -> None:
    assert (
        "\nprofile=thesis sets: macro_minimum=0.0, micro_maximum=none, micro_minimum=0.0, micro_overlap=1.0, "
        "normalise=range, sampling=natural; what is given beside it wins\n"
    ) in told_of_spot3dcnn
    assert "published for synth_lv" not in told_of_spot3dcnn
    assert "\nmebench's choice, and no published recipe, for synth_lv: " in told_of_spot3dcnn


def test_the_size_of_the_network_and_what_its_convolutions_save(mebench: Mebench, told_of_spot3dcnn: str) -> None:
    assert "parameters: 21,810; with regular convolutions 41,602" in told_of_spot3dcnn
    assert "save 48% (the thesis says about 10%" in told_of_spot3dcnn
    assert "\nparameters: 2,854\n" in mebench("describe", "spot3dcnn_end_to_end").out


@pytest.mark.parametrize(
    ("method", "line"),
    [
        ("au_sum", "profile=thesis sets: merge_valley=1.0, min_rise=0.0, percentile_of=sum; "),
        ("mdmd", "profile=paper sets: samples_per_k=0; "),
    ],
)
def test_profiles_of_the_other_methods(mebench: Mebench, method: str, line: str) -> None:
    assert line in mebench("describe", method).out


@pytest.mark.parametrize(
    ("id", "use"),
    [
        ("yunet", "METHOD:landmarks=yunet"),
        ("cascade", "METHOD:landmarks=cascade"),
        ("hog_ridge", "au_sum:detector=hog_ridge"),
    ],
)
def test_a_detector_is_described_by_how_a_method_uses_it(mebench: Mebench, id: str, use: str) -> None:
    told = mebench("describe", id).out
    assert f"\nused by a setting of a method: {use}\n" in told
    assert "written ID:name" not in told
    assert "ID:name=value" in mebench("describe", "mdmd").out


def test_a_profile_says_what_it_keeps(mebench: Mebench) -> None:
    pytest.importorskip("torch")
    told = " ".join(mebench("describe", "spot3dcnn").out.split())
    assert "it keeps what mebench has chosen for rendered datasets, and every other setting whose source is" in told
    told = " ".join(mebench("describe", "mdmd").out.split())
    assert "it keeps every other setting whose source is mebench's choice, which the text leaves open" in told
