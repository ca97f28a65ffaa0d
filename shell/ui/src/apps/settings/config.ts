// SPDX-License-Identifier: GPL-3.0-or-later
// Settings of the compositor as they hold now.
import type { Config } from "../../lib/desk";

export function text(config: Config | undefined, group: string, key: string, otherwise = ""): string {
  return config?.[group]?.[key] ?? otherwise;
}

export function truth(config: Config | undefined, group: string, key: string): boolean {
  return text(config, group, key) === "true";
}

export function number(config: Config | undefined, group: string, key: string, otherwise: number): number {
  const value = Number(text(config, group, key, String(otherwise)));
  return Number.isFinite(value) ? value : otherwise;
}
