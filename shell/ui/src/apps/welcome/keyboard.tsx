// SPDX-License-Identifier: GPL-3.0-or-later
// The layout of the keyboard, with a field to try it.
import { useId } from "react";
import { ask } from "../../lib/host";
import { t } from "../../lib/i18n";
import { useHost } from "../../lib/page";
import { layoutName, layoutSettings, layoutsOf } from "../settings/bindings";
import { message } from "../settings/deeds";
import { useKnownLayouts } from "../settings/known_layouts";
import { Choice } from "../settings/rows";
import type { StepProperties } from "./step";

export function Keyboard({ fault }: StepProperties) {
  const { desk } = useHost();
  const known = useKnownLayouts(fault);
  const id = useId();
  if (!desk?.present) return <p role="status">{t("The compositor does not answer. Its settings appear again when it does.")}</p>;
  const [now] = layoutsOf(desk.config, desk.input?.Layouts ?? [], known);
  const key = now ? `${now.id} ${now.variant}` : "";
  const options = known.map(([layout, variant, label]) => ({ value: `${layout} ${variant}`, label }));
  const shown = now && !options.some(({ value }) => value === key) ? [...options, { value: key, label: layoutName(known, now) }] : options;
  const set = (value: string): Promise<boolean> => {
    const [layout = "", variant = ""] = value.split(" ");
    return ask("config.change", { settings: layoutSettings([{ id: layout, variant }]) }).then(
      () => true,
      (error: unknown) => {
        fault(message(error));
        return false;
      },
    );
  };
  return (
    <>
      <p>{t("More layouts, and what Caps Lock does, are in Settings.")}</p>
      <div className="card">
        <Choice label={t("Layout")} value={key} options={shown} onChange={set} />
        <div className="row">
          <label className="words" htmlFor={id}>
            {t("Try it here")}
          </label>
          <input id={id} className="field" type="text" dir="auto" spellCheck={false} autoComplete="off" maxLength={200} />
        </div>
      </div>
    </>
  );
}
