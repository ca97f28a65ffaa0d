// SPDX-License-Identifier: GPL-3.0-or-later
// Made by protocols/arena.py from protocols/arena.toml: change that one.
import { Rows } from "./arena_rows";

/** Places are counted from the beginning of the arena, but for those in the header and in a copy. */
export const layout = {
  version: 1,
  metadata: 0x01000000,
  end: 0x01766000,
  descriptors: 256,
  descriptorSize: 64,
  copySize: 64,
  hash: [0xcab2e76b, 0xb41d8a38],
  magic: [73, 78, 79, 83, 65, 82, 69, 78],
  header: { magic: 0, version: 8, tables: 12, layout: 16, started: 24, signals: 32, paused: 40, waiting: 48, threshold: 52, readers: 56 },
  descriptor: { begun: 0, done: 4, rows: 8, rowSize: 12, first: 16, second: 20 },
  copy: { count: 0, dropped: 4, total: 8, time: 16, clock: 24 },
} as const;

/** This machine's node. */
export class NodeRows extends Rows {
  /** µs since 1970 when it started */
  started(row: number): number {
    return this.i64Of(row, 0);
  }
  /** its id in the mesh */
  peerId(row: number): string {
    return this.textOf(row, 8, 64);
  }
  /** the machine's name */
  hostName(row: number): string {
    return this.textOf(row, 72, 64);
  }
  /** of Inos */
  version(row: number): string {
    return this.textOf(row, 136, 16);
  }
}

/** What the monitor saw, look by look: ten minutes at one a second. It is kept also while nobody reads. */
export class ResourcesRows extends Rows {
  /** µs since 1970 */
  time(row: number): number {
    return this.i64Of(row, 0);
  }
  /** percent of all cores */
  cpu(row: number): number {
    return this.f64Of(row, 8);
  }
  /** bytes */
  memoryTotal(row: number): number {
    return this.u64Of(row, 16);
  }
  /** bytes */
  memoryAvailable(row: number): number {
    return this.u64Of(row, 24);
  }
  /** bytes */
  swapTotal(row: number): number {
    return this.u64Of(row, 32);
  }
  /** bytes */
  swapFree(row: number): number {
    return this.u64Of(row, 40);
  }
  /** load average over 1 minute */
  load1(row: number): number {
    return this.f64Of(row, 48);
  }
  /** over 5 */
  load5(row: number): number {
    return this.f64Of(row, 56);
  }
  /** over 15 */
  load15(row: number): number {
    return this.f64Of(row, 64);
  }
  /** percent of the last 10 s in which something waited for a processor */
  pressureCpu(row: number): number {
    return this.f64Of(row, 72);
  }
  /** the same for memory */
  pressureMemory(row: number): number {
    return this.f64Of(row, 80);
  }
  /** the same for disks */
  pressureIo(row: number): number {
    return this.f64Of(row, 88);
  }
  /** bytes received a second, of all interfaces but the loopback */
  rxRate(row: number): number {
    return this.u64Of(row, 96);
  }
  /** bytes sent a second */
  txRate(row: number): number {
    return this.u64Of(row, 104);
  }
  /** °C of the warmest sensor; 0 where there is none */
  temperature(row: number): number {
    return this.f64Of(row, 112);
  }
  /** percent; below 0 where there is no battery */
  battery(row: number): number {
    return this.f64Of(row, 120);
  }
  /** until it is empty, or full where it charges; -1 not known */
  batterySeconds(row: number): number {
    return this.i64Of(row, 128);
  }
  /** 1 where it charges */
  batteryCharging(row: number): number {
    return this.u32Of(row, 136);
  }
  /** how many there are */
  cores(row: number): number {
    return this.u32Of(row, 140);
  }
}

/** The processor's cores. */
export class CoresRows extends Rows {
  /** percent */
  usage(row: number): number {
    return this.f64Of(row, 0);
  }
}

/** All actors of the node, in the order of their places. The parent is who watches an actor, in general its supervisor. */
export class ActorsRows extends Rows {
  /** for ever this one's */
  id(row: number): bigint {
    return this.idOf(row, 0);
  }
  /** 0: nobody */
  parent(row: number): bigint {
    return this.idOf(row, 8);
  }
  /** messages and replies handled */
  processed(row: number): number {
    return this.u64Of(row, 16);
  }
  /** messages in its mailbox */
  depth(row: number): number {
    return this.u64Of(row, 24);
  }
  /** ns that the oldest of them has waited: the latency it has now */
  oldest(row: number): number {
    return this.u64Of(row, 32);
  }
  /** handled a second */
  rate(row: number): number {
    return this.f64Of(row, 40);
  }
  /** of one processor, 0 to 1 */
  share(row: number): number {
    return this.f64Of(row, 48);
  }
  /** by its supervisor */
  restarts(row: number): number {
    return this.u32Of(row, 56);
  }
  /** 0 starting, 1 idle, 2 ready, 3 running, 4 busy, 5 blocked, 6 stuck */
  state(row: number): number {
    return this.u32Of(row, 60);
  }
  /** how much the depth is worth: 0 nothing, 1 at least so many, 2 exact */
  known(row: number): number {
    return this.u32Of(row, 64);
  }
  /** 1 where it is one */
  supervisor(row: number): number {
    return this.u32Of(row, 68);
  }
  /** its own, or the one its supervisor has for it */
  name(row: number): string {
    return this.textOf(row, 72, 64);
  }
  /** its behaviour */
  class(row: number): string {
    return this.textOf(row, 136, 32);
  }
}

/** The nodes of the mesh, this one among them, by what each says of itself. What one does not say is below 0. */
export class NodesRows extends Rows {
  /** µs since 1970 when it said so */
  said(row: number): number {
    return this.i64Of(row, 0);
  }
  /** percent */
  cpu(row: number): number {
    return this.f64Of(row, 8);
  }
  /** average over 1 minute */
  load(row: number): number {
    return this.f64Of(row, 16);
  }
  /** bytes */
  memoryTotal(row: number): number {
    return this.f64Of(row, 24);
  }
  /** bytes */
  memoryUsed(row: number): number {
    return this.f64Of(row, 32);
  }
  /** bytes */
  storageFree(row: number): number {
    return this.f64Of(row, 40);
  }
  /** °C of the warmest sensor */
  temperature(row: number): number {
    return this.f64Of(row, 48);
  }
  /** percent */
  battery(row: number): number {
    return this.f64Of(row, 56);
  }
  /** bytes received a second */
  rxRate(row: number): number {
    return this.f64Of(row, 64);
  }
  /** bytes sent a second */
  txRate(row: number): number {
    return this.f64Of(row, 72);
  }
  /** of its processor */
  cores(row: number): number {
    return this.f64Of(row, 80);
  }
  /** to which it is connected */
  peers(row: number): number {
    return this.f64Of(row, 88);
  }
  /** that it offers */
  services(row: number): number {
    return this.u32Of(row, 96);
  }
  /** 1 where it is this one */
  self(row: number): number {
    return this.u32Of(row, 100);
  }
  /** its id */
  peerId(row: number): string {
    return this.textOf(row, 104, 64);
  }
}

/** The peers that this node knows, with the traffic of those it is connected to. */
export class PeersRows extends Rows {
  /** bytes */
  sent(row: number): number {
    return this.u64Of(row, 0);
  }
  /** bytes */
  received(row: number): number {
    return this.u64Of(row, 8);
  }
  /** ns there and back; 0 not known */
  latency(row: number): number {
    return this.u64Of(row, 16);
  }
  /** 0: none now */
  connections(row: number): number {
    return this.u32Of(row, 24);
  }
  /** 1 it has called us, 2 by a relay */
  flags(row: number): number {
    return this.u32Of(row, 28);
  }
  /** its id */
  peerId(row: number): string {
    return this.textOf(row, 32, 64);
  }
  /** what it says it is */
  agent(row: number): string {
    return this.textOf(row, 96, 64);
  }
  /** where it is, as a multiaddress */
  address(row: number): string {
    return this.textOf(row, 160, 128);
  }
}

/** Every table: its number, room, size of a row, its two copies, and what reads it. */
export const tables = {
  node: { number: 0, rows: 1, rowSize: 152, copies: [0x01150000, 0x01151000], Rows: NodeRows },
  resources: { number: 1, rows: 600, rowSize: 144, copies: [0x01152000, 0x01168000], Rows: ResourcesRows },
  cores: { number: 2, rows: 1024, rowSize: 8, copies: [0x0117e000, 0x01181000], Rows: CoresRows },
  actors: { number: 3, rows: 16384, rowSize: 168, copies: [0x01184000, 0x01425000], Rows: ActorsRows },
  nodes: { number: 4, rows: 1024, rowSize: 168, copies: [0x016c6000, 0x016f1000], Rows: NodesRows },
  peers: { number: 5, rows: 512, rowSize: 288, copies: [0x0171c000, 0x01741000], Rows: PeersRows },
} as const;

export type TableName = keyof typeof tables;
export type RowsOf<T extends TableName> = InstanceType<(typeof tables)[T]["Rows"]>;
