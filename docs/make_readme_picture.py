"""Make the picture of the README from the folders of runs.

    python docs/make_readme_picture.py runs/* --out docs/images/leaderboard.png

Where a Chromium or Chrome is installed, the picture is a screenshot of the page that `mebench leaderboard build`
writes; elsewhere, or with `--draw`, Matplotlib draws the same numbers.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

from leaderboard_figure import draw_figure

from mebench.leaderboard.build import build_leaderboard

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--virtual-time-budget=3000",
)


def screenshot(browser: str, page: Path, out: Path, size: tuple[int, int]) -> None:
    """Write a PNG of the top of a page, `size` = (width, height) in CSS pixels."""
    with tempfile.TemporaryDirectory() as profile:
        shot = Path(profile) / "shot.png"
        wanted = (f"--user-data-dir={profile}", f"--screenshot={shot}", f"--window-size={size[0]},{size[1]}")
        command = [browser, *FLAGS, *wanted, page.resolve().as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(shot, out)


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line and write the picture."""
    parser = argparse.ArgumentParser(description="Make the picture of the README from the folders of runs.")
    parser.add_argument("runs", nargs="+", type=Path, help="folders of runs, or scorecard files")
    parser.add_argument("--out", type=Path, default=Path("docs/images/leaderboard.png"))
    parser.add_argument("--title", default="Spotting of facial expressions")
    parser.add_argument("--size", default="1280x1500", help="width and height of the screenshot in pixels")
    parser.add_argument("--draw", action="store_true", help="draw with Matplotlib even where a browser is installed")
    options = parser.parse_args(arguments)
    browser = None if options.draw else next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        draw_figure(options.runs, options.out)
    else:
        with tempfile.TemporaryDirectory() as folder:
            page = build_leaderboard(options.runs, Path(folder), title=options.title)
            width, height = map(int, options.size.split("x"))
            screenshot(browser, page, options.out, (width, height))
    print(options.out)


if __name__ == "__main__":
    main()
