// SPDX-License-Identifier: GPL-3.0-or-later
// The capability files, the host's table and what the pages call must agree.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
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

const common = ["hello", "ready"]; // lib/page.tsx

function declared(page: string): Capability {
  return JSON.parse(readFileSync(join(folder, `${page}.json`), "utf8")) as Capability;
}

/** What a page has from another one's folder. */
function borrowed(text: string, folder: string): string[] {
  const names = [...text.matchAll(/from "(\.\.\/[a-z-]+\/[a-z_]+)"/g)].map((match) => join(HERE, "src", folder, match[1] ?? ""));
  return names.flatMap((name) => [".ts", ".tsx"].map((end) => name + end)).filter((name) => !name.includes("/lib/") && existsSync(name));
}

/** Only what is borrowed with a call in it that does something there; the rest of such a file is not bundled. */
const lent = /\/(membership|copyable|session)\.tsx?$/;

function called(folder: string): string[] {
  const source = join(HERE, "src", folder);
  const own = readdirSync(source)
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(join(source, name), "utf8"));
  const more = [...new Set(own.flatMap((text) => borrowed(text, folder)))].filter((name) => lent.test(name));
  // What is lent may have borrowed itself.
  const further = more.flatMap((name) => [...readFileSync(name, "utf8").matchAll(/from "\.\/(copyable)"/g)].map((match) => join(name, "..", `${match[1] ?? ""}.tsx`)));
  const texts = [...own, ...[...new Set([...more, ...further])].map((name) => readFileSync(name, "utf8"))];
  const found = (pattern: RegExp) => texts.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1] ?? ""));
  // lib/seen.ts calls what its page is called.
  const seen = found(/\buseSeen\("([^"]+)"/g).flatMap((page) => [`${page}.fit`, `${page}.painted`]);
  return [...found(/\b(?:ask|tell)(?:<[^(]*>)?\("([^"]+)"/g), ...seen];
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

for (const [page, folder, file] of pages) {
  test(`${page}: the file declares what the page calls, and no more`, () => {
    const { page: name, commands } = declared(page);
    const table = tableOf(file);
    assert.equal(name, page);
    assert.deepEqual([...commands].sort(), [...new Set([...called(folder), ...common])].sort());
    for (const command of commands) assert.ok(table.has(command), command);
  });
}
