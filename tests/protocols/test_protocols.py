"""Splits, support and official counts of every protocol."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from mebench.protocols.base import Predicted, Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.protocols.megc.megc2019_cde import Megc2019Cde
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.protocols.megc.megc2021_spotting import Megc2021Spotting
from mebench.protocols.megc.megc2022_spotting import Megc2022Spotting
from mebench.protocols.splits import Cohort
from mebench.schema.intervals import Intervals
from mebench.schema.people import Person
from mebench.schema.truth import Truth, VideoTable

IDS = [entry.id for entry in PROTOCOLS.entries() if entry.origin == "mebench"]


@pytest.mark.parametrize("id", IDS)
def test_every_protocol_says_what_it_is(id):
    protocol = PROTOCOLS.get(id)
    assert issubclass(protocol, Protocol)
    assert protocol.id == id
    assert protocol.task == PROTOCOLS.entry(id).task
    assert protocol.version
    assert protocol.summary
    assert protocol.sources
    assert protocol.published_convention in {"", *protocol.presets()}
    assert protocol.convention in protocol.presets().values()


def cohort(*names, training=(), pairs=()):
    return Cohort.of(map(Person.parse, names), map(Person.parse, training), pairs)


def who(splits):
    return [" ".join(map(str, split.test)) for split in splits]


@pytest.mark.parametrize("protocol", [Megc2020Spotting(), Megc2021Spotting()])
def test_one_subject_is_left_out_at_a_time(protocol):
    splits = protocol.splits(cohort("d/s3", "d/s1", "d/s2", "d/s1"))
    assert who(splits) == ["d/s1", "d/s2", "d/s3"]
    assert splits[1].train == (Person("d", "s1"), Person("d", "s3"))
    assert len({split.name for split in splits}) == 3


def test_spotters_learn_within_a_dataset_and_recognisers_from_the_composite():
    both = cohort("samm_lv/006", "casme_sq/006", "casme_sq/007")
    spotting, recognition = Megc2021Spotting().splits(both), Megc2019Cde().splits(both)
    assert who(spotting) == who(recognition) == ["casme_sq/006", "casme_sq/007", "samm_lv/006"]
    assert [len(split.train) for split in spotting] == [1, 1, 0]
    assert [len(split.train) for split in recognition] == [2, 2, 2]


def test_datasets_for_training_are_learnt_from_once():
    (split,) = Megc2021Spotting().splits(cohort("a/1", "b/1", training=["c/1", "d/1"]))
    assert (len(split.test), len(split.train)) == (2, 2)


def test_an_unseen_set_is_tested_whole_and_learnt_from_by_nobody():
    (split,) = Megc2022Spotting().splits(cohort("x/b", "x/a"))
    assert who([split]) == ["x/a x/b"]
    assert split.train == ()


def test_pairs_learn_each_from_their_own():
    splits = Megc2022Spotting().splits(
        cohort("t1/a", "t2/a", "t2/b", training=["l1/x", "l2/y"], pairs=[("t1", "l1"), ("t2", "l2")])
    )
    assert [(s.name, len(s.test), [str(p) for p in s.train]) for s in splits] == [
        ("t1", 1, ["l1/x"]),
        ("t2", 2, ["l2/y"]),
    ]


def test_what_a_run_cannot_follow_has_a_reason():
    assert Megc2020Spotting().supports(["samm_lv"]) is None
    assert "megc2021-spotting pools several" in Megc2020Spotting().supports(["samm_lv", "casme_sq"])
    assert Megc2021Spotting().supports(["samm_lv", "casme_sq"]) is None
    assert "mebench grade" in Megc2022Spotting().supports(["synth_lv"])
    assert Megc2022Spotting().supports(["synth_lv"], training=["samm_lv"]) is None
    assert Megc2022Spotting().supports(["synth_lv"], trains=False) is None
    assert "is for spotting, smic is for recognition" in Megc2021Spotting().supports(["smic"], "recognition")
    assert "is for recognition" in Megc2022Spotting().supports(["smic"], "recognition")


def made(dataset, macro, micro, videos, prefix=""):
    """Return a truth with these counts, an event a second."""
    names = [(f"{prefix}s{i % 5}", f"v{i:03d}", 30.0, 10**5) for i in range(videos)]
    rows = [
        (*names[i % videos][:2], 30 * i + 1, 30 * i + 9, "macro" if i < macro else "micro")
        for i in range(macro + micro)
    ]
    return Truth(Intervals.from_rows(rows), VideoTable.from_rows(names), dataset)


@pytest.mark.parametrize(("dataset", "counts"), [("samm_lv", (343, 159, 147)), ("casme_sq", (300, 57, 98))])
def test_official_sets_are_told_by_name_and_counts(dataset, counts):
    protocol = Megc2020Spotting()
    assert protocol.official_reason(made(dataset, *counts)) == ""
    macro, micro, videos = counts
    reason = protocol.official_reason(made(dataset, macro - 10, micro, videos))
    assert reason.startswith(f"{dataset} has {macro - 10} macro-")
    assert f"the official set has {macro} macro-" in reason
    assert "no official set" in protocol.official_reason(made("synth_lv", *counts))
    assert "no official set" in protocol.official_reason(made("", *counts))


def test_both_official_sets_together():
    samm, casme = made("samm_lv", 343, 159, 147, "samm_lv/"), made("casme_sq", 300, 57, 98, "casme_sq/")
    rows = [
        (s, v, f, n)
        for table in (samm.videos, casme.videos)
        for s, v, f, n in zip(
            *(getattr(table, c).tolist() for c in ("subject", "video", "fps", "n_frames")), strict=True
        )
    ]
    both = Truth(Intervals.concat([samm.events, casme.events]), VideoTable.from_rows(rows), "casme_sq+samm_lv")
    assert Megc2021Spotting().official_reason(both) == ""
    card = Megc2021Spotting().score(Predicted(both.events), both)
    assert card.official
    assert card.counts["samm_lv"].tp == 502
    fewer = Truth(both.events.select(np.arange(len(both.events)) != 0), both.videos, both.dataset)
    assert Megc2021Spotting().official_reason(fewer).startswith("samm_lv has 342")


def test_listing_protocols_imports_none_of_the_heavy_packages():
    code = (
        "import sys; from mebench.protocols.catalogue import PROTOCOLS; import mebench.protocols.grading\n"
        "[PROTOCOLS.get(e.id) for e in PROTOCOLS.entries()]\n"
        "print(sorted({'torch', 'pandas', 'scipy', 'sklearn', 'cv2', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
