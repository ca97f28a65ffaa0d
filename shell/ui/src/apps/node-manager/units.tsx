// SPDX-License-Identifier: GPL-3.0-or-later
// Control groups: what each slice, service and scope of systemd uses, with all below it.
import { useMemo, useState } from "react";
import { formatBytes, formatNumber, formatRate, formatShare } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import type { PageProperties } from "./actors";
import { Grid, type Column, type Sort } from "./grid";
import { kindText, lastOf, unitLines, unitOf, type Unit, type UnitAnswer, type UnitLine } from "./machine_rows";
import { clean } from "./text";
import { askFor, hasRates, usePoll } from "./use_machine";

const rate = (bytes: number) => (bytes < 0 ? "–" : formatRate(bytes));

export function unitColumns(): Column<UnitLine>[] {
  const by = (figure: (unit: Unit) => number) => (a: UnitLine, b: UnitLine) => figure(b.unit) - figure(a.unit);
  return [
    {
      key: "name",
      label: t("Unit"),
      className: "wide",
      cell: ({ unit }) => <span className="name" dir="ltr">{clean(unit.name)}</span>,
      title: ({ unit }) => clean(unit.path),
      compare: (a, b) => b.unit.name.localeCompare(a.unit.name),
    },
    { key: "kind", label: t("Kind"), className: "second", cell: ({ unit }) => kindText(unit.kind) },
    {
      key: "cpu",
      label: t("Processor"),
      className: "number",
      cell: ({ unit }) => <span className={unit.share < 0.005 ? "little" : ""}>{formatShare(unit.share)}</span>,
      title: () => t("Of one processor"),
      compare: by((unit) => unit.share),
    },
    { key: "memory", label: t("Memory"), className: "number", cell: ({ unit }) => (unit.memory < 0 ? "–" : formatBytes(unit.memory)), compare: by((unit) => unit.memory) },
    { key: "processes", label: t("Processes"), className: "number second", cell: ({ unit }) => (unit.processes < 0 ? "–" : formatNumber(unit.processes)), compare: by((unit) => unit.processes) },
    { key: "read", label: t("Reads"), className: "number third", cell: ({ unit }) => rate(unit.read), compare: by((unit) => unit.read) },
    { key: "written", label: t("Writes"), className: "number third", cell: ({ unit }) => rate(unit.written), compare: by((unit) => unit.written) },
  ];
}

/** Whether processes are said to be in it, and not in what is below it. */
const holds = ({ kind }: Unit) => kind === "service" || kind === "scope";

const question = askFor<UnitAnswer>("machine.units");

export function Units({ desk, onProcesses }: PageProperties & { onProcesses: (unit: string) => void }) {
  const { answer, fault } = usePoll(question, hasRates);
  const [selected, setSelected] = useState<string | null>(null);
  const [sort, setSort] = useState<Sort | null>({ column: "memory", descending: true });
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const columns = useMemo(() => unitColumns(), []);
  const units = useMemo(() => (answer?.[1] ?? []).map(unitOf), [answer]);
  const lines = useMemo(() => {
    const compare = sort && columns.find(({ key }) => key === sort.column)?.compare;
    const way = sort?.descending ? 1 : -1;
    const line = (unit: Unit): UnitLine => ({ unit, level: 1, open: undefined, position: 1, siblings: 1 });
    return unitLines(units, compare ? (a, b) => way * compare(line(a), line(b)) : (a, b) => a.name.localeCompare(b.name), folded, desk.query);
  }, [units, columns, sort, folded, desk.query]);
  const chosen = units.find(({ path }) => path === selected);
  const fold = ({ unit }: UnitLine, open: boolean) =>
    setFolded((now) => {
      const next = new Set(now);
      if (open) next.delete(unit.path);
      else next.add(unit.path);
      return next;
    });
  return (
    <>
      <div className="toolbar">
        <span className="count" role="status">
          {answer && tn("{n} unit", "{n} units", units.length)}
        </span>
      </div>
      <div className="split">
        <Grid
          label={t("Units")}
          className="units"
          columns={columns}
          rows={lines}
          keyOf={({ unit }) => unit.path}
          selected={selected}
          onSelect={setSelected}
          onOpen={(line) => (holds(line.unit) ? onProcesses(lastOf(line.unit.path)) : line.open !== undefined && fold(line, !line.open))}
          sort={sort}
          onSort={setSort}
          branchOf={(line) => line}
          onFold={fold}
          empty={<p className="empty copyable-text" dir="auto">{fault || (answer ? t("No unit is called so.") : t("Looking at the units…"))}</p>}
        />
        {chosen && (
          <div className="bottom">
            {holds(chosen) && (
              <button type="button" className="push" onClick={() => onProcesses(lastOf(chosen.path))}>
                {t("Its processes")}
              </button>
            )}
            <code className="hint" dir="ltr">
              {clean(chosen.path)}
            </code>
          </div>
        )}
      </div>
    </>
  );
}
