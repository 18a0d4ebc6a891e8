"""Who learns from whom: training sets apart, pairs, composites, and copies of people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.protocols.megc.megc2021_spotting import Megc2021Spotting
from mebench.runs.run import RunResult, load_run, run
from mebench.schema.people import Person
from mebench.schema.scorecard import Scorecard


class Composite(Megc2021Spotting):
    """The people of all tested datasets learn from each other."""

    id = "composite-for-tests"
    together = True


@pytest.fixture
def go(tmp_path: Path, plugin: Path):
    def call(datasets: list[str], out: str = "r", method: str = "learner", **more: object) -> RunResult:
        options = {"executor": "inline", "plugins": [plugin], "cache": tmp_path / "cache", **more}
        return run(method, datasets, out=tmp_path / out, **options)

    return call


def folds(result: RunResult):
    return [folder.fold for folder in load_run(result.folder).folds()]


def test_a_training_set_is_learnt_from_once_and_every_tested_subject_is_tested(go) -> None:
    result = go(["fake_lv2:subjects=3"], training=["fake_lv:subjects=4"])
    (fold,) = folds(result)
    assert result.complete
    assert {person.dataset for person in fold.test} == {"fake_lv2"}
    assert len(fold.test) == 3
    (arm,) = fold.arms
    assert {person.dataset for person in (*fold.train, *arm.validation)} == {"fake_lv"}
    assert len(arm.validation) == 1
    assert len(fold.train) == 3
    card = Scorecard.read(result.folder / "scorecard.json")
    assert card.protocol.id == "megc2022-spotting"
    assert [ref.id for ref in card.trained_on] == ["fake_lv"]
    assert card.dataset.id == "fake_lv2"
    assert {row.subject for row in card.by_subject} == {"s01", "s02", "s03"}


def test_two_pairs_are_trained_and_tested_in_one_run_and_their_counts_pooled(go, monkeypatch) -> None:
    from mebench.datasets.catalogue import DATASETS

    for id in ("fake_lv3", "fake_lv4"):
        base = DATASETS.get("fake_lv")
        monkeypatch.setitem(DATASETS._objects, id, type(id, (base,), {"id": id}))
        monkeypatch.setitem(DATASETS._entries, id, DATASETS.entry("fake_lv"))
    result = go(
        ["fake_lv:subjects=3", "fake_lv2:subjects=2"],
        training=["fake_lv3:subjects=4", "fake_lv4:subjects=5"],
        protocol="megc2022-spotting",
    )
    pairs = [
        ({p.dataset for p in fold.test}, {p.dataset for p in fold.people - set(fold.test)}) for fold in folds(result)
    ]
    assert pairs == [({"fake_lv"}, {"fake_lv3"}), ({"fake_lv2"}, {"fake_lv4"})]
    card = Scorecard.read(result.folder / "scorecard.json")
    tp = [card.counts[id].tp for id in ("fake_lv", "fake_lv2")]
    assert card.counts["overall"].tp == sum(tp)
    with pytest.raises(UserError, match="give one --train for all, or one for each in turn"):
        go(["fake_lv:subjects=3"], training=["fake_lv3:subjects=4", "fake_lv4:subjects=5"], out="other")


def test_a_dataset_is_tested_or_for_training(go) -> None:
    with pytest.raises(UserError, match="'fake_lv' is given twice: give each --dataset and --train once"):
        go(["fake_lv"], training=["fake_lv:subjects=3"])


def test_an_unseen_test_set_needs_something_to_learn_from(go) -> None:
    skipped = go(["fake_lv"], protocol="megc2022-spotting").skipped
    assert "add --train ID" in str(skipped)
    assert go(["fake_lv"], method="idle", protocol="megc2022-spotting", out="i").complete


def test_datasets_learn_apart_or_as_one_composite_as_the_protocol_says(go, monkeypatch) -> None:
    from mebench.protocols.catalogue import PROTOCOLS

    both = ["fake_lv:subjects=3", "fake_lv2:subjects=3"]
    apart = go(both, out="apart")
    assert all(len({person.dataset for person in fold.people}) == 1 for fold in folds(apart))
    monkeypatch.setitem(PROTOCOLS._objects, Composite.id, Composite)
    monkeypatch.setitem(PROTOCOLS._entries, Composite.id, PROTOCOLS.entry("megc2021-spotting"))
    together = go(both, protocol=Composite.id, out="together")
    assert all({person.dataset for person in fold.train} == {"fake_lv", "fake_lv2"} for fold in folds(together)[:1])
    tested = sorted(person for fold in folds(together) for person in fold.test)
    assert tested == sorted(person for fold in folds(apart) for person in fold.test)


def copies_of(tmp_path: Path, *of: list[str]) -> Path:
    """Write the provenance of copies; the toy dataset makes the recordings, whose subjects are s01, s02, ..."""
    folder = tmp_path / "made"
    folder.mkdir()
    rows = [{"subject": f"s{i:02d}", "of": people} for i, people in enumerate(of, start=1)]
    settings = {"subjects": len(of)}
    plain = {"schema": 1, "dataset": {"id": "fake_lv", "settings": settings}, "copies": rows}
    (folder / "provenance.json").write_text(json.dumps(plain))
    return folder


def test_a_copy_is_never_learnt_from_when_anybody_in_it_is_tested_or_validates(go, tmp_path) -> None:
    made = copies_of(tmp_path, ["fake_lv/s01"], ["fake_lv/s02", "fake_lv/s03"], ["samm_lv/006"])
    result = go(["fake_lv:subjects=6"], also=[made])
    copies = {Person("fake_lv", f"s0{i}~made"): i for i in (1, 2, 3)}
    for fold in folds(result):
        held_out = {person.subject for person in fold.held_out}
        used = {copies[person] for person in fold.train if person in copies}
        allowed = {3} | ({1} if "s01" not in held_out else set()) | ({2} if not held_out & {"s02", "s03"} else set())
        assert used == allowed
        assert not any(person in copies for person in fold.held_out)
    card = Scorecard.read(result.folder / "scorecard.json")
    assert [ref.id for ref in card.trained_on] == ["fake_lv", "made"]
    assert len(card.by_subject) == 6


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"copies": []}, "a copy of nobody"),
        ({"copies": [{"subject": "s01"}]}, "does not say whose copies these are"),
        ({"schema": 9}, "schema 9"),
        ({"dataset": {"id": "nobodys"}}, "There is no dataset 'nobodys'"),
    ],
)
def test_a_provenance_that_says_too_little_is_refused(go, tmp_path, change, message) -> None:
    made = copies_of(tmp_path, ["fake_lv/s01"])
    plain = json.loads((made / "provenance.json").read_text())
    (made / "provenance.json").write_text(json.dumps({**plain, **change}))
    with pytest.raises(UserError, match=message):
        go(["fake_lv:subjects=3"], also=[made])


@pytest.mark.parametrize("who", ["fake_lv/nobody", "fake_lv/s1", "elsewhere/s01", "s01"])
def test_a_copy_of_somebody_who_is_not_there_is_refused(go, tmp_path, who) -> None:
    """With a name that is misspelt nobody could say in which folds the copy shows a tested person."""
    made = copies_of(tmp_path, ["fake_lv/s01"], ["fake_lv/s02", who])
    with pytest.raises(UserError, match=f"of made says that s02~made is a copy of {who}, who is nobody of the"):
        go(["fake_lv:subjects=6"], also=[made])


def test_copies_without_provenance_are_refused(go, tmp_path) -> None:
    with pytest.raises(UserError, match="give --also a folder that a generator has written"):
        go(["fake_lv:subjects=3"], also=[tmp_path / "nowhere"])


def test_all_that_is_wrong_is_told_at_once(go) -> None:
    with pytest.raises(UserError) as caught:
        go(["nobodys"], method="leaner", protocol="megc1999", device="tpu", executor="clod")
    for word in ("leaner", "nobodys", "megc1999", "tpu", "clod"):
        assert word in str(caught.value)
