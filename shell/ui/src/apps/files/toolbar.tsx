// SPDX-License-Identifier: GPL-3.0-or-later
// The bar above: back and forward, where one is, what is looked for, how it is shown.
import { useEffect, useRef, useState } from "react";
import type { ViewState } from "../../lib/files";
import { t } from "../../lib/i18n";
import { Icon } from "../../lib/icons";
import { ToolIcon } from "./pictograms";

const searchPause = 250;

interface Properties {
  state: ViewState;
  as: "list" | "grid";
  typing: "" | "path" | "search";
  onStep: (step: "back" | "forward" | "up") => void;
  onCrumb: (crumb: number, tab: boolean) => void;
  onPath: (path: string) => void;
  onSearch: (text: string) => void;
  onType: (what: "" | "path" | "search") => void;
  onShow: (as: "list" | "grid") => void;
  onMenu: (x: number, y: number) => void;
}

function PathField({ path, onPath, onEnd }: { path: string; onPath: (path: string) => void; onEnd: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  return (
    <input
      ref={input}
      className="field path"
      aria-label={t("Folder")}
      defaultValue={path}
      dir="ltr"
      maxLength={4000}
      spellCheck={false}
      onBlur={onEnd}
      onKeyDown={(event) => {
        if (event.key === "Escape") onEnd();
        if (event.key === "Enter" && !event.nativeEvent.isComposing && event.currentTarget.value) onPath(event.currentTarget.value);
      }}
    />
  );
}

function SearchField({ text, title, onSearch, onEnd }: { text: string; title: string; onSearch: (text: string) => void; onEnd: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef(0);
  useEffect(() => {
    input.current?.select();
    return () => window.clearTimeout(timer.current);
  }, []);
  const look = (value: string, pause: number) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => onSearch(value.trim()), pause);
  };
  return (
    <input
      ref={input}
      className="field path"
      type="search"
      aria-label={t("Search in {folder}", { folder: title })}
      placeholder={t("Search in {folder}", { folder: title })}
      defaultValue={text}
      maxLength={100}
      spellCheck={false}
      onChange={(event) => look(event.target.value, searchPause)}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.preventDefault();
          window.clearTimeout(timer.current);
          onEnd();
        }
        if (event.key === "Enter" && !event.nativeEvent.isComposing) look(event.currentTarget.value, 0);
        if (event.key === "ArrowDown") {
          event.preventDefault();
          document.querySelector<HTMLElement>("[data-files]")?.focus();
        }
      }}
    />
  );
}

function Crumbs({ state, onCrumb, onType }: { state: ViewState; onCrumb: Properties["onCrumb"]; onType: Properties["onType"] }) {
  const trail = useRef<HTMLDivElement>(null);
  const { crumbs, title } = state;
  useEffect(() => {
    const last = trail.current?.lastElementChild;
    last?.scrollIntoView({ inline: "end", block: "nearest" });
  }, [crumbs]);
  if (crumbs.length === 0) return <div className="crumbs alone"><span className="crumb">{title}</span></div>;
  return (
    <div ref={trail} className="crumbs" onDoubleClick={(event) => event.target === event.currentTarget && onType("path")}>
      {crumbs.map((name, k) => (
        <span key={k} className="step">
          {k > 0 ? <span className="between" aria-hidden="true">›</span> : null}
          <button
            type="button"
            className="crumb"
            dir="auto"
            aria-current={k === crumbs.length - 1 ? "location" : undefined}
            onClick={(event) => (k === crumbs.length - 1 ? onType("path") : onCrumb(k, event.ctrlKey))}
            onAuxClick={(event) => event.button === 1 && onCrumb(k, true)}
          >
            {name}
          </button>
        </span>
      ))}
    </div>
  );
}

export function Toolbar({ state, as, typing, onStep, onCrumb, onPath, onSearch, onType, onShow, onMenu }: Properties) {
  const [menu, setMenu] = useState<HTMLButtonElement | null>(null);
  const other = as === "list" ? "grid" : "list";
  const steps = [
    ["back", t("Back (Alt+←)"), state.back],
    ["forward", t("Forward (Alt+→)"), state.forward],
    ["up", t("The folder above (Alt+↑)"), state.up],
  ] as const;
  return (
    <div className="bar" role="toolbar" aria-label={t("Navigation")}>
      {steps.map(([step, label, can]) => (
        <button key={step} type="button" className={`tool ${step}`} disabled={!can} title={label} aria-label={label} onClick={() => onStep(step)}>
          {step === "up" ? <ToolIcon name="up" /> : <Icon name={step} />}
        </button>
      ))}
      {typing === "path" ? (
        <PathField key={state.view} path={state.path} onPath={onPath} onEnd={() => onType("")} />
      ) : typing === "search" ? (
        <SearchField key={state.view} text={state.text} title={state.title} onSearch={onSearch} onEnd={() => onType("")} />
      ) : (
        <Crumbs state={state} onCrumb={onCrumb} onType={onType} />
      )}
      <button type="button" className="tool" aria-pressed={typing === "search"} disabled={state.crumbs.length === 0} title={t("Search (Ctrl+F)")} aria-label={t("Search")} onClick={() => onType(typing === "search" ? "" : "search")}>
        <Icon name="search" />
      </button>
      <button type="button" className="tool" title={other === "grid" ? t("Show pictures (Ctrl+2)") : t("Show a list (Ctrl+1)")} aria-label={other === "grid" ? t("Show pictures") : t("Show a list")} onClick={() => onShow(other)}>
        <ToolIcon name={other} />
      </button>
      <button
        ref={setMenu}
        type="button"
        className="tool"
        aria-haspopup="menu"
        title={t("More")}
        aria-label={t("More")}
        onClick={() => {
          const box = menu?.getBoundingClientRect();
          if (box) onMenu(box.left, box.bottom + 4);
        }}
      >
        <Icon name="more" />
      </button>
    </div>
  );
}
