"""Action units of OpenFace tables against annotators and against each other, with tables made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from mebench.analysis.action_units import PresenceRules, correlate_tables, presence_table, table_advice
from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.faces.openface import PRESENCE_UNITS
from mebench.metrics.action_units import Presence
from mebench.schema.action_units import ACTION_UNITS
from mebench.schema.recordings import Event, ExpressionType, Video

MICRO, MACRO = ExpressionType.MICRO, ExpressionType.MACRO


class Blank:
    digest = "blank"

    def __len__(self) -> int:
        return 10


def write_table(
    path: Path,
    present: Mapping[int, Sequence[int]],
    intensities: np.ndarray | None = None,
    lost: Sequence[int] = (),
    presence: bool = True,
) -> str:
    """Write a table of 10 frames; `present` gives the frames of each action unit, `lost` those without success."""
    values = np.zeros((10, len(ACTION_UNITS))) if intensities is None else intensities
    units = PRESENCE_UNITS if presence else ()
    head = ["frame", "face_id", "timestamp", "confidence", "success"]
    lines = [",".join([*head, *(f"AU{u:02d}_r" for u in ACTION_UNITS), *(f"AU{u:02d}_c" for u in units)])]
    for frame in range(1, 11):
        cells = [frame, 0, frame / 30, 0.98, int(frame not in lost), *values[frame - 1]]
        lines.append(",".join(map(str, [*cells, *(int(frame in present.get(u, ())) for u in units)])))
    path.write_text("\n".join(lines) + "\n")
    return str(path)


def video(name: str, table: str | None, *events: Event) -> Video:
    return Video("d", name.split("_")[0], name, 30.0, Blank(), events, action_units_csv=table)  # type: ignore[arg-type]


@pytest.fixture
def videos(tmp_path: Path) -> list[Video]:
    both = write_table(tmp_path / "a_1.csv", {12: [3], 4: [9], 25: [1]}, lost=[9])
    micro = write_table(tmp_path / "b_1.csv", {1: [2], 2: [8]})
    none = write_table(tmp_path / "c_1.csv", {1: [1]})
    return [
        video("a_1", both, Event(2, 4, MICRO, action_units="4+12"), Event(5, 10, MACRO, action_units="12+25+18")),
        video("b_1", micro, Event(1, 3, MICRO, action_units="1C+2D")),
        video("c_1", none),
    ]


def test_the_unit_is_a_distinct_action_unit_of_a_video(videos: list[Video]) -> None:
    found = presence_table(videos)
    assert found == {
        "micro": Presence(3, 4),  # a: 12 of 4, 12 (4 was seen in a lost frame); b: 1 and 2
        "macro": Presence(2, 3),  # a: 12 and 25 of 12, 18, 25
        "combined": Presence(4, 6),  # a: 12 and 25 of 4, 12, 18, 25; b: 1 and 2
        "micro-only videos": Presence(2, 2),
        "macro-only videos": Presence(0, 0),
    }


def test_what_the_thesis_leaves_open_is_a_rule(videos: list[Video]) -> None:
    within = presence_table(videos, PresenceRules(where="events"))
    assert (within["micro"], within["macro"]) == (Presence(2, 4), Presence(0, 3))
    without = presence_table(videos, PresenceRules(outside="left_out"))
    assert (without["macro"], without["combined"]) == (Presence(2, 2), Presence(4, 5))


def test_a_video_without_a_table_or_without_presences_is_told(videos: list[Video], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="d_1 has no OpenFace table"):
        presence_table([video("d_1", None, Event(1, 2, MICRO, action_units="1"))])
    table = write_table(tmp_path / "bare.csv", {}, presence=False)
    with pytest.raises(UserError, match="no column such as AU01_c"):
        presence_table([video("d_1", table, Event(1, 2, MICRO, action_units="1"))])


def test_folders_are_paired_by_name_and_frames_by_number(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    for number, sign in (("a_1", 1), ("a_2", 1), ("b_1", -1)):
        values = rng.random((10, len(ACTION_UNITS))).round(3)
        write_table(tmp_path / "first" / f"{number}.csv", {}, values, lost=[2])
        other = sign * values + 2
        other[1] = 9  # the frame that the other table has lost
        write_table(tmp_path / "second" / f"{number}.csv", {}, other.round(3))
    write_table(tmp_path / "second" / "c_1.csv", {})
    found = correlate_tables(tmp_path / "first", tmp_path / "second")
    assert (found.names, found.unpaired) == (("a_1", "a_2", "b_1"), ("c_1",))
    assert found.by_subject()["a"] == pytest.approx((1, 1), abs=1e-5)
    assert found.by_subject()["b"] == pytest.approx((-1, -1), abs=1e-5)
    alone = correlate_tables(tmp_path / "first" / "a_1.csv", tmp_path / "second" / "b_1.csv")
    assert abs(alone.correlation.over_all()[0]) < 0.5


def test_folders_that_have_nothing_in_common_are_told(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        write_table(tmp_path / name / f"{name}.csv", {})
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match="The folder .*empty holds no table"):
        correlate_tables(tmp_path / "first", tmp_path / "empty")
    with pytest.raises(UserError, match="There is no folder or table .*nope: check the path"):
        correlate_tables(tmp_path / "first", tmp_path / "nope")
    with pytest.raises(UserError, match="have no table of the same name"):
        correlate_tables(tmp_path / "first", tmp_path / "second")
    lost = write_table(tmp_path / "lost.csv", {}, lost=range(2, 11))
    with pytest.raises(UserError, match="share 1 frames with a face"):
        correlate_tables(Path(lost), tmp_path / "first" / "first.csv")


def test_what_is_unusual_about_tables_is_told(videos: list[Video], tmp_path: Path) -> None:
    told: list[str] = []
    presence_table(videos, tell=told.append)
    assert told[0] == (
        "1 of 20 frames of 2 videos are missing in their tables or lost (success 0, or no number), so that no action "
        "unit counts there; most in a/a_1: 1 of 10."
    )
    lines = (tmp_path / "b_1.csv").read_text().splitlines()
    lines[2] = lines[2][:-1] + "nan"
    (tmp_path / "b_1.csv").write_text("\n".join([*lines[:7], lines[6], lines[7]]) + "\n")
    told.clear()
    presence_table(videos, tell=told.append)
    assert told[0].endswith("most in b/b_1: 3 of 10.")
    assert any("b/b_1: OpenFace table: the table ends at 7 of 10 frames" in line for line in told)
    assert any("1 rows repeat a frame" in line and "the first row of each frame is kept" in line for line in told)
    assert "b/b_1: OpenFace table: 1 presences are no number; these count as not detected." in told


def test_a_video_whose_face_is_never_seen_has_no_detected_unit(tmp_path: Path) -> None:
    table = write_table(tmp_path / "a_1.csv", {12: [3]}, lost=range(1, 11))
    found = presence_table([video("a_1", table, Event(2, 4, MICRO, action_units="12"))])
    assert found["combined"] == Presence(0, 1)


def test_the_advice_follows_what_can_be_set(tmp_path: Path) -> None:
    assert "has no setting that names OpenFace tables" in table_advice(DATASETS.get("synth_lv").configure())
    samm = DATASETS.get("samm_lv")
    assert table_advice(samm.configure()).endswith("set openface=DIR to the folder of the tables.")
    assert f"into {tmp_path}, named VIDEO.csv" in table_advice(samm.configure({"openface": str(tmp_path)}))
