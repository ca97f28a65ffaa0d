// SPDX-License-Identifier: GPL-3.0-or-later
// The colours of the look: in each accent and style what is written can be read (WCAG 2.2, AA; AAA in high contrast).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { accentNames } from "../src/apps/settings/look";

declare const HERE: string;
type Colour = [number, number, number];
type Values = Map<string, string>;

const sheets = ["tokens", "accents"].map((name) => readFileSync(join(HERE, `src/lib/${name}.css`), "utf8")).join("\n");

/** [whether for dark, selector, values], in the order of the files, where the later one goes before. */
function rules(): [boolean, string, Values][] {
  const found: [boolean, string, Values][] = [];
  let dark = false;
  for (const [, media, selector, body, end] of sheets.matchAll(/@media \(([^)]*)\) \{|(:root[^{]*)\{([^}]*)\}|(\})/g)) {
    if (media) dark = media.includes("dark");
    else if (end) dark = false;
    else if (selector && body) found.push([dark, selector.trim(), new Map([...body.matchAll(/(--[a-z0-9-]+): ([^;]+);/g)].map(([, name = "", value = ""]) => [name, value]))]);
  }
  return found;
}

function look(accent: string, dark: boolean, high: boolean): Values {
  const fits = (selector: string) => {
    const wants = [...selector.matchAll(/\[data-([a-z]+)="([a-z]+)"\]/g)];
    return !selector.includes(":lang") && wants.every(([, name, value]) => (name === "accent" ? value === accent : value === "high" && high));
  };
  const weight = (selector: string) => selector.split("[").length;
  const all = rules().filter(([forDark, selector]) => (dark || !forDark) && fits(selector)).sort(([, a], [, b]) => weight(a) - weight(b));
  return new Map(all.flatMap(([, , values]) => [...values]));
}

function colour(values: Values, name: string, under: Colour = [255, 255, 255]): Colour {
  const text = values.get(name) ?? "";
  const hex = /^#(..)(..)(..)$/.exec(text);
  if (hex) return [1, 2, 3].map((i) => parseInt(hex[i] ?? "", 16)) as Colour;
  const [, r, g, b, a] = /^rgb\((\d+) (\d+) (\d+) \/ (\d+)%\)$/.exec(text) ?? assert.fail(`${name}: ${text}`);
  return [r, g, b].map((part, i) => (Number(part) * Number(a) + (under[i] ?? 0) * (100 - Number(a))) / 100) as Colour;
}

function luminance(parts: Colour): number {
  const [r = 0, g = 0, b = 0] = parts.map((part) => part / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: Colour, b: Colour): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

for (const [accent] of accentNames())
  for (const dark of [false, true])
    for (const high of [false, true])
      test(`${accent}, ${dark ? "dark" : "light"}${high ? ", high contrast" : ""}: what is chosen can be read`, () => {
        const values = look(accent, dark, high);
        const least = high ? 7 : 4.5;
        const own = colour(values, "--accent");
        for (const name of ["--surface-0", "--surface-1", "--surface-2"]) {
          const ground = colour(values, name);
          assert.ok(contrast(own, ground) >= least, `${name}: ${contrast(own, ground)}`);
          const soft = colour(values, "--accent-soft", ground);
          assert.ok(contrast(own, soft) >= 4.5, `soft on ${name}: ${contrast(own, soft)}`);
        }
        assert.ok(contrast(colour(values, "--on-accent"), own) >= least, "on it");
      });
