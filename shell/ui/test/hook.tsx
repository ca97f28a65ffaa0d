// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a hook without a page: of the DOM there is no more than React asks for to draw nothing.
import { createRoot, type Root } from "react-dom/client";

interface Timer {
  at: number;
  run: () => void;
}

/** What the host is asked, and is answered by what the test gives it. */
export interface Question {
  command: string;
  args: Record<string, unknown>;
  answer: (value: unknown) => void;
  fail: (sentence: string) => void;
}

const nothing = () => undefined;
const turn = () => new Promise((resolve) => setImmediate(resolve));

export class World {
  clock = 0;
  hidden = false;
  questions: Question[] = [];
  private timers = new Map<number, Timer>();
  private count = 0;
  private listeners = new Set<() => void>();
  private root: Root | null = null;

  constructor() {
    const document = {
      addEventListener: (name: string, listener: () => void) => name === "visibilitychange" && this.listeners.add(listener),
      removeEventListener: (_: string, listener: () => void) => this.listeners.delete(listener),
      activeElement: null,
      body: null,
    };
    Object.defineProperty(document, "hidden", { get: () => this.hidden });
    const postMessage = (text: string) =>
      new Promise((resolve, reject) => {
        const { command, args } = JSON.parse(text) as Pick<Question, "command" | "args">;
        this.questions.push({ command, args, answer: (value) => resolve(JSON.stringify(value)), fail: (sentence) => reject(new Error(sentence)) });
      });
    const window = {
      document,
      HTMLIFrameElement: class {},
      addEventListener: nothing,
      removeEventListener: nothing,
      setTimeout: (run: () => void, after: number) => {
        this.timers.set(++this.count, { at: this.clock + after, run });
        return this.count;
      },
      clearTimeout: (timer: number) => this.timers.delete(timer),
      webkit: { messageHandlers: { inos: { postMessage } } },
    };
    Object.assign(document, { defaultView: window });
    Object.assign(globalThis, { window, document });
  }

  /** Until React has nothing to do and no promise goes on. */
  async rest(): Promise<void> {
    for (let i = 0; i < 20; i++) await turn();
  }

  run(use: () => void): () => Promise<void> {
    const element = { nodeType: 1, tagName: "DIV", namespaceURI: "http://www.w3.org/1999/xhtml", ownerDocument: document, addEventListener: nothing, removeEventListener: nothing };
    const Nobody = () => {
      use();
      return null;
    };
    this.root ??= createRoot(element as unknown as Element);
    const draw = async () => {
      this.root?.render(<Nobody />);
      await this.rest();
    };
    return draw;
  }

  async end(): Promise<void> {
    this.root?.unmount();
    await this.rest();
  }

  async pass(time: number): Promise<void> {
    this.clock += time;
    for (const [name, { at, run }] of [...this.timers])
      if (at <= this.clock && this.timers.delete(name)) run();
    await this.rest();
  }

  async turnTo(hidden: boolean): Promise<void> {
    this.hidden = hidden;
    for (const listener of [...this.listeners]) listener();
    await this.rest();
  }

  /** The question that was asked since; there is just one. */
  take(): Question {
    const [question, ...others] = this.questions.splice(0);
    if (!question || others.length > 0) throw new Error(`${others.length + (question ? 1 : 0)} questions`);
    return question;
  }
}
