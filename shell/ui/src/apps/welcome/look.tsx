// SPDX-License-Identifier: GPL-3.0-or-later
// Light or dark, and the accent.
import { ask } from "../../lib/host";
import { t } from "../../lib/i18n";
import { useHost } from "../../lib/page";
import { message } from "../settings/deeds";
import { Styles, Swatches } from "../settings/look";
import type { StepProperties } from "./step";

export function Look({ fault }: StepProperties) {
  const look = useHost().look ?? {};
  const set = (name: string) => (value: string) => void ask("look.set", { name, value }).catch((error: unknown) => fault(message(error)));
  const scheme = look["color-scheme"];
  const accent = look["accent-color"];
  return (
    <>
      <p>{t("All programs that follow the desktop’s style change at once.")}</p>
      {scheme === undefined ? null : <Styles chosen={scheme} onChange={set("color-scheme")} />}
      {accent === undefined ? null : <Swatches chosen={accent} onChange={set("accent-color")} />}
    </>
  );
}
