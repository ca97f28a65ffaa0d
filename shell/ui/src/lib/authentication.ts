// SPDX-License-Identifier: GPL-3.0-or-later
// For what polkit wants a password (shell/polkit/talk.h). All texts are a stranger's, but cleaned and bounded.

export interface AuthenticationState {
  id: number;
  /** The action's words; may be empty. */
  message: string;
  /** Its name. */
  action: string;
  /** The program that is to be allowed, as the kernel knows it; may be empty. */
  program: string;
  command: string;
  /** The application in a sandbox that it is, or empty. */
  app: string;
  /** Its process, 0 where nobody says. */
  pid: number;
  people: { account: string; name: string }[];
  /** Whose password it is. */
  person: number;
  phase: "waiting" | "asked" | "checking" | "failed";
  /** PAM's question. */
  prompt: string;
  /** The answer is no secret. */
  shown: boolean;
  /** What PAM said. */
  info: string;
  error: string;
  /** How many answers were wrong. */
  wrong: number;
  /** How many questions come after this one. */
  waiting: number;
  /** ms in which nothing can be answered. */
  deadTime: number;
}

/** The program's name: the last part of its path. */
export function nameOf(program: string): string {
  return program.replace(/ \(deleted\)$/, "").split("/").at(-1) ?? program;
}

/** Whether PAM's question is the usual one, which the page has words of its own for. */
export function isPlainPrompt(prompt: string): boolean {
  return /^(password)?:?\s*$/i.test(prompt.trim());
}
