// SPDX-License-Identifier: GPL-3.0-or-later
// Layouts, how keys repeat, and what combinations do.
import { useId } from "react";
import { formatNumber } from "../../lib/format";
import { t } from "../../lib/i18n";
import { layoutName, layoutSettings, layoutsOf, withOption, type KnownLayout, type Layout } from "./bindings";
import { number, text } from "./config";
import { useKnownLayouts } from "./known_layouts";
import { Choice, Section, Slider } from "./rows";
import { Shortcuts } from "./shortcuts";
import type { PageProperties } from "./window";

/** As many as XKB can have at once. */
const most = 4;
const compose = /^compose:/;
const caps = /^(caps:|ctrl:nocaps|ctrl:swapcaps)/;

function Layouts({ desk, deeds, known }: PageProperties & { known: readonly KnownLayout[] }) {
  const id = useId();
  const used = desk.input?.Layouts ?? [];
  const layouts = layoutsOf(desk.config, used, known);
  const set = (label: string, next: Layout[]) => void deeds.config(label, layoutSettings(next));
  const swap = (at: number) => {
    const next = [...layouts];
    const [one] = next.splice(at, 1);
    if (one) next.splice(at - 1, 0, one);
    set(t("Order of the keyboard layouts"), next);
  };
  const free = known.filter(([layout, variant]) => !layouts.some((each) => each.id === layout && each.variant === variant));
  return (
    <Section title={t("Layouts")}>
      <ol className="plain">
        {layouts.map((layout, i) => {
          const name = layoutName(known, layout);
          return (
            <li key={`${layout.id} ${layout.variant}`}>
              <span dir="auto">{name}</span>
              {i === desk.input?.ActiveLayout ? <span className="badge">{t("in use")}</span> : null}
              <button type="button" className="push" disabled={i === 0} aria-label={t("“{name}” earlier", { name })} title={t("Earlier")} onClick={() => swap(i)}>
                ↑
              </button>
              <button type="button" className="push" disabled={layouts.length < 2} aria-label={t("Remove “{name}”", { name })} onClick={() => set(t("“{name}” removed", { name }), layouts.filter((_, k) => k !== i))}>
                {t("Remove")}
              </button>
            </li>
          );
        })}
      </ol>
      <div className="row">
        <label className="words" htmlFor={id}>
          {t("Add a layout")}
        </label>
        <select
          id={id}
          className="field"
          value=""
          disabled={layouts.length >= most}
          onChange={(event) => {
            const added = free[Number(event.target.value)];
            if (added) set(t("“{name}” added", { name: added[2] }), [...layouts, { id: added[0], variant: added[1] }]);
          }}
        >
          <option value="">{layouts.length >= most ? t("There can be four") : t("Choose…")}</option>
          {free.map(([layout, variant, name], i) => (
            <option key={`${layout} ${variant}`} value={i}>
              {name}
            </option>
          ))}
        </select>
      </div>
    </Section>
  );
}

function Options({ desk: { config }, deeds }: PageProperties) {
  const now = text(config, "keyboard", "options");
  const parts = now.split(",").map((each) => each.trim());
  const choice = (label: string, prefix: RegExp, options: [string, string][]) => {
    const value = parts.find((each) => prefix.test(each)) ?? "";
    const all = options.some(([option]) => option === value) ? options : [...options, [value, value] as [string, string]];
    return (
      <Choice
        label={label}
        value={value}
        options={all.map(([option, name]) => ({ value: option, label: name }))}
        onChange={(option) => deeds.config(`${label}: ${all.find(([each]) => each === option)?.[1] ?? option}`, [["keyboard", "options", withOption(now, prefix, option)]])}
      />
    );
  };
  return (
    <>
      {choice(t("Caps Lock is"), caps, [["", "Caps Lock"], ["ctrl:nocaps", "Ctrl"], ["caps:escape", "Escape"], ["caps:swapescape", t("Escape, and Escape is Caps Lock")], ["caps:none", t("Nothing")]])}
      {choice(t("Compose key"), compose, [["", t("None")], ["compose:ralt", t("Right Alt")], ["compose:rctrl", t("Right Ctrl")], ["compose:menu", t("Menu")], ["compose:caps", "Caps Lock"]])}
    </>
  );
}

export function Keyboard(properties: PageProperties) {
  const { desk: { config }, deeds, note } = properties;
  const known = useKnownLayouts(note);
  const id = useId();
  return (
    <>
      <Layouts {...properties} known={known} />
      <Section title={t("Keys")}>
        <Slider label={t("A key that is held repeats after")} value={number(config, "keyboard", "repeat-delay", 500)} least={150} most={1500} step={50} format={(ms) => t("{n} ms", { n: formatNumber(ms) })} onChange={(ms) => deeds.config(t("Keys repeat after {n} ms", { n: ms }), [["keyboard", "repeat-delay", String(ms)]])} />
        <Slider label={t("It repeats")} value={number(config, "keyboard", "repeat-rate", 25)} least={0} most={60} step={1} format={(rate) => (rate === 0 ? t("not at all") : t("{n} times a second", { n: rate }))} onChange={(rate) => deeds.config(t("Keys repeat {n} times a second", { n: rate }), [["keyboard", "repeat-rate", String(rate)]])} />
        <Options {...properties} />
        <div className="row">
          <label className="words" htmlFor={id}>
            {t("Try it here")}
          </label>
          <input id={id} className="field" type="text" dir="auto" spellCheck={false} autoComplete="off" maxLength={200} />
        </div>
      </Section>
      <Shortcuts {...properties} />
    </>
  );
}
