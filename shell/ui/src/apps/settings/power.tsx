// SPDX-License-Identifier: GPL-3.0-or-later
// What happens when nobody touches anything.
import { formatDuration } from "../../lib/format";
import { t } from "../../lib/i18n";
import { text } from "./config";
import { Choice, Section } from "./rows";
import type { PageProperties } from "./window";

const times = [30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200];
const steps = ["dim", "blank", "lock", "suspend"] as const;

export function Power({ desk: { config, idle }, deeds }: PageProperties) {
  const labels: Record<(typeof steps)[number], string> = { dim: t("Dim the screen"), blank: t("Switch the screen off"), lock: t("Lock"), suspend: t("Suspend") };
  const after = (seconds: number) => (seconds === 0 ? t("Never") : t("After {time}", { time: formatDuration(seconds) }));
  const choice = (group: string, key: string, label: string, usual?: number) => {
    const now = text(config, group, key);
    const offered = [...new Set([...times, ...(Number(now) > 0 ? [Number(now)] : [])])].sort((a, b) => a - b);
    const options = [
      { value: "", label: usual === undefined || now !== "" ? t("As usual") : t("As usual ({time})", { time: after(usual) }) },
      { value: "0", label: after(0) },
      ...offered.map((seconds) => ({ value: String(seconds), label: after(seconds) })),
    ];
    return (
      <Choice
        key={`${group} ${key}`}
        label={label}
        value={now}
        options={options}
        onChange={(value) => deeds.config(`${label}: ${options.find((option) => option.value === value)?.label ?? ""}`, [[group, key, value === "" ? null : value]])}
      />
    );
  };
  return (
    <>
      <Section title={t("When nobody is there")}>
        {steps.map((key) => choice("idle", key, labels[key], idle && !idle.OnBattery ? idle.Times[key] : undefined))}
        {choice("idle", "blank-locked", t("Switch a locked screen off"))}
      </Section>
      <Section title={t("On battery")}>{steps.map((key) => choice("idle battery", key, labels[key], idle?.OnBattery ? idle.Times[key] : undefined))}</Section>
    </>
  );
}
