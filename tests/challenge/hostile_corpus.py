"""Malformed and hostile submissions, made when they are asked for; `python hostile_corpus.py DIR` writes them all.

Every case has a name, the task it is handed in for, a function that writes it below a folder and returns what to read,
and the kinds of problems for which it must be refused: exactly these, no more and no fewer.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import os
import pickle
import stat
import struct
import sys
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from raw_zip import Raw, build, unicode_path

from mebench.challenge.safety.limits import SubmissionLimits
from mebench.challenge.safety.zip_checks import ArchiveLimits
from mebench.schema.truth import VideoTable
from mebench.tasks.expected import Expected

VIDEOS = VideoTable.from_rows(
    [
        ("samm_lv/006", "006_1", 200.0, 1000),
        ("samm_lv/006", "006_11", 200.0, 1000),
        ("samm_lv/007", "007_1", 200.0, 800),
        ("casme_sq/s15", "15_0101", 30.0, 500),
        ("casme_sq/s16", "16_0102", 30.0, 500),
    ]
)
EXPECTED = {
    "spotting": Expected(videos=VIDEOS),
    "spot_recognise": Expected(videos=VIDEOS, emotions=("negative", "positive", "surprise")),
    "recognition": Expected(
        clips=(("samm", "006", "006_1_2"), ("casme2", "sub01", "EP02_01f"), ("smic", "s01", "s01_ne_01")),
        emotions=("negative", "positive", "surprise"),
    ),
    "questions": Expected(questions=(("v1", "What is the coarse class?"), ("v2", "What is the coarse class?"))),
}
LIMITS = SubmissionLimits(
    archive=ArchiveLimits(
        members=20, archive_bytes=200_000, member_bytes=150_000, total_bytes=300_000, ratio_floor=10_000
    ),
    files=20,
    file_bytes=150_000,
    total_bytes=200_000,
    lines=2_000,
    line_chars=2_000,
    manifest_bytes=2_000,
)
MANIFEST = {"schema": 1, "team": "t", "method": "m", "protocol": "p"}
HEADER = "subject,video,onset,offset,type\n"
ROW = "samm_lv/006,006_1,10,40,micro\n"
GOOD = {
    "spotting": ("predictions.csv", HEADER + ROW),
    "spot_recognise": ("predictions.csv", "subject,video,onset,offset,emotion\n006,006_1,10,40,negative\n"),
    "recognition": (
        "predictions.csv",
        "database,subject,clip,emotion\nsamm,6,006_1_2,negative\ncasme2,sub01,EP02_01f,positive\nsmic,s1,s01_ne_01,surprise\n",
    ),
    "questions": (
        "me_vqa_samm_test_pred.jsonl",
        "".join(
            json.dumps(
                {"video_id": v, "video": f"{v}.mp4", "question": "What is the coarse class?", "answer": "negative"}
            )
            + "\n"
            for v in ("v1", "v2")
        ),
    ),
}


@dataclasses.dataclass(frozen=True)
class Case:
    """One submission and why it must be refused."""

    name: str
    task: str
    write: Callable[[Path], Path]
    kinds: frozenset[str]


CASES: list[Case] = []


def case(kinds: str, task: str = "spotting"):
    """Register a function that writes a submission."""

    def register(write: Callable[[Path], Path]):
        CASES.append(Case(write.__name__, task, write, frozenset(kinds.split())))
        return write

    return register


def folder(root: Path, files: dict[str, str | bytes], manifest: object = MANIFEST) -> Path:
    """Write a folder; `manifest` may be an object, the text of a file, or None for none."""
    root.mkdir(parents=True, exist_ok=True)
    everything = dict(files)
    if manifest is not None:
        everything["manifest.json"] = manifest if isinstance(manifest, (str, bytes)) else json.dumps(manifest)
    for name, content in everything.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def archive(root: Path, members: dict[object, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write a zip with a manifest; a member may be a name or a `ZipInfo`."""
    root.mkdir(parents=True, exist_ok=True)
    path = root / "submission.zip"
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w", compression) as out:
        warnings.simplefilter("ignore")
        for name, content in {"manifest.json": json.dumps(MANIFEST), **members}.items():
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            out.writestr(info, content, compression)
    return path


def table(kinds: str, name: str, content: str | bytes, task: str = "spotting", file: str = "") -> None:
    """Register a folder with one data file."""
    file = file or GOOD[task][0]

    def write(root: Path) -> Path:
        return folder(root, {file: content})

    write.__name__ = name
    case(kinds, task)(write)


def manifest(kinds: str, name: str, content: object) -> None:
    """Register a good table with a bad manifest."""

    def write(root: Path) -> Path:
        return folder(root, dict([GOOD["spotting"]]), content)

    write.__name__ = name
    case(kinds)(write)


def packed(kinds: str, name: str, members: dict[object, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> None:
    """Register an archive."""

    def write(root: Path) -> Path:
        return archive(root, members, compression)

    write.__name__ = name
    case(kinds)(write)


def special(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


def rows(*lines: str) -> str:
    return HEADER + "".join(line + "\n" for line in lines)


# Files and their text.
table("empty", "an_empty_file", "")
table("empty", "nothing_but_blanks", " \n \n\t\n")
table("nul", "a_nul_in_an_id", HEADER.encode() + b"samm_lv/006,006_\x001,10,40,micro\n")
table("control unknown_video", "a_terminal_escape_in_an_id", rows("samm_lv/006,006_1\x1b[2J,10,40,micro"))
table("control", "a_c1_control_that_begins_a_sequence", rows("samm_lv/006,006_1\x9b,10,40,micro"))
table("encoding unknown_video", "latin_1", HEADER.encode() + b"samm_lv/006,caf\xe9 au lait,10,40,micro\n")
table("encoding", "utf_16", (HEADER + ROW).encode("utf-16"))
table("encoding unknown_video", "an_overlong_utf_8_slash", HEADER.encode() + b"samm_lv\xc0\xaf006,006_1,10,40,micro\n")
table("line_length", "a_line_that_never_ends", HEADER + ROW + "x" * 5_000 + "\n")
table("too_many_lines", "a_million_line_ends_in_little", HEADER + "\n" * 5_000)
table("file_size", "a_file_that_is_too_large", HEADER + ROW + "\n".join(["x" * 100] * 1_800))
table("binary", "a_pickle_called_csv", pickle.dumps({"onset": [1]}, protocol=4))
table("binary", "a_workbook_called_csv", b"PK\x03\x04" + b"\0" * 60)
table("binary", "a_numpy_array_called_csv", b"\x93NUMPY\x01\x00" + b"\0" * 60)
table("file_type", "a_pickle", pickle.dumps([1]), file="predictions.pkl")
table("file_type", "an_array_archive", b"PK\x03\x04", file="scores.npz")
table("file_type", "a_shell_script", "rm -rf /\n", file="run.sh")
table("file_type", "answers_where_intervals_belong", "{}\n", file="answers.jsonl")
table("file_type", "intervals_where_answers_belong", HEADER + ROW, task="questions", file="predictions.csv")

# Headers.
table("header", "no_header_at_all", ROW)
table("header", "a_column_is_missing", "subject,video,onset,type\nsamm_lv/006,006_1,10,micro\n")
table("header", "a_misspelt_column", HEADER.replace("onset", "onsett") + ROW)
table("header", "an_unknown_column", HEADER.replace("type", "type,apex") + ROW.replace("micro", "micro,20"))
table("header", "a_column_twice", HEADER.replace("type", "type,onset") + ROW.replace("micro", "micro,20"))
table("header", "a_thousand_columns", ",".join(f"c{i}" for i in range(300)) + "\n")
table("header", "an_answer_where_a_table_belongs", '{"video_id": "v1"}\n')

# Rows and cells.
table("ragged", "a_cell_too_few", rows("samm_lv/006,006_1,10,40"))
table("ragged", "a_cell_too_many", rows("samm_lv/006,006_1,10,40,micro,x"))
table("quote", "a_quote_that_never_closes", rows('samm_lv/006,"006_1,10,40,micro', "samm_lv/007,007_1,10,40,micro"))
table("quote ragged", "a_line_break_in_quotes", rows('samm_lv/006,"006', '_1",10,40,micro'))
table("formula", "a_formula_as_id", rows('samm_lv/006,=HYPERLINK("http://x"),10,40,micro'.replace('"', "")))
table("formula", "a_command_as_id", rows("samm_lv/006,@SUM(1+1)*cmd|' /C calc'!A0,10,40,micro"))
table("formula", "a_plus_as_emotion", GOOD["spot_recognise"][1].replace("negative", "+1"), "spot_recognise")
table("frame", "words_for_frames", rows("samm_lv/006,006_1,ten,40,micro"))
table("frame", "an_empty_frame", rows("samm_lv/006,006_1,,40,micro"))
table("frame", "nan_for_a_frame", rows("samm_lv/006,006_1,nan,40,micro"))
table("frame", "infinity_for_a_frame", rows("samm_lv/006,006_1,10,inf,micro"))
table("frame", "a_number_beyond_floats", rows("samm_lv/006,006_1,10,1e400,micro"))
table("frame", "a_number_of_1900_digits", rows(f"samm_lv/006,006_1,10,{'9' * 1900},micro"))
table("frame", "a_frame_beyond_any_recording", rows("samm_lv/006,006_1,10,99999999999,micro"))
table("frame", "a_frame_before_any_recording", rows("samm_lv/006,006_1,-99999999999,40,micro"))
table("frame", "a_minus_that_is_none", rows("samm_lv/006,006_1,−5,40,micro"))
table("frame", "a_hexadecimal_frame", rows("samm_lv/006,006_1,0x10,40,micro"))
table("frame", "digits_of_another_script", rows("samm_lv/006,006_1,١٠,40,micro"))
table("frame", "python_digit_groups", rows("samm_lv/006,006_1,1_0,40,micro"))
table("fractional", "half_a_frame", rows("samm_lv/006,006_1,10.5,40,micro"))
table("fractional", "a_decimal_comma", HEADER.replace(",", ";") + "samm_lv/006;006_1;10,5;40;micro\n")
table("offset_before_onset", "an_offset_before_its_onset", rows("samm_lv/006,006_1,40,10,micro"))
table("type", "an_unknown_type", rows("samm_lv/006,006_1,10,40,tiny"))
table("id", "an_empty_id", rows("samm_lv/006,,10,40,micro"))
table("id", "an_id_of_600_characters", rows(f"samm_lv/006,{'a' * 600},10,40,micro"))
table("id", "an_id_that_turns_the_text_around", rows("samm_lv/006,006_1\u202e,10,40,micro"))
table("score", "an_infinite_score", HEADER.replace("type", "type,score") + ROW.replace("micro", "micro,inf"))
table("score", "nan_as_score", HEADER.replace("type", "type,score") + ROW.replace("micro", "micro,nan"))
table("unknown_video", "an_unknown_video", rows("samm_lv/006,006_3,10,40,micro"))
table("unknown_video", "an_unknown_subject", rows("samm_lv/099,006_1,10,40,micro"))
table("unknown_video", "a_path_as_id", rows("../../etc,passwd,10,40,micro"))
table(
    "unknown_video", "a_video_of_the_other_database", "vid,onset,offset,type\n15_0101,10,40,me\n", file="samm_pred.csv"
)
table("duplicate", "the_same_interval_twice", rows(ROW.strip(), ROW.strip()))
table("duplicate", "the_same_interval_in_two_spellings", rows(ROW.strip(), "6,6_1,10.0,40,me"))
table(
    "emotion",
    "an_emotion_outside_the_protocol",
    GOOD["spot_recognise"][1].replace("negative", "bored"),
    "spot_recognise",
)
table("emotion", "no_emotion", GOOD["spot_recognise"][1].replace("negative", ""), "spot_recognise")

# Logs.
table("ragged", "a_log_row_of_five_cells", "1\n006_1 1 2 3 TP\n", file="log.txt")
table("log_result", "a_log_with_a_result_of_its_own", "1\n006_1 1 2 3 4 XX\n", file="log.txt")
table("log_result", "a_hit_without_a_prediction", "1\n006_1 1 2 - - TP\n", file="log.txt")
table("log_result", "a_miss_with_a_prediction", "1\n006_1 1 2 3 4 FN\n", file="log.txt")
table("database", "a_log_of_an_unknown_database", "1\n006_1 - - 3 4 FP\n7\n006_1 - - 5 6 FP\n", file="log.txt")
table("frame", "a_log_with_an_infinite_frame", "1\n006_1 - - 3 1e999 FP\n", file="log.txt")

# Labels.
table("missing", "a_clip_is_missing", "\n".join(GOOD["recognition"][1].splitlines()[:-1]), "recognition")
table("duplicate", "a_clip_twice", GOOD["recognition"][1] + "samm,006,006_1_2,positive\n", "recognition")
table("unknown_clip", "an_unknown_clip", GOOD["recognition"][1] + "samm,006,006_9_9,positive\n", "recognition")
table(
    "probability",
    "a_probability_above_one",
    "subject,clip,emotion,p_a,p_b\n006,006_1_2,positive,1.5,0\nsub01,EP02_01f,positive,1,0\ns01,s01_ne_01,positive,1,0\n",
    "recognition",
)
table(
    "probability",
    "probabilities_that_add_up_to_two",
    "subject,clip,emotion,p_a,p_b\n006,006_1_2,positive,1,1\nsub01,EP02_01f,positive,1,0\ns01,s01_ne_01,positive,1,0\n",
    "recognition",
)
table(
    "emotion",
    "a_class_of_nine_in_a_log",
    "samm 6\n006_1_2 0 9\ncasme2 sub01\nEP02_01f 0 1\nsmic s01\ns01_ne_01 0 2\n",
    "recognition",
    "log.txt",
)


def answers(kinds: str, name: str, *lines: str) -> None:
    table(kinds, name, GOOD["questions"][1] + "".join(line + "\n" for line in lines), "questions")


def answer(**changes: object) -> str:
    return json.dumps({"video_id": "v1", "video": "a", "question": "q", "answer": "x"} | changes)


# Answers.
answers("json", "a_line_that_is_no_json", "{'video_id': 'v1'}")
answers("json", "a_list_where_an_object_belongs", "[1, 2]")
answers("json_depth", "ten_thousand_brackets", "[" * 1_900)
answers("json_depth", "nesting_behind_an_escaped_quote", '{"a\\"": ' + "[" * 20 + "]" * 20 + "}")
answers("json_number", "an_integer_of_1500_digits", '{"video_id": ' + "9" * 1_500 + "}")
answers("json_number", "a_float_beyond_floats", '{"video_id": 1e400}')
answers("json_number", "a_json_nan", '{"video_id": NaN}')
answers("json_key", "a_key_twice", '{"video_id": "v1", "video_id": "v2"}')
answers("json_key", "an_unknown_key", answer(truth="give it"))
answers("json_key", "no_answer", '{"video_id": "v1", "video": "a", "question": "q"}')
answers("json_type", "an_answer_that_is_an_object", answer(answer={"$ne": None}))
answers("json_text", "half_a_surrogate_pair", '{"video_id": "\\ud800"}')
answers("text_length", "an_empty_answer", answer(answer=" "))
answers("control", "a_terminal_escape_in_an_answer", answer(answer="\x1b]0;owned\x07"))
answers("duplicate", "a_question_answered_twice", GOOD["questions"][1].splitlines()[0])
answers("unknown_video", "an_answer_about_an_unknown_video", answer(video_id="v9"))
answers("unknown_question", "an_answer_nobody_asked_for", answer(question="Who is it?"))
table("missing", "a_question_without_an_answer", GOOD["questions"][1].splitlines()[0] + "\n", "questions")

# Manifests.
manifest("manifest", "no_manifest_and_no_flags", None)
manifest("manifest", "an_unknown_key_in_the_manifest", {**MANIFEST, "teem": "x"})
manifest("manifest", "a_manifest_without_a_team", {k: v for k, v in MANIFEST.items() if k != "team"})
manifest("manifest", "a_manifest_of_the_future", {**MANIFEST, "schema": 2})
manifest("manifest", "true_as_schema", {**MANIFEST, "schema": True})
manifest("manifest", "a_team_of_nothing_but_escapes", {**MANIFEST, "team": "\x1b[31m\x07"})
manifest("manifest", "a_team_of_500_characters", {**MANIFEST, "team": "x" * 500})
manifest("manifest", "a_team_that_is_a_list", {**MANIFEST, "team": ["x"]})
manifest("manifest", "a_manifest_that_is_a_list", [1])
manifest("protocol", "a_manifest_for_another_protocol", {**MANIFEST, "protocol": "megc2019-spotting"})
manifest("json", "a_manifest_that_is_no_json", "{team: t}")
manifest("json_depth", "a_manifest_a_thousand_levels_deep", "[" * 1_000)
manifest("file_size manifest", "a_manifest_that_is_too_large", {**MANIFEST, "team": "x" * 5_000})
manifest("encoding manifest", "a_manifest_in_latin_1", b'{"team": "\xe9"}')

# Folders.


@case("total_size")
def files_that_are_too_large_together(root: Path) -> Path:
    return folder(root, {f"p{i}_pred.csv": "x," * 60_000 for i in range(2)})


@case("no_file")
def a_manifest_and_nothing_else(root: Path) -> Path:
    return folder(root, {})


@case("too_many_files")
def more_files_than_anybody_needs(root: Path) -> Path:
    return folder(root, {f"{i}_pred.csv": HEADER for i in range(30)})


@case("mixed_formats duplicate")
def a_forgotten_copy_in_another_format(root: Path) -> Path:
    return folder(root, {"predictions.csv": HEADER + ROW, "samm_pred.csv": "vid,onset,offset,type\n006_1,10,40,me\n"})


@case("mixed_formats", "recognition")
def two_files_of_labels(root: Path) -> Path:
    return folder(root, {"a.csv": GOOD["recognition"][1], "b.csv": GOOD["recognition"][1]})


@case("manifest")
def two_manifests(root: Path) -> Path:
    return folder(root, {**dict([GOOD["spotting"]]), "inner/manifest.json": json.dumps(MANIFEST)})


@case("special")
def a_link_to_the_passwords(root: Path) -> Path:
    folder(root, {})
    (root / "predictions.csv").symlink_to("/etc/passwd")
    return root


@case("special")
def a_link_to_a_folder(root: Path) -> Path:
    folder(root, {})
    (root / "predictions.csv").symlink_to("/etc")
    return root


@case("special")
def a_pipe_that_nobody_feeds(root: Path) -> Path:
    folder(root, {})
    os.mkfifo(root / "predictions.csv")
    return root


# Archives.
DATA = dict([GOOD["spotting"]])
packed("traversal", "a_member_above_the_folder", {**DATA, "../up.csv": ROW})
packed("absolute", "a_member_with_an_absolute_path", {**DATA, "/etc/cron.d/x.csv": ROW})
packed("drive", "a_member_on_a_drive", {**DATA, "C:x.csv": ROW})
packed("backslash traversal", "a_member_with_backslashes", {**DATA, "..\\up.csv": ROW})
packed("special", "a_member_that_is_a_link", {**DATA, special("l.csv", stat.S_IFLNK | 0o777): "/etc/passwd"})
packed("special", "a_member_that_is_a_device", {**DATA, special("d.csv", stat.S_IFCHR | 0o666): ""})
packed("duplicate", "names_that_differ_in_case", {**DATA, "PREDICTIONS.csv": ROW})
packed("nested", "an_archive_in_the_archive", {**DATA, "inner.zip": b"PK\x03\x04"})
packed("nested", "an_archive_under_another_name", {**DATA, "inner.csv": b"PK\x03\x04"})
packed("control", "a_member_name_with_an_escape", {**DATA, "\x1b[2J.csv": ROW})
packed("members", "more_members_than_anybody_needs", {**DATA, **{f"{i}.csv": ROW for i in range(30)}})
packed("compression", "a_member_in_lzma", {**DATA, "b.csv": ROW}, zipfile.ZIP_LZMA)
packed("compression", "a_member_in_bzip2", {**DATA, "b.csv": ROW}, zipfile.ZIP_BZIP2)
packed("ratio", "a_small_bomb", {**DATA, "b.csv": b"0" * 140_000})
packed(
    "size total_size ratio",
    "a_member_that_is_too_large",
    {**DATA, "b.csv": b"0123456789" * 40_000},
)


def raw(kinds: str, name: str, members: list[Raw], **options: Any) -> None:
    """Register an archive whose headers lie."""

    def write(root: Path) -> Path:
        folder(root, {"submission.zip": build(members, **options)}, None)
        return root / "submission.zip"

    write.__name__ = name
    case(kinds)(write)


TABLE = Raw(b"predictions.csv", GOOD["spotting"][1].encode())
PAPERS = Raw(b"manifest.json", json.dumps(MANIFEST).encode())
SLIP = b"written outside the work folder\n"
raw(
    "names",
    "a_second_name_above_the_folder",
    [PAPERS, TABLE, Raw(b"readme.txt", SLIP, extra=unicode_path(b"../../slip.txt", b"readme.txt"))],
)
raw(
    "names",
    "a_second_name_with_an_absolute_path",
    [PAPERS, TABLE, Raw(b"readme.txt", SLIP, extra=unicode_path(b"/tmp/mebench_slip.txt", b"readme.txt"))],
)
raw("names", "another_name_in_front_of_the_content", [PAPERS, Raw(TABLE.name, TABLE.content, local_name=b"../p.csv")])
raw("corrupt", "a_zip64_record_that_hides_the_directory", [PAPERS, TABLE], wide={"size": 1 << 30, "total": 1 << 20})
raw("gap", "a_member_that_is_not_listed", [PAPERS, TABLE], middle=build([TABLE]))
raw("clash", "a_file_that_is_a_folder_too", [PAPERS, TABLE, Raw(b"a", b""), Raw(b"a/p.csv", b"")])


@case("encrypted")
def an_encrypted_member(root: Path) -> Path:
    return _patch(archive(root, DATA), flag=1)


@case("declared_size")
def a_header_that_lies_about_a_size(root: Path) -> Path:
    return _patch(archive(root, {"predictions.csv": ROW * 200}), size=10)


@case("corrupt")
def an_archive_cut_in_half(root: Path) -> Path:
    path = archive(root, DATA)
    path.write_bytes(path.read_bytes()[:-30])
    return path


@case("corrupt")
def an_archive_that_is_none(root: Path) -> Path:
    folder(root, {"submission.zip": "I am no archive"}, None)
    return root / "submission.zip"


@case("corrupt")
def a_member_with_a_wrong_checksum(root: Path) -> Path:
    path = archive(root, {"predictions.csv": HEADER + ROW}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"samm_lv/006,006_1,10", b"samm_lv/006,006_1,11"))
    return path


@case("encoding")
def a_member_whose_name_is_no_utf_8(root: Path) -> Path:
    path = archive(root, {"é_pred.csv": HEADER})
    path.write_bytes(path.read_bytes().replace("é_pred.csv".encode(), b"\xff\xff_pred.csv"))
    return path


@case("empty")
def an_archive_with_nothing_in_it(root: Path) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(zipfile.ZipFile(root / "submission.zip", "w")):
        return root / "submission.zip"


def _patch(path: Path, *, flag: int | None = None, size: int | None = None) -> Path:
    """Change the flags, or the declared size, of the last member in both of its headers."""
    data = bytearray(path.read_bytes())
    local, central = data.rfind(b"PK\x03\x04"), data.rfind(b"PK\x01\x02")
    for at, flags, sizes in ((local, 6, 22), (central, 8, 24)):
        if flag is not None:
            struct.pack_into("<H", data, at + flags, flag)
        if size is not None:
            struct.pack_into("<I", data, at + sizes, size)
    path.write_bytes(bytes(data))
    return path


def main() -> None:
    """Write every case below a folder and list them."""
    out = Path(sys.argv[1])
    text = io.StringIO()
    for number, one in enumerate(CASES, 1):
        path = one.write(out / f"{number:03}_{one.name}")
        text.write(f"{path.relative_to(out)}  {one.task}: {' '.join(sorted(one.kinds))}\n")
    sys.stdout.write(text.getvalue())


if __name__ == "__main__":
    main()
