// SPDX-License-Identifier: GPL-3.0-or-later
// The other nodes: what the arena has of them, and what only the node's own books have, which is asked
// for when the mesh says that something has become of somebody.
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { tableStore, type Arena } from "../../lib/arena";
import { ask } from "../../lib/host";
import { useHost } from "../../lib/page";
import { message } from "./text";

export interface Peer {
  id: string;
  agent: string;
  address: string;
  /** 0: none now. */
  connections: number;
  inbound: boolean;
  relayed: boolean;
  sent: number;
  received: number;
  /** ns; 0: not known. */
  latency: number;
  /** Bytes a second that go there and come from there. */
  rate: number;
  /** What it says of itself; below 0 what it does not say. */
  cpu: number;
  memoryUsed: number;
  memoryTotal: number;
  services: number;
  /** ms since 1970 when it said so; 0: it has said nothing. */
  said: number;
}

const unsaid = { cpu: -1, memoryUsed: -1, memoryTotal: -1, services: 0, said: 0 };
const unknown = { agent: "", address: "", connections: 0, inbound: false, relayed: false, sent: 0, received: 0, latency: 0, rate: 0 };

/** s; after longer than that nobody knows when the bytes went. */
const rateSpan = 3;

/** How fast what is counted grows, from one look to the next. */
export class Rates {
  private clock = 0;
  private counts = new Map<string, number>();
  private rates = new Map<string, number>();

  /** clock: ns. The same look may be taken again. */
  take(clock: number, counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
    if (clock === this.clock) return this.rates;
    const seconds = (clock - this.clock) / 1e9;
    const known = this.clock > 0 && seconds > 0 && seconds <= rateSpan;
    this.rates = new Map();
    for (const [id, count] of counts) {
      const before = this.counts.get(id);
      const grown = known && before !== undefined ? count - before : 0;
      if (grown > 0) this.rates.set(id, grown / seconds);
    }
    this.clock = clock;
    this.counts = new Map(counts);
    return this.rates;
  }
}

/** Without this node. */
export function peersOf(arena: Arena, rates = new Rates()): Peer[] | undefined {
  const selves = new Set<string>();
  const nodes = arena.read("nodes", (rows, { count }) => {
    const found = new Map<string, typeof unsaid>();
    for (let i = 0; i < count; i++) {
      if (rows.self(i) === 1) selves.add(rows.peerId(i));
      found.set(rows.peerId(i), {
        cpu: rows.cpu(i),
        memoryUsed: rows.memoryUsed(i),
        memoryTotal: rows.memoryTotal(i),
        services: rows.services(i),
        said: rows.said(i) / 1000,
      });
    }
    return found;
  });
  let looked = 0;
  const peers = arena.read("peers", (rows, { count, clock }) => {
    looked = clock;
    return Array.from({ length: count }, (_, i) => ({
      id: rows.peerId(i),
      agent: rows.agent(i),
      address: rows.address(i),
      connections: rows.connections(i),
      inbound: (rows.flags(i) & 1) !== 0,
      relayed: (rows.flags(i) & 2) !== 0,
      sent: rows.sent(i),
      received: rows.received(i),
      latency: rows.latency(i),
    }));
  });
  if (!nodes || !peers) return undefined;
  const grown = rates.take(looked, new Map(peers.map(({ id, sent, received }) => [id, sent + received])));
  const merged = new Map<string, Peer>(
    peers.map((peer) => [peer.id, { ...peer, rate: grown.get(peer.id) ?? 0, ...(nodes.get(peer.id) ?? unsaid) }]),
  );
  for (const [id, said] of nodes) if (!merged.has(id)) merged.set(id, { id, ...unknown, ...said });
  for (const self of selves) merged.delete(self);
  return [...merged.values()];
}

const rates = new Rates();
const peers = tableStore(["nodes", "peers"], (arena) => peersOf(arena, rates));

/** null before there was anything to read. */
export function usePeers(): Peer[] | null {
  return useSyncExternalStore(peers.subscribe, peers.get);
}

export interface Member {
  id: string;
  name: string;
  standing: string;
  by: string;
  rank: number;
}

export interface Reputation {
  /** Per mille. */
  expected: number;
  /** Thousandths of outcomes that this node has seen itself. */
  outcomes: number;
  /** How many members say something. */
  said: number;
  why: Record<string, number>;
}

export interface Request {
  id: string;
  name: string;
  address: string;
  waits: boolean;
  /** ms. */
  age: number;
  invited: boolean;
}

/** What the members say of one, and where it says that it is. */
export interface Presence {
  /** "alive", "suspect", "dead" or "left". */
  state: string;
  region: string;
}

export interface Books {
  /** "": none. */
  mesh: string;
  access: string;
  standing: string;
  roll: Map<string, Member>;
  reputations: Map<string, Reputation>;
  requests: Request[];
  presence: Map<string, Presence>;
}

/** Of the rows that the node has. */
export const membersMost = 1024;

type Members = [number, [string, string, string, string, number, number, string, number, string, string, boolean][]];
export type Roll = [mesh: string, access: string, standing: string, roll: [string, string, string, string, string, number][]];
type Reputations = [[string, number, number, number, number, number, number, Record<string, number>][]];
type Requests = [[string, string, string, boolean, string, boolean][]];

/** Who is where is told of beside the rest, which is there without it. */
export async function readBooks(): Promise<Books> {
  const [roll, reputations, requests, members] = await Promise.all([
    ask<Roll>("peer.roll"),
    ask<Reputations>("peer.reputations"),
    ask<Requests>("peer.requests"),
    ask<Members>("peer.members", { limit: membersMost }).catch((): Members => [0, []]),
  ]);
  const [mesh, access, standing, listed] = roll;
  return {
    mesh,
    access,
    standing,
    roll: new Map(listed.map(([id, name, is, by, , rank]) => [id, { id, name, standing: is, by, rank }])),
    reputations: new Map(reputations[0].map(([id, expected, , outcomes, , said, , why]) => [id, { expected, outcomes, said, why }])),
    requests: requests[0].map(([id, name, address, waits, age, invited]) => ({ id, name, address, waits, age: Number(age), invited })),
    presence: new Map(members[1].map(([id, state, , , , , , , , region]) => [id, { state, region }])),
  };
}

/** The books, why there are none, and a way to look again. They are read anew at each of the mesh's news. */
export function useBooks(): { books: Books | null; fault: string; look: () => void } {
  const { meshNews, node } = useHost();
  const connected = node?.connected ?? false;
  const [books, setBooks] = useState<Books | null>(null);
  const [fault, setFault] = useState("");
  const look = useCallback(() => {
    readBooks()
      .then((found) => {
        setBooks(found);
        setFault("");
      })
      .catch((error: unknown) => setFault(message(error)));
  }, []);
  useEffect(() => {
    if (connected) look();
  }, [connected, meshNews, look]);
  return { books, fault: connected ? fault : "", look };
}
