from __future__ import annotations

import dataclasses
from typing import Literal

import pytest

from mebench.errors import UserError, did_you_mean
from mebench.settings import (
    Spec,
    build_config,
    check_limits,
    config_dict,
    describe_config,
    digest_of,
    parse_spec,
    setting,
)


@dataclasses.dataclass(frozen=True)
class Config:
    layers: int = setting(3, "Number of blocks.", source="thesis Fig. 5.6")
    rate: float = setting(0.5, "Learning rate.")
    lcn: bool = setting(True, "Normalise contrast.")
    pooling: Literal["average", "max"] = setting("average", "Global pooling.")
    skip: int | None = setting(None, "Frame skip.", unit="frames")
    filters: tuple[int, ...] = setting((8, 16), "Filters per block.")

    def __post_init__(self) -> None:
        if self.layers < 1:
            raise ValueError(f"layers={self.layers} must be at least 1")


def test_spec_round_trip_sorts_its_keys():
    spec = parse_spec("spot3dcnn:lcn=false,layers=6")
    assert spec == Spec("spot3dcnn", {"lcn": "false", "layers": "6"})
    assert str(spec) == "spot3dcnn:layers=6,lcn=false"
    assert parse_spec(str(spec)) == spec


def test_spec_without_settings_is_the_id_alone():
    assert str(parse_spec(" mdmd ")) == "mdmd"


@pytest.mark.parametrize(("text", "message"), [("a:b", "has no value: write b=VALUE"), ("a:b=1,b=2", "given twice")])
def test_spec_faults_are_one_sentence(text, message):
    with pytest.raises(UserError, match=message):
        parse_spec(text)


def test_text_becomes_the_annotated_type():
    options = {"layers": "6", "rate": "1e-3", "lcn": "no", "pooling": "max", "skip": "12", "filters": "4/8/16"}
    config = build_config(Config, options, owner="m")
    assert config == Config(6, 1e-3, False, "max", 12, (4, 8, 16))
    assert type(config.layers) is int


def test_typed_values_of_a_toml_file_pass():
    assert build_config(Config, {"filters": [1, 2], "skip": None}, owner="m").filters == (1, 2)


def test_the_users_options_win_over_the_published_defaults():
    config = build_config(Config, {"layers": "9"}, owner="m", defaults={"layers": 6, "rate": 0.1})
    assert (config.layers, config.rate) == (9, 0.1)


def test_none_and_auto_clear_an_optional_setting():
    assert build_config(Config, {"skip": "auto"}, owner="m", defaults={"skip": 4}).skip is None


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"layer": "6"}, r"m has no setting 'layer'\. Did you mean 'layers'\?"),
        ({"layers": "six"}, r"m:layers='six' must be a whole number"),
        ({"rate": "fast"}, r"m:rate='fast' must be a number"),
        ({"lcn": "maybe"}, r"m:lcn='maybe' must be true or false"),
        ({"pooling": "median"}, r"not one of 'average', 'max'"),
        ({"layers": "0"}, r"m: layers=0 must be at least 1"),
    ],
)
def test_bad_settings_are_refused_with_the_reason(options, message):
    with pytest.raises(UserError, match=message):
        build_config(Config, options, owner="m")


def test_description_names_unit_and_source():
    rows = {row[0]: row for row in describe_config(Config)}
    assert rows["layers"] == ("layers", 3, "Number of blocks.", "", "thesis Fig. 5.6")
    assert rows["skip"][3:] == ("frames", "mebench's choice")


def test_digest_depends_on_values_and_not_on_key_order():
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    assert digest_of({"a": 1}) != digest_of({"a": 2})
    assert config_dict(Config())["filters"] == [8, 16]


def test_far_names_get_the_list_of_known_ones():
    assert did_you_mean("zzz", ["mdmd", "au_sum"]) == " Known: au_sum, mdmd."
    assert did_you_mean("zzz", []) == ""


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(UserError) as caught:
        build_config(Config, {"leyers": "1", "rate": "fast", "pooling": "mean", "lcn": "yes"}, owner="m")
    lines = str(caught.value).splitlines()
    assert lines == [
        "m has no setting 'leyers'. Did you mean 'layers' or 'filters'?",
        "m:rate='fast' must be a number.",
        "m:pooling='mean' is not one of 'average', 'max'.",
    ]


@pytest.mark.parametrize(
    ("key", "raw"),
    [("layers", 1.5), ("layers", True), ("layers", "1.5"), ("rate", "nan"), ("rate", "inf"), ("rate", False)],
)
def test_a_number_is_never_bent_into_shape(key, raw):
    with pytest.raises(UserError, match=f"m:{key}={raw!r} must be a"):
        build_config(Config, {key: raw}, owner="m")


def test_a_whole_float_of_a_toml_file_is_a_whole_number():
    assert build_config(Config, {"layers": 2.0}, owner="m").layers == 2


def test_choices_that_are_numbers_can_be_typed():
    @dataclasses.dataclass(frozen=True)
    class Classes:
        classes: Literal[3, 5] = setting(3, "number of classes")

    assert build_config(Classes, {"classes": "5"}, owner="m").classes == 5
    with pytest.raises(UserError, match="m:classes='4' is not one of 3, 5"):
        build_config(Classes, {"classes": "4"}, owner="m")


def test_a_setting_that_came_later_is_written_only_when_it_is_set():
    @dataclasses.dataclass(frozen=True)
    class Later(Config):
        shares: tuple[int, ...] = setting((1, 2), "what came later", later=True)

    assert config_dict(Later()) == config_dict(Config())
    assert config_dict(Later(shares=(2, 1)))["shares"] == [2, 1]
    assert [row[0] for row in describe_config(Later)][-1] == "shares"


def test_of_several_limits_the_one_that_is_wrong_is_told_with_its_value():
    config = Config(layers=3, rate=2.5, skip=None)
    check_limits(config, "layers", "skip", least=3, most=3)
    with pytest.raises(ValueError, match=r"^rate=2\.5 must be above 0 and at most 1$"):
        check_limits(config, "rate", "skip", above=0, most=1)
    with pytest.raises(ValueError, match=r"^layers=3 must be at least 4; rate=2\.5 must be at least 4: give more$"):
        check_limits(config, "layers", "rate", "skip", least=4, hint="give more")
    with pytest.raises(ValueError, match="must be below 3"):
        check_limits(config, "layers", below=3)
