// SPDX-License-Identifier: GPL-3.0-or-later
// Disks and network interfaces: how full, how busy, and what goes in and out.
import { useMemo, useState } from "react";
import { formatBytes, formatNumber, formatPercent, formatRate } from "../../lib/format";
import { t } from "../../lib/i18n";
import type { PageProperties } from "./actors";
import { Grid, sorted, type Column, type Sort } from "./grid";
import { diskOf, interfaceOf, type Disk, type DiskAnswer, type Interface, type InterfaceAnswer } from "./machine_rows";
import { clean } from "./text";
import { askFor, hasRates, usePoll } from "./use_machine";

const rate = (bytes: number) => (bytes < 0 ? "–" : formatRate(bytes));
/** From which a disk is said to be full, per cent. */
const full = 90;

function fullness({ used, available }: Disk): number {
  return used + available > 0 ? (100 * used) / (used + available) : 0;
}

export function diskColumns(): Column<Disk>[] {
  const by = (figure: (disk: Disk) => number) => (a: Disk, b: Disk) => figure(b) - figure(a);
  return [
    {
      key: "mount",
      label: t("Disk"),
      className: "wide",
      cell: ({ mount }) => <span className="name" dir="ltr">{clean(mount)}</span>,
      title: ({ mount, device, type }) => `${clean(mount)}\n${clean(device)} · ${clean(type)}`,
      compare: (a, b) => b.mount.localeCompare(a.mount),
    },
    { key: "device", label: t("Device"), className: "third", cell: ({ device }) => <span dir="ltr">{clean(device)}</span>, title: ({ device }) => clean(device) },
    {
      key: "full",
      label: t("In use"),
      className: "fill",
      cell: (disk) => (
        <>
          <span className={fullness(disk) >= full ? "meter full" : "meter"} aria-hidden="true">
            <i style={{ inlineSize: `${fullness(disk)}%` }} />
          </span>
          <span>{formatPercent(fullness(disk))}</span>
        </>
      ),
      title: ({ used, total }) => t("{used} of {total}", { used: formatBytes(used), total: formatBytes(total) }),
      compare: by(fullness),
    },
    { key: "available", label: t("Free"), className: "number", cell: ({ available }) => formatBytes(available), compare: by(({ available }) => available) },
    { key: "total", label: t("Size"), className: "number second", cell: ({ total }) => formatBytes(total), compare: by(({ total }) => total) },
    { key: "read", label: t("Reads"), className: "number", cell: ({ read }) => rate(read), compare: by(({ read }) => read) },
    { key: "written", label: t("Writes"), className: "number", cell: ({ written }) => rate(written), compare: by(({ written }) => written) },
    {
      key: "busy",
      label: t("Busy"),
      className: "number second",
      cell: ({ busy }) => (busy < 0 ? "–" : formatPercent(busy * 100)),
      title: () => t("The share of time in which it had something to do"),
      compare: by(({ busy }) => busy),
    },
  ];
}

export function interfaceColumns(): Column<Interface>[] {
  const by = (figure: (one: Interface) => number) => (a: Interface, b: Interface) => figure(b) - figure(a);
  return [
    {
      key: "name",
      label: t("Interface"),
      className: "wide",
      cell: ({ name, up }) => (
        <>
          <span className={up ? "dot on" : "dot"} aria-hidden="true" />
          <span dir="ltr">{clean(name)}</span>
          {!up && <span className="little">&nbsp;· {t("down")}</span>}
        </>
      ),
      title: ({ addresses }) => addresses.map(clean).join("\n"),
      compare: (a, b) => b.name.localeCompare(a.name),
    },
    {
      key: "addresses",
      label: t("Addresses"),
      className: "second",
      cell: ({ addresses }) => <span dir="ltr">{addresses.map(clean).join(", ") || "–"}</span>,
      title: ({ addresses }) => addresses.map(clean).join("\n"),
    },
    { key: "speed", label: t("Speed"), className: "number third", cell: ({ speed }) => (speed < 0 ? "–" : `${formatNumber(speed)} Mbit/s`), compare: by(({ speed }) => speed) },
    { key: "receives", label: t("Receives"), className: "number", cell: ({ receives }) => rate(receives), compare: by(({ receives }) => receives) },
    { key: "sends", label: t("Sends"), className: "number", cell: ({ sends }) => rate(sends), compare: by(({ sends }) => sends) },
    { key: "received", label: t("Received"), className: "number second", cell: ({ received }) => formatBytes(received), compare: by(({ received }) => received) },
    { key: "sent", label: t("Sent"), className: "number second", cell: ({ sent }) => formatBytes(sent), compare: by(({ sent }) => sent) },
    {
      key: "faults",
      label: t("Faults"),
      className: "number third",
      cell: ({ faults }) => <span className={faults > 0 ? "warn" : "little"}>{formatNumber(faults)}</span>,
      title: () => t("Packets that were damaged or dropped since the machine started"),
      compare: by(({ faults }) => faults),
    },
  ];
}

const disksQuestion = askFor<DiskAnswer>("machine.disks");
const interfacesQuestion = askFor<InterfaceAnswer>("machine.interfaces");

export function Devices({ desk }: PageProperties) {
  const disks = usePoll(disksQuestion, hasRates);
  const interfaces = usePoll(interfacesQuestion, hasRates);
  const [disk, setDisk] = useState<string | null>(null);
  const [one, setOne] = useState<string | null>(null);
  const [diskSort, setDiskSort] = useState<Sort | null>(null);
  const [sort, setSort] = useState<Sort | null>(null);
  const [columns, others] = useMemo(() => [diskColumns(), interfaceColumns()] as const, []);
  const words = desk.query.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const fault = disks.fault || interfaces.fault;
  return (
    <>
      {fault && <p className="fault copyable-text" role="alert">{fault}</p>}
      <div className="pair">
        <Grid
          label={t("Disks")}
          className="disks"
          columns={columns}
          rows={sorted((disks.answer?.[1] ?? []).map(diskOf).filter(({ mount, device }) => has(`${mount} ${device}`)), columns, diskSort)}
          keyOf={({ mount }) => mount}
          selected={disk}
          onSelect={setDisk}
          sort={diskSort}
          onSort={setDiskSort}
          empty={<p className="empty">{disks.answer ? t("There is no such disk of this machine.") : t("Looking at the disks…")}</p>}
        />
        <Grid
          label={t("Network interfaces")}
          className="interfaces"
          columns={others}
          rows={sorted((interfaces.answer?.[1] ?? []).map(interfaceOf).filter(({ name, addresses }) => has(`${name} ${addresses.join(" ")}`)), others, sort)}
          keyOf={({ name }) => name}
          selected={one}
          onSelect={setOne}
          sort={sort}
          onSort={setSort}
          empty={<p className="empty">{interfaces.answer ? t("There is no such interface.") : t("Looking at the network…")}</p>}
        />
      </div>
    </>
  );
}
