// SPDX-License-Identifier: GPL-3.0-or-later
// What the nodes offer each other, and what this one does.
import { useCallback, useEffect, useMemo, useState } from "react";
import { formatBytes, formatDuration, formatNumber } from "../../lib/format";
import { ask } from "../../lib/host";
import { t, tn } from "../../lib/i18n";
import { useHost } from "../../lib/page";
import type { PageProperties } from "./actors";
import { Grid, sorted, type Column, type Sort } from "./grid";
import { clean, message, shortId } from "./text";
import { useIdentity } from "./use_resources";

export interface Service {
  key: string;
  name: string;
  peer: string;
  /** Of TCP; 0: it has none. */
  port: number;
  /** Micro-credits an hour. */
  cost: number;
  /** Of what this node offers. */
  offer?: { well: boolean; lease: number; cores: number; memory: number };
}

type Services = [[service: string, peer: string, port: number, cost: number][]];
type Offers = [[name: string, port: number, cost: number, well: boolean, lease: string, cores: number, memory: string][]];

/** What this node offers comes first, also where it is not announced. */
export function servicesOf([services]: Services, [offers]: Offers, self: string): Service[] {
  const own = offers.map(([name, port, cost, well, lease, cores, memory]): Service => ({
    key: `here/${name}`, name, peer: self, port, cost, offer: { well, lease: Number(lease), cores, memory: Number(memory) },
  }));
  const others = services.filter(([, peer]) => peer !== self).map(([name, peer, port, cost]): Service => ({ key: `${peer}/${name}`, name, peer, port, cost }));
  return [...own, ...others];
}

export function serviceColumns(): Column<Service>[] {
  const by = (figure: (service: Service) => number) => (a: Service, b: Service) => figure(b) - figure(a);
  return [
    { key: "name", label: t("Service"), className: "wide", cell: ({ name }) => <span dir="auto">{clean(name)}</span>, title: ({ name }) => clean(name), compare: (a, b) => b.name.localeCompare(a.name) },
    { key: "node", label: t("Node"), cell: ({ peer, offer }) => (offer ? t("this node") : shortId(peer)), title: ({ peer }) => clean(peer), compare: by(({ offer }) => (offer ? 1 : 0)) },
    { key: "port", label: t("Port"), className: "number", cell: ({ port }) => (port > 0 ? String(port) : "–"), compare: by(({ port }) => port) },
    { key: "cost", label: t("Cost"), className: "number", cell: ({ cost }) => (cost > 0 ? formatNumber(cost) : t("none")), title: () => t("Micro-credits an hour"), compare: by(({ cost }) => cost) },
    {
      key: "state",
      label: t("State"),
      cell: ({ offer }) => (!offer || offer.well ? t("announced") : <span className="warn">{t("nobody answers")}</span>),
      title: ({ offer }) => (offer && !offer.well ? t("Nobody answers at its port, so that it is not announced.") : ""),
    },
  ];
}

export function Services({ desk }: PageProperties) {
  const { node, meshNews } = useHost();
  const self = useIdentity()?.peerId ?? node?.peerId ?? "";
  const connected = node?.connected ?? false;
  const [answer, setAnswer] = useState<[Services, Offers] | null>(null);
  const [fault, setFault] = useState("");
  const [selected, setSelected] = useState<string | null>(null);
  const [sort, setSort] = useState<Sort | null>(null);
  const columns = useMemo(() => serviceColumns(), []);
  const look = useCallback(() => {
    Promise.all([ask<Services>("service.list"), ask<Offers>("service.offers")])
      .then((found) => {
        setAnswer(found);
        setFault("");
      })
      .catch((error: unknown) => setFault(message(error)));
  }, []);
  useEffect(() => {
    if (connected) look();
  }, [connected, meshNews, look]);
  const services = useMemo(() => (answer ? servicesOf(...answer, self) : []), [answer, self]);
  const rows = useMemo(() => {
    const words = desk.query.toLowerCase().split(/\s+/).filter(Boolean);
    return sorted(services.filter(({ name, peer }) => words.every((word) => `${name} ${peer}`.toLowerCase().includes(word))), columns, sort);
  }, [services, desk.query, columns, sort]);
  const chosen = services.find(({ key }) => key === selected);

  const withdraw = ({ name }: Service) =>
    desk.ask({
      title: t("Withdraw “{name}”?", { name: clean(name) }),
      text: <p>{t("Other nodes find it no more. The program itself goes on, and can offer it again.")}</p>,
      choices: [
        {
          label: t("Withdraw it"),
          destructive: true,
          run: () => {
            desk.answered();
            ask("service.withdraw", { service: name })
              .then(() => {
                desk.note(t("“{name}” is not offered any more.", { name: clean(name) }));
                look();
              })
              .catch((error: unknown) => desk.note(message(error)));
          },
        },
      ],
    });
  return (
    <div className="page" tabIndex={-1}>
      <div className="toolbar">
        <span className="count" role="status">
          {answer && tn("{n} service", "{n} services", services.length)}
        </span>
        <button type="button" className="push" onClick={look}>
          {t("Look again")}
        </button>
      </div>
      {fault && connected && <p className="fault copyable-text" role="alert">{fault}</p>}
      <div className="split">
        <Grid
          label={t("Services")}
          className="services"
          columns={columns}
          rows={rows}
          keyOf={({ key }) => key}
          selected={selected}
          onSelect={setSelected}
          onOpen={(service) => service.offer && withdraw(service)}
          sort={sort}
          onSort={setSort}
          empty={
            <p className="empty">
              {!answer
                ? t("Waiting for the node’s services…")
                : services.length === 0
                  ? t("No node offers anything yet. A program of this computer is offered by: inosctl mesh offer NAME PORT 0")
                  : t("No service is called so.")}
            </p>
          }
        />
        {chosen?.offer && (
          <div className="bottom">
            <button type="button" className="push" onClick={() => withdraw(chosen)}>
              {t("Withdraw…")}
            </button>
            <span className="hint">
              {chosen.offer.lease > 0 ? t("Its lease runs for {time}.", { time: formatDuration(chosen.offer.lease / 1000) }) : t("It is offered until it is withdrawn, or the node ends.")}
              {chosen.offer.cores > 0 && ` · ${tn("{n} core", "{n} cores", chosen.offer.cores)}`}
              {chosen.offer.memory > 0 && ` · ${formatBytes(chosen.offer.memory)}`}
            </span>
          </div>
        )}
      </div>
    </div>
  );
}
