// SPDX-License-Identifier: GPL-3.0-or-later
// The mesh in a simulator: what is to go wrong, how many nodes there are, and what becomes of it.
import "./simulator.css";
import { useEffect, useMemo, useState } from "react";
import { formatBytes, formatNumber, formatSpan } from "../../lib/format";
import { ask } from "../../lib/host";
import { t, tn } from "../../lib/i18n";
import { Chart, type Line } from "./chart";
import { Copyable } from "./copyable";
import type { Desk } from "./desk";
import { commandOf, plain, scenariosOf, scenarioText, seedOf, wholeOf, type Choice, type Scenario } from "./simulator_text";
import { clean, message, pathText } from "./text";
import { keepBegun, nodesMost, secondsMost, useSimulation, type End, type Series, type Simulation } from "./use_simulation";

interface Form {
  name: string;
  nodes: string;
  seconds: string;
  seed: string;
}

function formOf({ scenario, nodes, seconds, seed }: Choice): Form {
  return { name: scenario.name, nodes: String(nodes), seconds: String(seconds), seed };
}

function Choose({ scenarios, form, onForm, runs, onStart }: { scenarios: readonly Scenario[]; form: Form; onForm: (form: Form) => void; runs: boolean; onStart: () => void }) {
  const scenario = scenarios.find(({ name }) => name === form.name) ?? plain;
  return (
    <form
      className="card form simulator-form"
      onSubmit={(event) => {
        event.preventDefault();
        onStart();
      }}
    >
      <label>
        {t("Scenario")}
        <select
          className="field"
          disabled={runs}
          value={form.name}
          onChange={({ target: { value } }) => {
            const next = scenarios.find(({ name }) => name === value) ?? plain;
            onForm({ ...form, name: next.name, nodes: String(next.nodes), seconds: String(next.seconds) });
          }}
        >
          {scenarios.map((each) => (
            <option key={each.name} value={each.name}>
              {scenarioText(each)[0]}
            </option>
          ))}
        </select>
      </label>
      <p className="hint" dir="auto">{scenarioText(scenario)[1]}</p>
      <div className="simulator-numbers">
        <label>
          {t("Nodes")}
          <input className="field" inputMode="numeric" disabled={runs} value={form.nodes} maxLength={6} aria-invalid={wholeOf(form.nodes, nodesMost) === null} onChange={({ target: { value } }) => onForm({ ...form, nodes: value })} />
        </label>
        <label>
          {t("Virtual seconds")}
          <input className="field" inputMode="numeric" disabled={runs} value={form.seconds} maxLength={6} aria-invalid={wholeOf(form.seconds, secondsMost) === null} onChange={({ target: { value } }) => onForm({ ...form, seconds: value })} />
        </label>
        <label title={t("The same seed, the same run")}>
          {t("Seed")}
          <input className="field" inputMode="numeric" disabled={runs} value={form.seed} maxLength={20} aria-invalid={seedOf(form.seed) === null} onChange={({ target: { value } }) => onForm({ ...form, seed: value })} />
        </label>
        <button type="submit" className="push primary" disabled={runs}>
          {t("Start")}
        </button>
      </div>
    </form>
  );
}

function Progress({ simulation, of, onCancel }: { simulation: Simulation; of: number; onCancel: () => void }) {
  const at = simulation.series.seconds.at(-1) ?? 0;
  const text = t("{at} of {of} virtual seconds", { at: formatNumber(at), of: formatNumber(of) });
  return (
    <div className="simulator-progress">
      <progress max={of} value={at} aria-label={t("Simulation")} />
      <span role="status">{text}</span>
      <button type="button" className="push" onClick={onCancel}>
        {t("Cancel")}
      </button>
    </div>
  );
}

function useLines(series: Series) {
  return useMemo(() => {
    const line = (label: string, values: readonly number[]): Line => ({ label, values });
    return {
      known: [line(t("up"), series.up), line(t("known at least"), series.least), line(t("known at most"), series.most)],
      sent: [line(t("Messages"), series.messages), line(t("Datagrams"), series.datagrams)],
      bytes: [line(t("Sent"), series.bytes)],
      verdicts: [line(t("suspected"), series.suspected), line(t("called dead"), series.dead)],
    };
  }, [series]);
}

function Charts({ series, theme }: { series: Series; theme: string }) {
  const { known, sent, bytes, verdicts } = useLines(series);
  const common = { times: series.seconds, theme, alert: false, at: (second: number) => t("{n} s", { n: formatNumber(second) }) };
  return (
    <div className="charts">
      <Chart {...common} title={t("Nodes that are up, and known")} lines={known} format={formatNumber} top={4} />
      <Chart {...common} title={t("Verdicts of all nodes in a second")} lines={verdicts} format={formatNumber} top={4} />
      <Chart {...common} title={t("Sent by a node in a second")} lines={sent} format={formatNumber} top={4} />
      <Chart {...common} title={t("Bytes sent by a node in a second")} lines={bytes} format={formatBytes} top={1024} bytes />
    </div>
  );
}

function Result({ end, choice, onExport }: { end: End; choice: Choice; onExport: () => void }) {
  return (
    <section className={end.ok ? "card simulator-end" : "card simulator-end alert"}>
      <h2>{end.ok ? t("All that must hold held") : tn("{n} thing did not hold", "{n} things did not hold", end.failed)}</h2>
      {end.failures.length > 0 && (
        <ul className="copyable-text">
          {end.failures.map((failure, i) => (
            <li key={i}>
              <span dir="auto">{clean(failure)}</span>
            </li>
          ))}
          {end.failed > end.failures.length && <li>{tn("and {n} more", "and {n} more", end.failed - end.failures.length)}</li>}
        </ul>
      )}
      <dl className="facts">
        <dt>{t("Suspected")}</dt>
        <dd>{formatNumber(end.suspected)}</dd>
        <dt>{t("Called dead")}</dt>
        <dd>{t("{n}, of those {falsely} falsely", { n: formatNumber(end.dead), falsely: formatNumber(end.falsely) })}</dd>
        <dt>{t("From a crash to the last verdict")}</dt>
        <dd>{t("{n} s", { n: formatNumber(end.slowest) })}</dd>
        <dt>{t("Lost")}</dt>
        <dd>{formatNumber(end.lost)}</dd>
        <dt>{t("Events")}</dt>
        <dd>{t("{n} in {time} of the processor", { n: formatNumber(end.events), time: formatSpan(end.processor * 1e9) })}</dd>
        <dt>{t("Digest")}</dt>
        <dd>
          <Copyable text={end.digest} label={t("Copy the digest")} />
        </dd>
        <dt>{t("Again in a terminal")}</dt>
        <dd>
          <Copyable text={commandOf(choice)} label={t("Copy the command")} />
        </dd>
      </dl>
      <div className="deeds">
        <button type="button" className="push" onClick={onExport}>
          {t("Save the report")}
        </button>
      </div>
    </section>
  );
}

export function Simulator({ desk, theme }: { desk: Desk; theme: string }) {
  const { simulation, begun } = useSimulation();
  const [scenarios, setScenarios] = useState<Scenario[]>([plain]);
  const [form, setForm] = useState<Form>(() => formOf(begun?.choice ?? { scenario: plain, nodes: plain.nodes, seconds: plain.seconds, seed: "1" }));
  const runs = simulation?.state === "running" || (begun !== null && (simulation?.run ?? 0) < begun.run);
  useEffect(() => {
    ask<Parameters<typeof scenariosOf>[0]>("simulator.list")
      .then((rows) => setScenarios(scenariosOf(rows)))
      .catch((error: unknown) => desk.note(message(error)));
  }, [desk]);
  const start = () => {
    const [nodes, seconds, seed] = [wholeOf(form.nodes, nodesMost), wholeOf(form.seconds, secondsMost), seedOf(form.seed)];
    const scenario = scenarios.find(({ name }) => name === form.name) ?? plain;
    if (nodes === null || seconds === null || seed === null) {
      desk.note(t("A simulation has 1 to 10,000 nodes, lasts 1 to 3,600 virtual seconds, and its seed is a number."));
      return;
    }
    ask<number>("simulator.start", { ...(scenario.name ? { scenario: scenario.name } : {}), nodes, seconds, seed })
      .then((run) => keepBegun({ run, choice: { scenario, nodes, seconds, seed } }))
      .catch((error: unknown) => desk.note(message(error)));
  };
  const cancel = () => void ask("simulator.cancel").catch((error: unknown) => desk.note(message(error)));
  const save = () =>
    void ask<string>("simulator.export")
      .then((path) => desk.note(t("The report is saved: {path}", { path: pathText(path) })))
      .catch((error: unknown) => desk.note(message(error)));
  const mine = begun && simulation?.run === begun.run ? begun.choice : null;
  return (
    <div className="page overview" tabIndex={-1} data-simulation={runs ? "running" : simulation?.state}>
      <Choose scenarios={scenarios} form={form} onForm={setForm} runs={runs} onStart={start} />
      {runs && begun && (
        <Progress simulation={simulation && mine ? simulation : { run: begun.run, state: "running", series: none, end: null, words: "" }} of={begun.choice.seconds} onCancel={cancel} />
      )}
      {simulation?.state === "cancelled" && !runs && <p className="hint" role="status">{t("The simulation was cancelled.")}</p>}
      {simulation?.state === "failed" && !runs && (
        <p className="fault copyable-text" role="alert">
          {t("The simulation has ended early: it had no more memory or time, or the scenario is wrong.")} <span dir="auto">{clean(simulation.words)}</span>
        </p>
      )}
      {simulation?.state === "ended" && simulation.end && mine && <Result end={simulation.end} choice={mine} onExport={save} />}
      {simulation && simulation.series.seconds.length > 0 && <Charts series={simulation.series} theme={theme} />}
      {!simulation && !runs && (
        <p className="empty">{t("Thousands of nodes run here in one process, with a clock and a network that are made up: see what becomes of the mesh when nodes crash, lie or are cut off. Nothing of it leaves this machine.")}</p>
      )}
    </div>
  );
}

const none: Series = { seconds: [], up: [], least: [], mean: [], most: [], datagrams: [], messages: [], bytes: [], suspected: [], dead: [] };
