// SPDX-License-Identifier: GPL-3.0-or-later
// The capability files, the host's table and what the pages call must agree.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as modules from "node:module";
import { basename, join } from "node:path";
import { test } from "node:test";

declare const HERE: string;
interface Capability {
  page: string;
  commands: string[];
}

const folder = join(HERE, "../capabilities");

function tableOf(file: string): Set<string> {
  const rows = readFileSync(join(HERE, "..", file), "utf8").matchAll(/^ {2}\{ ?"([a-z.]+)",/gm);
  return new Set([...rows].map((match) => match[1] ?? ""));
}

function declared(page: string): Capability {
  return JSON.parse(readFileSync(join(folder, `${page}.json`), "utf8")) as Capability;
}

const pages: [page: string, folder: string, table: string][] = [
  ["authentication", "authentication", "commands.c"],
  ["keyboard", "keyboard", "commands.c"],
  ["overlay", "overlay", "commands.c"],
  ["panel", "panel", "commands.c"],
  ["popups", "popups", "commands.c"],
  ["prompt", "prompt", "commands.c"],
  ["wallpaper", "wallpaper", "commands.c"],
  ["files", "apps/files", "app/files.c"],
  ["node-manager", "apps/node-manager", "app/manager.c"],
  ["settings", "apps/settings", "app/settings.c"],
  ["terminal", "apps/terminal", "app/terminal.c"],
  ["welcome", "apps/welcome", "app/welcome.c"],
];

/** What goes into each page, and nothing that does not: wherever it is from, but for packages. */
function bundles(): Map<string, string> {
  const { buildSync } = modules.createRequire(join(HERE, "package.json"))("esbuild") as typeof import("esbuild");
  const { outputFiles } = buildSync({
    absWorkingDir: HERE,
    entryPoints: pages.map(([page, folder]) => ({ in: `src/${folder}/main.tsx`, out: page })),
    outdir: "/",
    bundle: true,
    format: "esm",
    jsx: "automatic",
    loader: { ".css": "empty" },
    logLevel: "warning",
    packages: "external",
    treeShaking: true,
    write: false,
  });
  return new Map(outputFiles.map(({ path, text }) => [basename(path, ".js"), text]));
}

const bundled = bundles();

function called(page: string): string[] {
  const text = bundled.get(page) ?? "";
  // Names that are in several files get a number.
  const found = (pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? "");
  // lib/seen.ts calls what its page is called.
  const seen = found(/\buseSeen\d*\("([^"]+)"/g).flatMap((name) => [`${name}.fit`, `${name}.painted`]);
  return [...found(/\b(?:ask|tell)\d*\("([^"]+)"/g), ...seen];
}

for (const [page, , file] of pages) {
  test(`${page}: the file declares what the page calls, and no more`, () => {
    const { page: name, commands } = declared(page);
    const table = tableOf(file);
    assert.equal(name, page);
    assert.deepEqual([...commands].sort(), [...new Set(called(page))].sort());
    for (const command of commands) assert.ok(table.has(command), command);
  });
}
