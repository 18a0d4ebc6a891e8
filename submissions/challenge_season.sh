#!/usr/bin/env bash
# A whole challenge with five teams, from `init` to the final ranking and the three exports. Every step checks what it
# did, and the script ends with 0 only when all of it is right. README.md beside it says what each step is for.
#
#   submissions/challenge_season.sh [FOLDER]
#
# FOLDER is a new one for all that is written; without it a temporary one is used and removed. MEBENCH is the command
# (mebench), PYTHON an interpreter that has numpy (python3).
set -euo pipefail

read -ra mebench <<< "${MEBENCH:-mebench}"
python=${PYTHON:-python3}
if [ $# -gt 0 ]; then
    mkdir "$1"
    place=$(cd "$1" && pwd)
else
    place=$(mktemp -d)
    trap 'rm -rf "$place"' EXIT
fi
cd "$place"

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'WRONG: %s\n' "$*" >&2; exit 1; }

# expect CODE WORD COMMAND...: the command must end with that code, and print the word ("" for any).
expect() {
    local code=$1 word=$2 found=0
    shift 2
    "$@" > said.txt 2>&1 || found=$?
    sed 's/^/    /' said.txt
    [ "$found" = "$code" ] || fail "$* ended with $found, not $code"
    [ -z "$word" ] || grep -qF -- "$word" said.txt || fail "$* did not say: $word"
}
challenge() { "${mebench[@]}" challenge "$@"; }
is_mode() { [ "$("$python" -c 'import os, sys; print(oct(os.stat(sys.argv[1]).st_mode & 0o777))' "$2")" = "0o$1" ] || fail "$2 is not $1"; }

say "1. init: rules, a public and a hidden part, and the truth"
expect 0 "next:" challenge init c --title "Season of five teams"
"$python" - << 'END'
import pathlib, re
rules = pathlib.Path("c/challenge.toml")
text = re.sub(r"^opens = .*$", "opens = 2025-01-01T00:00:00Z", rules.read_text(), flags=re.M)
text = re.sub(r"^closes = .*$", "closes = 2025-02-01T00:00:00Z", text, flags=re.M)
text = text.replace("hidden = []", "hidden = [" + ", ".join(f'"h{i:02}/v"' for i in range(12)) + "]")
rules.write_text(text.replace("per_day = 5", "per_day = 2"))
people = [f"p{i:02}" for i in range(8)] + [f"h{i:02}" for i in range(12)]
truth = pathlib.Path("c/truth")
(truth / "videos.csv").write_text("subject,video,fps,n_frames\n" + "".join(f"{p},v,200,2000\n" for p in people))
events = "".join(f"{p},v,{100 + i},,{300 + i},macro,,\n{p},v,{700 + i},,{760 + i},micro,,\n" for i, p in enumerate(people))
# A slip of the annotators, which nobody sees before the end of the phase: it is mended in step 8.
events = events.replace("h00,v,108,,308,macro", "h00,v,1508,,1708,macro")
header = "subject,video,onset,apex,offset,type,emotion,action_units\n"
(truth / "events.csv").write_text(header + events)

def table(name, keep, header="subject,video,onset,offset,type"):
    folder = pathlib.Path("sent", name)
    folder.mkdir(parents=True)
    rows = []
    for i, p in enumerate(people):
        rows += [f"{p},v,{102 + i},{298 + i},macro"] if keep(p, i, "macro") else []
        rows += [f"{p},v,{702 + i},{757 + i},micro"] if keep(p, i, "micro") else []
    (folder / "predictions.csv").write_text("\n".join([header, *rows]) + "\n")

table("good", lambda p, i, kind: kind == "macro" and i % 9)
table("better", lambda p, i, kind: i % 9)
table("tie", lambda p, i, kind: kind == "macro" and i % 9 if p[0] == "p" else (kind == "micro") == (i % 2 == 0) and i % 9)
table("wrong", lambda p, i, kind: True, "subject,video,onset,offset")
table("mended", lambda p, i, kind: p[0] == "p" or kind == "macro" and i % 2)
table("baseline", lambda p, i, kind: kind == "micro" and i % 3 == 0)

import zipfile
with zipfile.ZipFile("sent/hostile.zip", "w") as archive:
    archive.writestr("../../escaped.csv", "subject,video,onset,offset,type\n")
    link = zipfile.ZipInfo("predictions.csv")
    link.external_attr = 0o120777 << 16
    archive.writestr(link, "/etc/passwd")
END
is_mode 600 c/challenge.toml

say "2. kit: what participants get, used alone in an empty folder"
expect 0 "kit: " challenge kit c --out c/kit.zip
mkdir alone
(cd alone && "$python" -m zipfile -e ../c/kit.zip .)
mv c/kit.zip .
(
    cd alone/kit
    expect 0 "example is accepted" "$python" check.py example
    expect 0 "example is accepted" challenge check --kit . example
    sed 's/5,14/14,5/' example/predictions.csv > wrong.csv
    expect 2 "offset: expected a frame not before the onset" challenge check --kit . wrong.csv --team T --method m
    rm said.txt
)
expect 2 "expected a column type" challenge check --kit alone/kit sent/wrong --team Mended --method m

say "3. grade: the public part, while the phase is open"
grade() { local code=$1 word=$2 day=$3 team=$4; shift 4; expect "$code" "$word" challenge grade c "$@" --team "$team" --method m --received "2025-01-${day}T12:00:00Z"; }
grade 0 "tries left: 1 of 2 on 2025-01-10 (UTC), 49 of 50" 10 Good sent/good
grade 0 "f1 overall" 10 Better sent/better
grade 0 "f1 overall" 11 Tie sent/tie
grade 1 "no submission was used; tries left: 2 of 2" 11 Mended sent/wrong
grade 0 "f1 overall  1" 12 Mended sent/mended
grade 1 "refused" 12 Hostile sent/hostile.zip
[ ! -e escaped.csv ] && [ ! -e ../escaped.csv ] && [ ! -e c/escaped.csv ] || fail "the hostile archive wrote outside its folder"
expect 2 "No phase is open" challenge grade c sent/good --team Late --method m --received 2025-03-01T00:00:00Z
expect 0 "Micro only (baseline), hidden: f1 overall" challenge baseline c sent/baseline --name "Micro only"

say "4. board: public scores for everybody, hidden ones for the organisers"
expect 0 "board: c/board.html" challenge board c
expect 0 "" challenge board c --organiser
is_mode 644 c/board.html
is_mode 600 c/organiser/board.html
grep -q "Micro only" c/board.html || fail "the baseline is not on the board"

say "5. final: refused while the phase is open"
sed -i.bak 's/^closes = .*/closes = 2999-01-01T00:00:00Z/' c/challenge.toml
expect 2 "takes submissions until" challenge final c
mv c/challenge.toml.bak c/challenge.toml

say "6. final: by the hidden part, with intervals and ties; twice the same bytes"
expect 0 "Two teams are tied when" challenge final c
cp -r c/organiser/final first
expect 0 "(unchanged)" challenge final c
for name in index.html final.json final.csv; do cmp "first/$name" "c/organiser/final/$name"; is_mode 600 "c/organiser/final/$name"; done
check_final() {
    "$python" - "$@" << 'END'
import json, sys
final = json.load(open("c/organiser/final/final.json"))
order = [(row["team"], row["rank"], row["shared"], row["tied_with"]) for row in final["teams"]]
print("   ", order)
assert [row[:3] for row in order] == [tuple(row) for row in json.loads(sys.argv[1])], order
# The team that is best in public is last where it counts, and the baseline is shown without a rank.
assert next(row["public_rank"] for row in final["teams"] if row["team"] == "Mended") == 1
assert [row["name"] for row in final["baselines"]] == ["Micro only"]
assert all(row["final"]["f1:overall"]["ci95"] for row in final["teams"])
assert {"Good", "Tie"} <= {order[1][0], *order[1][3]} and "Better" not in order[1][3], order
END
}
check_final '[["Better", 1, false], ["Tie", 2, false], ["Good", 3, false], ["Mended", 4, false]]'

say "7. what the teams can see holds no hidden score"
"$python" - << 'END'
import json, pathlib, re
scores = {part: {round(s["value"], 4) for card in pathlib.Path("c/organiser").glob(f"*/{part}.json")
                 for s in json.loads(card.read_text())["scores"]} for part in ("public", "hidden")}
secret = {f"{value:.4f}"[1:] for value in scores["hidden"] - scores["public"] if 0 < value < 1}
assert len(secret) > 5, secret
public = [p for p in (*pathlib.Path("c/receipts").rglob("*"), pathlib.Path("c/board.html"), *pathlib.Path("alone").rglob("*"))
          if p.is_file()]
for path in public:
    found = secret & set(re.findall(r"\.\d{4}", path.read_text()))
    assert not found, (path, found)
print(f"    {len(secret)} hidden scores in none of {len(public)} files")
END

say "8. regrade: the truth is mended, and every score that changes is told"
sed -i.bak 's/^h00,v,1508,,1708,macro/h00,v,108,,308,macro/' c/truth/events.csv && rm c/truth/events.csv.bak
expect 2 "challenge regrade c" challenge final c
expect 0 "hidden f1:overall" challenge regrade c
grep -q "graded again: 5" said.txt || fail "four submissions and the baseline were to be graded again"
expect 0 "changed: 0, not graded: 0" challenge regrade c
grep -q '"status": "regraded, changed"' c/organiser/log.jsonl || fail "the log does not tell of it"
expect 0 "final: " challenge final c
check_final '[["Better", 1, false], ["Good", 2, true], ["Tie", 2, true], ["Mended", 4, false]]'
expect 0 "final: c/final" challenge final c --publish
is_mode 644 c/final/final.json
expect 0 "ranked" challenge receipts c

say "9. the exports, run as their platforms run them"
for target in codabench evalai grand-challenge; do expect 0 "" challenge export c --to "$target" --out "$target"; done
cat > platforms.py << 'END'
import json, os, pathlib, shutil, subprocess, sys, tarfile, zipfile

HERE = pathlib.Path.cwd()
SENT = {"good": "sent/good/predictions.csv", "bad": "sent/wrong/predictions.csv", "crashing": "sent/hostile.zip"}

def run(*command, cwd, **more):
    done = subprocess.run([sys.executable, *map(str, command)], cwd=cwd, capture_output=True, text=True,
                          env={**os.environ, **{key: str(value) for key, value in more.items()}})
    return done.returncode, done.stdout + done.stderr

def unpack(archive, folder):
    with zipfile.ZipFile(archive) as content:
        content.extractall(folder)

def lay(name, folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(SENT[name], folder)

def check(platform, name, code, said, out, scores):
    page = (out / "detailed_results.html").read_text()
    ranked = (out / scores).exists()
    print(f"    {platform}, {name}: exit {code}, {'scores' if ranked else 'no scores'}")
    assert (code == 0, ranked) == (name == "good",) * 2, (platform, name, code, said)
    assert str(HERE / "c") not in page + said and "Traceback" not in said, said
    assert ("is accepted" in page) == (name == "good"), page

app = HERE / "on_codabench"
unpack("codabench/bundle/reference_data.zip", app / "input/ref")
unpack("codabench/bundle/scoring_program.zip", app / "program")
for name in SENT:
    lay(name, app / "input/res")
    code, said = run("score.py", cwd=app / "program", MEBENCH_APP=app)
    check("codabench", name, code, said, app / "output", "scores.json")

worker = HERE / "on_evalai"
unpack("evalai/evaluation_script.zip", worker / "evaluation_script")
(worker / "worker.py").write_text("""
import json, pathlib, sys
from evaluation_script import evaluate
found = evaluate(sys.argv[1], sys.argv[2], "phase-1", submission_metadata={})
pathlib.Path(sys.argv[3]).write_text(json.dumps(found))
""")
for name in SENT:
    lay(name, worker / "in")
    out = worker / "in"
    (sent,) = out.iterdir()
    code, said = run("worker.py", HERE / "evalai/annotations/test_annotations_public.zip", sent, out / "result.json", cwd=worker)
    check("evalai", name, code, said.replace("Traceback", ""), out, "result.json")

box = HERE / "on_grand_challenge"
with tarfile.open("grand-challenge/ground_truth.tar.gz") as content:
    content.extractall(box / "truth", filter="data")
(box / "output").mkdir()
for name in SENT:
    lay(name, box / "input")
    code, said = run("evaluate.py", cwd=HERE / "grand-challenge/container", MEBENCH_INPUT=box / "input",
                     MEBENCH_OUTPUT=box / "output", MEBENCH_GROUND_TRUTH=box / "truth")
    check("grand-challenge", name, code, said, box / "output", "metrics.json")
END
"$python" platforms.py

say "The season is over, and every step was right."
