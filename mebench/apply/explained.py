"""What a method gives to be explained, looked through before anything is drawn of it.

Whatever is wrong is told in one sentence that names the field of `Explained`.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.explainable import Explainable, Explained, ExplainedLayer
from mebench.runs.failures import explain as in_words
from mebench.schema.recordings import Video


def ask_explained(model: Explainable, video: Video, indices: Sequence[int], context: RunContext) -> Explained:
    """Return what a method gives for some frames; outputs and layers are tuples then, and scores float32.

    Parameters
    ----------
    video : its truth is withheld.
    indices : frames, counted from 0.

    Raises
    ------
    UserError : when the method fails, or does not keep what `Explained` promises; the method is at fault.
    """
    name = str(getattr(model, "id", type(model).__name__))
    with its_fault(name, "`explained`"):
        found = model.explained(video.without_truth(), list(indices), context)
    if not isinstance(found, Explained):
        raise UserError(f"{name} gave {type(found).__name__}, where an Explained is due: mend its `explained`.")
    with its_fault(name, "`explained`, whose fields cannot be read"):
        found = _plain(found)
    if problem := _problem_of(found, len(indices)):
        raise UserError(f"{name} gave {problem}: mend its `explained`.")
    with its_fault(name, "the `net` of its `explained`, given the first of its `inputs`"):
        given = _logits(found.net, found.inputs[:1])
    if problem := _problem_of_logits(given, len(found.outputs)):
        raise UserError(f"{name} gave {problem}: mend its `explained`.")
    return found


@contextlib.contextmanager
def its_fault(method: str, where: str) -> Iterator[None]:
    """Turn whatever a method's own code raises into one sentence; what the user can mend stays as it is.

    Raises
    ------
    UserError : which names the method, and where it failed.
    """
    try:
        yield
    except Exception as error:
        if known := in_words(error):
            raise UserError(known) from error
        said = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(": ")
        raise UserError(f"{method} failed in {where} ({said}): mend it.") from error


def _plain(found: Explained) -> Explained:
    """Return the same with tuples and arrays; what is yielded one by one is taken once."""
    outputs = found.outputs if isinstance(found.outputs, str) else tuple(found.outputs)
    scores = np.asarray(found.scores)
    if scores.dtype.kind in "fiub":
        scores = scores.astype(np.float32)
    return dataclasses.replace(
        found, outputs=outputs, scores=scores, pictures=np.asarray(found.pictures), layers=tuple(found.layers)
    )


def _problem_of(found: Explained, n: int) -> str:
    """Return what is wrong with the fields, an empty string where nothing is."""
    if not isinstance(found.net, nn.Module):
        return f"a `net` of type {type(found.net).__name__}, where a torch.nn.Module is due"
    return (
        _of_inputs(found.inputs, n)
        or _of_outputs(found.outputs)
        or _of_scores(found.scores, (n, len(found.outputs)))
        or _of_pictures(found.pictures, (n, *found.inputs.shape[-2:]))
        or _of_layers(found.layers)
    )


def _of_inputs(inputs: Any, n: int) -> str:
    if not isinstance(inputs, torch.Tensor):
        return f"`inputs` of type {type(inputs).__name__}, where a torch.Tensor is due"
    if inputs.ndim < 3 or len(inputs) != n:
        return f"`inputs` of shape {tuple(inputs.shape)} for {n} frames, where (n, ..., height, width) is due"
    if not inputs.is_floating_point():
        return f"`inputs` of {inputs.dtype}, where floating-point numbers are due"
    return "" if bool(torch.isfinite(inputs).all()) else "`inputs` that are not finite"


def _of_outputs(outputs: Any) -> str:
    if isinstance(outputs, str) or not outputs or not all(isinstance(one, str) and one for one in outputs):
        return f"`outputs` {outputs!r}, where a name for each logit is due, such as ('micro', 'macro')"
    return "`outputs` with a name twice" if len(set(outputs)) < len(outputs) else ""


def _of_scores(scores: np.ndarray[Any, Any], due: tuple[int, int]) -> str:
    if scores.shape != due:
        return f"`scores` of shape {scores.shape} for {due[0]} frames and {due[1]} `outputs`, where {due} is due"
    if scores.dtype != np.float32:
        return "`scores` that are no numbers"
    return "" if np.isfinite(scores).all() else "`scores` that are not finite"


def _of_pictures(pictures: np.ndarray[Any, Any], due: tuple[int, ...]) -> str:
    if pictures.dtype == np.uint8 and pictures.shape == due:
        return ""
    return f"`pictures` of {pictures.dtype} {pictures.shape}, where uint8 {due} is due, the size of the `inputs`"


def _of_layers(layers: tuple[Any, ...]) -> str:
    if not layers:
        return "no `layers`, where at least one is due"
    for layer in layers:
        if not isinstance(layer, ExplainedLayer):
            return f"{type(layer).__name__} among the `layers`, where an ExplainedLayer is due"
        if not isinstance(layer.module, nn.Module) or not isinstance(layer.name, str) or not layer.name:
            return f"a layer {layer.name!r} among the `layers` without a name or a torch.nn.Module"
        if (layer.pooled is None) != (layer.at_places is None):
            return f"a layer {layer.name!r} among the `layers` with one of `pooled` and `at_places` alone"
    names = [layer.name.partition(" (")[0] for layer in layers]
    return "`layers` with a name twice" if len(set(names)) < len(names) else ""


def _logits(net: nn.Module, one: torch.Tensor) -> Any:
    """Return what a network gives for one sample, and leave its modes as they were."""
    modes = {module: module.training for module in net.modules()}
    try:
        with torch.no_grad():
            return net.eval()(one.clone())
    finally:
        for module, mode in modes.items():
            module.training = mode


def _problem_of_logits(given: Any, outputs: int) -> str:
    if not isinstance(given, torch.Tensor):
        return f"a `net` that returns {type(given).__name__}, where a tensor of logits is due"
    if tuple(given.shape) not in ({(1, outputs), (1,)} if outputs == 1 else {(1, outputs)}):
        return f"{outputs} `outputs` for a `net` that gives logits of shape {tuple(given.shape)} for one sample"
    return "" if bool(torch.isfinite(given).all()) else "a `net` that gives logits which are not finite"
