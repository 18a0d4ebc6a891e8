from __future__ import annotations

import concurrent.futures
import multiprocessing
import shutil
import stat

import pytest
from small_challenge import NOON
from stores import rename_convention

from mebench.challenge.desk.grader import Desk
from mebench.challenge.desk.ledger import list_receipts
from mebench.challenge.desk.rebuild import rebuild
from mebench.challenge.desk.regrade import regrade
from mebench.challenge.desk.rules_key import FILE, keyed, rules_key
from mebench.challenge.desk.store import Store
from mebench.errors import UserError


def test_a_challenge_begins_with_a_secret_of_its_own(make_challenge, tmp_path):
    path = make_challenge().folder / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = bytes.fromhex(path.read_text().strip())
    assert (len(key), rules_key(path.parent.parent)) == (32, key)
    assert rules_key(tmp_path / "other") != key


def test_one_that_has_none_gets_it_at_first_use_and_keeps_it(tmp_path):
    first = rules_key(tmp_path)
    assert rules_key(tmp_path) == first
    assert [path.name for path in (tmp_path / "organiser").iterdir()] == ["rules.key"]


def test_graders_that_begin_at_once_have_the_same_secret(tmp_path):
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(3, mp_context=context) as pool:
        assert len(set(pool.map(rules_key, [tmp_path] * 12))) == 1


@pytest.mark.parametrize("content", [b"", b"0" * 63 + b"\n", b"0" * 64, b"g" * 64 + b"\n", b"\xff" * 65])
def test_a_secret_that_was_changed_is_told_and_left_alone(content, tmp_path):
    rules_key(tmp_path)
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(UserError, match=r"rules\.key was changed: remove it, and what state"):
        rules_key(tmp_path)
    assert (tmp_path / FILE).read_bytes() == content


@pytest.mark.parametrize("graded_again", [False, True])
def test_the_state_puts_a_lost_secret_back(graded_again, make_challenge, submit, here):
    challenge = make_challenge()
    with Desk(challenge) as desk:
        desk.grade(submit(), received=NOON)
    if graded_again:
        rename_convention(challenge.folder, challenge.rules().fingerprint)
        (challenge.folder / FILE).unlink()
        with Store(challenge.folder) as store:
            store._db.execute("DELETE FROM papers WHERE part = 'rules_key'")
        list(regrade(challenge))
    before = (challenge.folder / FILE).read_bytes()
    shutil.rmtree(challenge.folder / "organiser")
    rebuild(challenge)
    assert [listed.status for listed in list_receipts(challenge)] == ["ranked"]
    assert (challenge.folder / FILE).read_bytes() == before


def test_something_else_in_its_place_is_told(tmp_path):
    (tmp_path / FILE).mkdir(parents=True)
    with pytest.raises(UserError, match=r"rules\.key is no plain file: a folder lies there"):
        rules_key(tmp_path)


def test_a_keyed_digest_hangs_on_key_and_kind_and_text():
    digests = {keyed(key, what, text) for key in (b"1", b"2") for what in ("truth", "split") for text in ("a", "b")}
    assert len(digests) == 8
    assert keyed(b"1", "truth", "a") == keyed(b"1", "truth", "a")
