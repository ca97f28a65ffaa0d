// SPDX-License-Identifier: GPL-3.0-or-later
// What the quick settings show, as the host describes it (shell/quick). What is missing is null.
import type { Player } from "./media";

export type Connecting = "connected" | "connecting" | "disconnected" | "unavailable";
export type Security = "open" | "owe" | "psk" | "sae" | "enterprise" | "wep";

export interface WifiNetwork {
  id: string;
  /** What its owner, or whoever is near, calls it. */
  name: string;
  /** Its name has bytes that cannot be shown. */
  odd: boolean;
  /** Percent. */
  strength: number;
  security: Security;
  active: boolean;
}

export interface Wifi {
  id: string;
  on: boolean;
  /** A switch on the machine turns it off. */
  blocked: boolean;
  state: Connecting;
  /** The password of what was joined last was not right. */
  wrong: boolean;
  name: string;
  strength: number;
  total?: number;
  networks?: WifiNetwork[];
}

export interface Cable {
  id: string;
  name: string;
  state: Connecting;
}

export interface NetworkState {
  wifi?: Wifi;
  cables: Cable[];
  connectivity: "unknown" | "none" | "portal" | "limited" | "full";
}

export interface BluetoothDevice {
  id: string;
  name: string;
  connected: boolean;
  /** Percent; -1: it does not say. */
  battery: number;
}

export interface BluetoothState {
  on: boolean;
  devices: BluetoothDevice[];
}

export interface SoundDevice {
  id: string;
  name: string;
  active: boolean;
}

export interface Sound {
  /** Percent. */
  volume: number;
  muted: boolean;
  devices: SoundDevice[];
}

/** What an application plays. */
export interface Playing {
  id: number;
  /** The application's name, as it says itself. */
  name: string;
  /** What it plays; "": it does not say. */
  what: string;
  /** Percent. */
  volume: number;
  muted: boolean;
}

export interface AudioState {
  output: Sound;
  input?: Sound;
  playing: Playing[];
}

export interface BatteryState {
  percent: number;
  state: "charging" | "discharging" | "full" | "waiting";
  /** Until it is full or empty; 0: not known. */
  seconds: number;
  low: boolean;
}

export interface ProfileState {
  active: string;
  profiles: string[];
  degraded: boolean;
}

export interface QuickState {
  network: NetworkState | null;
  bluetooth: BluetoothState | null;
  audio: AudioState | null;
  /** Percent; -1: it cannot be set. */
  brightness: number;
  battery: BatteryState | null;
  /** Only where the quick settings are open: */
  profile?: ProfileState | null;
  nightLight?: { on: boolean } | null;
  dark?: boolean;
  /** The one that keys are meant for first. */
  media?: Player[] | null;
  /** -1: the node does not answer. */
  peers?: number;
}

/** How many networks are drawn before somebody looks for one. */
export const networksDrawn = 50;

/** Those that have every word of the query, at most so many; and how many more there are. */
export function findNetworks(networks: readonly WifiNetwork[], query: string): { found: WifiNetwork[]; more: number } {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const all = networks.filter(({ name }) => words.every((word) => name.toLocaleLowerCase().includes(word)));
  return { found: all.slice(0, networksDrawn), more: Math.max(all.length - networksDrawn, 0) };
}

/** How it is called among the others: who plays two things says which. */
export function playingName({ name, what, id }: Playing, all: readonly Playing[]): string {
  const alone = !all.some((other) => other.id !== id && other.name === name);
  return alone || !what ? name : `${name}: ${what}`;
}

export function volumeLevel({ volume, muted }: Pick<Sound, "volume" | "muted">): 0 | 1 | 2 | 3 {
  if (muted || volume <= 0) return 0;
  if (volume < 34) return 1;
  return volume < 67 ? 2 : 3;
}

/** 0 to 3 arcs. */
export function wifiLevel(strength: number): number {
  return Math.min(3, Math.max(1, Math.ceil(strength / 34)));
}

export function usedCable(network: Pick<NetworkState, "cables">): Cable | undefined {
  return network.cables.find(({ state }) => state === "connected");
}
