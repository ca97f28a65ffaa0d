// SPDX-License-Identifier: GPL-3.0-or-later
// What pages have of their window: a place for what is to be said, and for questions.
import type { ReactNode } from "react";
import type { Choice } from "../../lib/dialog";

export interface Question {
  title: string;
  text?: ReactNode;
  choices: Choice[];
  leave?: string;
}

export interface Desk {
  /** Says for a while what has come of something; what has failed can be copied. */
  note: (sentence: string) => void;
  ask: (question: Question) => void;
  /** Takes the question away. */
  answered: () => void;
  /** What is looked for. */
  query: string;
}
