// SPDX-License-Identifier: GPL-3.0-or-later
// How the node is: in words, in figures, over time; and who it is.
import { useMemo } from "react";
import { formatBytes, formatDuration, formatExactly, formatNumber, formatPercent, formatRate } from "../../lib/format";
import type { Alert, NodeState } from "../../lib/host";
import { t, tn } from "../../lib/i18n";
import { Icon } from "../../lib/icons";
import { Chart, type Line } from "./chart";
import { Copyable } from "./copyable";
import { minutes } from "./settings";
import { clean } from "./text";
import { useIdentity, useResources, type Identity, type Resources } from "./use_resources";
import { usePeers } from "./use_peers";

interface Properties {
  node: NodeState | undefined;
  range: number;
  onRange: (range: number) => void;
  theme: string;
}

function Health({ alerts }: { alerts: readonly Alert[] }) {
  return (
    <section className={alerts.length > 0 ? "card health alert" : "card health"} role="status">
      <Icon name={alerts.length > 0 ? "warning" : "tick"} />
      <div>
        <h2>
          {alerts.length === 0
            ? t("All is well")
            : tn("{n} thing needs attention", "{n} things need attention", alerts.length)}
        </h2>
        {alerts.length === 0 ? (
          <p>{t("Nothing that the node watches is beyond its bounds.")}</p>
        ) : (
          <ul>
            {alerts.map(({ name, sentence }) => (
              <li key={name} dir="auto">
                {clean(sentence)}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function Tile({ label, value, more = "" }: { label: string; value: string; more?: string }) {
  return (
    <div className="tile">
      <span className="label">{label}</span>
      <strong>{value}</strong>
      {more && <span className="more">{more}</span>}
    </div>
  );
}

function batteryText({ charging, batterySeconds }: Resources["now"]): string {
  const time = batterySeconds > 0 ? formatDuration(batterySeconds) : "";
  if (charging) return time ? t("full in {time}", { time }) : t("charging");
  return time ? t("{time} left", { time }) : "";
}

function Tiles({ resources, identity }: { resources: Resources; identity: Identity | null }) {
  const { now, times, cpu } = resources;
  const peers = usePeers();
  const last = times.at(-1) ?? 0;
  const connected = peers?.filter((peer) => peer.connections > 0).length ?? 0;
  return (
    <div className="tiles">
      <Tile label={t("Processor")} value={formatPercent(cpu.at(-1) ?? 0)} more={tn("{n} core", "{n} cores", now.cores)} />
      <Tile label={t("Memory")} value={formatBytes(now.memoryUsed)} more={t("of {total}", { total: formatBytes(now.memoryTotal) })} />
      <Tile label={t("Load")} value={formatNumber(now.load[0])} more={now.load.slice(1).map(formatNumber).join(" · ")} />
      {now.temperature > 0 && <Tile label={t("Temperature")} value={`${formatNumber(now.temperature)} °C`} />}
      {now.battery >= 0 && <Tile label={t("Battery")} value={formatPercent(now.battery)} more={batteryText(now)} />}
      {identity && <Tile label={t("The node runs for")} value={formatDuration(last - identity.started / 1000)} />}
      {peers && <Tile label={t("Other nodes")} value={formatNumber(peers.length)} more={tn("{n} connected", "{n} connected", connected)} />}
    </div>
  );
}

/** The newest so many minutes. */
export function recent(resources: Resources, range: number): { times: number[]; from: number } {
  const end = resources.times.at(-1) ?? 0;
  const from = resources.times.findIndex((time) => time > end - range * 60);
  return { times: resources.times.slice(Math.max(from, 0)), from: Math.max(from, 0) };
}

function useLines(resources: Resources, range: number) {
  return useMemo(() => {
    const { times, from } = recent(resources, range);
    const line = (label: string, values: readonly number[]): Line => ({ label, values: values.slice(from) });
    const memory = [line(t("Memory"), resources.memory)];
    if (resources.now.swapTotal > 0) memory.push(line(t("Swap"), resources.swap));
    return {
      times,
      cpu: [line(t("In use"), resources.cpu)],
      memory,
      pressure: [
        line(t("Processor"), resources.pressureCpu),
        line(t("Memory"), resources.pressureMemory),
        line(t("Disks"), resources.pressureIo),
      ],
      network: [line(t("Received"), resources.received), line(t("Sent"), resources.sent)],
    };
  }, [resources, range]);
}

function Charts({ resources, range, theme, alerts }: { resources: Resources; range: number; theme: string; alerts: readonly Alert[] }) {
  const { times, cpu, memory, pressure, network } = useLines(resources, range);
  const is = (...names: string[]) => alerts.some(({ name }) => names.some((each) => name.startsWith(each)));
  const common = { times, theme };
  return (
    <div className="charts">
      <Chart {...common} title={t("Processor")} lines={cpu} format={formatPercent} top={100} alert={is("cpu")} />
      <Chart {...common} title={t("Memory")} lines={memory} format={formatPercent} top={100} alert={is("memory", "swap")} />
      <Chart {...common} title={t("Time lost waiting")} lines={pressure} format={formatPercent} top={10} alert={is("pressure", "psi")} />
      <Chart {...common} title={t("Network")} lines={network} format={formatRate} top={8 * 1024} bytes alert={is("network")} />
    </div>
  );
}

function Who({ identity }: { identity: Identity }) {
  return (
    <section className="card">
      <h2>{t("This node")}</h2>
      <dl className="facts">
        <dt>{t("Computer")}</dt>
        <dd dir="auto">{clean(identity.hostName)}</dd>
        <dt>{t("Peer id")}</dt>
        <dd>
          <Copyable text={clean(identity.peerId)} label={t("Copy the peer id")} />
        </dd>
        <dt>{t("Version")}</dt>
        <dd>{clean(identity.version)}</dd>
        <dt>{t("Started")}</dt>
        <dd>{formatExactly(new Date(identity.started))}</dd>
      </dl>
    </section>
  );
}

export function Overview({ node, range, onRange, theme }: Properties) {
  const resources = useResources();
  const identity = useIdentity();
  const alerts = node?.alerts ?? [];
  return (
    <div className="page overview" tabIndex={-1}>
      {node?.connected && <Health alerts={alerts} />}
      {resources && (
        <>
          <Tiles resources={resources} identity={identity} />
          <div className="toolbar">
            <div className="segments" role="radiogroup" aria-label={t("Time that is shown")}>
              {minutes.map((each) => (
                <button key={each} type="button" role="radio" aria-checked={each === range} className="push" onClick={() => onRange(each)}>
                  {tn("{n} minute", "{n} minutes", each)}
                </button>
              ))}
            </div>
          </div>
          <Charts resources={resources} range={range} theme={theme} alerts={alerts} />
        </>
      )}
      {identity && <Who identity={identity} />}
      {!resources && <p className="waiting" role="status">{t("Waiting for the node’s figures…")}</p>}
    </div>
  );
}
