// SPDX-License-Identifier: GPL-3.0-or-later
// What there is to be known of what is chosen.
import { useEffect, useState, type ReactNode } from "react";
import { Dialog } from "../../lib/dialog";
import type { Row } from "../../lib/files";
import { formatBytes, formatExactly } from "../../lib/format";
import { ask } from "../../lib/host";
import { t, tn } from "../../lib/i18n";
import { runsOf } from "./sort";

interface About {
  name: string;
  folder: string;
  kind?: string;
  type?: string;
  target?: string;
  owner?: string;
  group?: string;
  modified?: number;
  accessed?: number;
  created?: number;
  mode: number;
}

interface Measure {
  bytes: number;
  files: number;
}

/** Three bits of a mode in words. */
export function mayOf(bits: number, folder: boolean): string {
  const may = [
    bits & 4 ? (folder ? t("see what is in it") : t("read")) : "",
    bits & 2 ? (folder ? t("put things in and take them out") : t("change")) : "",
    bits & 1 ? (folder ? t("go in") : t("run as a program")) : "",
  ].filter(Boolean);
  return may.length > 0 ? may.join(" · ") : t("nothing");
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd dir="auto" className="copyable-text">{children}</dd>
    </>
  );
}

function time(seconds: number | undefined): string {
  return seconds ? formatExactly(new Date(seconds * 1000)) : "–";
}

function One({ row, about }: { row: Row; about: About }) {
  const folder = row.is === "folder";
  return (
    <>
      <Fact label={t("Kind")}>{row.link ? t("Link to {target}", { target: about.target ?? "–" }) : about.kind ? `${about.kind} (${about.type ?? ""})` : row.kind}</Fact>
      <Fact label={t("Folder")}>{about.folder}</Fact>
      <Fact label={t("Changed")}>{time(about.modified)}</Fact>
      <Fact label={t("Opened")}>{time(about.accessed)}</Fact>
      <Fact label={t("Made")}>{time(about.created)}</Fact>
      <Fact label={t("Owner {name} may", { name: about.owner ?? "–" })}>{mayOf((about.mode >> 6) & 7, folder)}</Fact>
      <Fact label={t("Group {name} may", { name: about.group ?? "–" })}>{mayOf((about.mode >> 3) & 7, folder)}</Fact>
      <Fact label={t("Others may")}>{mayOf(about.mode & 7, folder)}</Fact>
    </>
  );
}

export function AboutDialog({ view, rows, onClose, onFault }: { view: number; rows: readonly Row[]; onClose: () => void; onFault: (error: unknown) => void }) {
  const [about, setAbout] = useState<About | null>(null);
  const [measure, setMeasure] = useState<Measure | null>(null);
  const [first] = useState(() => rows);
  const one = first.length === 1 ? first[0] : undefined;
  useEffect(() => {
    if (one) ask<About>("files.about", { view, item: one.id }).then(setAbout, (error: unknown) => { onFault(error); onClose(); });
    ask<Measure>("files.measure", { view, items: runsOf(first.map(({ id }) => id)) }).then(setMeasure, () => undefined);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- of what was chosen when it was opened
  }, []);
  const size = measure ? formatBytes(measure.bytes) : t("Counting…");
  const files = measure ? tn("{n} file", "{n} files", measure.files) : "";
  return (
    <Dialog title={one ? one.name : tn("{n} item", "{n} items", first.length)} leave={t("Close")} onCancel={onClose} choices={[]}>
      <dl className="facts">
        <Fact label={t("Size")}>{one && one.is !== "folder" ? size : `${size}${files ? ` · ${files}` : ""}`}</Fact>
        {one && about ? <One row={one} about={about} /> : null}
      </dl>
    </Dialog>
  );
}
