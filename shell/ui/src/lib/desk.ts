// SPDX-License-Identifier: GPL-3.0-or-later
// What there is to be set, as shell/app/settings_desk.h says it.

export interface Output {
  Name: string;
  Make: string;
  Model: string;
  Width: number;
  Height: number;
  /** mHz; 0: no fixed rate. */
  Refresh: number;
  Scale: number;
  X: number;
  Y: number;
  /** Quarter turns, from 4 on mirrored. */
  Transform: number;
  Powered: boolean;
  Tint: string;
  /** The output whose picture it shows; empty for its own. */
  Mirror: string;
  /** When the refresh rate follows what is shown: off, on, on-demand, content. */
  VariableRefresh: string;
  VariableRefreshSupported: boolean;
  Modes: [width: number, height: number, mHz: number, preferred: boolean][];
}

export interface Device {
  Name: string;
  Kind: string;
}

export type Config = Record<string, Record<string, string>>;

export interface SettingsDesk {
  /** The compositor answers; what follows is only there where it does. */
  present: boolean;
  outputs?: Record<string, Output>;
  devices?: Record<string, Device>;
  input?: { Layouts: string[]; ActiveLayout: number; Bindings: [mode: string, combination: string, action: string][]; LastConfigError: [number, string]; ConfigFile: string };
  idle?: { Times: Record<string, number>; OnBattery: boolean };
  night?: { Active: boolean; Temperature: number };
  actions?: [name: string, argument: boolean][];
  config?: Config;
  notes: { DoNotDisturb: boolean; QuietInFullScreen: boolean; Muted: string[] } | null;
}

/** What all programs share; what is not installed is missing. */
export interface LookState {
  "accent-color"?: string;
  "color-scheme"?: string;
  "enable-animations"?: boolean;
  "text-scaling-factor"?: number;
  "high-contrast"?: boolean;
  "screen-keyboard-enabled"?: boolean;
}

export interface Trial {
  /** Seconds; 0: nothing is on trial. */
  left: number;
  kept: boolean;
}

export interface Place {
  page: string;
  serial: number;
}
