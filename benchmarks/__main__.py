"""`python -m benchmarks [--smoke]`: print every ratio; exit 1 when one misses its target."""

from __future__ import annotations

import argparse
import importlib
import sys

from benchmarks.measure import Row

MODULES = ("dense_scoring", "preparation", "grading", "grading_process", "board", "planning", "clip_inputs", "on_gpu")


def main() -> int:
    """Run the benchmarks in turn and print one line a ratio."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--smoke", action="store_true", help="run each small, to see that it works; targets are not held"
    )
    parser.add_argument("only", nargs="*", choices=[*MODULES, []], help="which to run (default: all)")
    arguments = parser.parse_args()
    missed = 0
    for name in arguments.only or MODULES:
        rows: list[Row] = importlib.import_module(f"benchmarks.{name}").run(smoke=arguments.smoke)
        for row in rows:
            promise = (
                ""
                if arguments.smoke or row.target is None
                else f"  (target {'<=' if row.at_most else '>='} {row.target:g})"
            )
            verdict = "" if arguments.smoke or row.ok else "  MISSED"
            print(f"{row.name:<58} {row.ratio:9.2f}{promise}{verdict}   {row.detail}", flush=True)
            missed += not row.ok
    return 1 if missed and not arguments.smoke else 0


if __name__ == "__main__":
    sys.exit(main())
