// SPDX-License-Identifier: GPL-3.0-or-later
// Where each node is on the map: how far by the time there and back, in which direction by its region.
// A node stays where it is as long as it can: its direction is made of its id, and its distance changes
// only where the time has changed by more than it does from one ping to the next.
import { regionText } from "./peer_text";
import type { Peer, Presence } from "./use_peers";

/** ms; each has a ring. */
export const rings = [1, 10, 100] as const;
const nearest = 0.1;
const furthest = 1000;
/** Parts of the map's radius. */
const inner = 0.16;
const outer = 0.86;
/** Of which nobody has measured how far they are. */
export const unmeasured = 0.97;
/** Decades: what a time changes by before its node moves. */
const rest = 0.15;
export const sectorsMost = 12;
/** Of a sector, at each side; nobody is there. */
const margin = 0.06;

export type Kind = "direct" | "relayed" | "apart" | "suspect" | "dead";

export interface Sector {
  /** "": they name none. */
  name: string;
  /** Of regions for which there is no sector. */
  others: boolean;
  from: number;
  to: number;
}

export interface Place {
  peer: Peer;
  /** -1 to 1, of the map's radius. */
  x: number;
  y: number;
  kind: Kind;
  /** 0 to 4: nothing to much that goes there and comes from there. */
  traffic: number;
  /** 0 to 1; below 0 where it does not say. */
  load: number;
}

/** Part of the map's radius at so many ms. */
export function distanceOf(ms: number): number {
  const decades = Math.log10(furthest / nearest);
  const at = Math.log10(Math.min(furthest, Math.max(nearest, ms)) / nearest);
  return inner + (at / decades) * (outer - inner);
}

/** 0 to 1, even and for ever the same (FNV-1a, stirred). */
export function shareOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Bytes a second, in steps that can be told apart. */
export function trafficOf(rate: number): number {
  if (!(rate >= 1)) return 0;
  return rate < 1024 ? 1 : rate < 32 * 1024 ? 2 : rate < 1024 * 1024 ? 3 : 4;
}

export function kindOf(peer: Peer, state: string): Kind {
  if (state === "dead" || state === "left") return "dead";
  if (state === "suspect") return "suspect";
  if (peer.connections === 0) return "apart";
  return peer.relayed ? "relayed" : "direct";
}

/** By name, those that name none last; the smallest share a sector where there are too many. */
export function sectorsOf(regions: ReadonlyMap<string, number>): Sector[] {
  const named = [...regions.keys()].filter((name) => name !== "");
  const room = sectorsMost - (regions.has("") ? 1 : 0);
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const kept = named.length <= room ? named : named.sort((a, b) => (regions.get(b) ?? 0) - (regions.get(a) ?? 0) || order(a, b)).slice(0, room - 1);
  const all: Pick<Sector, "name" | "others">[] = kept.sort(order).map((name) => ({ name, others: false }));
  if (kept.length < named.length) all.push({ name: "", others: true });
  if (regions.has("")) all.push({ name: "", others: false });
  const width = (2 * Math.PI) / Math.max(1, all.length);
  return all.map((sector, i) => ({ ...sector, from: i * width - Math.PI / 2, to: (i + 1) * width - Math.PI / 2 }));
}

export interface Scene {
  sectors: Sector[];
  places: Place[];
}

function same(a: Scene, b: Scene): boolean {
  if (a.places.length !== b.places.length || a.sectors.length !== b.sectors.length) return false;
  if (a.sectors.some(({ name, others }, i) => name !== b.sectors[i]?.name || others !== b.sectors[i].others)) return false;
  for (let i = 0; i < a.places.length; i++) {
    const one = a.places[i];
    const other = b.places[i];
    if (!one || !other || one.peer.id !== other.peer.id || one.x !== other.x || one.y !== other.y) return false;
    if (one.kind !== other.kind || one.traffic !== other.traffic || one.load !== other.load) return false;
  }
  return true;
}

/** Keeps how far each was. */
export class Places {
  private decades = new Map<string, number>();
  private last: Scene = { sectors: [], places: [] };

  /** The scene that was there before, where nothing in it has changed that is seen. */
  take(peers: readonly Peer[], members: ReadonlyMap<string, Presence>): Scene {
    const regions = new Map<string, number>();
    const named = peers.map((peer) => {
      const region = regionText(members.get(peer.id)?.region ?? "");
      regions.set(region, (regions.get(region) ?? 0) + 1);
      return region;
    });
    const sectors = sectorsOf(regions);
    const byName = new Map(sectors.filter(({ others }) => !others).map((sector) => [sector.name, sector]));
    const others = sectors.find((sector) => sector.others);
    const decades = new Map<string, number>();
    const places = peers.map((peer, i) => {
      const sector = byName.get(named[i] ?? "") ?? others;
      const edge = sectors.length > 1 ? margin : 0;
      const { from, to } = sector ?? { from: 0, to: 2 * Math.PI };
      const angle = from + (edge + (1 - 2 * edge) * shareOf(peer.id)) * (to - from);
      const distance = this.distance(peer, decades);
      return {
        peer,
        x: Math.cos(angle) * distance,
        y: Math.sin(angle) * distance,
        kind: kindOf(peer, members.get(peer.id)?.state ?? ""),
        traffic: trafficOf(peer.rate),
        load: peer.cpu >= 0 ? Math.min(10, Math.round(peer.cpu / 10)) / 10 : -1,
      };
    });
    this.decades = decades;
    const scene = { sectors, places };
    if (!same(scene, this.last)) this.last = scene;
    return this.last;
  }

  private distance({ id, latency }: Peer, decades: Map<string, number>): number {
    if (!(latency > 0)) return unmeasured;
    const now = Math.log10(latency / 1e6);
    const before = this.decades.get(id);
    const at = before !== undefined && Math.abs(now - before) <= rest ? before : now;
    decades.set(id, at);
    return distanceOf(10 ** at);
  }
}

/** Round the map, and of those in one direction the nearer first. */
export function around(places: readonly Place[]): Place[] {
  const angle = ({ x, y }: Place) => (Math.atan2(y, x) + Math.PI * 2.5) % (2 * Math.PI);
  return [...places].sort((a, b) => angle(a) - angle(b) || Math.hypot(a.x, a.y) - Math.hypot(b.x, b.y));
}

/** Whom an arrow leads to: the nearest of those that lie that way; from nobody, the nearest of all. */
export function toward(places: readonly Place[], from: Place | undefined, dx: number, dy: number): Place | undefined {
  let best: Place | undefined;
  let least = Infinity;
  for (const place of places) {
    if (place === from) continue;
    const [x, y] = [place.x - (from?.x ?? 0), place.y - (from?.y ?? 0)];
    const along = x * dx + y * dy;
    const across = Math.abs(x * dy) + Math.abs(y * dx);
    if (from && (along <= 0 || across > 2 * along)) continue;
    const far = from ? along + 2 * across : Math.hypot(x, y);
    if (far < least) [best, least] = [place, far];
  }
  return best;
}

/** Who is at a point of the map, or less than `reach` from it. */
export function at(places: readonly Place[], x: number, y: number, reach: number): Place | undefined {
  let best: Place | undefined;
  let least = reach;
  for (const place of places) {
    const far = Math.hypot(place.x - x, place.y - y);
    if (far <= least) [best, least] = [place, far];
  }
  return best;
}
