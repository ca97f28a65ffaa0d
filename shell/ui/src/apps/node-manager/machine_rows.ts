// SPDX-License-Identifier: GPL-3.0-or-later
// What the node tells of this machine (bridge/dbus/org.inos.Node1.Machine.xml), as the pages have it.
import { t } from "../../lib/i18n";
import type { Sort } from "./grid";

export interface Process {
  /** Its number and its start: no other one has both. */
  key: string;
  pid: number;
  start: string;
  parent: number;
  name: string;
  user: string;
  state: string;
  /** Of one processor; below 0: not known yet. */
  share: number;
  memory: number;
  threads: number;
  nice: number;
  unit: string;
  mine: boolean;
  command: string;
}

export type ProcessRow = [
  pid: number, start: string, parent: number, name: string, user: string, uid: number, state: string, cpu: number, memory: string,
  threads: number, nice: number, unit: string, mine: boolean, command: string,
];
export type ProcessAnswer = [total: number, found: number, seconds: number, rows: ProcessRow[]];

export function processOf(row: ProcessRow): Process {
  const [pid, start, parent, name, user, , state, share, memory, threads, nice, unit, mine, command] = row;
  return { key: `${pid}-${start}`, pid, start, parent, name, user, state, share, memory: Number(memory), threads, nice, unit, mine, command };
}

/** Whether it is looked for, as the node says: so that what is not goes at once, and not with the next answer. */
export function isFound({ pid, name, command, unit, user }: Process, query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = [name, command, unit, user].join("\n").toLowerCase();
  return words.every((word) => text.includes(word) || word === String(pid));
}

/** As the node calls it: the larger first, or with "-" the smaller. */
export function orderOf(sort: Sort | null): string {
  if (!sort) return "cpu";
  return sort.descending ? sort.column : `-${sort.column}`;
}

export interface Unit {
  path: string;
  name: string;
  kind: string;
  share: number;
  /** Below 0: not counted. */
  memory: number;
  processes: number;
  read: number;
  written: number;
}

export type UnitAnswer = [seconds: number, rows: [path: string, kind: string, cpu: number, memory: string, processes: string, read: number, written: number][]];

export function lastOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** "app-foo\x2dbar.scope" is "app-foo-bar.scope". */
export function unitName(path: string): string {
  return lastOf(path).replace(/\\x([2-7][0-9a-f])/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

export function unitOf([path, kind, share, memory, processes, read, written]: UnitAnswer[1][number]): Unit {
  return { path, name: unitName(path), kind, share, memory: Number(memory), processes: Number(processes), read, written };
}

export interface UnitLine {
  unit: Unit;
  level: number;
  open: boolean | undefined;
  position: number;
  siblings: number;
}

const deepest = 24;

/** A tree of them; what is in one goes by the order, and what is looked for is a list. */
export function unitLines(units: readonly Unit[], compare: (a: Unit, b: Unit) => number, folded: ReadonlySet<string>, query: string): UnitLine[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length > 0) {
    const found = units.filter(({ name, path }) => words.every((word) => `${name} ${path}`.toLowerCase().includes(word))).sort(compare);
    return found.map((unit, i) => ({ unit, level: 1, open: undefined, position: i + 1, siblings: found.length }));
  }
  const below = new Map<string, Unit[]>();
  for (const unit of units) {
    const parent = unit.path.slice(0, unit.path.lastIndexOf("/"));
    const list = below.get(parent);
    if (list) list.push(unit);
    else below.set(parent, [unit]);
  }
  const lines: UnitLine[] = [];
  const add = (parent: string, level: number) => {
    const list = (below.get(parent) ?? []).sort(compare);
    list.forEach((unit, i) => {
      const has = below.has(unit.path) && level < deepest;
      const open = has ? !folded.has(unit.path) : undefined;
      lines.push({ unit, level, open, position: i + 1, siblings: list.length });
      if (open) add(unit.path, level + 1);
    });
  };
  add("", 1);
  return lines;
}

export interface Disk {
  mount: string;
  type: string;
  device: string;
  total: number;
  used: number;
  available: number;
  read: number;
  written: number;
  /** Of the time; below 0: not known. */
  busy: number;
}

export type DiskAnswer = [
  seconds: number,
  rows: [mount: string, type: string, device: string, total: string, used: string, available: string, read: number, written: number, busy: number][],
];

export function diskOf([mount, type, device, total, used, available, read, written, busy]: DiskAnswer[1][number]): Disk {
  return { mount, type, device, total: Number(total), used: Number(used), available: Number(available), read, written, busy };
}

export interface Interface {
  name: string;
  up: boolean;
  received: number;
  sent: number;
  faults: number;
  receives: number;
  sends: number;
  /** Mbit/s; below 0: not known. */
  speed: number;
  addresses: string[];
}

export type InterfaceAnswer = [
  seconds: number,
  rows: [
    name: string, up: boolean, received: string, sent: string, packetsIn: string, packetsOut: string, errors: string, dropped: string,
    receives: number, sends: number, speed: string, addresses: string[],
  ][],
];

export function interfaceOf([name, up, received, sent, , , errors, dropped, receives, sends, speed, addresses]: InterfaceAnswer[1][number]): Interface {
  return {
    name, up, received: Number(received), sent: Number(sent), faults: Number(errors) + Number(dropped), receives, sends, speed: Number(speed), addresses,
  };
}

export function processState(state: string): string {
  const texts: Record<string, string> = {
    running: t("running"),
    sleeping: t("sleeping"),
    waiting: t("waits for a disk"),
    stopped: t("stopped"),
    traced: t("is debugged"),
    zombie: t("has ended"),
    idle: t("idle"),
  };
  return texts[state] ?? t("unknown");
}

export function kindText(kind: string): string {
  const texts: Record<string, string> = {
    slice: t("slice"),
    service: t("service"),
    scope: t("scope"),
    socket: t("socket"),
    mount: t("mount"),
    swap: t("swap"),
  };
  return texts[kind] ?? t("group");
}

/** Parts of the desktop, which are started again and may take windows along. */
export function isOfDesktop({ name }: Process): boolean {
  return name.startsWith("inos-");
}
