from __future__ import annotations

from mebench.errors import UserError
from mebench.testing.findings import Finding, Skip, find, find_all


def bad(error: Exception) -> str:
    raise error


def test_a_check_holds_fails_or_is_skipped() -> None:
    assert find("method m", "c", lambda: "") == Finding("method m", "c", "ok")
    assert find("method m", "c", lambda: "No: mend it.") == Finding("method m", "c", "failed", "No: mend it.")
    assert find("method m", "c", lambda: bad(Skip("Later."))) == Finding("method m", "c", "skipped", "Later.")
    assert [Finding("m", "c", state).ok for state in ("ok", "failed", "skipped")] == [True, False, True]


def test_what_a_check_raises_is_its_reason() -> None:
    assert find("m", "c", lambda: bad(UserError("Bad: make it good."))).reason == "Bad: make it good."
    reason = find("m", "c", lambda: bad(KeyError("x"))).reason
    assert reason.startswith("KeyError: 'x', raised in `bad`, line ")
    assert reason.endswith(": mend it.")


def test_each_check_is_announced() -> None:
    told: list[str] = []
    assert len(list(find_all("method m", {"a": str, "b": str}, told.append))) == 2
    assert told == ["method m: a", "method m: b"]
