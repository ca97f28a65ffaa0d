// SPDX-License-Identifier: GPL-3.0-or-later
// Bundles test/*.test.ts for Node into a folder of its own and runs them with node:test.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = mkdtempSync(join(tmpdir(), "inos-ui-test-"));
const tests = readdirSync(join(here, "test")).filter((name) => name.endsWith(".test.ts"));

await build({
  absWorkingDir: here,
  entryPoints: tests.map((name) => `test/${name}`),
  outdir: out,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  define: { HERE: JSON.stringify(here) },
  format: "esm",
  // What renders pages to text asks for Node's own parts in the old way.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  jsx: "automatic",
  logLevel: "warning",
  platform: "node",
  target: "node20",
});
const reporter = process.env.INOS_TAP ? ["--test-reporter=tap"] : [];
const files = tests.map((name) => join(out, name.replace(/\.ts$/, ".mjs")));
const { status } = spawnSync(process.execPath, ["--test", ...reporter, ...files], { stdio: "inherit" });
rmSync(out, { recursive: true, force: true });
process.exit(status ?? 1);
