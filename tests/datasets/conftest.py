"""Copies of the licence-gated layouts, as their descriptions have them, with empty files for frames."""

from __future__ import annotations

import openpyxl
import pytest

SAMM_HEADER = [
    "Subject",
    "Filename",
    "Inducement Code",
    "Onset",
    "Apex",
    "Offset",
    "Duration",
    "Type",
    "Action Units",
    "Notes",
]


def touch_frames(folder, pattern, count):
    folder.mkdir(parents=True)
    for number in range(1, count + 1):
        (folder / pattern.format(number)).touch()


def save_workbook(path, sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def samm_table(rows, preamble=9):
    """Rows are (filename, onset, apex, offset, type, units)."""
    table = [[f"note {i}"] for i in range(preamble)] + [SAMM_HEADER]
    for number, (name, onset, apex, offset, kind, units) in enumerate(rows, preamble + 2):
        subject, code, *_ = name.split("_")
        table.append([subject, name, code, onset, apex, offset, f"=SUM(F{number}-D{number})+1", kind, units, None])
    return table


@pytest.fixture
def samm(tmp_path):
    """Build a SAMM-LV copy: samm(rows, {'006_1': 50}, nested=, workbook=, widths=)."""

    def build(rows, videos, *, nested=False, workbook="SAMM_LongVideos_V2_Release.xlsx", widths=None):
        root = tmp_path / "samm"
        inner = root / "SAMM_longvideos" / "SAMM_longvideos" if nested else root / "SAMM_longvideos"
        for video, count in videos.items():
            width = (widths or {}).get(video, 4)
            touch_frames(inner / video, f"{video}_{{:0{width}d}}.jpg", count)
        save_workbook(root / workbook, {"FACS_Movement_Only": samm_table(rows)})
        return root

    return build


CASME_CODES = [("0101", "disgust1"), ("0102", "disgust2"), ("0401", "anger1"), ("0503", "happy2")]


@pytest.fixture
def casme(tmp_path):
    """Build a CAS(ME)^2 copy: casme(rows, {'s15/15_0101disgustingteeth': 50}, cropped=, workbook=, codes=)."""

    def build(rows, videos, *, cropped=False, workbook="CAS(ME)^2code_final.xlsx", codes=CASME_CODES):
        root = tmp_path / "casme"
        frames = (
            root / "CAS(ME)2_longVideoFaceCropped" / "longVideoFaceCropped"
            if cropped
            else root / "CAS(ME)^2" / "rawpic"
        )
        for video, count in videos.items():
            touch_frames(frames / video, "img_{}.jpg" if cropped else "img{:03d}.jpg", count)
        subjects = sorted({video.partition("/")[0] for video in videos})
        numbers = {subject: i for i, subject in enumerate(subjects, 1)}
        sheets = {
            "CASFEcode_final": [[numbers[row[0]], *row[1:]] for row in rows],
            "naming rule1": [[int(row[0][1:]), row[0], numbers[row[0]]] for row in rows],
            "naming rule2": [list(pair) for pair in codes],
        }
        save_workbook(root / "CAS(ME)^2" / workbook, sheets)
        return root

    return build


@pytest.fixture
def kinds():
    """Return the errata of a report as {kind: [where, ...]}."""

    def group(report):
        found = {}
        for erratum in report.errata:
            found.setdefault(erratum.kind, []).append(erratum.where)
        return found

    return group
