// SPDX-License-Identifier: GPL-3.0-or-later
// What runs on this machine, whose it is, what it uses, and how it is ended.
import { useCallback, useEffect, useMemo, useState } from "react";
import { formatBytes, formatShare } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import type { PageProperties } from "./actors";
import { Grid, sorted, type Column } from "./grid";
import { isFound, isOfDesktop, orderOf, processOf, processState, type Process, type ProcessAnswer } from "./machine_rows";
import { ProcessPanel } from "./process_panel";
import { clean, message } from "./text";
import { Past, rowsMost, usePoll } from "./use_machine";
import { ask, useNode } from "./where";

const typing = 150;
const knows = ({ seconds }: { seconds: number }) => seconds > 0;

export function processColumns(): Column<Process>[] {
  const by = (figure: (process: Process) => number) => (a: Process, b: Process) => figure(b) - figure(a);
  const text = (word: (process: Process) => string) => (a: Process, b: Process) => word(b).localeCompare(word(a));
  return [
    {
      key: "name",
      label: t("Process"),
      className: "wide",
      cell: ({ name }) => <span className="name" dir="auto">{clean(name)}</span>,
      title: ({ name, command }) => clean(command) || clean(name),
      compare: text(({ name }) => name.toLowerCase()),
    },
    { key: "pid", label: t("Number"), className: "number third", cell: ({ pid }) => String(pid), compare: by(({ pid }) => pid) },
    { key: "user", label: t("User"), className: "second", cell: ({ user }) => <span dir="auto">{clean(user)}</span>, title: ({ user }) => clean(user), compare: text(({ user }) => user) },
    {
      key: "cpu",
      label: t("Processor"),
      className: "number",
      cell: ({ share }) => <span className={share < 0.005 ? "little" : ""}>{formatShare(share)}</span>,
      title: () => t("Of one processor"),
      compare: by(({ share }) => share),
    },
    { key: "memory", label: t("Memory"), className: "number", cell: ({ memory }) => formatBytes(memory), title: () => t("In memory now, with what it shares with others"), compare: by(({ memory }) => memory) },
    { key: "state", label: t("State"), className: "second", cell: ({ state }) => <span className={state === "running" ? "" : "little"}>{processState(state)}</span>, compare: text(({ state }) => state) },
    {
      key: "unit",
      label: t("Unit"),
      className: "third",
      cell: ({ unit }) => <span dir="ltr">{clean(unit)}</span>,
      title: ({ unit }) => clean(unit),
      compare: text(({ unit }) => unit),
    },
  ];
}

/** What is typed, when that rests for a moment. */
function useRested(query: string): string {
  const [rested, setRested] = useState(query);
  useEffect(() => {
    const timer = window.setTimeout(() => setRested(query), typing);
    return () => window.clearTimeout(timer);
  }, [query]);
  return rested;
}

export function Processes({ desk, settings, onSettings }: PageProperties) {
  const node = useNode();
  const search = useRested(desk.query);
  const [own, setOwn] = useState(false);
  const [selected, setSelected] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const [past] = useState(() => new Past());
  const [sizes] = useState(() => new Past());
  const columns = useMemo(() => processColumns(), []);
  const sort = settings.processSort;
  const order = orderOf(sort);
  const question = useCallback(
    () =>
      ask<ProcessAnswer>("machine.processes", { ...(search ? { search } : {}), order, own, limit: rowsMost }).then(([total, found, seconds, rows]) => {
        const processes = rows.map(processOf);
        past.take(processes.map(({ key, share }) => [key, share]));
        sizes.take(processes.map(({ key, memory }) => [key, memory]));
        return { total, found, seconds, processes };
      }),
    [search, order, own, past, sizes],
  );
  const { answer, fault, look } = usePoll(question, knows);
  const processes = useMemo(() => answer?.processes ?? [], [answer]);
  const rows = useMemo(() => sorted(processes.filter((process) => isFound(process, desk.query)), columns, sort ?? { column: "cpu", descending: true }), [processes, columns, sort, desk.query]);
  const process = rows.find(({ key }) => key === selected);
  const { total, found } = answer ?? { total: 0, found: 0 };

  const end = (one: Process, force: boolean) => {
    const name = clean(one.name);
    desk.ask({
      title: force ? t("Kill “{name}”?", { name }) : t("End “{name}”?", { name }),
      text: (
        <>
          <p>
            {force
              ? t("It ends at once and is not asked: what it has not saved is lost, and what it was writing may be left half written.")
              : t("It is asked to end, and may save what it has to, or not obey.")}
          </p>
          {isOfDesktop(one) && <p className="warn">{t("It is a part of the desktop. It is started again, and windows may close with it.")}</p>}
          <p>
            <code dir="ltr">{`${one.pid} ${clean(one.command) || name}`}</code>
          </p>
        </>
      ),
      choices: [
        {
          label: force ? t("Kill it") : t("End it"),
          destructive: true,
          run: () => {
            desk.answered();
            ask("machine.end", { pid: one.pid, start: one.start, force, node })
              .then(() => {
                desk.note(force ? t("“{name}” was killed.", { name }) : t("“{name}” was asked to end.", { name }));
                look();
              })
              .catch((error: unknown) => desk.note(message(error)));
          },
        },
      ],
    });
  };
  const setNice = (one: Process, nice: number) => {
    ask("machine.priority", { pid: one.pid, start: one.start, nice, node })
      .then(() => {
        desk.note(t("“{name}” has the nice value {n} now.", { name: clean(one.name), n: nice }));
        look();
      })
      .catch((error: unknown) => {
        desk.note(message(error));
        look();
      });
  };
  return (
    <>
      <div className="toolbar">
        <span className="count" role="status">
          {answer && tn("{n} process", "{n} processes", total)}
          {answer && found < total && ` · ${tn("{n} found", "{n} found", found)}`}
          {found > processes.length && ` · ${t("the first {n} are shown; search for others", { n: processes.length })}`}
        </span>
        <label className="check">
          <input type="checkbox" checked={own} onChange={(event) => setOwn(event.currentTarget.checked)} />
          {t("Only mine")}
        </label>
      </div>
      {fault && <p className="fault copyable-text" role="alert">{fault}</p>}
      <div
        className={open && process ? "split with-panel" : "split"}
        onKeyDown={(event) => {
          if (event.key !== "Delete" || !process?.mine || event.ctrlKey || event.altKey || event.metaKey) return;
          event.preventDefault();
          end(process, event.shiftKey);
        }}
      >
        <Grid
          label={t("Processes")}
          className="processes"
          columns={columns}
          rows={rows}
          keyOf={({ key }) => key}
          selected={selected}
          onSelect={setSelected}
          onOpen={() => setOpen(true)}
          sort={sort}
          onSort={(processSort) => onSettings({ processSort })}
          empty={<p className="empty">{answer ? t("No process has these words in its name, command, unit or user.") : t("Looking at the processes…")}</p>}
        />
        {open && process && (
          <ProcessPanel
            key={process.key}
            process={process}
            shares={past.of(process.key)}
            sizes={sizes.of(process.key)}
            onEnd={(force) => end(process, force)}
            onNice={(nice) => setNice(process, nice)}
            onClose={() => setOpen(false)}
          />
        )}
        {!open && process && (
          <button type="button" className="push details" onClick={() => setOpen(true)}>
            {t("Details of {name}", { name: clean(process.name) })}
          </button>
        )}
      </div>
    </>
  );
}
