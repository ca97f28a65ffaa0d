// SPDX-License-Identifier: GPL-3.0-or-later
// Whose settings can be changed, and what they can be.
import type { Config, Device } from "../../lib/desk";
import { t } from "../../lib/i18n";
import type { Option } from "./rows";

const kinds = ["mouse", "touchpad", "tablet", "touch"] as const;
/** Of one that is not plugged in nobody knows. */
export type DeviceKind = (typeof kinds)[number] | "unknown";

export interface Scope {
  /** The group of the settings' file. */
  group: string;
  label: string;
  kind: DeviceKind;
}

export interface Field {
  key: string;
  label: string;
  hint?: string;
  options: Option<string>[];
}

function kindOf(kind: string): DeviceKind {
  return kinds.find((known) => known === kind) ?? "unknown";
}

/** A device may call itself what it likes; the compositor writes brackets otherwise. */
function canBeNamed(name: string): boolean {
  return name.trim() !== "" && !/[[\]\n\r\t]/.test(name);
}

/** All of a kind, each that is there, and those of which something is set. */
export function scopesOf(devices: Record<string, Device> | undefined, config: Config | undefined): Scope[] {
  const named = new Map<string, Scope>();
  for (const { Name, Kind } of Object.values(devices ?? {})) {
    const kind = kindOf(Kind);
    if (kind !== "unknown" && canBeNamed(Name)) named.set(Name, { group: `device ${Name}`, label: Name, kind });
  }
  const there = new Set(Object.values(devices ?? {}).map(({ Name }) => Name));
  for (const group of Object.keys(config ?? {})) {
    const name = group.replace(/^device /, "");
    if (name !== group && canBeNamed(name) && !there.has(name)) named.set(name, { group, label: t("{name} (not plugged in)", { name }), kind: "unknown" });
  }
  return [{ group: "mouse", label: t("All mice"), kind: "mouse" }, { group: "touchpad", label: t("All touchpads"), kind: "touchpad" }, ...named.values()];
}

/** The rows of that kind. Where nothing is said the device has its own way. */
export function fieldsOf(kind: DeviceKind): Field[] {
  const standard = { value: "", label: t("As the device has it") };
  const flag = [standard, { value: "true", label: t("On") }, { value: "false", label: t("Off") }];
  const buttons = [standard, { value: "left-right-middle", label: t("The right and the middle button") }, { value: "left-middle-right", label: t("The middle and the right button") }];
  const rows: (Field & { of: DeviceKind[] })[] = [
    { key: "acceleration-profile", of: ["mouse", "touchpad"], label: t("Acceleration"), options: [standard, { value: "adaptive", label: t("Faster moves go farther") }, { value: "flat", label: t("None: always the same") }] },
    { key: "natural-scroll", of: ["mouse", "touchpad"], label: t("Natural scrolling"), hint: t("What is scrolled follows the fingers."), options: flag },
    { key: "left-handed", of: ["mouse", "touchpad", "tablet"], label: t("Left-handed"), hint: kind === "tablet" ? t("It lies the other way round.") : t("The buttons change places."), options: flag },
    { key: "middle-emulation", of: ["mouse", "touchpad"], label: t("Both buttons are the middle one"), options: flag },
    { key: "tap-to-click", of: ["touchpad"], label: t("Tap to click"), options: flag },
    { key: "tap-buttons", of: ["touchpad"], label: t("Two and three fingers that tap are"), options: buttons },
    { key: "tap-and-drag", of: ["touchpad"], label: t("Tap and drag"), options: flag },
    { key: "drag-lock", of: ["touchpad"], label: t("Drag lock"), hint: t("A drag goes on while the finger is lifted for a moment."), options: flag },
    { key: "disable-while-typing", of: ["touchpad"], label: t("Rests while you type"), options: flag },
    { key: "disable-while-trackpointing", of: ["touchpad"], label: t("Rests while the stick between the keys is used"), options: flag },
    {
      key: "click-method", of: ["touchpad"], label: t("A click is"),
      options: [standard, { value: "areas", label: t("Where it is pressed") }, { value: "fingers", label: t("How many fingers press") }, { value: "none", label: t("Nothing") }],
    },
    { key: "click-buttons", of: ["touchpad"], label: t("Two and three fingers that press are"), options: buttons },
    {
      key: "scroll-method", of: ["mouse", "touchpad"], label: t("Scrolls"),
      options: [
        standard,
        ...(kind === "mouse" ? [] : [{ value: "two-finger", label: t("With two fingers") }, { value: "edge", label: t("At the edge") }]),
        { value: "button", label: t("When it moves while a button is held") },
        { value: "none", label: t("Not at all") },
      ],
    },
    {
      key: "scroll-button", of: ["mouse", "touchpad"], label: t("The button for scrolling"),
      options: [
        standard,
        { value: "274", label: t("The middle one") },
        { value: "273", label: t("The right one") },
        { value: "275", label: t("The first at the side") },
        { value: "276", label: t("The second at the side") },
      ],
    },
    { key: "scroll-button-lock", of: ["mouse", "touchpad"], label: t("The button for scrolling stays down"), hint: t("Pressed once to begin, and once more to end."), options: flag },
    {
      key: "send-events", of: ["mouse", "touchpad", "tablet", "touch"], label: t("Used"),
      options: [standard, { value: "on", label: t("Always") }, { value: "off", label: t("Never") }, ...(kind === "touchpad" || kind === "unknown" ? [{ value: "off-with-mouse", label: t("Unless a mouse is plugged in") }] : [])],
    },
  ];
  return rows.filter(({ of }) => kind === "unknown" || of.includes(kind));
}

/** What was written into the file by hand is offered too. */
export function withOwn(options: readonly Option<string>[], value: string): Option<string>[] {
  return options.some((option) => option.value === value) ? [...options] : [...options, { value, label: value }];
}
