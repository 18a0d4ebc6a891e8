from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.datasets.policies import AnnotatedRow, Errata, EventPolicies, resolve, round_half_up
from mebench.schema.recordings import Event, ExpressionType

MACRO, MICRO = ExpressionType.MACRO, ExpressionType.MICRO


def row(onset, apex, offset, kind=MACRO):
    return AnnotatedRow("006", "006_1", "006_1_2", onset, apex, offset, kind, "anger", "4B")


def settle(annotated, n_frames=1000, fps=30.0, **policies):
    errata = Errata()
    event = resolve(annotated, n_frames, fps, EventPolicies(**policies), errata)
    return event, [(e.kind, e.policy) for e in errata]


def test_a_clean_row_is_taken_as_it_is_and_nothing_is_reported():
    assert settle(row(10, 20, 30)) == (Event(10, 30, MACRO, 20, "anger", "4B"), [])


@pytest.mark.parametrize(("policy", "expected"), [("round_half_up", (566, 610, 701)), ("truncate", (566, 609, 700))])
def test_fractions(policy, expected):
    event, errata = settle(row(566.4, 609.6, 700.8), fractional=policy)
    assert (event.onset, event.apex, event.offset) == expected
    assert [kind for kind, _ in errata] == ["fractional_frame"]


def test_the_erratum_of_a_fraction_keeps_the_raw_values():
    errata = Errata()
    resolve(row(566.4, None, 700.8), 1000, 30, EventPolicies(), errata)
    assert next(iter(errata)).detail == "566.4//700.8 became 566//701"
    assert next(iter(errata)).where == "006_1_2"


@pytest.mark.parametrize(
    ("policy", "interval", "done"),
    [
        ("keep_as_one", (1, 60), "starts at frame 1"),
        ("apex", (40, 60), "starts at the apex, 40"),
        ("drop", None, "left out"),
    ],
)
def test_onset_zero(policy, interval, done):
    event, errata = settle(row(0, 40, 60), onset_zero=policy)
    assert (event and (event.onset, event.offset)) == interval
    assert errata == [("onset_zero", done)]


def test_onset_zero_without_an_apex_starts_at_one_whatever_was_asked():
    event, _ = settle(row(0, -1, 60), onset_zero="apex")
    assert event.onset == 1


@pytest.mark.parametrize(
    ("policy", "interval", "done"),
    [
        ("apex", (10, 40), "ends at the apex"),
        ("apex_plus_20", (10, 60), "ends at the apex plus 20"),
        ("mirror", (10, 70), "ends as long after the apex as it begins before"),
        ("keep", (10, 10), "kept as one frame at the onset"),
        ("drop", None, "left out"),
    ],
)
def test_offset_zero(policy, interval, done):
    event, errata = settle(row(10, 40, 0), offset_zero=policy)
    assert (event and (event.onset, event.offset)) == interval
    assert ("offset_zero", done) in errata


@pytest.mark.parametrize("apex", [None, -1, 0, 5])
def test_offset_zero_without_a_usable_apex_is_left_out(apex):
    assert settle(row(10, apex, 0)) == (None, [("offset_zero", "left out")])


@pytest.mark.parametrize(
    ("apex", "policies", "expected", "kind"),
    [
        (-1, {}, None, "apex_missing"),
        (None, {}, None, "apex_missing"),
        (0, {}, 1775, "apex_zero"),
        (0, {"apex_zero": "missing"}, None, "apex_zero"),
        (1790, {}, None, "apex_outside"),
        (1790, {"apex_outside": "clamp"}, 1787, "apex_outside"),
        (1700, {"apex_outside": "clamp"}, 1763, "apex_outside"),
        (-1069, {}, None, "apex_outside"),
    ],
)
def test_apex(apex, policies, expected, kind):
    event, errata = settle(row(1763, apex, 1787), n_frames=5000, **policies)
    assert event.apex == expected
    assert [found for found, _ in errata] == [kind]


def test_events_that_run_past_the_end_are_cut_and_the_apex_follows():
    event, errata = settle(row(4900, 5200, 5476), n_frames=5001)
    assert (event.onset, event.offset, event.apex) == (4900, 5001, None)
    assert errata == [("beyond_end", "cut at frame 5001"), ("apex_outside", "no apex")]
    assert settle(row(4900, 5000, 5476), n_frames=5001, beyond_end="drop")[0] is None


def test_events_that_start_past_the_end_cannot_be_cut():
    assert settle(row(5002, 5100, 5476), n_frames=5001) == (None, [("beyond_end", "left out")])
    assert settle(row(5001, 5001, 5476), n_frames=5001)[0].length == 1


def test_reversed_intervals_are_left_out():
    assert settle(row(50, 45, 40)) == (None, [("reversed", "left out")])


@pytest.mark.parametrize(("offset", "expected"), [(100, MICRO), (101, MACRO)])
def test_type_by_duration_counts_both_ends(offset, expected):
    """At 200 fps 0.5 s is 100 frames: SAMM-LV has one micro-expression of 101."""
    event, _ = settle(row(1, 50, offset, MICRO), fps=200.0, type="by_duration")
    assert event.type == expected
    event, errata = settle(row(1, 50, offset, MICRO), fps=200.0)
    assert event.type == MICRO
    assert ("type_against_duration", "taken as micro") in errata or offset == 100


def test_type_by_duration_looks_at_the_annotated_interval_not_at_what_is_left_of_it():
    event, _ = settle(row(90, 95, 200), n_frames=100, fps=30.0, type="by_duration")
    assert (event.type, event.length) == (MACRO, 11)


@given(st.integers(-5, 10**6), st.sampled_from([0, 2, 4, 5, 6, 8]))
def test_rounding_agrees_with_decimal_arithmetic(whole, tenths):
    exact = Decimal(whole) + Decimal(tenths) / 10
    expected = int((exact + Decimal("0.5")).to_integral_value(ROUND_FLOOR))
    assert round_half_up(float(exact)) == expected


cells = st.one_of(st.none(), st.integers(-3, 300).map(float), st.integers(-3, 1500).map(lambda n: n / 5))
choices = st.fixed_dictionaries(
    {
        "fractional": st.sampled_from(["round_half_up", "truncate"]),
        "onset_zero": st.sampled_from(["keep_as_one", "apex", "drop"]),
        "offset_zero": st.sampled_from(["apex", "apex_plus_20", "mirror", "keep", "drop"]),
        "apex_zero": st.sampled_from(["midpoint", "missing"]),
        "apex_outside": st.sampled_from(["missing", "clamp"]),
        "beyond_end": st.sampled_from(["clip", "drop"]),
        "type": st.sampled_from(["annotated", "by_duration"]),
    }
)


@given(cells, cells, cells, st.sampled_from(list(ExpressionType)), st.integers(1, 250), choices)
def test_whatever_is_annotated_an_event_is_sound_and_every_change_is_reported(onset, apex, offset, kind, n, policies):
    event, errata = settle(row(onset, apex, offset, kind), n_frames=n, **policies)
    if event is None:
        assert errata
        assert errata[-1][1] == "left out"
        return
    assert 1 <= event.onset <= event.offset <= n
    assert event.apex is None or event.onset <= event.apex <= event.offset
    if (event.onset, event.apex, event.offset, event.type) != (onset, apex, offset, kind):
        assert errata
