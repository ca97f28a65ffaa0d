// SPDX-License-Identifier: GPL-3.0-or-later
// Bundles the pages and the catalogues and makes a GResource of them, as C:
//   node build.mjs --name NAME --pages PAGE,… --po DIR --out DIR --c FILE --h FILE --depfile FILE
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { catalogueOf, parsePo } from "./po2json.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: Object.fromEntries(
    ["po", "out", "c", "h", "depfile", "name", "pages"].map((name) => [name, { type: "string" }]),
  ),
});
// Folders of src; a page is called like the last part of its folder.
const folders = options.pages.split(",");
const pages = folders.map((folder) => basename(folder));

async function loadEsbuild() {
  if (!existsSync(join(here, "node_modules/esbuild"))) {
    console.error("shell/ui/node_modules is missing. Type: (cd shell/ui && npm ci)");
    process.exit(1);
  }
  return import("esbuild");
}

/** Bundles every page; returns the source files that went in. */
async function bundle(out) {
  const esbuild = await loadEsbuild();
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: folders.map((folder) => ({ in: `src/${folder}/main.tsx`, out: basename(folder) })),
    outdir: out,
    bundle: true,
    charset: "utf8",
    define: { "process.env.NODE_ENV": '"production"' },
    format: "iife",
    jsx: "automatic",
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
    minify: true,
    target: "es2022",
  });
  return Object.keys(result.metafile.inputs).map((path) => resolve(here, path));
}

function writePages(out) {
  const template = readFileSync(join(here, "page.html"), "utf8");
  for (const page of pages) {
    writeFileSync(join(out, `${page}.html`), template.replaceAll("@PAGE@", page));
  }
}

/** Converts every catalogue of po/LINGUAS; returns the files that were read. */
function writeCatalogues(po, out) {
  const linguas = join(po, "LINGUAS");
  const languages = readFileSync(linguas, "utf8").replace(/#.*/g, "").split(/\s+/).filter(Boolean);
  const read = [linguas];
  for (const language of languages) {
    const path = join(po, `${language}.po`);
    read.push(path);
    const catalogue = catalogueOf(parsePo(readFileSync(path, "utf8"), path));
    writeFileSync(join(out, `${language}.json`), JSON.stringify(catalogue));
  }
  return read;
}

function writeResource(out) {
  const files = readdirSync(out).filter((name) => !name.endsWith(".xml")).sort();
  const entry = (name) => `    <file>${name}</file>`;
  const isLocale = (name) => name.endsWith(".json");
  const xml = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    "<gresources>",
    '  <gresource prefix="/org/inos/shell/ui">',
    ...files.filter((name) => !isLocale(name)).map(entry),
    "  </gresource>",
    '  <gresource prefix="/org/inos/shell/locale">',
    ...files.filter(isLocale).map(entry),
    "  </gresource>",
    "</gresources>",
    "",
  ];
  const path = join(out, "ui.gresource.xml");
  writeFileSync(path, xml.join("\n"));
  return path;
}

function compileResource(xml, out) {
  const common = ["--sourcedir", out, "--c-name", options.name, "--internal", "--manual-register"];
  for (const [kind, target] of [["--generate-source", options.c], ["--generate-header", options.h]]) {
    execFileSync("glib-compile-resources", [...common, kind, "--target", target, xml], {
      stdio: "inherit",
    });
  }
}

const out = resolve(options.out);
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const sources = await bundle(out);
writePages(out);
sources.push(join(here, "page.html"), join(here, "po2json.mjs"));
sources.push(...writeCatalogues(resolve(options.po), out));
compileResource(writeResource(out), out);
const escape = (path) => relative(process.cwd(), path).replaceAll(" ", "\\ ");
writeFileSync(options.depfile, `${options.c}: ${sources.map(escape).join(" ")}\n`);
if (process.env.V) console.log(`${basename(options.c)}: ${sources.length} files`);
