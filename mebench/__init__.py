"""mebench: run, grade and rank methods for facial micro- and macro-expression analysis."""

from __future__ import annotations


def __getattr__(name: str) -> str:
    """Return `__version__`; pyproject.toml is its only source, looked up when first asked for."""
    if name != "__version__":
        raise AttributeError(f"module 'mebench' has no attribute {name!r}")
    import importlib.metadata

    return importlib.metadata.version("mebench")
