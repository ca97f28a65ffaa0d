// SPDX-License-Identifier: GPL-3.0-or-later
// What programs, the system and Inos wrote: looked through, followed, and written to a file.
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { formatExactly, formatNumber, formatTime } from "../../lib/format";
import { t, tn } from "../../lib/i18n";
import { useHost } from "../../lib/page";
import type { PageProperties } from "./actors";
import { Copyable } from "./copyable";
import { Grid, type Column } from "./grid";
import { LogPanel } from "./log_panel";
import { joinCommand, keptMost, lineOf, priorityText, questionOf, reachText, spans, waitingMost, type LogEntry, type LogFilter, type LogSources, type SourceName, type Span } from "./log_rows";
import { clean, message, pathText } from "./text";
import { useLog } from "./use_log";
import { ask, tell } from "./where";

const typing = 250;
/** Pixels: less is at the top, and as far from the end more is asked for. */
const near = 30;
const far = 400;
/** Fewer entries may all be seen at once: then there is nothing to go down by. */
const short = 200;
const defaults: LogFilter = { source: "journal", priority: 7, unit: "", span: "all", boot: "", search: "" };

const weight = (priority: number) => (priority <= 3 ? "bad" : priority === 4 ? "rather" : priority === 7 ? "little" : "");

function timeOf(time: number, now: Date): string {
  const date = new Date(time);
  return date.toDateString() === now.toDateString() ? formatTime(date) : formatExactly(date);
}

export function logColumns(): Column<LogEntry>[] {
  return [
    { key: "time", label: t("Time"), cell: ({ time }) => <span dir="auto">{timeOf(time, new Date())}</span>, title: ({ time }) => formatExactly(new Date(time)) },
    { key: "priority", label: t("Priority"), className: "second", cell: ({ priority }) => <span className={weight(priority)}>{priorityText(priority)}</span> },
    { key: "who", label: t("Program"), cell: ({ who }) => <span dir="ltr">{clean(who)}</span>, title: ({ unit, who }) => clean(unit || who) },
    {
      key: "message",
      label: t("Message"),
      className: "wide",
      cell: ({ message: text, priority }) => <span className={weight(priority)} dir="auto">{lineOf(text)}</span>,
      title: ({ message: text }) => lineOf(text, 256),
    },
  ];
}

/** What is typed, when that rests for a moment. */
function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => setRested(text), typing);
    return () => window.clearTimeout(timer);
  }, [text]);
  return rested;
}

/** Which logs there are; asked for again when the node comes back. */
function useSources(): [LogSources | null, string] {
  const connected = useHost().node?.connected ?? false;
  const [sources, setSources] = useState<LogSources | null>(null);
  const [fault, setFault] = useState("");
  useEffect(() => {
    if (!connected) return;
    let over = false;
    ask<LogSources>("log.sources")
      .then((found) => {
        if (over) return;
        setSources(found);
        setFault("");
      })
      .catch((error: unknown) => !over && setFault(message(error)));
    return () => {
      over = true;
    };
  }, [connected]);
  return [sources, fault];
}

interface FiltersProperties {
  filter: LogFilter;
  boots: readonly [string, string][];
  onChange: (change: Partial<LogFilter>) => void;
}

function Filters({ filter, boots, onChange }: FiltersProperties) {
  const names: Record<SourceName, string> = { journal: t("Journal"), inos: "Inos" };
  const lengths: Record<Span, string> = { all: t("Whenever"), hour: t("The last hour"), day: t("The last 24 hours"), week: t("The last 7 days") };
  return (
    <div className="filters" role="group" aria-label={t("What is shown")}>
      <label>
        {t("Log")}
        <select className="field" value={filter.source} onChange={(event) => onChange({ source: event.currentTarget.value as SourceName, boot: "" })}>
          {Object.entries(names).map(([name, label]) => <option key={name} value={name}>{label}</option>)}
        </select>
      </label>
      <label>
        {t("Priority")}
        <select className="field" value={String(filter.priority)} onChange={(event) => onChange({ priority: Number(event.currentTarget.value) })}>
          {[7, 6, 5, 4, 3, 2].map((priority) => (
            <option key={priority} value={String(priority)}>
              {priority === 7 ? t("All") : t("{priority} and worse", { priority: priorityText(priority) })}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("Time")}
        <select className="field" value={filter.span} onChange={(event) => onChange({ span: event.currentTarget.value as Span })}>
          {spans.map((span) => <option key={span} value={span}>{lengths[span]}</option>)}
        </select>
      </label>
      <label>
        {t("Start of the computer")}
        <select className="field" value={filter.boot} onChange={(event) => onChange({ boot: event.currentTarget.value })}>
          <option value="">{t("Any")}</option>
          <option value="this">{t("This one")}</option>
          {filter.source === "journal" && boots.slice(1).map(([id, time]) => <option key={id} value={id}>{formatExactly(new Date(Number(time) / 1000))}</option>)}
        </select>
      </label>
      <label>
        {t("Unit or program")}
        <input className="field" type="text" dir="ltr" maxLength={200} value={filter.unit} onChange={(event) => onChange({ unit: event.currentTarget.value })} />
      </label>
    </div>
  );
}

function Reach({ source, reach }: { source: SourceName; reach: string }) {
  const sentence = reachText(source, reach);
  if (!sentence) return null;
  return (
    <div className="band" role="note">
      <span className="copyable-text">{sentence}</span>
      {source === "journal" && reach !== "none" && (
        <>
          <Copyable text={joinCommand} label={t("Copy the command")} />
          <span className="hint">{t("It counts from the next log-in.")}</span>
        </>
      )}
    </div>
  );
}

export function Logs({ desk }: PageProperties) {
  const [sources, lost] = useSources();
  const [chosen, setChosen] = useState(false);
  const [wish, setWish] = useState(defaults);
  const [follows, setFollows] = useState(true);
  const [selected, setSelected] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const reach = new Map(sources?.[0]).get(wish.source) ?? "all";
  // Where nothing of the journal can be read, Inos' own files are shown until the person says otherwise.
  const journal = new Map(sources?.[0]).get("journal");
  if (!chosen && wish.source === "journal" && (journal === "none" || journal === "refused")) setWish({ ...wish, source: "inos" });
  const change = (some: Partial<LogFilter>) => {
    if (some.source) setChosen(true);
    setWish((before) => ({ ...before, ...some }));
  };
  const typed = useRested(`${wish.unit}\n${desk.query}`);
  const filter = useMemo((): LogFilter => {
    const [unit = "", search = ""] = typed.split("\n");
    return { ...wish, unit, search };
  }, [wish, typed]);

  return (
    <div className="page" tabIndex={-1}>
      <Filters filter={wish} boots={sources?.[1] ?? []} onChange={change} />
      {lost && <p className="fault copyable-text" role="alert">{lost}</p>}
      <Reach source={wish.source} reach={reach} />
      {sources && (
        <Entries
          desk={desk}
          filter={filter}
          typed={{ ...wish, search: desk.query }}
          follows={follows}
          onFollows={setFollows}
          selected={selected}
          onSelect={setSelected}
          open={open}
          onOpen={setOpen}
          onUnit={(unit) => change({ unit })}
        />
      )}
    </div>
  );
}

interface EntriesProperties {
  desk: PageProperties["desk"];
  filter: LogFilter;
  /** The same, to the last letter: a file has what the person asked for. */
  typed: LogFilter;
  follows: boolean;
  onFollows: (follows: boolean) => void;
  selected: string | null;
  onSelect: (cursor: string | null) => void;
  open: boolean;
  onOpen: (open: boolean) => void;
  onUnit: (unit: string) => void;
}

function Entries({ desk, filter, typed, follows, onFollows, selected, onSelect, open, onOpen, onUnit }: EntriesProperties) {
  const place = useRef<HTMLDivElement>(null);
  const list = useCallback(() => place.current?.querySelector<HTMLElement>(".grid"), []);
  const isAtTop = useCallback(() => (list()?.scrollTop ?? 0) < near, [list]);
  const { entries, waiting, more, begun, known, asking, fault, last, older, merge } = useLog(filter, follows, isAtTop);
  const columns = useMemo(() => logColumns(), []);
  const entry = entries.find(({ cursor }) => cursor === selected);
  const oldest = entries.at(-1)?.time;
  const goesOn = more && !asking && known && last !== "" && entries.length < keptMost;

  useEffect(() => {
    const element = list();
    if (!element) return;
    const look = () => {
      if (isAtTop() && waiting.length > 0) merge();
      if (goesOn && element.scrollTop + element.clientHeight > element.scrollHeight - far && element.scrollHeight > element.clientHeight) older();
    };
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, [list, isAtTop, waiting, merge, goesOn, older]);

  return (
    <>
      <div className="toolbar">
        <span className="count" role="status">
          {begun && tn("{n} entry", "{n} entries", entries.length)}
          {goesOn && entries.length >= short && ` · ${t("older ones as you go down")}`}
          {asking && ` ${oldest === undefined ? t("Reading the log…") : t("Reading, back to {time}…", { time: formatExactly(new Date(oldest)) })}`}
          {entries.length >= keptMost && ` · ${t("no more than {n} are shown; look for some, or export them", { n: formatNumber(keptMost) })}`}
        </span>
        {goesOn && entries.length < short && (
          <button type="button" className="push" onClick={older}>
            {t("Look further back")}
          </button>
        )}
        {waiting.length > 0 && (
          <button
            type="button"
            className="push"
            onClick={() => {
              list()?.scrollTo({ top: 0 });
              merge();
            }}
          >
            {waiting.length < waitingMost ? tn("{n} new entry", "{n} new entries", waiting.length) : t("More than {n} new entries", { n: formatNumber(waitingMost) })}
          </button>
        )}
        <button type="button" className="push" aria-pressed={follows} title={t("Show what is written as it is written")} onClick={() => onFollows(!follows)}>
          {follows ? t("Stop following") : t("Follow")}
        </button>
        <Export desk={desk} filter={typed} />
      </div>
      {fault && <p className="fault copyable-text" role="alert">{fault}</p>}
      <div ref={place} className={open && entry ? "split with-panel" : "split"}>
        <Grid
          label={t("Logs")}
          className="logs"
          columns={columns}
          rows={entries}
          keyOf={({ cursor }) => cursor}
          selected={selected}
          onSelect={onSelect}
          onOpen={() => onOpen(true)}
          empty={!fault && <p className="empty">{known && !asking ? (more ? t("Nothing was found so far.") : t("The log has no such entry. Look for less, or for another time.")) : t("Reading the log…")}</p>}
        />
        {open && entry && (
          <LogPanel
            key={entry.cursor}
            source={filter.source}
            entry={entry}
            onUnit={onUnit}
            onClose={() => {
              onOpen(false);
              list()?.focus();
            }}
          />
        )}
        {!open && entry && (
          <button type="button" className="push details" onClick={() => onOpen(true)}>
            {t("Details of the entry")}
          </button>
        )}
      </div>
    </>
  );
}

type Exported = [path: string, count: number, all: boolean];

function Export({ desk, filter }: { desk: PageProperties["desk"]; filter: LogFilter }) {
  const { logExport } = useHost();
  const write = (format: "text" | "json") => {
    ask<Exported>("log.export", { ...questionOf(filter, Date.now()), format })
      .then(([path, count, all]) => {
        const done = tn("{n} entry is in {file}", "{n} entries are in {file}", count, { file: pathText(path) });
        desk.note(all ? done : `${done}. ${t("There are more: the newest were taken.")}`);
      })
      .catch((error: unknown) => desk.note(message(error)));
  };
  if (typeof logExport === "number")
    return (
      <span className="deeds" role="status">
        {t("Writing a file: {n} entries so far", { n: formatNumber(logExport) })}
        <button type="button" className="push" onClick={() => tell("log.stop")}>
          {t("Cancel")}
        </button>
      </span>
    );
  return (
    <>
      <button type="button" className="push" title={t("Writes what is looked for to a file in the downloads")} onClick={() => write("text")}>
        {t("Export as text")}
      </button>
      <button type="button" className="push" title={t("Writes what is looked for to a file in the downloads, an object a line")} onClick={() => write("json")}>
        {t("Export as JSON")}
      </button>
    </>
  );
}
