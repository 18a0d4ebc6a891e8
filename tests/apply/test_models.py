from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mebench.apply.models import choose_models, load_models
from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.runs.run import run


def test_the_models_of_all_folds_are_loaded(trained: Path) -> None:
    models = load_models(trained)
    assert (models.method, len(models.each), models.trained_on) == ("learner", 5, ("fake_lv",))


def test_folds_that_are_not_done_are_not_asked(plugin: Path, tmp_path: Path) -> None:
    out = tmp_path / "r"
    run("learner:fail=s03", ["fake_lv"], out=out, executor="inline", device="cpu", plugins=[plugin])
    assert len(load_models(out).each) == 3
    for done in out.glob("folds/*/done.json"):
        done.unlink()
    with pytest.raises(UserError, match="No fold of .* is done: run it to its end first"):
        load_models(out)


def test_a_method_that_does_not_train_is_one_model(plugin: Path, tmp_path: Path) -> None:
    run("idle", ["fake_lv"], out=tmp_path / "r", executor="inline", device="cpu", plugins=[plugin])
    assert len(load_models(tmp_path / "r").each) == 1


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("learner", "learner must be trained first: `mebench run --method learner ...`, then give --run DIR"),
        ("oracle", "oracle is the truth itself and finds nothing in a new video"),
        ("mdmd:landmarks=yunet,yunet_model=none.onnx", "The YuNet model none.onnx does not exist: download it"),
        ("idl", "no method 'idl'. Did you mean 'idle'"),
    ],
)
def test_methods_that_cannot_spot_are_told(plugin: Path, method: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        choose_models(method, None, None)


def test_what_is_no_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not the folder of a run"):
        choose_models(None, tmp_path, None)
    with pytest.raises(UserError, match="give --run or --method, not both"):
        choose_models("idle", tmp_path, None)


def test_the_digest_covers_settings_and_what_was_learnt(plugin: Path, trained: Path, tmp_path: Path) -> None:
    def digest(seed: int, method: str = "learner") -> str:
        out = tmp_path / f"{method.replace(':', '_')}{seed}"
        if not out.exists():
            run(method, ["fake_lv"], out=out, executor="inline", device="cpu", seed=seed, plugins=[plugin])
        return load_models(out).digest

    assert digest(0) == load_models(trained).digest
    assert len({digest(0), digest(1), digest(0, "learner:steps=5")}) == 3
    assert choose_models("idle", None, None).digest != choose_models("au_sum", None, None).digest
    shutil.rmtree(tmp_path / "learner1")
    assert load_models(trained).digest == load_models(trained).digest


def test_only_models_of_rendered_faces_alone_are_said_to_be(
    trained: Path, plugin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not load_models(trained).seen_only_rendered()
    monkeypatch.setattr(DATASETS.get("fake_lv"), "rendered", True)
    assert load_models(trained).seen_only_rendered()
    assert not choose_models("idle", None, None).seen_only_rendered()


def test_the_rendered_datasets_say_so() -> None:
    ids = {entry.id for entry in DATASETS.entries() if entry.origin == "mebench"}
    drawn = {"synth_lv", "synth_lv_sparse", "synth_lv_samm", "synth_lv_casme"}
    drawn |= {"synth_cde", "synth_fer", "synth_macro", "synth_mmew"}
    assert {id for id in ids if DATASETS.get(id).rendered} == drawn
