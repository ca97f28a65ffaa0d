#!/usr/bin/env python3
"""Draws docs/benchmarks-actors.svg and writes the actors' part of docs/benchmarks.md from what
`./dev bench actors` found:  ./dev exec python3 tests/bench/actors_report.py"""

import html
import json
import math
import pathlib
import re

TOP = pathlib.Path(__file__).parents[2]
SIDES = {"Inos": "ours", "Erlang": "erlang", "CAF": "caf"}
WIDTH, LEFT, RIGHT, HEAD, BAR, GAP = 960, 150, 110, 104, 17, 17

# A card of its own, so that the text can be read on any page, light or dark.
STYLE = """
  text { font: 15px Inter, Cantarell, "DejaVu Sans", sans-serif; fill: #24292f }
  .title { font-size: 20px; font-weight: 600 }
  .small { font-size: 13px; fill: #57606a }
  .value { font-size: 13px }
  .card { fill: #ffffff; stroke: #d0d7de }
  .grid { stroke: #d8dee4 }
  .ours { fill: #0f766e } .erlang { fill: #a8577e } .caf { fill: #6e7781 }
  .goal { stroke: #b45309; stroke-width: 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9da7b3 }
    .card { fill: #0d1117; stroke: #30363d } .grid { stroke: #262c36 }
    .ours { fill: #2dd4bf } .erlang { fill: #d68bb0 } .caf { fill: #8b949e }
    .goal { stroke: #fbbf24 }
  }
"""


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def chart(rows, facts):
    values = [v for row in rows for v in (row["ours"], row["goal"], *row["rivals"].values())]
    low = 10 ** math.floor(math.log10(min(values) / 1.3))
    high = 10 ** math.ceil(math.log10(max(values)))
    group = 3 * BAR + GAP
    bottom = HEAD + len(rows) * group
    out = []

    def x(value):
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log(value / low) / math.log(high / low)

    def text(at_x, at_y, words, kind="", anchor="start"):
        out.append(f'<text x="{at_x:.1f}" y="{at_y:.1f}" class="{kind}" text-anchor="{anchor}">'
                   f"{html.escape(words)}</text>")

    text(20, 34, "Actors: nanoseconds a message, less is better", "title")
    text(20, 56, f"{facts['processors']} × {facts['processor']}, {facts['date']}; logarithmic; each side in "
         "its best configuration; tree, fjcreate: ns an actor", "small")
    at = 20
    for side, kind in SIDES.items():
        words = facts.get(side, "Inos, full envelope and metrics")
        out.append(f'<rect x="{at}" y="70" width="14" height="14" class="{kind}"/>')
        text(at + 20, 82, words)
        at += 46 + 8.2 * len(words)
    out.append(f'<line x1="{at + 7}" x2="{at + 7}" y1="68" y2="86" class="goal"/>')
    text(at + 18, 82, "goal: at most")
    power = low
    while power <= high:
        out.append(f'<line x1="{x(power):.1f}" x2="{x(power):.1f}" y1="{HEAD}" y2="{bottom}" class="grid"/>')
        text(x(power), bottom + 18, f"{power:,.0f} ns", "small", "middle")
        power *= 10
    for index, row in enumerate(rows):
        y = HEAD + GAP / 2 + index * group
        text(LEFT - 12, y + 1.5 * BAR + 5, row["bench"], "", "end")
        for side, kind in SIDES.items():
            value = row["ours"] if side == "Inos" else row["rivals"].get(side)
            if value:
                out.append(f'<rect x="{LEFT}" y="{y:.1f}" width="{x(value) - LEFT:.1f}" height="{BAR - 2}" '
                           f'class="{kind}"/>')
                text(max(x(value), x(row["goal"]) if side == "Inos" else 0) + 7, y + 12, number(value), "value")
            if side == "Inos":
                goal = x(row["goal"])
                out.append(f'<line x1="{goal:.1f}" x2="{goal:.1f}" y1="{y - 2:.1f}" y2="{y + BAR:.1f}" class="goal"/>')
            y += BAR
    height = bottom + 34
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
            f'height="{height}" role="img">\n<title>Actors: nanoseconds a message</title>\n<style>{STYLE}</style>\n'
            f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="10" class="card"/>\n'
            + "\n".join(out) + "\n</svg>\n")


def race_table(rows):
    lines = ["| benchmark | parameters, ours; rivals' | Inos | Erlang | CAF | Inos / Erlang | Inos / CAF | goal | |",
             "|---|---|---|---|---|---|---|---|---|"]
    for row in rows:
        cells = {}
        for side in SIDES:
            best = row["best"].get(side)
            cells[side] = f"{number(best['figure'])} <br>{best['label']}" if best else "too slow"
        ratios = [f"{row['ours'] / row['rivals'][side]:.3f}" if side in row["rivals"] else "–" for side in ("Erlang", "CAF")]
        goals = ", ".join(f"{side} {value:.3g}" for side, value in row["goals"].items())
        lines.append(f"| {row['bench']} | {' '.join(row['arguments']['ours'])}; {' '.join(row['arguments']['rivals'])} | "
                     + " | ".join([cells[side] for side in SIDES] + ratios + [goals, "ok" if row["ok"] else "**missed**"])
                     + " |")
    return lines


def configuration_table(rows):
    """Every configuration that was kept to the end: wall, processor time, peak memory."""
    lines = ["| benchmark | configuration | wall ns | CPU ns | peak MiB | samples |", "|---|---|---|---|---|---|"]
    for row in rows:
        for c in row["configs"]:
            lines.append(f"| {row['bench']} | {c['side']}, {c['label']} | {number(c['wall'])} | {number(c['cpu'])} | "
                         f"{c['peak'] / 1024:.0f} | {len(c['samples'])} |")
        for name in row["too_slow"]:
            lines.append(f"| {row['bench']} | {name} | over 15 s | | | 0 |")
    return lines


def other_table(rows):
    lines = ["| | Inos | at most | | others, notes |", "|---|---|---|---|---|"]
    for row in rows:
        goal = "" if row["goal"] is None else f"{number(row['goal']) if row['goal'] else 0} {row['unit']}"
        said = ", ".join(f"{name} {number(value)}" for name, value in row["rivals"].items())
        said += ("; " if said and row["note"] else "") + row["note"]
        mark = "" if row["goal"] is None else "ok" if row["ok"] else "**missed**"
        lines.append(f"| {row['name']} | {number(row['ours'])} {row['unit']} | {goal} | {mark} | {said} |")
    return lines


def page(found):
    facts, rows = found["about"], found["rows"]
    races = [row for row in rows if "bench" in row]
    others = [row for row in rows if "bench" not in row]
    rounds = max(len(c["samples"]) for row in races for c in row["configs"])
    disturbed = [s["disturbed"] for row in races for c in row["configs"] for s in c["samples"]]
    return "\n".join([
        f"## actors — {facts['date']}", "",
        f"{facts['processors']} × {facts['processor']} (virtual), Linux {facts['kernel']}, Debian 13, {facts['compiler']}, "
        f"release build; {facts['Erlang']}, {facts['CAF']} (g++ -O2). Repeat with `./dev bench actors` and "
        "`./dev exec python3 tests/bench/actors_report.py`; the programs are in `tests/bench/actors`.", "",
        f"Nanoseconds a message (tree and fjcreate: an actor), median of {rounds}, interleaved; each side in its best "
        "configuration, which is named. A figure is processor time where the configuration has one thread, since "
        "that is its wall time on a quiet machine, and wall time where it has two. While the samples that count were "
        f"taken, other processes had {100 * sum(disturbed) / len(disturbed):.1f} % of the machine on average, and "
        f"{100 * max(disturbed):.0f} % at the worst.", "",
        "![The same as bars](benchmarks-actors.svg)", "",
        *race_table(races), "",
        "Two workers against one, what features cost, memory, idleness, wake-ups:", "",
        *other_table(others), "",
        "<details><summary>All configurations that were tried; one sample: dropped after the first round</summary>", "",
        *configuration_table(races), "", "</details>"])


def main():
    found = json.loads((TOP / "build/bench/actors-samples.json").read_text())
    races = [row for row in found["rows"] if "bench" in row]
    (TOP / "docs/benchmarks-actors.svg").write_text(chart(races, found["about"]))
    path = TOP / "docs/benchmarks.md"
    text = path.read_text()
    marked = "<!-- written by tests/bench/actors_report.py -->"
    part = f"{marked}\n{page(found)}\n{marked}\n"
    if marked in text:
        text = re.sub(f"{marked}.*{marked}\n", lambda _: part, text, flags=re.S)
    else:
        text = text.rstrip("\n") + "\n\n" + part
    path.write_text(text)


main()
