// SPDX-License-Identifier: GPL-3.0-or-later
// The bar that looks for text in a terminal.
import { useEffect, useRef, useState } from "react";
import { t } from "../../lib/i18n";
import type { Session } from "./session";

const decorations = {
  matchBackground: "#c9a227",
  matchOverviewRuler: "#c9a227",
  activeMatchBackground: "#e07a1f",
  activeMatchColorOverviewRuler: "#e07a1f",
};

export function Find({ session, onClose }: { session: Session; onClose: () => void }) {
  const [text, setText] = useState("");
  const [regex, setRegex] = useState(false);
  const [caseSensitive, setCaseSensitive] = useState(false);
  const [found, setFound] = useState({ at: -1, count: 0 });
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => {
    input.current?.focus();
    const results = session.search.onDidChangeResults(({ resultIndex, resultCount }) =>
      setFound({ at: resultIndex, count: resultCount }),
    );
    return () => {
      results.dispose();
      session.search.clearDecorations();
    };
  }, [session]);

  const look = (forward: boolean, incremental = false, what = text, how = { regex, caseSensitive }) => {
    if (how.regex) {
      try {
        new RegExp(what);
      } catch {
        return;
      }
    }
    const options = { ...how, incremental, decorations };
    if (forward) session.search.findNext(what, options);
    else session.search.findPrevious(what, options);
  };
  const count = text === "" ? "" : found.count > 0 ? t("{at} of {count}", { at: found.at + 1, count: found.count }) : t("Not found");
  return (
    <form
      className="find"
      role="search"
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.preventDefault();
          onClose();
        } else if (event.key === "Enter") look(event.shiftKey);
      }}
    >
      <input
        ref={input}
        className="field"
        aria-label={t("Find")}
        placeholder={t("Find")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          look(false, true, event.target.value);
        }}
      />
      <span className="count" role="status">
        {count}
      </span>
      <button type="button" className="push" aria-pressed={caseSensitive} title={t("Match case")} onClick={() => { setCaseSensitive(!caseSensitive); look(false, true, text, { regex, caseSensitive: !caseSensitive }); }}>
        Aa
      </button>
      <button type="button" className="push" aria-pressed={regex} title={t("Regular expression")} onClick={() => { setRegex(!regex); look(false, true, text, { regex: !regex, caseSensitive }); }}>
        .*
      </button>
      <button type="button" className="push" title={t("Previous")} aria-label={t("Previous")} onClick={() => look(false)}>
        ↑
      </button>
      <button type="button" className="push" title={t("Next")} aria-label={t("Next")} onClick={() => look(true)}>
        ↓
      </button>
      <button type="button" className="push" title={t("Close")} aria-label={t("Close")} onClick={onClose}>
        ×
      </button>
    </form>
  );
}
