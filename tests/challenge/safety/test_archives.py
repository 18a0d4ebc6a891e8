"""What is packed honestly is extracted, and anything that two readers could read in two ways is refused by its kind."""

from __future__ import annotations

import contextlib
import io
import shutil
import stat
import struct
import subprocess
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from raw_zip import Raw, build, central_record, end_record, unicode_path, wide_end
from zip_cases import HONEST, HOSTILE, LIMITS, TEXT, verdict

from mebench.challenge.safety.archives import audit_zip, extract_zip
from mebench.challenge.safety.zip_checks import ArchiveLimits
from mebench.errors import UserError
from mebench.schema.problems import InvalidTable

SMALL = ArchiveLimits(members=5, archive_bytes=100_000, member_bytes=5_000, total_bytes=9_000, ratio_floor=1_000)


def write(path, *members, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name), data, compression)
    return path


def kinds(path, limits=SMALL, act=audit_zip, *args):
    with pytest.raises(InvalidTable) as caught:
        act(path, *args, limits)
    return {problem.kind for problem in caught.value.problems}


def special(name, mode):
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


def test_an_honest_archive_is_extracted_without_its_common_folder_and_litter(tmp_path):
    path = write(tmp_path / "a.zip", ("team/p.csv", "x"), ("team/sub/q.csv", "yy"), ("__MACOSX/team/._p.csv", "junk"))
    audit = extract_zip(path, tmp_path / "out", SMALL)
    found = {p.relative_to(tmp_path / "out").as_posix(): p.read_text() for p in (tmp_path / "out").rglob("*.csv")}
    assert found == {"p.csv": "x", "sub/q.csv": "yy"}
    assert len(audit.notes) == 2
    assert "'team' was stripped" in audit.notes[1]


def test_files_at_the_top_keep_their_names(tmp_path):
    path = write(tmp_path / "a.zip", ("cas_pred.csv", "x"), ("samm_pred.csv", "y"))
    assert [str(target) for _, target in audit_zip(path, SMALL).members] == ["cas_pred.csv", "samm_pred.csv"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("/etc/passwd", "absolute"),
        ("../up.csv", "traversal"),
        ("a/../../up.csv", "traversal"),
        ("C:/windows.csv", "drive"),
        ("a\\b.csv", "backslash"),
        ("..\\up.csv", "traversal"),
        ("bell\x07.csv", "control"),
        ("esc\x1b[2J.csv", "control"),
        ("n" * 300, "name"),
        ("inner.zip", "nested"),
        ("inner.TAR", "nested"),
    ],
)
def test_names_that_could_do_harm_are_refused(tmp_path, name, kind):
    assert kind in kinds(write(tmp_path / "a.zip", (name, "x")))


def test_a_nul_in_a_name_is_seen_although_the_reader_cuts_there(tmp_path):
    path = write(tmp_path / "a.zip", ("good.csvXevil", "x"))
    path.write_bytes(path.read_bytes().replace(b"good.csvXevil", b"good.csv\0evil"))
    assert "nul" in kinds(path)


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFCHR | 0o600, stat.S_IFIFO | 0o600, stat.S_IFSOCK])
def test_links_and_devices_are_refused(tmp_path, mode):
    assert kinds(write(tmp_path / "a.zip", (special("link", mode), "/etc/passwd"))) == {"special"}


def test_names_that_differ_only_in_case_are_refused(tmp_path):
    assert kinds(write(tmp_path / "a.zip", ("P.csv", "x"), ("p.CSV", "y"))) == {"duplicate"}


def test_every_reason_is_told_at_once(tmp_path):
    path = write(tmp_path / "a.zip", ("../a.csv", "x"), ("b.zip", "y"), ("/c.csv", "z"))
    assert kinds(path) == {"traversal", "nested", "absolute"}


def test_counts_and_sizes_have_limits(tmp_path):
    many = write(tmp_path / "m.zip", *((f"{i}.csv", "x") for i in range(6)))
    assert kinds(many) == {"members"}
    big = write(tmp_path / "b.zip", ("a.csv", bytes(range(256)) * 20))
    assert "size" in kinds(big)
    total = write(tmp_path / "t.zip", *((f"{i}.csv", bytes(range(250)) * 16) for i in range(3)))
    assert "total_size" in kinds(total)
    assert "archive_size" in kinds(total, ArchiveLimits(archive_bytes=10))
    assert kinds(write(tmp_path / "e.zip")) == {"empty"}


def test_an_encrypted_member_is_refused(tmp_path):
    path = write(tmp_path / "a.zip", ("p.csv", "x"))
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(signature) + offset] |= 1
    path.write_bytes(data)
    assert kinds(path) == {"encrypted"}


def test_a_header_that_lies_about_the_size_stops_the_extraction(tmp_path):
    path = write(tmp_path / "a.zip", ("p.csv", b"a" * 4_000))
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.find(signature) + offset, 10)
    path.write_bytes(data)
    assert kinds(path, SMALL, lambda p, limits: extract_zip(p, tmp_path / "out", limits)) == {"declared_size"}
    assert not (tmp_path / "out").exists()


def test_an_archive_that_hides_under_another_name_is_refused(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("deep.csv", "x")
    path = write(tmp_path / "a.zip", ("predictions.csv", inner.getvalue()))
    assert kinds(path, SMALL, lambda p, limits: extract_zip(p, tmp_path / "out", limits)) == {"nested"}


def test_members_that_share_bytes_are_refused(tmp_path):
    path = write(tmp_path / "a.zip", ("a.csv", b"a" * 500), ("b.csv", b"b" * 500), compression=zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    second = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, second + 42, 5)
    path.write_bytes(data)
    assert "overlap" in kinds(path)


def test_a_small_bomb_is_refused_in_little_memory(tmp_path):
    path = write(tmp_path / "bomb.zip", ("zeros.csv", bytes(40 << 20)))
    assert path.stat().st_size < 45_000
    tracemalloc.start()
    assert kinds(path, ArchiveLimits()) == {"ratio"}
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 << 20


def tree(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize("name", HONEST)
def test_what_packers_write_is_extracted_as_the_standard_library_reads_it(name, tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(HONEST[name])
    audit = extract_zip(path, tmp_path / "out", LIMITS)
    with zipfile.ZipFile(path) as archive:
        packed = sorted(archive.read(info) for info in archive.infolist() if not info.is_dir())
    found = sorted(p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert found == packed
    assert {target.as_posix() for _, target in audit.members} == {
        p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file()
    }


class Pipe(io.RawIOBase):
    """Takes bytes and cannot be rewound, so that sizes come to stand behind the members."""

    def __init__(self):
        self.content = b""

    def writable(self):
        return True

    def write(self, data):
        self.content += bytes(data)
        return len(data)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("piped", [False, True])
def test_whatever_the_standard_library_writes_is_taken(compression, wide, piped, tmp_path):
    out = Pipe() if piped else io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name in ("team/é.csv", "team/p.csv"):
            with archive.open(name, "w", force_zip64=wide) as member:
                member.write(TEXT * 20)
        archive.comment = b"by hand"
    path = tmp_path / "a.zip"
    path.write_bytes(out.content if piped else out.getvalue())
    extract_zip(path, tmp_path / "out", LIMITS)
    assert {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()} == {"é.csv": TEXT * 20, "p.csv": TEXT * 20}


@pytest.mark.skipif(shutil.which("zip") is None, reason="there is no zip program here")
@pytest.mark.parametrize("options", [["-r"], ["-r", "-0"], ["-r", "-fz"], ["-r", "-fd"], ["-r", "-X"], ["-r", "-D"]])
def test_whatever_the_zip_program_writes_is_taken(options, tmp_path):
    (tmp_path / "team" / "sub").mkdir(parents=True)
    (tmp_path / "team" / "p.csv").write_bytes(TEXT * 20)
    (tmp_path / "team" / "sub" / "é.csv").write_bytes(TEXT)
    subprocess.run(["zip", "-q", *options, "a.zip", "team"], cwd=tmp_path, check=True)
    extract_zip(tmp_path / "a.zip", tmp_path / "out", LIMITS)
    assert tree(tmp_path / "out") == {"p.csv", "sub", "sub/é.csv"}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_readers_read_in_two_ways_is_refused_by_its_kind_and_leaves_nothing(name, tmp_path):
    expected, content = HOSTILE[name]
    assert verdict(name, content, tmp_path)[0] == set(expected.split())
    assert tree(tmp_path) == {f"{name}.zip"}


def test_every_python_says_the_same_sentences(tmp_path):
    told = [line for name, (_, content) in HOSTILE.items() for line in verdict(name, content, tmp_path)[1]]
    assert told == (Path(__file__).parents[1] / "zip_verdicts.txt").read_text().splitlines()


@pytest.mark.parametrize("aim", ["../escaped.txt", "{outside}/escaped.txt", "../../escaped.txt", "link/escaped.txt"])
def test_no_second_name_leads_out_of_the_folder(aim, tmp_path):
    work, outside = tmp_path / "in" / "work", tmp_path / "outside"
    work.mkdir(parents=True)
    outside.mkdir()
    (work / "link").symlink_to(outside)
    path = tmp_path / "a.zip"
    second = unicode_path(aim.format(outside=outside).encode(), b"readme.txt")
    path.write_bytes(build([Raw(b"p.csv", TEXT), Raw(b"readme.txt", b"out", extra=second)]))
    assert kinds(path, LIMITS, lambda p, limits: extract_zip(p, work, limits)) == {"names"}
    assert tree(tmp_path) == {"a.zip", "in", "in/work", "in/work/link", "outside"}


@pytest.mark.parametrize("planted", ["team", "q.csv"])
def test_a_link_in_the_way_is_not_followed(planted, tmp_path):
    work, outside = tmp_path / "work", tmp_path / "outside"
    work.mkdir()
    outside.mkdir()
    (work / planted).symlink_to(outside / "new" if "." in planted else outside)
    path = tmp_path / "a.zip"
    path.write_bytes(build([Raw(b"q.csv", TEXT), Raw(b"team/p.csv", TEXT)]))
    assert kinds(path, LIMITS, lambda p, limits: extract_zip(p, work, limits)) == {"clash"}
    assert tree(outside) == set()


def test_what_is_extracted_is_for_its_owner_alone(tmp_path):
    path = write(tmp_path / "a.zip", ("p.csv", "x"), ("sub/q.csv", "y"))
    extract_zip(path, tmp_path / "out", SMALL)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "out").rglob("*")}
    assert modes == {"p.csv": 0o600, "sub": 0o700, "q.csv": 0o600}


def test_nothing_is_written_when_the_last_member_is_damaged(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(build([Raw(b"p.csv", TEXT), Raw(b"q.csv", TEXT, crc=1), Raw(b"r.csv", TEXT, crc=1)]))
    with pytest.raises(InvalidTable, match="2 errors"):
        extract_zip(path, tmp_path / "out", LIMITS)
    assert tree(tmp_path) == {"a.zip"}


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    path = write(tmp_path / "a.zip", ("p.csv", "x"))
    (tmp_path / "out").write_text("a file")
    with pytest.raises(UserError, match="out cannot be written .*: free space, or choose another"):
        extract_zip(path, tmp_path / "out", SMALL)
    with pytest.raises(UserError, match=r"none\.zip cannot be read .*: check the name"):
        audit_zip(tmp_path / "none.zip")


@pytest.mark.parametrize("lie", ["a small directory in the end record", "a count of two", "the truth"])
def test_a_million_entries_behind_a_zip64_record_are_refused_unread(lie, tmp_path):
    count = 200_000
    entries = central_record(Raw(b"p.csv"), 0) * count
    told = {"a count of two": (2, len(entries)), "the truth": (0xFFFF, 0xFFFFFFFF)}.get(lie, (2, 100))
    path = tmp_path / "a.zip"
    path.write_bytes(entries + wide_end(count, len(entries), 0, len(entries), {}) + end_record(*told, 0))
    tracemalloc.start()
    began = time.perf_counter()
    assert kinds(path, ArchiveLimits()) == ({"members"} if lie == "the truth" else {"corrupt"})
    seconds, peak = time.perf_counter() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert seconds < 1
    assert peak < 2 << 20


def test_a_million_entries_that_the_end_record_hides_cost_nothing(tmp_path):
    entries = central_record(Raw(b"p.csv"), 0) * 50_000
    path = tmp_path / "a.zip"
    path.write_bytes(entries + end_record(2, len(entries), 0))
    tracemalloc.start()
    assert kinds(path, ArchiveLimits()) == {"corrupt"}
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


def test_what_is_no_archive_is_told_so(tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(b"subject,video\n")
    assert kinds(path) == {"corrupt"}


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_archive_is_refused_or_read_but_never_escapes(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("fuzz")
    path = write(folder / "a.zip", ("dir/p.csv", b"subject,video\n" * 20), ("dir/q.csv", b"x"))
    content = bytearray(path.read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=6)):
        content[at] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    before = set(folder.iterdir())
    with contextlib.suppress(InvalidTable):
        extract_zip(path, folder / "out", SMALL)
    assert set(folder.iterdir()) - before <= {folder / "out"}
