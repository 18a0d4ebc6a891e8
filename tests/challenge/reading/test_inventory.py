"""What lies in a submission, and its digest."""

from __future__ import annotations

import hashlib
import zipfile

import pytest
from hostile_corpus import LIMITS, ROW, archive, folder

from mebench.challenge.checks.findings import Findings
from mebench.challenge.reading.inventory import digest_of_submission, take_stock
from mebench.errors import UserError
from mebench.tasks.catalogue import task_of


def stock(path, work, task="spotting"):
    findings = Findings()
    return take_stock(path, work, task_of(task), findings, LIMITS), findings


FILES = {
    "samm_pred.csv": ROW,
    "inner/cas_pred.csv": ROW,
    "README.md": "#",
    "LICENSE": "",
    ".git/config": "",
    "__MACOSX/x.csv": "",
}


def test_a_folder_is_sorted(tmp_path):
    found, findings = stock(folder(tmp_path / "in", FILES), tmp_path / "work")
    assert [(f.name, f.database) for f in found.files] == [("inner/cas_pred.csv", "cas"), ("samm_pred.csv", "samm")]
    assert found.manifest.startswith('{"schema"')
    assert findings.counts == {}
    assert findings.notes[0].count(",") == 3
    assert not (tmp_path / "work").exists()


def test_an_archive_is_sorted_alike_and_written_below_the_work_folder(tmp_path):
    path = archive(tmp_path / "in", FILES)
    found, findings = stock(path, tmp_path / "work")
    assert [f.name for f in found.files] == ["inner/cas_pred.csv", "samm_pred.csv"]
    assert all(f.path.is_relative_to(tmp_path / "work") for f in found.files)
    assert findings.counts == {}


def test_a_zip_without_its_ending_is_known_by_its_content(tmp_path):
    path = archive(tmp_path / "in", FILES).rename(tmp_path / "upload")
    assert len(stock(path, tmp_path / "work")[0].files) == 2


TWINS = {
    "case": ("predictions.csv", "PREDICTIONS.CSV"),
    "form": ("caf\u00e9.csv", "cafe\u0301.csv"),
    "case of a folder": ("samm/a.csv", "SAMM/a.csv"),
}


@pytest.mark.parametrize("kind", TWINS)
@pytest.mark.parametrize("pack", [folder, archive])
def test_names_that_some_system_takes_for_one_are_refused_in_folders_and_archives(tmp_path, kind, pack):
    path = pack(tmp_path / "in", dict.fromkeys(TWINS[kind], ROW))
    if pack is folder and sum(found.suffix.lower() == ".csv" for found in path.rglob("*")) < 2:
        pytest.skip("this file system takes the names for one")
    findings = stock(path, tmp_path / "work")[1]
    assert findings.counts == {"duplicate": 1}
    assert "differ in more than case, form and blanks" in findings.problems[0].expected


def test_a_name_that_does_not_print_is_shown_so_that_it_can_be_found(tmp_path):
    path = folder(tmp_path / "in", {"a\x1b[31m.csv": ROW, "b\u202e.xyz": "", "plain.csv": ROW})
    found, findings = stock(path, tmp_path / "work")
    assert [file.name for file in found.files] == [r"a\x1b[31m.csv", "plain.csv"]
    assert [problem.file for problem in findings.problems] == [r"b\u202e.xyz"]


def test_a_single_file_is_a_submission(tmp_path):
    path = tmp_path / "casme_pred.csv"
    path.write_text(ROW)
    found, _ = stock(path, tmp_path)
    assert [(f.name, f.database) for f in found.files] == [("casme_pred.csv", "casme")]
    assert found.manifest is None


def test_the_ending_depends_on_the_task(tmp_path):
    path = folder(tmp_path / "in", {"a.jsonl": "{}"})
    assert stock(path, tmp_path, "questions")[1].counts == {}
    found, findings = stock(path, tmp_path, "spotting")
    assert findings.counts == {"file_type": 1}
    assert found.files == ()


def test_a_file_name_cannot_steer_a_terminal(tmp_path):
    folder(tmp_path / "in", {"\x1b[2Jp.exe": ""})
    assert stock(tmp_path / "in", tmp_path)[1].problems[0].file == r"\x1b[2Jp.exe"


def test_nothing_there_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match="give a folder, a zip archive or a table"):
        stock(tmp_path / "none", tmp_path)
    with pytest.raises(UserError, match="check the name"):
        digest_of_submission(tmp_path / "none")


def test_digests_of_files_are_their_sha256_and_of_folders_depend_on_names_and_contents(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(ROW)
    assert digest_of_submission(path) == hashlib.sha256(ROW.encode()).hexdigest()
    folders = [
        {"a.csv": "1", "b.csv": "2"},
        {"b.csv": "2", "a.csv": "1"},
        {"a.csv": "1", "c.csv": "2"},
        {"a.csv": "1", "b.csv": "3"},
        {"a.csv": "12", "b.csv": ""},
    ]
    digests = [digest_of_submission(folder(tmp_path / str(i), files)) for i, files in enumerate(folders)]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 4


def test_an_archive_in_which_a_file_is_also_a_folder_is_refused(tmp_path):
    path = archive(tmp_path / "in", {"a": ROW, "a/b.csv": ROW}, zipfile.ZIP_STORED)
    assert stock(path, tmp_path / "work")[1].counts == {"clash": 1}
