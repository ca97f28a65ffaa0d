// SPDX-License-Identifier: GPL-3.0-or-later
import type { App } from "../src/lib/host";

export function app(name: string, more: Partial<App> = {}): App {
  return {
    id: `${name.toLowerCase().replaceAll(" ", "-")}.desktop`,
    name,
    generic: "",
    description: "",
    program: "",
    keywords: [],
    actions: [],
    recent: -1,
    ...more,
  };
}
