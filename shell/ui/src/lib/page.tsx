// SPDX-License-Identifier: GPL-3.0-or-later
// What every page does to begin: greet the host, take its language, draw, say that it is ready.
import "./tokens.css";
import "./accents.css";
import "./base.css";
import { useSyncExternalStore, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";
import { ask, tell, type Appearance, type Greeting, type HostState } from "./host";
import { setLocale } from "./format";
import { setCatalogue } from "./i18n";
import { store } from "./store";

function applyAppearance(appearance: Appearance | undefined): void {
  document.documentElement.dataset["contrast"] = appearance?.highContrast ? "high" : "normal";
  document.documentElement.dataset["accent"] = appearance?.accent ?? "teal";
}

export function useHost(): HostState {
  return useSyncExternalStore(store.subscribe, store.get);
}

export async function startPage(draw: () => ReactNode): Promise<void> {
  const { language, dir, locale, title, catalogue, ...state } = await ask<Greeting>("hello");
  const root = document.documentElement;
  root.lang = language;
  root.dir = dir;
  document.title = title;
  setLocale(locale);
  setCatalogue(catalogue);
  applyAppearance(state.appearance);
  store.merge(state);
  window.inosReceive = (change) => {
    if (change.appearance) applyAppearance(change.appearance);
    store.merge(change);
  };
  const element = document.getElementById("root");
  if (!element) throw new Error("the page has no root");
  flushSync(() => createRoot(element).render(draw()));
  tell("ready");
}
