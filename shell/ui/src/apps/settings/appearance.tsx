// SPDX-License-Identifier: GPL-3.0-or-later
// How everything looks: what all programs share.
import { t } from "../../lib/i18n";
import { useHost } from "../../lib/page";
import { number } from "./config";
import { Choice, Section, Switch } from "./rows";
import type { PageProperties } from "./window";

const speeds = [50, 100, 200];

export function Appearance({ desk: { config }, deeds }: PageProperties) {
  const look = useHost().look ?? {};
  const scheme = look["color-scheme"];
  const styles: [string, string][] = [
    ["default", t("As each program likes")],
    ["prefer-light", t("Light")],
    ["prefer-dark", t("Dark")],
  ];
  const speed = number(config, "animations", "speed", 100);
  const names: Record<number, string> = { 50: t("Slow"), 100: t("Usual"), 200: t("Fast") };
  return (
    <>
      <Section title={t("Style")}>
        {scheme === undefined ? (
          <p className="hint">{t("The settings that programs share are not installed: gsettings-desktop-schemas.")}</p>
        ) : (
          <div className="styles" role="radiogroup" aria-label={t("Style")}>
            {styles.map(([value, label]) => (
              <label key={value} className={`style ${value}`}>
                <span className="sample" aria-hidden="true">
                  <span />
                </span>
                <span className="name">
                  <input type="radio" name="style" checked={scheme === value} onChange={() => void deeds.look(t("Style: {value}", { value: label }), "color-scheme", value)} />
                  {label}
                </span>
              </label>
            ))}
          </div>
        )}
      </Section>
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
