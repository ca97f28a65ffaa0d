// SPDX-License-Identifier: GPL-3.0-or-later
// Style and the colour of what matters, here and in the welcome.
import "./look.css";
import { t } from "../../lib/i18n";
import { Section } from "./rows";

export function accentNames(): [name: string, label: string][] {
  return [
    ["teal", t("Teal")],
    ["blue", t("Blue")],
    ["green", t("Green")],
    ["yellow", t("Yellow")],
    ["orange", t("Orange")],
    ["red", t("Red")],
    ["pink", t("Pink")],
    ["purple", t("Purple")],
    ["slate", t("Slate")],
  ];
}

/** As org.gnome.desktop.interface calls them. */
export function styleNames(): [name: string, label: string][] {
  return [
    ["default", t("As each program likes")],
    ["prefer-light", t("Light")],
    ["prefer-dark", t("Dark")],
  ];
}

interface Properties {
  chosen: string;
  onChange: (value: string, label: string) => void;
}

export function Styles({ chosen, onChange }: Properties) {
  return (
    <div className="styles" role="radiogroup" aria-label={t("Style")}>
      {styleNames().map(([value, label]) => (
        <label key={value} className={`style ${value}`}>
          <span className="sample" aria-hidden="true">
            <span />
          </span>
          <span className="name">
            <input type="radio" name="style" checked={chosen === value} onChange={() => onChange(value, label)} />
            {label}
          </span>
        </label>
      ))}
    </div>
  );
}

export function Swatches({ chosen, onChange }: Properties) {
  return (
    <div className="accents" role="radiogroup" aria-label={t("Accent colour")}>
      {accentNames().map(([value, label]) => (
        <label key={value} className="accent" title={label}>
          <input type="radio" name="accent" aria-label={label} checked={chosen === value} onChange={() => onChange(value, label)} />
          <span className="swatch" data-swatch={value} aria-hidden="true" />
        </label>
      ))}
      <span className="hint" aria-hidden="true">{accentNames().find(([value]) => value === chosen)?.[1]}</span>
    </div>
  );
}

export function Accents(properties: Properties) {
  return (
    <Section title={t("Accent colour")}>
      <Swatches {...properties} />
      <p className="hint">{t("For what is chosen, switched on or in hand, here and in programs that ask the desktop.")}</p>
    </Section>
  );
}
