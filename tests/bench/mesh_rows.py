"""What the benchmarks of the mesh share."""

import pathlib


def row(name, unit, ours, rival, goal, least=False, note=None):
    """least: the goal is the least that is good, not the most."""
    good = goal is None or (ours >= goal if least else ours <= goal)
    return {"name": name, "unit": unit, "ours": ours, "rivals": {"js-libp2p": rival} if rival is not None else {},
            "goal": goal, "ok": good, **({"least": True} if least else {}), **({"note": note} if note else {})}


def memory(process):
    """Resident, in MiB."""
    text = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) / 1024
