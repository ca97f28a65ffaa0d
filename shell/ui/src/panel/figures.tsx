// SPDX-License-Identifier: GPL-3.0-or-later
// What the node measures: CPU and memory with their last minute, alerts, battery.
import { useEffect } from "react";
import { source } from "../lib/arena";
import { tell, type Alert, type NodeState } from "../lib/host";
import { formatBytes, formatPercent } from "../lib/format";
import { area, sparkline } from "../lib/history";
import { t, tn } from "../lib/i18n";
import { Icon, type IconName } from "../lib/icons";
import { useFigures, type Battery } from "./use_figures";

const width = 44;
const height = 14;

interface FigureProps {
  icon: IconName;
  label: string;
  value: number;
  history: readonly number[];
  alert: boolean;
}

function Figure({ icon, label, value, history, alert }: FigureProps) {
  return (
    <div className={`item figure ${alert ? "alert" : ""}`} role="img" title={label} aria-label={label}>
      <Icon name={icon} />
      <svg className="spark" width={width} height={height} viewBox={`0 -1 ${width} ${height + 2}`}>
        <path className="area" d={area(history, width, height)} />
        <path className="stroke" d={sparkline(history, width, height)} />
      </svg>
      <span className="number">{formatPercent(value)}</span>
    </div>
  );
}

function Disconnected({ reason }: { reason: string }) {
  const label = t("Node disconnected");
  const help = reason || t("The node of this computer does not answer. Its figures come back when it does.");
  return (
    <div className="item alert" role="status" title={help}>
      <Icon name="unplugged" />
      <span>{label}</span>
    </div>
  );
}

function Alerts({ alerts }: { alerts: readonly Alert[] }) {
  if (alerts.length === 0) return null;
  const sentences = alerts.map(({ sentence }) => sentence).join("\n");
  return (
    <div className="item alert" role="status" title={sentences} aria-label={sentences}>
      <Icon name="warning" />
      <span>{tn("{n} alert", "{n} alerts", alerts.length)}</span>
    </div>
  );
}

function BatteryItem({ battery }: { battery: Battery }) {
  const percent = formatPercent(battery.percent);
  const label = battery.charging
    ? t("Battery at {percent}, charging", { percent })
    : t("Battery at {percent}", { percent });
  return (
    <div className="item" role="img" title={label} aria-label={label}>
      <Icon name="battery" />
      <span className="number">{percent}</span>
    </div>
  );
}

function holds(alerts: readonly Alert[], prefix: string): boolean {
  return alerts.some(({ name }) => name.startsWith(prefix));
}

/** battery: nobody else shows it. */
export function Figures({ node, battery: shown }: { node: NodeState | undefined; battery: boolean }) {
  const measured = useFigures();
  const connected = measured !== null;
  const cpu = Math.round(measured?.cpu ?? 0);
  const memory = Math.round(measured?.memory ?? 0);

  useEffect(() => {
    tell("panel.report", { cpu, memory, connected });
  }, [cpu, memory, connected]);

  // Before the host has said that it is away, nothing is wrong with it.
  if (!measured) return source.wrong || node?.connected === false ? <Disconnected reason={source.wrong} /> : null;
  const alerts = node?.alerts ?? [];
  const { battery, history } = measured;
  const used = formatBytes(measured.memoryUsed);
  const total = formatBytes(measured.memoryTotal);
  return (
    <>
      <Alerts alerts={alerts} />
      <Figure
        icon="chip"
        label={t("Processor at {percent}", { percent: formatPercent(cpu) })}
        value={cpu}
        history={history.cpu}
        alert={holds(alerts, "cpu")}
      />
      <Figure
        icon="memory"
        label={t("Memory at {percent}: {used} of {total}", {
          percent: formatPercent(memory),
          used,
          total,
        })}
        value={memory}
        history={history.memory}
        alert={holds(alerts, "memory")}
      />
      {battery && shown ? <BatteryItem battery={battery} /> : null}
    </>
  );
}
