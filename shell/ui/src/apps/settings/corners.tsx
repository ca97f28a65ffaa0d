// SPDX-License-Identifier: GPL-3.0-or-later
// What the corners of the screen do when the pointer stays in one.
import { formatNumber } from "../../lib/format";
import { t } from "../../lib/i18n";
import { number, text } from "./config";
import { Choice, Section, Slider, type Option } from "./rows";
import type { PageProperties } from "./window";

const group = "corners";
const delay = 300; // ms, of the compositor

function actions(): Option<string>[] {
  return [
    { value: "", label: t("Nothing") },
    { value: "overview", label: t("The overview") },
    { value: "launcher", label: t("The launcher") },
    { value: "quick-settings", label: t("Quick settings") },
    { value: "notifications", label: t("Notifications") },
    { value: "power-menu", label: t("The power menu") },
    { value: "lock", label: t("Lock the screen") },
  ];
}

export function Corners({ desk: { config }, deeds }: Pick<PageProperties, "desk" | "deeds">) {
  const corners: [key: string, label: string][] = [
    ["top-left", t("Top left corner")],
    ["top-right", t("Top right corner")],
    ["bottom-left", t("Bottom left corner")],
    ["bottom-right", t("Bottom right corner")],
  ];
  const any = corners.some(([key]) => text(config, group, key));
  const wait = number(config, group, "delay", delay);
  return (
    <Section title={t("Corners of the screen")}>
      {corners.map(([key, label]) => {
        const value = text(config, group, key);
        const known = actions();
        // One that was written into the file by hand.
        const options = known.some((option) => option.value === value) ? known : [...known, { value, label: value }];
        return <Choice key={key} label={label} value={value} options={options} onChange={(action) => deeds.config(label, [[group, key, action || null]])} />;
      })}
      {any ? (
        <Slider
          label={t("The pointer stays there for")}
          value={wait}
          least={0}
          most={1500}
          step={100}
          format={(ms) => (ms === 0 ? t("no time") : t("{n} ms", { n: formatNumber(ms) }))}
          onChange={(ms) => deeds.config(t("Delay of corners"), [[group, "delay", ms === delay ? null : String(ms)]])}
        />
      ) : null}
    </Section>
  );
}
