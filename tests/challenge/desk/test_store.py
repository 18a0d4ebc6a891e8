from __future__ import annotations

import threading
import time

import pytest

from mebench.challenge.desk import store as store_module
from mebench.challenge.desk.processes import Holder
from mebench.challenge.desk.rule_tables import Quota
from mebench.challenge.desk.store import Claim, LostClaim, OverQuota, Request, Store

QUOTA = Quota(per_day=2, total=3)
LEASE = 60.0


def request(id="r1", team="alpha", day="2026-05-01", phase="test", rules="x"):
    return Request(id, phase, team, f"{day}T12:00:00Z", rules)


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path) as opened:
        yield opened


def accept(store, **who):
    asked = request(**who)
    claim = store.claim(asked, QUOTA, LEASE)
    assert isinstance(claim, Claim)
    store.accept(claim, asked.rules, f"receipt {asked.id}", {"all": f"card {asked.id}"})


def test_a_claim_becomes_a_receipt_and_the_same_bytes_get_it_again(store):
    accept(store)
    assert store.claim(request(), QUOTA, LEASE) == "receipt r1"
    assert store.receipts() == ["receipt r1"]
    assert store.papers("r1") == {"all": "card r1"}
    assert store.accepted("test", "alpha", "2026-05-01") == (1, 1)


def test_quotas_hold_per_day_and_in_total_and_team_and_phase(store):
    accept(store, id="r1")
    accept(store, id="r2")
    with pytest.raises(OverQuota, match="submit tomorrow"):
        store.claim(request("r3"), QUOTA, LEASE)
    accept(store, id="r3", day="2026-05-02")
    with pytest.raises(OverQuota, match="its quota of 3 in"):
        store.claim(request("r4", day="2026-05-03"), QUOTA, LEASE)
    accept(store, id="r5", team="beta")
    accept(store, id="r6", phase="final")
    # What is there already is handed out, whatever the quota says.
    assert store.claim(request("r1"), QUOTA, LEASE) == "receipt r1"


def test_a_released_claim_frees_its_place(store):
    for number in range(5):
        claim = store.claim(request(f"r{number}"), Quota(1, 1), LEASE)
        assert isinstance(claim, Claim)
        store.release(claim)
    assert store.accepted("test", "alpha", "2026-05-01") == (0, 0)


def test_places_in_other_hands_must_be_waited_for(store):
    first = store.claim(request("r1"), Quota(1, 9), LEASE)
    assert store.claim(request("r1"), Quota(1, 9), LEASE) is None
    assert store.claim(request("r2"), Quota(1, 9), LEASE) is None
    store.release(first)
    assert isinstance(store.claim(request("r2"), Quota(1, 9), LEASE), Claim)


def test_a_dead_holders_claim_is_reclaimed_and_cannot_be_accepted(store, monkeypatch):
    monkeypatch.setattr(store_module, "this_holder", lambda: Holder("elsewhere", 1, "1"))
    elsewhere = store.claim(request("r1"), Quota(1, 1), LEASE)
    assert store.claim(request("r2"), Quota(1, 1), LEASE) is None, "of another machine nothing is known"
    monkeypatch.setattr(store_module, "is_dead", lambda holder: True)
    assert isinstance(store.claim(request("r2"), Quota(1, 1), LEASE), Claim)
    with pytest.raises(LostClaim, match="grade the submission again"):
        store.accept(elsewhere, "x", "late", {})
    assert store.receipts() == []


def test_a_lease_ends(store, monkeypatch):
    slow = store.claim(request("r1"), Quota(1, 1), LEASE)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LEASE + 1)
    assert isinstance(store.claim(request("r1"), Quota(1, 1), LEASE), Claim)
    with pytest.raises(LostClaim):
        store.accept(slow, "x", "late", {})
    store.release(slow)
    assert store.claim(request("r1"), Quota(1, 1), LEASE) is None, "the second claim is still held"


def test_new_rules_grade_again_and_keep_the_place(store):
    accept(store, id="r1")
    accept(store, id="r2")
    again = store.claim(request("r1", day="2026-05-09", rules="new"), QUOTA, LEASE)
    assert again.received == "2026-05-01T12:00:00Z"
    store.accept(again, "new", "receipt anew", {"hidden": "h"})
    assert store.receipts() == ["receipt anew", "receipt r2"]
    assert store.papers("r1") == {"hidden": "h"}
    assert store.accepted("test", "alpha", "2026-05-01") == (2, 2)


def test_a_transaction_that_fails_leaves_nothing(store):
    claim = store.claim(request(), QUOTA, LEASE)
    with pytest.raises(Exception, match="NOT NULL"):
        store.accept(claim, "x", None, {})
    assert store.receipts() == []
    store.accept(claim, "x", "text", {})
    assert store.receipts() == ["text"]


def test_many_threads_never_exceed_the_quota(tmp_path):
    given, refused = [], []

    def work(number):
        with Store(tmp_path) as own:
            while True:
                try:
                    found = own.claim(request(f"r{number}"), QUOTA, LEASE)
                except OverQuota:
                    refused.append(number)
                    return
                if found is not None:
                    own.accept(found, "x", f"{number}", {})
                    given.append(number)
                    return

    threads = [threading.Thread(target=work, args=[number]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(given), len(refused)) == (2, 10)
    with Store(tmp_path) as store:
        assert sorted(store.receipts()) == sorted(map(str, given))
