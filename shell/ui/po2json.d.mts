// SPDX-License-Identifier: GPL-3.0-or-later
import type { Catalogue } from "./src/lib/i18n";

export interface PoEntry {
  context: string | null;
  id: string | null;
  plural: string | null;
  texts: string[];
  fuzzy: boolean;
}

export function parsePo(source: string, name?: string): PoEntry[];
export function catalogueOf(entries: PoEntry[]): Catalogue;
