// SPDX-License-Identifier: GPL-3.0-or-later
// Bundles the page of the arena's test into one script: node bundle.mjs UI_FOLDER OUTPUT
import { createRequire } from "node:module";
import { join } from "node:path";

const [ui, outfile] = process.argv.slice(2);
const { build } = createRequire(join(ui, "package.json"))("esbuild");
await build({
  entryPoints: [join(ui, "test/arena_page.ts")],
  outfile,
  bundle: true,
  format: "iife",
  logLevel: "warning",
  target: "es2022",
});
