// SPDX-License-Identifier: GPL-3.0-or-later
// What this is.
import "./mesh.css";
import { useEffect, useState } from "react";
import { formatBytes } from "../../lib/format";
import { ask } from "../../lib/host";
import { t } from "../../lib/i18n";
import { message } from "./deeds";
import { Section } from "./rows";
import type { PageProperties } from "./window";

interface Machine {
  version: string;
  system?: string;
  kernel?: string;
  host?: string;
  processor?: string;
  cores: number;
  memory: number;
}

export function About({ note }: PageProperties) {
  const [machine, setMachine] = useState<Machine | null>(null);
  useEffect(() => {
    ask<Machine>("machine.read")
      .then(setMachine)
      .catch((error: unknown) => note(message(error)));
  }, [note]);
  if (!machine) return null;
  const rows: [string, string | undefined][] = [
    [t("Inos"), machine.version],
    [t("System"), machine.system],
    [t("Kernel"), machine.kernel],
    [t("Name of this machine"), machine.host],
    [t("Processor"), machine.processor],
    [t("Cores"), String(machine.cores)],
    [t("Memory"), formatBytes(machine.memory)],
  ];
  const facts = rows.filter((row): row is [string, string] => Boolean(row[1]));
  const copy = () => {
    ask("clipboard.write", { text: facts.map(([name, value]) => `${name}: ${value}\n`).join(""), more: false })
      .then(() => note(t("Copied")))
      .catch((error: unknown) => note(message(error)));
  };
  return (
    <>
      <Section title={t("About")}>
        <dl className="facts">
          {facts.flatMap(([name, value]) => [<dt key={`${name}-name`}>{name}</dt>, <dd key={name}><bdi>{value}</bdi></dd>])}
        </dl>
        <button type="button" className="push" onClick={copy}>
          {t("Copy")}
        </button>
      </Section>
      <Section title={t("Welcome")}>
        <p className="hint">{t("What is shown at the first log-in: language, look, keyboard, the mesh and what the keys do.")}</p>
        <div className="buttons">
          <button type="button" className="push" onClick={() => void ask("welcome.open").catch((error: unknown) => note(message(error)))}>
            {t("Show the welcome again")}
          </button>
        </div>
      </Section>
      <Section title={t("Licence")}>
        <p>{t("Inos is free software: you may use, study, share and change it under the terms of the GNU General Public License, version 3 or later. It comes without any warranty.")}</p>
      </Section>
    </>
  );
}
