// SPDX-License-Identifier: GPL-3.0-or-later
// The way to the host: commands with an answer, and state that the host sends.
import type { AuthenticationState } from "./authentication";
import type { FilesDrag, FilesJob, FilesPlace, ViewState } from "./files";
import type { LookState, Place, SettingsDesk, Trial } from "./desk";
import type { Catalogue } from "./i18n";
import type { ClipboardState } from "./clipboard";
import type { KeyboardSwitch, KeysState } from "./keyboard";
import type { HistoryState, NotificationsState, PopupsState } from "./notes";
import type { PromptState } from "./permissions";
import type { QuickState } from "./quick";
import type { TrayState } from "./tray";

export interface Appearance {
  dark: boolean;
  highContrast: boolean;
  /** A name of the setting that desktops share: “blue”, say. */
  accent: string;
  /** A screen reader is on. */
  reader: boolean;
}

export interface Alert {
  name: string;
  value: number;
  threshold: number;
  sentence: string;
}

export interface NodeState {
  connected: boolean;
  peerId?: string;
  hostName?: string;
  alerts?: Alert[];
}

export interface Workspace {
  name: string;
  windows: number;
}

export interface CompositorState {
  present: boolean;
  title?: string;
  active?: number;
  workspaces?: Workspace[];
}

export interface AppAction {
  id: string;
  name: string;
}

export interface App {
  id: string;
  name: string;
  generic: string;
  description: string;
  program: string;
  keywords: string[];
  actions: AppAction[];
  /** 0 for the one started last, -1 for one never started. */
  recent: number;
}

export interface OverlayState {
  name: "" | "clipboard" | "launcher" | "notifications" | "power" | "quick" | "shortcuts" | "tray";
  /** Counts how often an overlay was opened. */
  serial: number;
}

/** A terminal of the node, as org.inos.Node1.Terminals lists it. */
export interface TerminalRow {
  id: number;
  title: string;
  program: string;
  directory: string;
  attached: number;
  state: "idle" | "busy" | "ended";
  code: number;
  signal: number;
  started: number;
}

/** What the host keeps telling a page; a page gets what concerns it. */
export interface HostState {
  appearance?: Appearance;
  node?: NodeState;
  compositor?: CompositorState;
  overlay?: OverlayState;
  apps?: App[];
  notifications?: NotificationsState;
  popups?: PopupsState;
  /** What the person is asked, or nothing. */
  prompt?: PromptState | null;
  /** For what a password is asked, or nothing. */
  authentication?: AuthenticationState | null;
  quick?: QuickState;
  tray?: TrayState;
  clipboard?: ClipboardState;
  keyboard?: KeyboardSwitch;
  /** Of the on-screen keyboard's page. */
  keys?: KeysState;
  /** The notifications that there were. */
  history?: HistoryState;
  /** Of an application's window: */
  settings?: Record<string, unknown>;
  /** How often it was to be closed. */
  closing?: number;
  terminals?: TerminalRow[];
  /** Where the first terminal begins. */
  directory?: string;
  /** What the page said last of its tabs. */
  layout?: string;
  /** Entries of a log that were found to be written to a file; null: none is. */
  logExport?: number | null;
  /** Counts what has become of the mesh, its members and who wants to be one. */
  meshNews?: number;
  /** Of Node Manager: that there is more of its simulation. */
  simulation?: Record<string, unknown>;
  /** Of Settings: what there is to be set, and what of the displays is on trial. */
  desk?: SettingsDesk;
  look?: LookState;
  /** Counts what has become of what applications may do. */
  permitNews?: number;
  trial?: Trial;
  /** Of Files: the tabs that a page begins with, and what it says then. */
  filesViews?: ViewState[];
  filesSaid?: string;
  /** The properties of what is selected first are asked for. */
  filesAbout?: boolean;
  filesPlaces?: FilesPlace[];
  filesJobs?: FilesJob[];
  filesOver?: FilesDrag;
  filesDrop?: FilesDrag;
  /** How often a view has had news. */
  filesNews?: Record<string, number>;
  /** The page that the launcher asked for. */
  goTo?: Place;
}

export interface Greeting extends HostState {
  language: string;
  dir: "ltr" | "rtl";
  locale: string;
  /** How a screen reader calls the page. */
  title: string;
  catalogue: Catalogue | null;
}

declare global {
  interface Window {
    webkit?: { messageHandlers: { inos: { postMessage(text: string): Promise<string> } } };
    inosReceive?: (state: HostState) => void;
  }
}

/** Asks the host; rejects with an Error whose message is for the person. */
export async function ask<T = null>(command: string, args: object = {}): Promise<T> {
  const handler = window.webkit?.messageHandlers.inos;
  if (!handler) throw new Error("no host");
  try {
    return JSON.parse(await handler.postMessage(JSON.stringify({ command, args }))) as T;
  } catch (error) {
    throw error instanceof Error ? error : new Error(String(error));
  }
}

/** Asks where nobody waits for the answer; the host logs what it refuses. */
export function tell(command: string, args: object = {}): void {
  ask(command, args).catch((error: unknown) => console.warn(command, error));
}
