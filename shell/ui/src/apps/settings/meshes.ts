// SPDX-License-Identifier: GPL-3.0-or-later
// What the node says of the mesh, as the page shows it.
import { ask } from "../../lib/host";
import { clean } from "../node-manager/text";

export interface Status {
  id: string;
  addresses: string[];
  reachability: string;
  metered: boolean;
  "metered-why": string;
  battery: boolean;
  "battery-why": string;
}

export interface Member {
  id: string;
  name: string;
  standing: string;
  rank: number;
  self: boolean;
  mayRevoke: boolean;
}

export interface MeshState {
  host: string;
  mesh: string;
  standing: string;
  status: Status;
  roll: { id: string; name: string; standing: string; rank: number }[];
  requests: { id: string; name: string; waits: boolean; age: number }[];
  offers: { name: string; port: number }[];
  states: { name: string; entries: number; members: string[] }[];
  access: { name: string; who: string[] }[];
}

export interface Saving {
  metered: { set: string; on: boolean };
  battery: { set: string; on: boolean };
}

type Roll = [mesh: string, access: string, standing: string, roll: [string, string, string, string, string, number][]];
type Answer = Partial<Omit<Status, "id">> & { "peer-id"?: string };

/** Those who were members come after those who are, the founder first. */
export function membersOf({ roll, status, standing }: MeshState): Member[] {
  const own = roll.find(({ id }) => id === status.id);
  return roll
    .map((each) => ({
      ...each,
      self: each.id === status.id,
      mayRevoke: standing === "member" && each.standing === "member" && each.id !== status.id && own !== undefined && own.rank < each.rank,
    }))
    .sort((a, b) => Number(a.standing !== "member") - Number(b.standing !== "member") || a.rank - b.rank || a.name.localeCompare(b.name));
}

/** What was set by hand, else "auto"; and whether it saves. */
export function savingOf(status: Status): Saving {
  const one = (on: boolean, why: string) => ({ set: why !== "set" ? "auto" : on ? "yes" : "no", on });
  return { metered: one(status.metered, status["metered-why"]), battery: one(status.battery, status["battery-why"]) };
}

/** The ids of relays at which this node is found. */
export function circuitsOf(addresses: readonly string[]): string[] {
  const found = addresses.map((address) => /\/p2p\/([A-Za-z0-9]+)\/p2p-circuit/.exec(address)?.[1]);
  return [...new Set(found.filter((id) => id !== undefined))];
}

export async function readMesh(): Promise<MeshState> {
  const [status, roll, requests, offers, states, access, machine] = await Promise.all([
    ask<[Answer]>("peer.status"),
    ask<Roll>("peer.roll"),
    ask<[[string, string, string, boolean, string, boolean][]]>("peer.requests"),
    ask<[[string, number, number, boolean, string, number, string][]]>("service.offers"),
    ask<[[string, number, string, number, string[]][]]>("peer.states"),
    ask<[[string, string[]][]]>("peer.access"),
    ask<{ host?: string }>("machine.read"),
  ]);
  const [said] = status;
  const [mesh, , standing, members] = roll;
  return {
    host: machine.host ?? "",
    mesh,
    standing,
    status: {
      id: said["peer-id"] ?? "",
      addresses: said.addresses ?? [],
      reachability: said.reachability ?? "unknown",
      metered: said.metered ?? false,
      "metered-why": said["metered-why"] ?? "",
      battery: said.battery ?? false,
      "battery-why": said["battery-why"] ?? "",
    },
    roll: members.map(([id, name, is, , , rank]) => ({ id, name: clean(name), standing: is, rank })),
    requests: requests[0].map(([id, name, , waits, age]) => ({ id, name, waits, age: Number(age) })),
    offers: offers[0].map(([name, port]) => ({ name, port })),
    states: states[0].map(([name, entries, , , who]) => ({ name, entries, members: who })),
    access: access[0].map(([name, who]) => ({ name, who })),
  };
}
