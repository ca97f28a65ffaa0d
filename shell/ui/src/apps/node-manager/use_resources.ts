// SPDX-License-Identifier: GPL-3.0-or-later
// What the node measures, and ten minutes of it, read in the arena.
import { useSyncExternalStore } from "react";
import { tableStore } from "../../lib/arena";
import { tables, type NodeRows, type ResourcesRows } from "../../lib/arena_layout";

export interface Resources {
  /** Seconds since 1970, the newest last; so are all below. */
  times: number[];
  /** Percent. */
  cpu: number[];
  memory: number[];
  swap: number[];
  pressureCpu: number[];
  pressureMemory: number[];
  pressureIo: number[];
  /** Bytes a second. */
  received: number[];
  sent: number[];
  now: {
    memoryUsed: number;
    memoryTotal: number;
    swapUsed: number;
    swapTotal: number;
    load: [number, number, number];
    cores: number;
    /** °C, 0: not known. */
    temperature: number;
    /** Percent; below 0: there is none. */
    battery: number;
    charging: boolean;
    /** -1: not known. */
    batterySeconds: number;
  };
}

function share(free: number, total: number): number {
  return total > 0 ? (100 * (total - Math.min(free, total))) / total : 0;
}

/** Of the ring of looks; null while there is none. */
export function resourcesOf(rows: ResourcesRows, total: number): Resources | null {
  if (total === 0) return null;
  const room = tables.resources.rows;
  const newest = (total - 1) % room;
  const memoryTotal = rows.memoryTotal(newest);
  const swapTotal = rows.swapTotal(newest);
  const result: Resources = {
    times: [], cpu: [], memory: [], swap: [], pressureCpu: [], pressureMemory: [], pressureIo: [], received: [], sent: [],
    now: {
      memoryUsed: memoryTotal - Math.min(rows.memoryAvailable(newest), memoryTotal),
      memoryTotal,
      swapUsed: swapTotal - Math.min(rows.swapFree(newest), swapTotal),
      swapTotal,
      load: [rows.load1(newest), rows.load5(newest), rows.load15(newest)],
      cores: rows.cores(newest),
      temperature: rows.temperature(newest),
      battery: rows.battery(newest),
      charging: rows.batteryCharging(newest) === 1,
      batterySeconds: rows.batterySeconds(newest),
    },
  };
  let last = -Infinity;
  for (let i = Math.max(total - room, 0); i < total; i++) {
    const row = i % room;
    const time = rows.time(row) / 1e6;
    // Where the clock was set back what was before is left out: a chart goes one way.
    if (time <= last) for (const kept of Object.values(result)) if (Array.isArray(kept)) kept.length = 0;
    last = time;
    result.times.push(time);
    result.cpu.push(Math.min(Math.max(rows.cpu(row), 0), 100));
    result.memory.push(share(rows.memoryAvailable(row), rows.memoryTotal(row)));
    result.swap.push(share(rows.swapFree(row), rows.swapTotal(row)));
    result.pressureCpu.push(rows.pressureCpu(row));
    result.pressureMemory.push(rows.pressureMemory(row));
    result.pressureIo.push(rows.pressureIo(row));
    result.received.push(rows.rxRate(row));
    result.sent.push(rows.txRate(row));
  }
  return result;
}

export interface Identity {
  /** ms since 1970. */
  started: number;
  peerId: string;
  hostName: string;
  version: string;
}

export function identityOf(rows: NodeRows, count: number): Identity | null {
  if (count === 0) return null;
  return { started: rows.started(0) / 1000, peerId: rows.peerId(0), hostName: rows.hostName(0), version: rows.version(0) };
}

const resources = tableStore(["resources"], (arena) => arena.read("resources", (rows, { total }) => resourcesOf(rows, total)));
const identity = tableStore(["node"], (arena) => arena.read("node", (rows, { count }) => identityOf(rows, count)));

/** null before there was anything to read; so is the next. */
export function useResources(): Resources | null {
  return useSyncExternalStore(resources.subscribe, resources.get);
}

export function useIdentity(): Identity | null {
  return useSyncExternalStore(identity.subscribe, identity.get);
}
