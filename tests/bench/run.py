#!/usr/bin/env python3
"""./dev bench [--quick] [NAME]: runs the benchmarks, prints a table each, writes FOLDER/NAME.json.

./dev bench compositor --row='a frame, full screen' measures that row alone, 15 times in turns, and writes no file; it may be
given more than once.
"""

import importlib
import json
import pathlib
import sys

BENCHES = ["wakeups", "actors", "compositor", "latency", "recovery", "mesh", "shell", "terminal"]


def show(name, rows):
    print(f"\n{name}")
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        rivals = "  ".join(f"{rival} {value:.4g}" for rival, value in row["rivals"].items())
        goal = "" if row["goal"] is None else f"at {'least' if row.get('least') else 'most'} {row['goal']:.4g}"
        note = f"  ({row['note']})" if row.get("note") else ""
        mark = "MISSED" if not row["ok"] else "even" if (row.get("note") or "").startswith("even") else "ok"
        print(f"  {row['name']:<{width}}  {row['ours']:>10.2f} {row['unit']:<6} {goal:<15} {mark:<6}  {rivals}{note}")
        # Of each side, in the order in which they were taken.
        for side, taken in row.get("samples", {}).items():
            print(f"  {'':<{width}}    {side}: {'  '.join(f'{value:.4g}' for value in taken)}")


def main(folder, *arguments):
    names = [argument for argument in arguments if not argument.startswith("--")]
    rows = [argument.removeprefix("--row=") for argument in arguments if argument.startswith("--row=")]
    quick = "--quick" in arguments
    if len(names) + len(rows) + quick != len(arguments):
        sys.exit("there are no options but --quick and --row=ROW")
    if rows and names != ["compositor"]:
        sys.exit("--row is of the benchmark 'compositor' alone")
    here = pathlib.Path(__file__).parent
    sys.path[:0] = [str(here), str(here.parent / "e2e")]
    good = True
    for name in names or BENCHES:
        if name not in BENCHES:
            sys.exit(f"there is no benchmark '{name}'; there are: {', '.join(BENCHES)}")
        bench = importlib.import_module(name)
        measured = bench.run(quick, rows) if rows else bench.run(quick)
        show(name, measured)
        if not rows:
            (pathlib.Path(folder) / f"{name}.json").write_text(json.dumps(measured, indent=2) + "\n")
        good &= all(row["ok"] for row in measured)
    sys.exit(0 if good else 1)


main(*sys.argv[1:])
