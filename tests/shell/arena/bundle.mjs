// SPDX-License-Identifier: GPL-3.0-or-later
// Bundles a page of the arena's test into one script, without its look: node bundle.mjs UI_FOLDER PAGE OUTPUT
import { createRequire } from "node:module";
import { join } from "node:path";

const [ui, page, outfile] = process.argv.slice(2);
const { build } = createRequire(join(ui, "package.json"))("esbuild");
await build({
  entryPoints: [join(ui, "test", page)],
  outfile,
  bundle: true,
  define: { "process.env.NODE_ENV": '"production"' },
  format: "iife",
  jsx: "automatic",
  loader: { ".css": "empty" },
  logLevel: "warning",
  target: "es2022",
});
