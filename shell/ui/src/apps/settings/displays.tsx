// SPDX-License-Identifier: GPL-3.0-or-later
// Monitors: where they are, how large all on them is, and how they show it.
import { useState } from "react";
import type { Output } from "../../lib/desk";
import { formatNumber, formatPercent } from "../../lib/format";
import { t } from "../../lib/i18n";
import { boxOf, moved, resize, settle, sizeOf, type Box } from "./arrange";
import type { Deeds, DisplayChange } from "./deeds";
import { NightLight } from "./night";
import { Picture } from "./picture";
import { Choice, Section, Switch, type Option } from "./rows";
import type { PageProperties } from "./window";

/** For an output that takes any size, as virtual ones do. */
const usual: [number, number][] = [[1024, 768], [1280, 720], [1280, 800], [1366, 768], [1600, 900], [1920, 1080], [1920, 1200], [2560, 1440], [3840, 2160]];
const scales = [1, 1.25, 1.5, 1.75, 2, 2.5, 3];

const sizeKey = (width: number, height: number) => `${width}x${height}`;
const sizeText = (width: number, height: number) => `${width} × ${height}`;

export function nameOf({ Name, Make, Model }: Output): string {
  const words = [Make, Model].filter((word) => word && word !== "headless").join(" ");
  return words ? `${Name} (${words})` : Name;
}

/** Sizes, the largest first, with the one that is now. */
export function sizesOf(output: Output): Option<string>[] {
  const all: [number, number][] = output.Modes.length > 0 ? output.Modes.map(([width, height]) => [width, height]) : usual;
  const known = new Map([...all, [output.Width, output.Height] as [number, number]].map((size) => [sizeKey(...size), size]));
  return [...known.values()]
    .sort(([w, h], [v, g]) => v * g - w * h)
    .map(([width, height]) => ({ value: sizeKey(width, height), label: sizeText(width, height) }));
}

/** Rates in mHz of a size, the fastest first. */
export function ratesOf(output: Output, size: string): number[] {
  return [...new Set(output.Modes.filter(([width, height]) => sizeKey(width, height) === size).map(([, , rate]) => rate))].sort((a, b) => b - a);
}

function modeOf(output: Output, size: string): [number, number, number] {
  const [width = 0, height = 0] = size.split("x").map(Number);
  const rates = ratesOf(output, size);
  return [width, height, rates.find((rate) => rate === output.Refresh) ?? rates[0] ?? 0];
}

/** Also the places that the others have to take when one has another size. */
function withRoom(outputs: Record<string, Output>, path: string, change: DisplayChange, next: Partial<Output>): DisplayChange[] {
  const output = outputs[path];
  if (!output) return [change];
  const before = boxesOf(outputs);
  const after = settle(resize(before, path, ...sizeOf({ ...output, ...next })));
  return [change, ...moved(before, after).map(({ key, x, y }): DisplayChange => ({ output: key, position: [x, y] }))];
}

function boxesOf(outputs: Record<string, Output>): Box[] {
  return Object.entries(outputs)
    .filter(([, output]) => output.Powered && !output.Mirror)
    .map(([path, output]) => boxOf(path, output));
}

function turns(): Option<number>[] {
  return [
    { value: 0, label: t("Upright") },
    { value: 1, label: t("Turned left") },
    { value: 2, label: t("Upside down") },
    { value: 3, label: t("Turned right") },
  ];
}

function Mode({ path, output, outputs, deeds }: { path: string; output: Output; outputs: Record<string, Output>; deeds: Deeds }) {
  const size = sizeKey(output.Width, output.Height);
  const rates = ratesOf(output, size);
  const rateText = (rate: number) => t("{rate} Hz", { rate: formatNumber(Math.round(rate / 100) / 10) });
  return (
    <>
      <Choice
        label={t("Resolution")}
        value={size}
        options={sizesOf(output)}
        onChange={(to) => {
          const [width, height, rate] = modeOf(output, to);
          return deeds.displays(t("Resolution of {name}: {value}", { name: output.Name, value: sizeText(width, height) }), withRoom(outputs, path, { output: path, mode: [width, height, rate] }, { Width: width, Height: height }));
        }}
      />
      {rates.length > 1 ? (
        <Choice
          label={t("Refresh rate")}
          value={output.Refresh}
          options={rates.map((rate) => ({ value: rate, label: rateText(rate) }))}
          onChange={(rate) => deeds.displays(t("Refresh rate of {name}: {value}", { name: output.Name, value: rateText(rate) }), [{ output: path, mode: [output.Width, output.Height, rate] }])}
        />
      ) : null}
    </>
  );
}

function Shape({ path, output, outputs, deeds }: { path: string; output: Output; outputs: Record<string, Output>; deeds: Deeds }) {
  const offered = [...new Set([...scales, output.Scale])].sort((a, b) => a - b);
  return (
    <>
      <Choice
        label={t("Scale")}
        hint={t("How large text and everything else is.")}
        value={output.Scale}
        options={offered.map((scale) => ({ value: scale, label: formatPercent(scale * 100) }))}
        onChange={(scale) => deeds.displays(t("Scale of {name}: {value}", { name: output.Name, value: formatPercent(scale * 100) }), withRoom(outputs, path, { output: path, scale }, { Scale: scale }))}
      />
      <Choice
        label={t("Orientation")}
        value={output.Transform}
        options={turns()}
        onChange={(transform) =>
          deeds.displays(t("Orientation of {name}: {value}", { name: output.Name, value: turns()[transform]?.label ?? "" }), withRoom(outputs, path, { output: path, transform }, { Transform: transform }))
        }
      />
    </>
  );
}

function One({ path, outputs, deeds }: { path: string; outputs: Record<string, Output>; deeds: Deeds }) {
  const output = outputs[path];
  if (!output) return null;
  const others = Object.entries(outputs).filter(([other]) => other !== path);
  const last = !others.some(([, other]) => other.Powered);
  const sources = others.filter(([, other]) => other.Powered && !other.Mirror);
  return (
    <Section title={nameOf(output)}>
      {others.length > 0 ? (
        <Switch
          label={t("Used")}
          hint={last ? t("The last display that is on stays on.") : undefined}
          disabled={last}
          value={output.Powered}
          onChange={(on) => deeds.displays(on ? t("{name} switched on", { name: output.Name }) : t("{name} switched off", { name: output.Name }), [{ output: path, on }])}
        />
      ) : null}
      {output.Powered ? (
        <>
          {sources.length > 0 || output.Mirror ? (
            <Choice
              label={t("Shows")}
              value={output.Mirror}
              options={[{ value: "", label: t("Its own part of the desktop") }, ...sources.map(([, other]) => ({ value: other.Name, label: t("The same as {name}", { name: other.Name }) }))]}
              onChange={(mirror) => deeds.displays(mirror ? t("{name} shows the same as {other}", { name: output.Name, other: mirror }) : t("{name} shows its own part", { name: output.Name }), [{ output: path, mirror }])}
            />
          ) : null}
          <Mode path={path} output={output} outputs={outputs} deeds={deeds} />
          <Shape path={path} output={output} outputs={outputs} deeds={deeds} />
          {output.VariableRefreshSupported ? (
            <Choice
              label={t("Refresh rate follows what is shown")}
              hint={t("Smoother films and games.")}
              value={output.VariableRefresh}
              options={[
                { value: "off", label: t("Never") },
                { value: "on-demand", label: t("While a window fills the screen") },
                { value: "content", label: t("While a game or a film fills the screen") },
                { value: "on", label: t("Always") },
              ]}
              onChange={(adaptive) => deeds.displays(t("Adaptive refresh rate of {name}", { name: output.Name }), [{ output: path, adaptive }])}
            />
          ) : null}
        </>
      ) : null}
    </Section>
  );
}

export function Displays(properties: PageProperties) {
  const { desk, deeds } = properties;
  const outputs = desk.outputs ?? {};
  const paths = Object.keys(outputs).sort((a, b) => (outputs[a]?.X ?? 0) - (outputs[b]?.X ?? 0) || a.localeCompare(b));
  const [chosen, setChosen] = useState("");
  const selected = outputs[chosen] ? chosen : (paths[0] ?? "");
  const boxes = boxesOf(outputs);
  const labels = Object.fromEntries(Object.entries(outputs).map(([path, output]) => [path, output.Name]));
  const onMove = (box: Box) => {
    const changes = moved(boxes, settle(boxes.map((other) => (other.key === box.key ? box : other))));
    if (changes.length > 0) void deeds.displays(t("Arrangement of the displays"), changes.map(({ key, x, y }) => ({ output: key, position: [Math.round(x), Math.round(y)] })));
  };
  return (
    <>
      <section className="card" aria-label={t("Displays")}>
        {boxes.length > 0 ? <Picture boxes={boxes} labels={labels} selected={selected} onSelect={setChosen} onMove={onMove} /> : null}
        <p id="room-help" className="hint">
          {boxes.length > 1 ? t("Drag a display to where it stands, or move it with the arrow keys.") : t("Another display that is plugged in appears here.")}
        </p>
        {paths.length > 1 ? (
          <div className="segments" role="group" aria-label={t("Displays")}>
            {paths.map((path) => (
              <button key={path} type="button" className="push" aria-pressed={path === selected} onClick={() => setChosen(path)}>
                {outputs[path]?.Powered ? labels[path] : t("{name} (off)", { name: labels[path] ?? "" })}
              </button>
            ))}
          </div>
        ) : null}
      </section>
      <One key={selected} path={selected} outputs={outputs} deeds={deeds} />
      <NightLight {...properties} />
    </>
  );
}
