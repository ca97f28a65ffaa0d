// SPDX-License-Identifier: GPL-3.0-or-later
// All there is to know of one process, and what can be done with it.
import { useCallback } from "react";
import { formatBytes, formatDuration, formatExactly, formatNumber, formatShare } from "../../lib/format";
import { t } from "../../lib/i18n";
import { Copyable } from "./copyable";
import { processState, type Process } from "./machine_rows";
import { Spark } from "./spark";
import { clean } from "./text";
import { usePoll } from "./use_machine";
import { ask } from "./where";

const always = () => true;

type Details = Record<string, unknown>;

interface Properties {
  process: Process;
  shares: readonly number[];
  sizes: readonly number[];
  onEnd: (force: boolean) => void;
  onNice: (nice: number) => void;
  onClose: () => void;
}

/** Of nice values, what they are called. */
export function priorities(): [nice: number, text: string][] {
  return [
    [-10, t("Much")],
    [-5, t("More")],
    [0, t("As others")],
    [5, t("Less")],
    [10, t("Little")],
    [19, t("Only what nobody else wants")],
  ];
}

const text = (details: Details | undefined, key: string) => (typeof details?.[key] === "string" ? clean(details[key]) : "");
const number = (details: Details | undefined, key: string) => Number(details?.[key] ?? NaN);

/** What is known, as pairs; what is not known is left out. */
export function processFacts(details: Details | undefined, process: Process): [string, string][] {
  const facts: [string, string][] = [
    [t("State"), processState(process.state)],
    [t("User"), clean(process.user)],
  ];
  const started = number(details, "started") / 1000;
  const time = number(details, "cpu-time") / 1e6;
  if (Number.isFinite(started)) facts.push([t("Started"), formatExactly(new Date(started))]);
  if (Number.isFinite(time)) facts.push([t("Processor time"), time < 60 ? `${formatNumber(time)} s` : formatDuration(time)]);
  const bytes: [string, string][] = [
    ["own-memory", t("Its own memory")],
    ["file-memory", t("Of files")],
    ["shared-memory", t("Shared")],
    ["swap", t("Swapped out")],
    ["read", t("Read from disks")],
    ["written", t("Written to disks")],
  ];
  for (const [key, label] of bytes) {
    const value = number(details, key);
    if (Number.isFinite(value)) facts.push([label, formatBytes(value)]);
  }
  facts.push([t("Threads"), formatNumber(process.threads)]);
  const files = number(details, "files");
  if (Number.isFinite(files)) facts.push([t("Open files"), formatNumber(files)]);
  facts.push([t("Parent"), String(process.parent)]);
  for (const [key, label] of [["executable", t("Program")], ["folder", t("Folder")], ["cgroup", t("Control group")]] as const) {
    const value = text(details, key);
    if (value) facts.push([label, value]);
  }
  return facts;
}

export function ProcessPanel({ process, shares, sizes, onEnd, onNice, onClose }: Properties) {
  const { pid, start, mine, nice } = process;
  const name = clean(process.name);
  const question = useCallback(() => ask<[Details]>("machine.process", { pid, start }), [pid, start]);
  const { answer } = usePoll(question, always);
  const details = answer?.[0];
  const command = text(details, "command") || clean(process.command);
  const known = priorities();
  return (
    <aside className="side process" role="region" aria-label={t("Details of {name}", { name })} onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <header>
        <h2 dir="auto">
          {name} <span className="hint">{pid}</span>
        </h2>
        <button type="button" className="push" aria-label={t("Close")} title={t("Close")} onClick={onClose}>
          ×
        </button>
      </header>
      <div className="deeds">
        <button type="button" className="push" disabled={!mine} title={`${t("Ask it to end")} (Delete)`} onClick={() => onEnd(false)}>
          {t("End…")}
        </button>
        <button type="button" className="push" disabled={!mine} title={`${t("End it at once")} (Shift+Delete)`} onClick={() => onEnd(true)}>
          {t("Kill…")}
        </button>
      </div>
      {!mine && <p className="hint">{t("It is another user’s. Only that user or an administrator can end it or change its priority.")}</p>}
      <dl className="sparks">
        <dt>{t("Processor")}</dt>
        <dd>{formatShare(process.share)}</dd>
        <dd>
          <Spark values={shares} least={0.1} label={t("Its share of one processor in the last looks")} />
        </dd>
        <dt>{t("Memory")}</dt>
        <dd>{formatBytes(process.memory)}</dd>
        <dd>
          <Spark values={sizes} least={1} label={t("Its memory in the last looks")} />
        </dd>
      </dl>
      <label className="priority">
        <span>{t("Of the processor it gets")}</span>
        <select className="field" value={String(nice)} disabled={!mine} onChange={(event) => onNice(Number(event.currentTarget.value))}>
          {!known.some(([each]) => each === nice) && <option value={String(nice)}>{t("Nice value {n}", { n: nice })}</option>}
          {known.map(([each, label]) => (
            <option key={each} value={String(each)}>
              {label} ({each})
            </option>
          ))}
        </select>
      </label>
      {command && (
        <>
          <h3>{t("Command")}</h3>
          <Copyable text={command} label={t("Copy the command")} />
        </>
      )}
      <h3>{t("Figures")}</h3>
      <dl className="facts">
        {processFacts(details, process).flatMap(([label, value]) => [<dt key={`${label}-label`}>{label}</dt>, <dd key={label}><bdi>{value}</bdi></dd>])}
      </dl>
    </aside>
  );
}
