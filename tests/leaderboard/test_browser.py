"""The page in a real browser, where one is installed: its script runs, and it fits a telephone."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from mebench.leaderboard.build import build_leaderboard

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed")]

PROBE = """<pre id="probe"></pre><script>
window.addEventListener("load", () => setTimeout(() => {
const board = document.querySelector("table.board");
const names = () => [...board.tBodies[0].rows].map((row) => row.querySelector("a").textContent).join(" ");
const head = (text) => [...board.querySelectorAll("th button")].find((button) => button.textContent === text);
const seen = [names()];
head("F1").click(); seen.push(names());
head("F1").click(); seen.push(names());
head("method").click(); seen.push(names(), head("method").closest("th").getAttribute("aria-sort"));
document.querySelector('[data-zoom="4"]').click();
seen.push(getComputedStyle(document.querySelector(".card")).getPropertyValue("--zoom").trim());
seen.push(document.querySelector("#g1-m2-s2").open, document.querySelector("#g1-m1").open);
seen.push(document.documentElement.scrollWidth <= document.documentElement.clientWidth);
seen.push(document.querySelectorAll("#g1-m2-s2 path.curve").length, document.querySelectorAll("#g1-m3 figure").length);
document.querySelector("#probe").textContent = seen.join("|");
}, 500));
</script>"""


def open_page(page, profile, size):
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    command += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    command += [
        f"--user-data-dir={profile}",
        f"--window-size={size}",
        "--virtual-time-budget=4000",
        "--dump-dom",
        f"{page.as_uri()}#g1-m2-s2",
    ]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    return dom.split('id="probe">')[1].split("</pre>")[0].split("|")


@pytest.mark.parametrize("size", ["1280,900", "390,800"])
def test_sorting_links_and_zoom_work_and_nothing_sticks_out(make_run, truth, tmp_path, size):
    events = truth().events.rows()
    runs = [
        make_run(name, rows=events[:found])
        for name, found in (("b", 2), ("a", 1), ("a_very_long_name_of_a_method_with_many_words_in_it", 3))
    ]
    page = build_leaderboard(runs, tmp_path / "out")
    text = page.read_text()
    policy = text[text.index("script-src") :].split(";")[0]
    page.write_text(text.replace(policy, "script-src 'unsafe-inline'").replace("</body>", PROBE + "</body>"))
    long = "a_very_long_name_of_a_method_with_many_words_in_it"
    assert open_page(page, tmp_path / "profile", size) == [
        f"{long} b a",
        f"{long} b a",
        f"a b {long}",
        f"a {long} b",
        "ascending",
        "4",
        "true",
        "false",
        "true",
        "2",
        "0",
    ]
