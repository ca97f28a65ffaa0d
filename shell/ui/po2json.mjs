// SPDX-License-Identifier: GPL-3.0-or-later
// Reads gettext catalogues for the pages.

/** The text between the quotes of a .po line. */
function unquote(text, where) {
  const match = /^"((?:[^"\\]|\\.)*)"$/.exec(text.trim());
  if (!match) throw new Error(`${where}: not a quoted string: ${text}`);
  const escapes = { n: "\n", t: "\t", r: "\r", '"': '"', "\\": "\\" };
  return match[1].replace(/\\(.)/g, (_, c) => {
    if (!(c in escapes)) throw new Error(`${where}: unknown escape \\${c}`);
    return escapes[c];
  });
}

const keyword = /^(msgctxt|msgid|msgid_plural|msgstr(?:\[(\d+)\])?)\s+(".*)$/;

/** The entries of a .po file: {context, id, plural, texts, fuzzy}. */
export function parsePo(source, name = "po") {
  const entries = [];
  let entry = null;
  let append = null;
  let fuzzy = false;
  const begin = () => {
    entry = { context: null, id: null, plural: null, texts: [], fuzzy };
    entries.push(entry);
    fuzzy = false;
  };
  source.split(/\r?\n/).forEach((line, index) => {
    const where = `${name}:${index + 1}`;
    if (line.startsWith("#,") && line.includes("fuzzy")) fuzzy = true;
    if (line.trim() === "" || line.startsWith("#")) {
      append = null;
      if (!line.startsWith("#")) entry = null;
      return;
    }
    const match = keyword.exec(line);
    if (!match) {
      if (!append) throw new Error(`${where}: unexpected: ${line}`);
      append(unquote(line, where));
      return;
    }
    const [, word, number, quoted] = match;
    const text = unquote(quoted, where);
    if (word === "msgctxt" || (word === "msgid" && (!entry || entry.id !== null))) begin();
    const current = entry;
    const slot = { msgctxt: "context", msgid: "id", msgid_plural: "plural" }[word];
    if (slot) {
      current[slot] = text;
      append = (more) => (current[slot] += more);
    } else {
      const at = number === undefined ? 0 : Number(number);
      current.texts[at] = text;
      append = (more) => (current.texts[at] += more);
    }
  });
  return entries;
}

/** What the pages load: {plural: "n != 1", messages: {id: [text, …]}}. Untranslated ones are left out. */
export function catalogueOf(entries) {
  const header = entries.find((entry) => entry.id === "");
  const plural = /Plural-Forms:.*?plural\s*=\s*([^;\n]+)/.exec(header?.texts[0] ?? "")?.[1] ?? "n != 1";
  const messages = {};
  for (const { context, id, texts, fuzzy } of entries) {
    if (!id || fuzzy || texts.length === 0 || texts.some((text) => !text)) continue;
    messages[context === null ? id : `${context}\u0004${id}`] = texts;
  }
  return { plural: plural.trim(), messages };
}
