// SPDX-License-Identifier: GPL-3.0-or-later
// A text that is copied as a whole, such as an id.
import { useEffect, useState } from "react";
import { ask } from "../../lib/host";
import { t } from "../../lib/i18n";
import { Icon } from "../../lib/icons";
import { message } from "./text";

const saidFor = 2000;

export function Copyable({ text, label }: { text: string; label: string }) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (!said) return;
    const timer = window.setTimeout(() => setSaid(""), saidFor);
    return () => window.clearTimeout(timer);
  }, [said]);
  const copy = () => {
    ask("clipboard.write", { text, more: false })
      .then(() => setSaid(t("Copied")))
      .catch((error: unknown) => setSaid(message(error)));
  };
  return (
    <span className="copyable">
      <code dir="ltr">{text}</code>
      <button type="button" className="push" title={label} aria-label={label} onClick={copy}>
        <Icon name={said ? "tick" : "copy"} />
      </button>
      <span role="status" className={said ? "" : "hidden-text"}>
        {said}
      </span>
    </span>
  );
}
