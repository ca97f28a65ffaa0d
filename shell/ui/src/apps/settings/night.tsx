// SPDX-License-Identifier: GPL-3.0-or-later
// Warmer screens at night.
import { useState } from "react";
import { formatNumber } from "../../lib/format";
import { t } from "../../lib/i18n";
import { number, text, truth } from "./config";
import { Choice, Section, Slider, Switch, Text } from "./rows";
import type { PageProperties } from "./window";

const group = "night-light";

export function NightLight({ desk: { config, outputs, night }, deeds }: PageProperties) {
  const enabled = truth(config, group, "enabled");
  const latitude = text(config, group, "latitude");
  const longitude = text(config, group, "longitude");
  // Asked for, but there is no place yet.
  const [wantsSun, setWantsSun] = useState(false);
  const [north, setNorth] = useState("");
  const sun = wantsSun || latitude !== "";
  const able = Object.values(outputs ?? {}).some((output) => output.Tint !== "unsupported");
  const set = (label: string, key: string) => (value: string | boolean | number) => deeds.config(label, [[group, key, String(value)]]);
  const time = (label: string, key: "from" | "to") => <Text label={label} value={text(config, group, key)} onChange={(to) => set(`${label}: ${to}`, key)(to)} />;
  return (
    <Section title={t("Night light")}>
      <Switch
        label={t("Warmer colours at night")}
        hint={!able ? t("No display here can change its colours. The setting holds for those that can.") : night?.Active ? t("On now: {n} K", { n: formatNumber(night.Temperature) }) : undefined}
        value={enabled}
        onChange={(on) => set(on ? t("Night light switched on") : t("Night light switched off"), "enabled")(on)}
      />
      <Slider
        label={t("Colour temperature")}
        hint={t("Lower is warmer.")}
        value={number(config, group, "night", 4000)}
        least={1700}
        most={6500}
        step={100}
        format={(value) => t("{n} K", { n: formatNumber(value) })}
        onChange={(value) => set(t("Colour temperature: {n} K", { n: value }), "night")(value)}
      />
      <Choice
        label={t("Night is")}
        value={sun ? "sun" : "times"}
        options={[
          { value: "times", label: t("Between two times") },
          { value: "sun", label: t("From sunset to sunrise") },
        ]}
        onChange={(value) => {
          setWantsSun(value === "sun");
          if (value === "sun" || latitude === "") return Promise.resolve(true);
          return deeds.config(t("Night between two times"), [
            [group, "latitude", null],
            [group, "longitude", null],
          ]);
        }}
      />
      {sun ? (
        <>
          <Text label={t("Latitude")} hint={t("Degrees north of the equator, such as 52.5.")} value={latitude || north} onChange={(to) => {
            if (longitude) return set(`${t("Latitude")}: ${to}`, "latitude")(to);
            setNorth(to);
            return Promise.resolve(true);
          }} />
          <Text label={t("Longitude")} hint={t("Degrees east of Greenwich, such as 13.4.")} value={longitude} onChange={(to) =>
            deeds.config(t("Night from sunset to sunrise"), [
              [group, "latitude", latitude || north],
              [group, "longitude", to],
            ])
          } />
        </>
      ) : (
        <>
          {time(t("Night begins"), "from")}
          {time(t("Night ends"), "to")}
        </>
      )}
    </Section>
  );
}
