// SPDX-License-Identifier: GPL-3.0-or-later
// With which program a file is opened.
import { useEffect, useState } from "react";
import { Dialog } from "../../lib/dialog";
import type { Row } from "../../lib/files";
import { ask } from "../../lib/host";
import { t } from "../../lib/i18n";
import { runsOf } from "./sort";

interface Program {
  id: string;
  name: string;
  group: "usual" | "fit" | "other";
}

interface Programs {
  apps: Program[];
  kind: string;
}

export function OpenWith({ view, rows, none, onClose, onFault }: { view: number; rows: readonly Row[]; none: boolean; onClose: () => void; onFault: (error: unknown) => void }) {
  const [programs, setPrograms] = useState<Programs | null>(null);
  const [always, setAlways] = useState(false);
  const [chosen, setChosen] = useState("");
  const [items] = useState(() => runsOf(rows.map(({ id }) => id)));
  useEffect(() => {
    ask<Programs>("files.apps", { view, items }).then(
      (found) => {
        setPrograms(found);
        setChosen(found.apps[0]?.id ?? "");
      },
      (error: unknown) => { onFault(error); onClose(); },
    );
    // eslint-disable-next-line react-hooks/exhaustive-deps -- of what was chosen when it was opened
  }, []);
  const open = () => {
    ask("files.with", { view, items, app: chosen, always }).catch(onFault);
    onClose();
  };
  const apps = programs?.apps ?? [];
  return (
    <Dialog
      title={rows.length === 1 ? t("Open “{name}” with", { name: rows[0]?.name ?? "" }) : t("Open with")}
      onCancel={onClose}
      choices={apps.length > 0 ? [{ label: t("Open"), run: open }] : []}
    >
      {none && programs ? <p>{t("No application is set for this kind: {kind}", { kind: programs.kind })}</p> : null}
      {programs && apps.length === 0 ? <p>{t("No application is installed that opens files.")}</p> : null}
      {apps.length > 0 ? (
        <>
          <select className="field programs" size={Math.min(apps.length + 1, 8)} aria-label={t("Applications")} value={chosen} onChange={(event) => setChosen(event.target.value)} onDoubleClick={open} onKeyDown={(event) => event.key === "Enter" && open()}>
            {apps.map(({ id, name, group }) => (
              <option key={id} value={id}>{group === "usual" ? t("{name} (usual)", { name }) : name}</option>
            ))}
          </select>
          <label className="check">
            <input type="checkbox" checked={always} onChange={(event) => setAlways(event.target.checked)} />
            {t("Always for this kind: {kind}", { kind: programs?.kind ?? "" })}
          </label>
        </>
      ) : null}
    </Dialog>
  );
}
