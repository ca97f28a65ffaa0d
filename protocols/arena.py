#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes of protocols/arena.toml what reads and writes the arena.

  arena.py c FILE             the header of C
  arena.py ts FILE            the views of the pages
  arena.py md FILE            the page of documentation
  arena.py check SOURCE_ROOT  whether the last two are current in the tree (arena.py update writes them)
"""

import hashlib
import pathlib
import sys
import tomllib

SCHEMA = pathlib.Path(__file__).with_name("arena.toml")
MAGIC = "INOSAREN"
HEADER = 256  # bytes, then the tables' descriptors
DESCRIPTOR = 64
COPY = 64  # bytes in front of the rows of each copy
ALIGN = 4096
SIZES = {"u32": 4, "u64": 8, "id": 8, "i64": 8, "f64": 8}
C_TYPES = {"u32": "uint32_t", "u64": "uint64_t", "id": "uint64_t", "i64": "int64_t", "f64": "double"}

# name, type, what it is; of the header and of the two structs that each table has.
HEADER_FIELDS = [
    ["magic", "u64", f"“{MAGIC}”, the bytes in this order"],
    ["version", "u32", "of the layout"],
    ["tables", "u32", "how many descriptors follow"],
    ["layout", "u64", "a hash of names, types and places: who was built with another one refuses to read"],
    ["started", "i64", "µs since 1970 when the node made this arena"],
    ["signals", "u64", "that were given to readers"],
    ["paused", "u64", "how often nothing was written since all its readers were behind"],
    ["waiting", "u32", "signals that the slowest reader has not taken"],
    ["threshold", "u32", "above so many a reader is behind"],
    ["readers", "u32", "who read now"],
]
DESCRIPTOR_FIELDS = [
    ["begun", "u32", "the number of the epoch whose writing began last"],
    ["done", "u32", "of the epoch that was finished last: copy done % 2 has it"],
    ["rows", "u32", "room for so many"],
    ["row_size", "u32", "bytes"],
    ["first", "u32", "where copy 0 begins, from the beginning of the arena"],
    ["second", "u32", "copy 1"],
]
COPY_FIELDS = [
    ["count", "u32", "rows"],
    ["dropped", "u32", "rows for which there was no room"],
    ["total", "u64", "of a ring: rows that there have ever been; the newest is row (total - 1) % rows"],
    ["time", "i64", "µs since 1970 when it was written"],
    ["clock", "u64", "the same in ns of CLOCK_MONOTONIC"],
]


def size_of(kind):
    return SIZES[kind] if kind in SIZES else int(kind.removeprefix("str"))


def place(fields):
    """[(name, type, doc, offset)], and the size of the whole, a multiple of 8."""
    at, placed = 0, []
    for name, kind, doc in fields:
        step = 8 if size_of(kind) > 4 else 4
        at += -at % step
        placed.append((name, kind, doc, at))
        at += size_of(kind)
    return placed, at + -at % 8


def load():
    schema = tomllib.loads(SCHEMA.read_text(encoding="utf-8"))
    at = schema["place"]["heap"]
    for table in schema["table"]:
        table["fields"], table["row_size"] = place(table["fields"])
        table["copies"] = []
        for _ in range(2):
            table["copies"].append(at)
            at += COPY + table["rows"] * table["row_size"]
            at += -at % ALIGN
    if at > schema["place"]["size"]:
        sys.exit(f"{SCHEMA}: the tables end at {at:#x}, behind the arena's end")
    schema["end"] = at
    schema["hash"] = hash_of(schema)
    return schema


def hash_of(schema):
    parts = [HEADER_FIELDS, DESCRIPTOR_FIELDS, COPY_FIELDS, HEADER, DESCRIPTOR, COPY,
             schema["version"], sorted(schema["place"].items())]
    for table in schema["table"]:
        parts.append((table["name"], table["rows"], table.get("ring", False), table["copies"],
                      [(name, kind, at) for name, kind, _, at in table["fields"]]))
    text = repr([[f[:2] for f in part] if part in (HEADER_FIELDS, DESCRIPTOR_FIELDS, COPY_FIELDS) else part
                 for part in parts])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


# C


def c_struct(name, doc, fields, size):
    lines = [f"/* {doc} */", f"struct inos_arena_{name} {{"]
    end = 0
    for field, kind, what, at in fields:
        if at > end:
            lines.append(f"  uint32_t gap{end};")
        words = C_TYPES.get(kind)
        lines.append(f"  {words} {field};" if words else f"  char {field}[{size_of(kind)}];")
        lines[-1] += f" /* {what} */"
        end = at + size_of(kind)
    if size > end:
        lines.append(f"  uint8_t rest[{size - end}];")
    lines += ["};", f'_Static_assert (sizeof (struct inos_arena_{name}) == {size}, "as in the schema");']
    lines += [f"_Static_assert (offsetof (struct inos_arena_{name}, {field}) == {at}, \"as in the schema\");"
              for field, _, _, at in fields]
    return "\n".join(lines) + "\n"


def c_header(schema):
    out = ["/* Made by protocols/arena.py from protocols/arena.toml: change that one. */",
           "#pragma once\n", "#include <stddef.h>", "#include <stdint.h>\n",
           f"#define INOS_ARENA_MAGIC \"{MAGIC}\"",
           f"#define INOS_ARENA_VERSION {schema['version']}u",
           f"#define INOS_ARENA_LAYOUT UINT64_C (0x{schema['hash']:016x})"]
    out += [f"#define INOS_ARENA_{name.upper()} 0x{value:08x}u" for name, value in schema["place"].items()]
    out += [f"#define INOS_ARENA_END 0x{schema['end']:08x}u /* of the last table */",
            f"#define INOS_ARENA_DESCRIPTORS (INOS_ARENA_METADATA + {HEADER}u)\n"]
    for name, doc, fields, size in [
            ("header", "At INOS_ARENA_METADATA.", HEADER_FIELDS, HEADER),
            ("descriptor", "One a table, behind the header.", DESCRIPTOR_FIELDS, DESCRIPTOR),
            ("copy", "In front of the rows of each copy.", COPY_FIELDS, COPY)]:
        out.append(c_struct(name, doc, place(fields)[0], size))
    for table in schema["table"]:
        out.append(c_struct(table["name"], table["doc"], table["fields"], table["row_size"]))
    out.append("enum inos_arena_table {")
    out += [f"  INOS_ARENA_TABLE_{table['name'].upper()}," for table in schema["table"]]
    out.append("  INOS_ARENA_TABLES,\n};\n")
    out.append("/* T (NAME, rows, row size, copy 0, copy 1, whether it is a ring) of each table, in order. */")
    out.append("#define INOS_ARENA_EACH(T) \\")
    out += [f"  T ({t['name'].upper()}, {t['rows']}u, {t['row_size']}u, 0x{t['copies'][0]:08x}u, "
            f"0x{t['copies'][1]:08x}u, {str(t.get('ring', False)).lower()}) \\" for t in schema["table"]]
    out[-1] = out[-1].removesuffix(" \\")
    out.append("/* T (NAME, offset in a row, size) of each string. */\n#define INOS_ARENA_EACH_TEXT(T) \\")
    out += [f"  T ({t['name'].upper()}, {at}, {size_of(kind)}) \\"
            for t in schema["table"] for _, kind, _, at in t["fields"] if kind not in SIZES]
    out[-1] = out[-1].removesuffix(" \\")
    out += [f"#define INOS_ARENA_{t['name'].upper()}_ROWS {t['rows']}u" for t in schema["table"]]
    return "\n".join(out) + "\n"


# TypeScript


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def ts_field(name, kind, doc, at):
    reads = {"u32": f"this.u32Of(row, {at})", "u64": f"this.u64Of(row, {at})", "i64": f"this.i64Of(row, {at})",
             "f64": f"this.f64Of(row, {at})", "id": f"this.idOf(row, {at})"}
    result = {"id": "bigint"}.get(kind, "number" if kind in SIZES else "string")
    read = reads.get(kind) or f"this.textOf(row, {at}, {size_of(kind)})"
    return f"  /** {doc} */\n  {camel(name)}(row: number): {result} {{\n    return {read};\n  }}"


def ts_views(schema):
    constants = {"version": schema["version"], "metadata": schema["place"]["metadata"], "end": schema["end"],
                 "descriptors": HEADER, "descriptorSize": DESCRIPTOR, "copySize": COPY}
    out = ["// SPDX-License-Identifier: GPL-3.0-or-later",
           "// Made by protocols/arena.py from protocols/arena.toml: change that one.",
           'import { Rows } from "./arena_rows";\n',
           "/** Places are counted from the beginning of the arena, but for those in the header and in a copy. */",
           "export const layout = {"]
    out += [f"  {name}: 0x{value:08x}," if value > 4096 else f"  {name}: {value}," for name, value in constants.items()]
    out += [f"  hash: [0x{schema['hash'] & 0xffffffff:08x}, 0x{schema['hash'] >> 32:08x}],",
            f"  magic: [{', '.join(str(b) for b in MAGIC.encode())}],"]
    for group, fields in [("header", HEADER_FIELDS), ("descriptor", DESCRIPTOR_FIELDS), ("copy", COPY_FIELDS)]:
        inner = ", ".join(f"{camel(name)}: {at}" for name, _, _, at in place(fields)[0])
        out.append(f"  {group}: {{ {inner} }},")
    out.append("} as const;\n")
    for table in schema["table"]:
        name = table["name"].capitalize()
        out.append(f"/** {table['doc']} */\nexport class {name}Rows extends Rows {{")
        out.append("\n".join(ts_field(*field) for field in table["fields"]))
        out.append("}\n")
    out.append("/** Every table: its number, room, size of a row, its two copies, and what reads it. */")
    out.append("export const tables = {")
    for number, t in enumerate(schema["table"]):
        out.append(f"  {t['name']}: {{ number: {number}, rows: {t['rows']}, rowSize: {t['row_size']}, "
                   f"copies: [0x{t['copies'][0]:08x}, 0x{t['copies'][1]:08x}], Rows: {t['name'].capitalize()}Rows }},")
    out += ["} as const;\n", "export type TableName = keyof typeof tables;",
            'export type RowsOf<T extends TableName> = InstanceType<(typeof tables)[T]["Rows"]>;', ""]
    return "\n".join(out)


# Markdown


def md_fields(fields):
    lines = ["| at | field | type | |", "|---|---|---|---|"]
    lines += [f"| {at} | `{name}` | {kind} | {doc} |" for name, kind, doc, at in fields]
    return "\n".join(lines) + "\n"


def md_page(schema):
    template = SCHEMA.with_name("arena.md.in").read_text(encoding="utf-8")
    places = schema["place"]
    parts = ["| from | to | |", "|---|---|---|",
             f"| `0x00000000` | `0x{places['metadata']:08x}` | the node's own; not a byte of it is in use |"]
    order = [("metadata", "inbox", "metadata: the header and the tables' descriptors"),
             ("inbox", "outbox", "kept for a ring from the node to a page; not in use"),
             ("outbox", "heap", "kept for a ring from a page to the node; not in use"),
             ("heap", "size", f"the tables, which end at `0x{schema['end']:08x}`")]
    parts += [f"| `0x{places[a]:08x}` | `0x{places[b]:08x}` | {what} |" for a, b, what in order]
    tables = []
    for number, t in enumerate(schema["table"]):
        ring = ", a ring" if t.get("ring") else ""
        tables.append(f"### {number}. `{t['name']}`\n\n{t['doc']} Up to {t['rows']:,} rows of {t['row_size']} bytes{ring}; "
                      f"copies at `0x{t['copies'][0]:08x}` and `0x{t['copies'][1]:08x}`.\n\n" + md_fields(t["fields"]))
    for key, value in {"PLACES": "\n".join(parts), "HEADER": md_fields(place(HEADER_FIELDS)[0]),
                       "DESCRIPTOR": md_fields(place(DESCRIPTOR_FIELDS)[0]), "COPY": md_fields(place(COPY_FIELDS)[0]),
                       "TABLES": "\n".join(tables), "VERSION": str(schema["version"]),
                       "HASH": f"0x{schema['hash']:016x}"}.items():
        template = template.replace(f"@{key}@", value.rstrip("\n"))
    return template


KEPT = {"shell/ui/src/lib/arena_layout.ts": ts_views, "docs/arena.md": md_page}


def main(what, where):
    schema = load()
    if what in ("check", "update"):
        stale = 0
        for path, make in KEPT.items():
            path = pathlib.Path(where) / path
            if what == "update":
                path.write_text(make(schema), encoding="utf-8")
            elif not path.exists() or path.read_text(encoding="utf-8") != make(schema):
                print(f"{path} is not what protocols/arena.toml says; run protocols/arena.py update .", file=sys.stderr)
                stale = 1
        sys.exit(stale)
    made = {"c": c_header, "ts": ts_views, "md": md_page}[what](schema)
    pathlib.Path(where).write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
