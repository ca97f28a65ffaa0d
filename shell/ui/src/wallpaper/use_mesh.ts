// SPDX-License-Identifier: GPL-3.0-or-later
// The other nodes that this one knows, read in the arena: who says something of itself, and who is
// connected.
import { useSyncExternalStore } from "react";
import { source, type Arena } from "../lib/arena";

export interface Peer {
  id: string;
  connected: boolean;
}

/** More are not drawn: it is a picture, not a list. */
export const peersDrawn = 64;

/** The same peers have the same order, so that equal lists are equal texts. */
export function peersOf(arena: Arena): Peer[] | undefined {
  const connected = new Map<string, boolean>();
  let self = "";
  const nodes = arena.read("nodes", (rows, { count }) =>
    Array.from({ length: count }, (_, i) => ({ id: rows.peerId(i), self: rows.self(i) === 1 })),
  );
  const peers = arena.read("peers", (rows, { count }) =>
    Array.from({ length: count }, (_, i) => ({ id: rows.peerId(i), connected: rows.connections(i) > 0 })),
  );
  if (!nodes || !peers) return undefined;
  for (const node of nodes) {
    if (node.self) self = node.id;
    else connected.set(node.id, false);
  }
  for (const peer of peers) {
    if (peer.connected || connected.has(peer.id)) connected.set(peer.id, peer.connected);
  }
  connected.delete(self);
  return [...connected]
    .map(([id, is]) => ({ id, connected: is }))
    .sort((a, b) => (a.connected === b.connected ? (a.id < b.id ? -1 : 1) : a.connected ? -1 : 1))
    .slice(0, peersDrawn);
}

const nobody: Peer[] = [];
let kept = nobody;

/** The same list until somebody comes or goes, so that nothing is painted before. At a signal, never while React draws. */
function update(): void {
  const { arena } = source;
  const peers = arena ? peersOf(arena) : nobody;
  if (peers && JSON.stringify(peers) !== JSON.stringify(kept)) kept = peers;
}

source.onEpoch(update);

export function useMesh(): Peer[] {
  return useSyncExternalStore(source.onEpoch, () => kept);
}
