from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from mebench.challenge.desk.config import load_challenge, parse_challenge, utc_text
from mebench.challenge.desk.rule_tables import Column
from mebench.errors import UserError

OPENS = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
CLOSES = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


def rules(**changes):
    phase = {"name": "test", "opens": OPENS, "closes": CLOSES}
    plain = {"schema": 1, "title": "T", "protocol": "megc2022-spotting", "phases": [phase]}
    return {key: value for key, value in {**plain, **changes}.items() if value is not None}


def parse(**changes):
    return parse_challenge(rules(**changes), Path("here"))


def test_a_short_file_is_filled_with_defaults():
    challenge = parse()
    assert challenge.columns == (Column("f1", "overall"), Column("f1", "macro"), Column("f1", "micro"))
    assert challenge.rank_by == Column("f1", "overall")
    assert (challenge.phases[0].quota.per_day, challenge.phases[0].quota.total) == (5, 50)
    assert challenge.rules().fingerprint == challenge.grader().convention.fingerprint
    assert challenge.limits.process().memory_bytes == 2 << 30
    assert challenge.teams == "named"
    assert parse(teams="manifest").teams == "manifest"


def test_the_convention_may_be_a_preset():
    assert parse(convention="softnet").rules().matching == "greedy_score"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"titel": "T"}, "no setting 'titel'. Did you mean 'title'"),
        ({"schema": 2}, "write schema = 1"),
        ({"schema": None}, "write schema = 1"),
        ({"title": 3}, "title must be text"),
        ({"protocol": "megc2022"}, "Did you mean 'megc2022-spotting'"),
        ({"convention": "strikt"}, "Did you mean 'strict'"),
        ({"phases": []}, r"write \[\[phases\]\]"),
        ({"phases": {"name": "x"}}, r"write \[\[phases\]\]"),
        ({"split": ["s1/a"]}, r"write \[split\]"),
        ({"split": {"secret": []}}, "no setting 'secret'"),
        ({"board": {"columns": ["f1"]}}, "write metric:scope"),
        ({"board": {"columns": []}}, "write metric:scope"),
        ({"board": {"rank_by": "uf1:full"}}, "not among the public columns"),
        ({"board": {"show": "first"}}, r'\[board\]: show must be "best" or "latest", not "first": mend it'),
        ({"board": {"show": True}}, r"\[board\]: show must be .*, not true"),
        ({"board": {"columns": "f1:overall"}}, "columns must be a list of texts"),
        ({"board": {"columns": [3]}}, r"columns must be a list of texts, .* not \[3\]"),
        (
            {"board": {"columns": ["f2:overall"]}},
            r'toml \[board\]: columns has "f2:overall", and spotting has no metric',
        ),
        ({"board": {"columns": ["uf1_fine:overall"]}}, "choose of .*f1, .* ranks by is f1:overall"),
        ({"split": {"hidden": "s1/a"}}, r"\[split\]: hidden must be a list of texts"),
        ({"board": {"decimals": 9}}, "must be 1 to 6"),
        ({"limits": {"wall_seconds": "soon"}}, "must be a number"),
        ({"teams": "manifests"}, "teams must be .*Did you mean 'manifest'"),
        ({"teams": ["named"]}, r'teams must be .*not \["named"\]'),
        ({"teams": None, "schema": True}, "schema true"),
        ({"final": {"counts": "first"}}, r'\[final\]: counts must be .*"best" or "latest", not "first": mend it'),
        ({"final": {"phase": "tets"}}, "no phase 'tets'. Did you mean 'test'"),
        ({"final": {"hase": "test"}}, "no setting 'hase'"),
        (
            {"limits": {"wall_seconds": 0}},
            r"\[limits\]: wall_seconds must be at least 1 and at most 86400, not 0: mend it",
        ),
        ({"limits": {"wall_seconds": -1}}, "wall_seconds must be at least 1"),
        ({"limits": {"wall_seconds": 1e9}}, "wall_seconds must be .* at most 86400"),
        ({"limits": {"wall_seconds": float("nan")}}, "wall_seconds"),
        ({"limits": {"cpu_seconds": 0}}, "cpu_seconds must be at least 1"),
        ({"limits": {"cpu_seconds": 1e1}}, "cpu_seconds must be a whole number without .* exponent, not 10.0"),
        ({"limits": {"cpu_seconds": True}}, "cpu_seconds must be a whole number .*, not true"),
        ({"limits": {"memory_mib": 1}}, "memory_mib must be at least 512"),
        ({"limits": {"memory_mib": 10**30}}, "memory_mib must be .* at most"),
        ({"limits": {"memory_mib": "2048"}}, 'memory_mib must be a whole number without quotes, .* not "2048"'),
    ],
)
def test_mistakes_are_told_with_the_fix(changes, message):
    with pytest.raises(UserError, match=message):
        parse(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"opens": dt.datetime(2026, 5, 1)}, "opens must be a time in UTC"),  # noqa: DTZ001
        ({"closes": "2026-06-01"}, "closes must be a time in UTC"),
        ({"closes": OPENS}, "closes before it opens"),
        ({"per_day": 0}, r"\[\[phases\]\] 1: per_day must be at least 1"),
        ({"total": 10**7}, "total must be .* at most 1000000"),
        ({"per_day": "2"}, 'per_day must be a whole number without quotes, .* not "2"'),
        ({"per_day": 1e3}, "per_day must be a whole number .*, not 1000.0"),
        ({"quota": 3}, "no setting 'quota'"),
        ({"name": " "}, "name must be text"),
    ],
)
def test_mistakes_of_a_phase_are_told_with_the_fix(changes, message):
    phase = {"name": "test", "opens": OPENS, "closes": CLOSES, **changes}
    with pytest.raises(UserError, match=message):
        parse(phases=[phase])


def test_two_phases_may_not_share_a_name():
    phase = {"name": "test", "opens": OPENS, "closes": CLOSES}
    with pytest.raises(UserError, match="same name"):
        parse(phases=[phase, {**phase, "name": "Test"}])


def test_a_phase_is_open_from_its_first_moment_until_just_before_its_last():
    challenge = parse()
    last = CLOSES - dt.timedelta(microseconds=1)
    assert [challenge.phase_at(moment).name for moment in (OPENS, last)] == ["test", "test"]
    for moment in (OPENS - dt.timedelta(microseconds=1), CLOSES):
        with pytest.raises(UserError, match=r"No phase is open at .*\(test from 2026-05-01T00:00:00Z"):
            challenge.phase_at(moment)


def test_the_final_phase_is_the_named_one_or_the_last_to_close():
    phase = {"name": "test", "opens": OPENS, "closes": CLOSES}
    phases = [phase, {**phase, "name": "early", "closes": CLOSES - dt.timedelta(days=1)}]
    assert parse(phases=phases).final_phase.name == "test"
    assert parse(phases=phases, final={"phase": "early"}).final_phase.name == "early"


def test_overlapping_phases_must_be_named():
    phase = {"name": "test", "opens": OPENS, "closes": CLOSES}
    challenge = parse(phases=[phase, {**phase, "name": "late", "opens": OPENS + dt.timedelta(days=1)}])
    later = OPENS + dt.timedelta(days=2)
    assert challenge.phase_at(OPENS).name == "test"
    assert challenge.phase_at(later, "late").name == "late"
    with pytest.raises(UserError, match="--phase"):
        challenge.phase_at(later)
    with pytest.raises(UserError, match="Did you mean 'late'"):
        challenge.phase_at(later, "lat")


def test_other_time_zones_are_turned_into_utc():
    tokyo = dt.timezone(dt.timedelta(hours=9))
    assert utc_text(dt.datetime(2026, 5, 1, 9, tzinfo=tokyo)) == "2026-05-01T00:00:00Z"


def test_a_missing_or_broken_file_is_told(tmp_path):
    with pytest.raises(UserError, match="mebench challenge init"):
        load_challenge(tmp_path)
    (tmp_path / "challenge.toml").write_text("title = ")
    with pytest.raises(UserError, match="cannot be read"):
        load_challenge(tmp_path)
