// SPDX-License-Identifier: GPL-3.0-or-later
// What the node measures, and the last minute of it: read in the arena whenever there is a new look.
import { useSyncExternalStore } from "react";
import { source } from "../lib/arena";
import type { ResourcesRows } from "../lib/arena_layout";
import { tables } from "../lib/arena_layout";
import { samplesKept } from "../lib/history";

export interface Battery {
  percent: number;
  charging: boolean;
}

export interface Measured {
  cpu: number;
  memory: number;
  memoryUsed: number;
  memoryTotal: number;
  battery: Battery | null;
  /** Percent, the newest last. */
  history: { cpu: number[]; memory: number[] };
}

function memoryOf(rows: ResourcesRows, row: number): number {
  const total = rows.memoryTotal(row);
  return total > 0 ? (100 * (total - Math.min(rows.memoryAvailable(row), total))) / total : 0;
}

/** Of the ring of looks; null while there is none. */
export function measure(rows: ResourcesRows, total: number): Measured | null {
  if (total === 0) return null;
  const room = tables.resources.rows;
  const history = { cpu: [] as number[], memory: [] as number[] };
  for (let i = Math.max(total - samplesKept, total - room, 0); i < total; i++) {
    history.cpu.push(rows.cpu(i % room));
    history.memory.push(memoryOf(rows, i % room));
  }
  const newest = (total - 1) % room;
  const memoryTotal = rows.memoryTotal(newest);
  const percent = rows.battery(newest);
  return {
    cpu: Math.min(Math.max(rows.cpu(newest), 0), 100),
    memory: memoryOf(rows, newest),
    memoryTotal,
    memoryUsed: memoryTotal - Math.min(rows.memoryAvailable(newest), memoryTotal),
    battery: percent < 0 ? null : { percent, charging: rows.batteryCharging(newest) === 1 },
    history,
  };
}

let kept: Measured | null = null;
let keptArena = source.arena;
let keptEpoch = -1;

/** At a signal and never while React draws: on a machine where drawing takes longer than an epoch it would begin anew for ever. */
function update(): void {
  const { arena } = source;
  const epoch = arena?.epoch("resources") ?? -1;
  if (arena === keptArena && epoch === keptEpoch) return;
  const read = arena?.read("resources", (rows, { total }) => measure(rows, total));
  if (arena && read === undefined) return; // the node was faster: at the next signal
  keptArena = arena;
  keptEpoch = epoch;
  kept = read ?? null;
}

source.onEpoch(update);

/** null while the node cannot be read. */
export function useFigures(): Measured | null {
  return useSyncExternalStore(source.onEpoch, () => kept);
}
