// SPDX-License-Identifier: GPL-3.0-or-later
// How everything looks: what all programs share.
import { t } from "../../lib/i18n";
import { useHost } from "../../lib/page";
import { number } from "./config";
import { Accents, Styles } from "./look";
import { Choice, Section, Switch } from "./rows";
import type { PageProperties } from "./window";

const speeds = [50, 100, 200];

export function Appearance({ desk: { config }, deeds }: PageProperties) {
  const look = useHost().look ?? {};
  const scheme = look["color-scheme"];
  const speed = number(config, "animations", "speed", 100);
  const names: Record<number, string> = { 50: t("Slow"), 100: t("Usual"), 200: t("Fast") };
  return (
    <>
      <Section title={t("Style")}>
        {scheme === undefined ? (
          <p className="hint">{t("The settings that programs share are not installed: gsettings-desktop-schemas.")}</p>
        ) : (
          <Styles chosen={scheme} onChange={(value, label) => void deeds.look(t("Style: {value}", { value: label }), "color-scheme", value)} />
        )}
      </Section>
      {look["accent-color"] === undefined ? null : <Accents chosen={look["accent-color"]} onChange={(value, label) => void deeds.look(t("Accent colour: {value}", { value: label }), "accent-color", value)} />}
      <Section title={t("Motion")}>
        {look["enable-animations"] === undefined ? null : (
          <Switch label={t("Animations")} hint={t("Off, windows and pages change without moving.")} value={look["enable-animations"]} onChange={(on) => deeds.look(t("Animations"), "enable-animations", on)} />
        )}
        <Choice
          label={t("Speed of windows")}
          value={speed}
          options={[...new Set([...speeds, speed])].sort((a, b) => a - b).map((value) => ({ value, label: names[value] ?? `${value} %` }))}
          onChange={(value) => deeds.config(t("Speed of windows: {value}", { value: names[value] ?? value }), [["animations", "speed", String(value)]])}
        />
      </Section>
    </>
  );
}
