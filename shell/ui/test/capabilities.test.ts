// SPDX-License-Identifier: GPL-3.0-or-later
// The capability files, the host's table and what the pages call must agree.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

declare const HERE: string;
interface Capability {
  page: string;
  commands: string[];
}

const folder = join(HERE, "../capabilities");
const table = new Set(
  [...readFileSync(join(HERE, "../commands.c"), "utf8").matchAll(/^ {2}\{ ?"([a-z.]+)",/gm)].map(
    (match) => match[1],
  ),
);
const common = ["hello", "ready"]; // lib/page.tsx

function declared(page: string): Capability {
  return JSON.parse(readFileSync(join(folder, `${page}.json`), "utf8")) as Capability;
}

function called(page: string): string[] {
  const source = join(HERE, "src", page);
  return readdirSync(source)
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => [...readFileSync(join(source, name), "utf8").matchAll(/\b(?:ask|tell)(?:<[^(]*>)?\("([^"]+)"/g)])
    .map((match) => match[1] ?? "");
}

for (const page of ["overlay", "panel", "wallpaper"]) {
  test(`${page}: the file declares what the page calls, and no more`, () => {
    const { page: name, commands } = declared(page);
    assert.equal(name, page);
    assert.deepEqual([...commands].sort(), [...new Set([...called(page), ...common])].sort());
    for (const command of commands) assert.ok(table.has(command), command);
  });
}
