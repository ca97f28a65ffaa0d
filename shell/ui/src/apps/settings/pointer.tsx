// SPDX-License-Identifier: GPL-3.0-or-later
// Mice and touchpads: all of a kind, or one of them.
import { useState } from "react";
import { formatNumber } from "../../lib/format";
import { t } from "../../lib/i18n";
import { number, text, truth } from "./config";
import { Corners } from "./corners";
import { Choice, Section, Slider, Switch, type Option } from "./rows";
import type { PageProperties } from "./window";

interface Field {
  key: string;
  label: string;
  hint?: string;
  touchpad?: boolean;
  options: Option<string>[];
}

/** Where nothing is said the device has its own way. */
function fields(): Field[] {
  const standard = { value: "", label: t("As the device has it") };
  const flag = [standard, { value: "true", label: t("On") }, { value: "false", label: t("Off") }];
  return [
    { key: "acceleration-profile", label: t("Acceleration"), options: [standard, { value: "adaptive", label: t("Faster moves go farther") }, { value: "flat", label: t("None: always the same") }] },
    { key: "natural-scroll", label: t("Natural scrolling"), hint: t("What is scrolled follows the fingers."), options: flag },
    { key: "left-handed", label: t("Left-handed"), hint: t("The buttons change places."), options: flag },
    { key: "middle-emulation", label: t("Both buttons are the middle one"), options: flag },
    { key: "tap-to-click", label: t("Tap to click"), touchpad: true, options: flag },
    { key: "tap-and-drag", label: t("Tap and drag"), touchpad: true, options: flag },
    { key: "disable-while-typing", label: t("Rests while you type"), touchpad: true, options: flag },
    {
      key: "scroll-method", label: t("Scrolls"), touchpad: true,
      options: [standard, { value: "two-finger", label: t("With two fingers") }, { value: "edge", label: t("At the edge") }, { value: "none", label: t("Not at all") }],
    },
    {
      key: "click-method", label: t("A click is"), touchpad: true,
      options: [standard, { value: "areas", label: t("Where it is pressed") }, { value: "fingers", label: t("How many fingers press") }],
    },
    { key: "send-events", label: t("Used"), options: [standard, { value: "on", label: t("Always") }, { value: "off", label: t("Never") }, { value: "off-with-mouse", label: t("Unless a mouse is plugged in") }] },
  ];
}

export function Pointer({ desk, deeds }: PageProperties) {
  const { config, devices } = desk;
  const real = Object.values(devices ?? {}).filter(({ Kind }) => Kind === "mouse" || Kind === "touchpad");
  // A device may call itself what it likes; the compositor writes brackets otherwise.
  const named = [...new Map(real.filter(({ Name }) => Name.trim() && !/[[\]\n\r\t]/.test(Name)).map((device) => [device.Name, device])).values()];
  const scopes: Option<string>[] = [
    { value: "mouse", label: t("All mice") },
    { value: "touchpad", label: t("All touchpads") },
    ...named.map(({ Name }) => ({ value: `device ${Name}`, label: Name })),
  ];
  const [wanted, setScope] = useState(real.some(({ Kind }) => Kind === "touchpad") && !real.some(({ Kind }) => Kind === "mouse") ? "touchpad" : "mouse");
  const scope = scopes.find(({ value }) => value === wanted) ?? scopes[0];
  if (!scope) return null;
  const kind = named.find(({ Name }) => `device ${Name}` === scope.value)?.Kind ?? scope.value;
  const none = !real.some((device) => device.Kind === kind);
  const set = (name: string, key: string, value: string) => deeds.config(t("{setting} of “{device}”", { setting: name, device: scope.label }), [[scope.value, key, value === "" ? null : value]]);
  const speed = (value: number) => (value === 0 ? t("usual") : `${value > 0 ? "+" : ""}${formatNumber(Math.round(value * 10))}`);
  return (
    <>
      <Section title={t("Devices")}>
        <Choice label={t("Settings of")} hint={none ? (kind === "touchpad" ? t("No touchpad is plugged in now. What is set holds for one that comes.") : t("No mouse is plugged in now. What is set holds for one that comes.")) : undefined} value={scope.value} options={scopes} onChange={(value) => {
          setScope(value);
          return Promise.resolve(true);
        }} />
      </Section>
      <Section title={scope.label}>
        <Slider key={scope.value} label={t("Speed")} value={number(config, scope.value, "acceleration", number(config, kind, "acceleration", 0))} least={-1} most={1} step={0.1} format={speed} onChange={(value) => set(t("Speed"), "acceleration", value.toFixed(1))} />
        {fields()
          .filter(({ touchpad }) => !touchpad || kind === "touchpad")
          .map(({ key, label, hint, options }) => (
            <Choice key={`${scope.value} ${key}`} label={label} {...(hint ? { hint } : {})} value={text(config, scope.value, key)} options={options.filter(({ value }) => value !== "off-with-mouse" || kind === "touchpad")} onChange={(value) => set(label, key, value)} />
          ))}
      </Section>
      <Section title={t("Pointer and gestures")}>
        <Switch label={t("Hidden while you type")} value={truth(config, "cursor", "hide-while-typing")} onChange={(on) => deeds.config(t("Pointer hidden while typing"), [["cursor", "hide-while-typing", String(on)]])} />
        <Switch label={t("Three fingers sideways: another workspace")} value={truth(config, "gestures", "workspaces")} onChange={(on) => deeds.config(t("Gesture for workspaces"), [["gestures", "workspaces", String(on)]])} />
        <Switch label={t("Three fingers up: the overview")} value={truth(config, "gestures", "overview")} onChange={(on) => deeds.config(t("Gesture for the overview"), [["gestures", "overview", String(on)]])} />
      </Section>
      <Corners desk={desk} deeds={deeds} />
    </>
  );
}
