// SPDX-License-Identifier: GPL-3.0-or-later
// Mice, touchpads, tablets and touch screens: all of a kind, or one of them.
import { useState } from "react";
import { formatNumber, formatPercent } from "../../lib/format";
import { t } from "../../lib/i18n";
import { number, text, truth } from "./config";
import { Corners } from "./corners";
import { fieldsOf, scopesOf, withOwn, type Scope } from "./devices";
import { nameOf } from "./displays";
import { Choice, Section, Slider, Switch, Text } from "./rows";
import type { PageProperties } from "./window";

type Set = (name: string, key: string, value: string) => Promise<boolean>;

interface Of {
  desk: PageProperties["desk"];
  scope: Scope;
  set: Set;
}

/** What moves a pointer. */
function Motion({ desk: { config }, scope: { group, kind }, set }: Of) {
  const standard = (key: string, otherwise: number) => (kind === "unknown" ? otherwise : number(config, kind, key, otherwise));
  const speed = (value: number) => (value === 0 ? t("usual") : `${value > 0 ? "+" : ""}${formatNumber(Math.round(value * 10))}`);
  return (
    <>
      <Slider key={`${group} speed`} label={t("Speed")} value={number(config, group, "acceleration", standard("acceleration", 0))} least={-1} most={1} step={0.1} format={speed} onChange={(value) => set(t("Speed"), "acceleration", value.toFixed(1))} />
      <Slider key={`${group} scroll`} label={t("Scrolling speed")} value={number(config, group, "scroll-speed", standard("scroll-speed", 1))} least={0.1} most={4} step={0.1} format={(value) => formatPercent(value * 100)} onChange={(value) => set(t("Scrolling speed"), "scroll-speed", value.toFixed(1))} />
      {kind === "touchpad" ? null : (
        <Slider
          key={`${group} turned`} label={t("Lies turned to the right by")} value={number(config, group, "rotation", standard("rotation", 0))} least={0} most={345} step={15}
          format={(degrees) => t("{n}°", { n: formatNumber(degrees) })} onChange={(value) => set(t("Rotation"), "rotation", String(value))}
        />
      )}
    </>
  );
}

/** Where a pen or a finger is. */
function Cover({ desk: { config, outputs }, scope: { group }, set }: Of) {
  const output = text(config, group, "map-to-output");
  const all = [{ value: "", label: t("All displays") }, ...Object.values(outputs ?? {}).map((each) => ({ value: each.Name, label: nameOf(each) }))];
  return (
    <>
      <Choice key={`${group} display`} label={t("Covers")} value={output} options={withOwn(all, output)} onChange={(value) => set(t("Display"), "map-to-output", value)} />
      <Text
        key={`${group} part`} wide label={t("Only this part of it")} hint={t("Left, top, width and height in pixels, such as 0,0,960x1080. Empty: all of it.")}
        value={text(config, group, "map-to-region")} onChange={(value) => set(t("Part of the display"), "map-to-region", value)}
      />
    </>
  );
}

function Fields({ desk, scope, set }: Of) {
  const { group, kind } = scope;
  return (
    <>
      {kind === "tablet" || kind === "touch" ? null : <Motion desk={desk} scope={scope} set={set} />}
      {kind === "mouse" || kind === "touchpad" ? null : <Cover desk={desk} scope={scope} set={set} />}
      {fieldsOf(kind).map(({ key, label, hint, options }) => {
        const value = text(desk.config, group, key);
        return <Choice key={`${group} ${key}`} label={label} {...(hint ? { hint } : {})} value={value} options={withOwn(options, value)} onChange={(to) => set(label, key, to)} />;
      })}
    </>
  );
}

export function Pointer({ desk, deeds }: PageProperties) {
  const { config, devices } = desk;
  const scopes = scopesOf(devices, config);
  const real = Object.values(devices ?? {});
  const [wanted, setScope] = useState(real.some(({ Kind }) => Kind === "touchpad") && !real.some(({ Kind }) => Kind === "mouse") ? "touchpad" : "mouse");
  const scope = scopes.find(({ group }) => group === wanted) ?? scopes[0];
  if (!scope) return null;
  const { kind } = scope;
  const none = !real.some((device) => device.Kind === kind);
  const absent: Partial<Record<typeof kind, string>> = {
    mouse: t("No mouse is plugged in now. What is set holds for one that comes."),
    touchpad: t("No touchpad is plugged in now. What is set holds for one that comes."),
    unknown: t("It is not plugged in now. What is set holds when it comes; what it cannot do is passed over."),
  };
  const set: Set = (name, key, value) => deeds.config(t("{setting} of “{device}”", { setting: name, device: scope.label }), [[scope.group, key, value === "" ? null : value]]);
  return (
    <>
      <Section title={t("Devices")}>
        <Choice label={t("Settings of")} hint={none ? absent[kind] : undefined} value={scope.group} options={scopes.map(({ group, label }) => ({ value: group, label }))} onChange={(value) => {
          setScope(value);
          return Promise.resolve(true);
        }} />
      </Section>
      <Section title={scope.label}>
        <Fields desk={desk} scope={scope} set={set} />
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
