"""What a module's results follow from, as source: the module itself and everything of its own package that it imports.

Imports are read from the syntax tree, those within functions included and those for type checkers left out. Nothing
but parent packages is imported, and no list of files has to be kept by hand. A package's `__init__` counts where a name
of its own is imported, not because a module below it is. What is imported by a string (`importlib.import_module`) is
not seen, nor is any library.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
from collections.abc import Iterable, Iterator
from importlib.machinery import ModuleSpec


def closure(module: str) -> dict[str, str]:
    """Collect the sources of a module and of all that it imports from the same top-level package, through others too.

    Parameters
    ----------
    module : full name, such as `mebench.faces.hog_training`.

    Returns
    -------
    Source text by full module name, sorted by name.

    Raises
    ------
    ModuleNotFoundError : when the module, or one that it imports from its top-level package, does not exist.
    ImportError : when the source of one was not installed with it.
    """
    found: dict[str, str] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        spec = _spec(name)
        found[name] = _source(spec)
        package = name if spec.submodule_search_locations is not None else name.rpartition(".")[0]
        waiting += _imported(ast.parse(found[name]), package)
    return dict(sorted(found.items()))


def source_digest(module: str) -> str:
    """Return the sha256 of `closure(module)`: names and sources, so a move and a change both show.

    Raises
    ------
    ImportError : see `closure`.
    """
    digest = hashlib.sha256()
    for name, source in closure(module).items():
        digest.update(f"{name}\0{source}\0".encode())
    return digest.hexdigest()


def _imported(tree: ast.Module, package: str) -> Iterator[str]:
    """Yield the full names of the modules of the same top-level package that a syntax tree imports."""
    top = package.partition(".")[0]
    for node in _executed(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.partition(".")[0] == top)
        elif isinstance(node, ast.ImportFrom):
            base = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            if base.partition(".")[0] == top:
                yield from (f"{base}.{a.name}" if _is_module(base, a.name) else base for a in node.names)


def _executed(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes below a node but those that only type checkers see."""
    children: Iterable[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
        children = node.orelse
    for child in children:
        yield child
        yield from _executed(child)


def _is_module(base: str, name: str) -> bool:
    """Return whether `from base import name` names a module rather than something that `base` defines."""
    if _spec(base).submodule_search_locations is None:
        return False
    return importlib.util.find_spec(f"{base}.{name}") is not None


def _spec(name: str) -> ModuleSpec:
    spec = importlib.util.find_spec(name)
    if spec is None:
        raise ModuleNotFoundError(f"there is no module {name}", name=name)
    return spec


def _source(spec: ModuleSpec) -> str:
    source = getattr(spec.loader, "get_source", lambda _: None)(spec.name)
    if source is None:
        raise ImportError(f"the source of {spec.name} is not installed", name=spec.name)
    return str(source)
