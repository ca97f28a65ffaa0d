// SPDX-License-Identifier: GPL-3.0-or-later
// For those who see, hear or type with difficulty.
import { formatNumber, formatPercent } from "../../lib/format";
import { t } from "../../lib/i18n";
import { useHost } from "../../lib/page";
import { number, truth } from "./config";
import { Choice, Section, Slider, Switch } from "./rows";
import type { PageProperties } from "./window";

const group = "accessibility";
const textSizes = [0.85, 1, 1.15, 1.25, 1.5, 1.75, 2];
const cursorSizes = [24, 32, 48, 64, 96, 128];

export function Accessibility({ desk: { config }, deeds }: PageProperties) {
  const look = useHost().look ?? {};
  const size = look["text-scaling-factor"];
  const cursor = number(config, "cursor", "size", 0);
  const cursors = [...new Set([...cursorSizes, ...(cursor > 0 ? [cursor] : [])])].sort((a, b) => a - b);
  const flag = (key: string, label: string, hint?: string) => (
    <Switch label={label} {...(hint ? { hint } : {})} value={truth(config, group, key)} onChange={(on) => deeds.config(label, [[group, key, String(on)]])} />
  );
  const delay = (key: string, label: string, hint: string) => (
    <Slider
      label={label}
      hint={hint}
      value={number(config, group, key, 0)}
      least={0}
      most={2000}
      step={50}
      format={(ms) => (ms === 0 ? t("off") : t("{n} ms", { n: formatNumber(ms) }))}
      onChange={(ms) => deeds.config(`${label}: ${ms === 0 ? t("off") : t("{n} ms", { n: formatNumber(ms) })}`, [[group, key, String(ms)]])}
    />
  );
  return (
    <>
      <Section title={t("Seeing")}>
        {look["high-contrast"] === undefined ? null : <Switch label={t("High contrast")} value={look["high-contrast"]} onChange={(on) => deeds.look(t("High contrast"), "high-contrast", on)} />}
        {size === undefined ? null : (
          <Choice
            label={t("Text size")}
            hint={t("In title bars and in programs that follow it.")}
            value={size}
            options={[...new Set([...textSizes, size])].sort((a, b) => a - b).map((value) => ({ value, label: formatPercent(value * 100) }))}
            onChange={(value) => deeds.look(t("Text size: {value}", { value: formatPercent(value * 100) }), "text-scaling-factor", value)}
          />
        )}
        <Slider
          label={t("Magnifier")}
          hint={t("Super+Alt+= and Super+Alt+- change it too; it follows the pointer.")}
          value={number(config, group, "magnifier", 100)}
          least={100}
          most={800}
          step={25}
          format={(value) => (value === 100 ? t("off") : formatPercent(value))}
          onChange={(value) => deeds.config(`${t("Magnifier")}: ${value === 100 ? t("off") : formatPercent(value)}`, [[group, "magnifier", String(value)]])}
        />
        {flag("invert-colours", t("Inverted colours"))}
        <Choice
          label={t("Pointer size")}
          value={cursor}
          options={[{ value: 0, label: t("Usual") }, ...cursors.map((value) => ({ value, label: t("{n} pixels", { n: value }) }))]}
          onChange={(value) => deeds.config(t("Pointer size"), [["cursor", "size", value === 0 ? null : String(value)]])}
        />
        {flag("high-contrast-pointer", t("Pointer with high contrast"))}
      </Section>
      <Section title={t("Typing")}>
        {look["screen-keyboard-enabled"] === undefined ? null : (
          <Switch
            label={t("On-screen keyboard")}
            hint={t("It comes up where a text can be typed, and by its button on the panel.")}
            value={look["screen-keyboard-enabled"]}
            onChange={(on) => deeds.look(t("On-screen keyboard"), "screen-keyboard-enabled", on)}
          />
        )}
        {flag("sticky-keys", t("Sticky keys"), t("Shift, Ctrl, Alt and Super are pressed one after the other."))}
        {delay("slow-keys", t("Slow keys"), t("A key counts when it is held so long."))}
        {delay("bounce-keys", t("Bounce keys"), t("A key that is pressed twice within so long counts once."))}
      </Section>
      <Section title={t("Pointing")}>{flag("mouse-keys", t("Mouse keys"), t("The number pad moves the pointer; 5 clicks."))}</Section>
    </>
  );
}
