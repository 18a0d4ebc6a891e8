"""Two methods never read alike, and every setting in which they differ is named."""

from __future__ import annotations

import pytest

from mebench.analysis.labels import distinct_settings, plain
from mebench.methods.catalogue import METHODS
from mebench.schema.scorecard import MethodRef


def ref(method, config, digest="d1"):
    return MethodRef(method, config, digest)


def configured(method, **options):
    model = METHODS.get(method).configure(options, "synth_lv")
    return MethodRef(method, model.settings(), model.digest())


@pytest.mark.parametrize(
    ("method", "options", "names"),
    [
        (
            "spot3dcnn",
            [{"profile": "thesis"}, {"profile": "thesis", "sampling": "balanced"}],
            ["profile=thesis", "profile=thesis,sampling=balanced"],
        ),
        (
            "spot3dcnn",
            [{}, {"profile": "thesis"}, {"sampling": "natural"}],
            ["profile=mebench", "profile=thesis", "profile=mebench,sampling=natural"],
        ),
        ("spot3dcnn", [{}, {"raw_normalise": "none"}], ["raw_normalise=range", "raw_normalise=none"]),
        (
            "au_sum",
            [{"profile": "thesis"}, {"profile": "thesis", "percentile_of": "smoothed"}],
            ["profile=thesis", "profile=thesis,percentile_of=smoothed"],
        ),
        ("mdmd", [{"profile": "paper"}, {"profile": "paper", "samples_per_k": 6}], None),
    ],
)
def test_a_step_back_to_the_default_beside_a_profile_is_named(method, options, names):
    pytest.importorskip("torch")
    methods = [configured(method, **own) for own in options]
    assert len({found.digest for found in methods}) == len(methods)
    assert distinct_settings(methods) == (names or ["profile=paper", "profile=paper,samples_per_k=6"])


def test_settings_of_several_datasets_are_named_one_by_one():
    one, other = ({"a": {"p": 1, "k": 3}, "b": {"p": p, "k": 4}} for p in (1, 2))
    assert distinct_settings([ref("m", one), ref("m", other)]) == ["b.p=1", "b.p=2"]


def test_settings_of_several_datasets_have_a_profile_too():
    own = {id: {"percentile_of": "sum", "profile": "thesis"} for id in ("a", "b")}
    back = {**own, "b": {"profile": "thesis"}}
    assert distinct_settings([ref("au_sum", own), ref("au_sum", back)]) == [
        "profile=thesis",
        "profile=thesis,b.percentile_of=smoothed",
    ]


def test_where_settings_read_alike_the_digest_tells():
    first, second = ref("m", {"p": 1}, "0123456789"), ref("m", {"p": 1}, "abcdef0123")
    assert distinct_settings([first, second, first]) == ["digest=01234567", "digest=abcdef01", "digest=01234567"]
    close = [ref("m", {"p": 0.12345678}, "aa"), ref("m", {"p": 0.12345679}, "bb")]
    assert distinct_settings(close) == ["p=0.123457,digest=aa", "p=0.123457,digest=bb"]
    assert distinct_settings([ref("m", {}, "aa"), ref("n", {}, "bb")]) == ["", ""]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a b", "a b"), (0.123456789, "0.123457"), (2.0, "2"), (3, "3"), (True, "true"), (None, "null"),
        ([1, 2.5], "1/2.5"), (("a", "b"), "a/b"), ([[1], 2], "[[1], 2]"), ({"b": 1, "a": "ä"}, '{"a": "ä", "b": 1}'),
    ],
)  # fmt: skip
def test_values_are_written_as_they_are_typed(value, text):
    assert plain(value) == text
