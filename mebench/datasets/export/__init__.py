"""Writing any dataset in the on-disk layouts of the licence-gated ones, quirks included, so that their loaders read it.

`export_dataset` is what `mebench data export` calls; it is imported on first use because the loaders import this
package's `record`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mebench.datasets.export.write import LAYOUTS, export_dataset

__all__ = ["LAYOUTS", "export_dataset"]


def __getattr__(name: str) -> Any:
    """Import `export_dataset` and `LAYOUTS` when they are asked for."""
    if name in __all__:
        from mebench.datasets.export import write

        return getattr(write, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
