"""Nested states as named arrays and plain values, so that they are kept without pickle.

Conventions
-----------
A *tree* is what torch and numpy return as a state: dictionaries, lists and tuples around tensors, arrays, numbers,
strings and None. Its arrays are named by their place, such as `optimisers/net/state/0/exp_avg`; all the rest becomes a
*frame* of plain JSON types in which each array stands as its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]


def flatten(tree: Any) -> tuple[Arrays, Any]:
    """Take a tree apart.

    Returns
    -------
    (arrays, frame); `rebuild` puts them together again.

    Raises
    ------
    TypeError : for a value of a type that no tree holds.
    """
    arrays: Arrays = {}
    return arrays, _flatten(tree, "", arrays)


def _flatten(value: Any, name: str, arrays: Arrays) -> Any:
    if isinstance(value, torch.Tensor):
        arrays[name] = value.detach().cpu().contiguous().numpy()
        return {"tensor": name}
    if isinstance(value, np.ndarray):
        arrays[name] = value
        return {"array": name}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return {"dict": [[key, _flatten(part, _under(name, key), arrays)] for key, part in value.items()]}
    if isinstance(value, list | tuple):
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [_flatten(part, _under(name, i), arrays) for i, part in enumerate(value)]}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{name or 'the state'} holds a {type(value).__name__}, which cannot be kept as data")


def _under(name: str, key: object) -> str:
    return f"{name}/{key}" if name else str(key)


def rebuild(arrays: Mapping[str, NDArray[Any]], frame: Any) -> Any:
    """Put a tree together from what `flatten` returned; tensors are on the CPU.

    Raises
    ------
    KeyError : when an array is missing.
    """
    if not isinstance(frame, dict):
        return frame
    ((kind, content),) = frame.items()
    if kind == "tensor":
        return torch.from_numpy(np.array(arrays[content]))
    if kind == "array":
        return np.array(arrays[content])
    if kind == "dict":
        return {key: rebuild(arrays, part) for key, part in content}
    parts = [rebuild(arrays, part) for part in content]
    return parts if kind == "list" else tuple(parts)
