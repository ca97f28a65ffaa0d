// SPDX-License-Identifier: GPL-3.0-or-later
// What a person can set; each change holds at once.
import { useEffect, useRef } from "react";
import { t } from "../../lib/i18n";
import { fontSizes, scrollbacks, type Settings } from "./settings";

interface Properties {
  settings: Settings;
  onChange: (settings: Settings) => void;
  onClose: () => void;
}

export function SettingsPanel({ settings, onChange, onClose }: Properties) {
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const set = (change: Partial<Settings>) => onChange({ ...settings, ...change });
  const themeNames: [string, string][] = [
    ["auto", t("As the desktop")],
    ["inos-light", t("Inos light")],
    ["inos-dark", t("Inos dark")],
    ["solarized-light", t("Solarized light")],
    ["solarized-dark", t("Solarized dark")],
    ["contrast", t("High contrast")],
  ];
  const switches: [keyof Settings & ("bell" | "cursorBlink" | "screenReader" | "programsCopy"), string][] = [
    ["bell", t("Flash when a program rings the bell")],
    ["cursorBlink", t("Cursor blinks")],
    ["screenReader", t("Read output to a screen reader")],
    ["programsCopy", t("Programs may put text on the clipboard")],
  ];
  return (
    <aside
      className="panel settings"
      role="dialog"
      aria-label={t("Settings")}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        onClose();
      }}
    >
      <label>
        <span>{t("Text size")}</span>
        <input
          ref={first}
          className="field"
          type="number"
          min={fontSizes.least}
          max={fontSizes.most}
          value={settings.fontSize}
          onChange={(event) => {
            const size = event.target.valueAsNumber;
            if (size >= fontSizes.least && size <= fontSizes.most) set({ fontSize: size });
          }}
        />
      </label>
      <label>
        <span>{t("Colours")}</span>
        <select className="field" value={settings.theme} onChange={(event) => set({ theme: event.target.value })}>
          {themeNames.map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>{t("Lines that are kept")}</span>
        <select className="field" value={settings.scrollback} onChange={(event) => set({ scrollback: Number(event.target.value) })}>
          {[...new Set([...scrollbacks, settings.scrollback])].sort((a, b) => a - b).map((lines) => (
            <option key={lines} value={lines}>
              {lines}
            </option>
          ))}
        </select>
      </label>
      {switches.map(([name, label]) => (
        <label key={name}>
          <span>{label}</span>
          <input type="checkbox" checked={settings[name]} onChange={(event) => set({ [name]: event.target.checked })} />
        </label>
      ))}
      <button type="button" className="push" onClick={onClose}>
        {t("Close")}
      </button>
    </aside>
  );
}
