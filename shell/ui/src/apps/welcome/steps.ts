// SPDX-License-Identifier: GPL-3.0-or-later
// The pages of the welcome, and where keys lead.
import { t } from "../../lib/i18n";
import type { IconName } from "../../lib/icons";

export const steps = ["hello", "look", "keyboard", "mesh", "keys"] as const;
export type StepName = (typeof steps)[number];

export function titleOf(step: StepName): string {
  const titles: Record<StepName, string> = {
    hello: t("Welcome to Inos"),
    look: t("How should it look?"),
    keyboard: t("Your keyboard"),
    mesh: t("The mesh"),
    keys: t("What the keys do"),
  };
  return titles[step];
}

export const icons: Record<StepName, IconName> = { hello: "language", look: "appearance", keyboard: "keyboard", mesh: "mesh", keys: "tick" };

export function stepAt(step: StepName, by: -1 | 1): StepName {
  const at = Math.min(Math.max(steps.indexOf(step) + by, 0), steps.length - 1);
  return steps[at] ?? step;
}

/** What a key does that no field has taken. Escape is the way out of all of it. */
export function keyOf(event: { key: string; ctrlKey: boolean; altKey: boolean; metaKey: boolean }): "close" | -1 | 1 | null {
  if (event.metaKey) return null;
  if (event.key === "Escape" && !event.ctrlKey && !event.altKey) return "close";
  if (!event.ctrlKey || event.altKey) return null;
  if (event.key === "PageDown") return 1;
  if (event.key === "PageUp") return -1;
  return event.key.toLowerCase() === "w" ? "close" : null;
}
