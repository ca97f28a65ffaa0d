// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { catalogueOf, parsePo, type PoEntry } from "../po2json.mjs";
import { setCatalogue, t, tn } from "../src/lib/i18n";
import { compilePlural } from "../src/lib/plural";

declare const HERE: string;
const po = join(HERE, "../../po");
const languages = readFileSync(join(po, "LINGUAS"), "utf8").split(/\s+/).filter(Boolean);
const read = (language: string): PoEntry[] =>
  parsePo(readFileSync(join(po, `${language}.po`), "utf8"), language);
// A translation may number them, "%2$s", to change their order.
const placeholders = (text: string): string[] =>
  (text.replace(/%\d+\$/g, "%").match(/\{\w+\}|%s/g) ?? []).sort();

test("plural expressions of many languages", () => {
  const arabic = compilePlural(
    "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5",
  );
  assert.deepEqual([0, 1, 2, 3, 10, 11, 99, 100, 103].map(arabic), [0, 1, 2, 3, 3, 4, 4, 5, 3]);
  const russian = compilePlural(
    "(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)",
  );
  assert.deepEqual([1, 2, 5, 11, 12, 21, 22].map(russian), [0, 1, 2, 2, 2, 0, 1]);
  assert.deepEqual([0, 1, 2].map(compilePlural("n > 1")), [0, 0, 1]);
  assert.equal(compilePlural("0")(7), 0);
});

test("what is no plural expression is refused", () => {
  for (const text of ["", "n +", "alert(1)", "n ? 1", "n 1", "(n"]) {
    assert.throws(() => compilePlural(text), text);
  }
});

test("without a catalogue the source speaks", () => {
  setCatalogue(null);
  assert.equal(t("Hello {name}, {other}", { name: "Ada" }), "Hello Ada, {other}");
  assert.equal(tn("{n} window", "{n} windows", 1), "1 window");
  assert.equal(tn("{n} window", "{n} windows", 0), "0 windows");
});

test("Arabic counts in six ways", () => {
  setCatalogue(catalogueOf(read("ar")));
  assert.equal(tn("{n} window", "{n} windows", 2), "نافذتان");
  assert.equal(tn("{n} window", "{n} windows", 5), "5 نوافذ");
});

test("every catalogue is complete and keeps the placeholders", () => {
  for (const language of languages) {
    for (const { id, texts, fuzzy } of read(language)) {
      if (!id) continue;
      assert.ok(!fuzzy && texts.length > 0 && texts.every(Boolean), `${language}: ${id}`);
      if (texts.length === 1) {
        assert.deepEqual(placeholders(texts[0] ?? ""), placeholders(id), `${language}: ${id}`);
      }
    }
  }
});

test("escapes and long texts are read, fuzzy ones left out", () => {
  const entries = parsePo(
    'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\nmsgid "a\\"b"\nmsgstr ""\n"x\\n"\n"y"\n\n#, fuzzy\nmsgid "c"\nmsgstr "d"\n',
  );
  assert.deepEqual(catalogueOf(entries), { plural: "0", messages: { 'a"b': ["x\ny"] } });
  assert.throws(() => parsePo('msgid "a'), /not a quoted string/);
});
