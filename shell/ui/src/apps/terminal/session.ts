// SPDX-License-Identifier: GPL-3.0-or-later
// One terminal of the node and the xterm.js that draws it. It outlives the pane it is shown in.
import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { Unicode11Addon } from "@xterm/addon-unicode11";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { Terminal, type ITheme } from "@xterm/xterm";
import { ask, tell } from "../../lib/host";
import { actionOf, type Action } from "./keys";
import type { Settings } from "./settings";
import { cleanPaste, cleanTitle, fromBinary, openable, pieces, runsAtOnce, toMessages } from "./text";

const resizeDelay = 60;
const programCopyMost = 1024 * 1024;

export interface SessionEvents {
  action: (action: Action) => void;
  title: (title: string) => void;
  bell: () => void;
  focus: () => void;
  /** Where the pointer is on a link; "" where it is on none. */
  link: (address: string) => void;
  /** A link whose text says another address than it has. */
  confirmLink: (address: string) => void;
  confirmPaste: (text: string) => void;
  ended: () => void;
  failed: (sentence: string) => void;
}

interface Attached {
  replay: number;
  columns: number;
  rows: number;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export class Session {
  readonly element = document.createElement("div");
  readonly search = new SearchAddon();
  title = "";
  ended = false;
  private readonly terminal: Terminal;
  private readonly fit = new FitAddon();
  private readonly encoder = new TextEncoder();
  private allowsCopy = false;
  private rings = true;
  /** Bytes of what was before that are still to be drawn: what the terminal says to them was said then. */
  private replay = 0;
  private disposed = false;
  private attached = false;
  private sizeTimer: number | undefined;
  private sent = "";

  constructor(
    readonly id: number,
    private readonly events: SessionEvents,
    settings: Settings,
    theme: ITheme,
  ) {
    this.element.className = "screen";
    this.terminal = new Terminal({
      allowProposedApi: true,
      fontFamily: '"JetBrains Mono", "DejaVu Sans Mono", "Noto Sans Mono", monospace',
      minimumContrastRatio: 3,
      macOptionIsMeta: false,
      rightClickSelectsWord: false,
      linkHandler: {
        activate: (event, text) => this.follow(event, text, true),
        hover: (_event, text) => this.events.link(text),
        leave: () => this.events.link(""),
      },
    });
    this.set(settings, theme);
    this.terminal.loadAddon(this.fit);
    this.terminal.loadAddon(this.search);
    this.terminal.loadAddon(new Unicode11Addon());
    this.terminal.unicode.activeVersion = "11";
    this.terminal.loadAddon(
      new WebLinksAddon((event, text) => this.follow(event, text, false), {
        hover: (_event, text) => this.events.link(text),
        leave: () => this.events.link(""),
      }),
    );
    this.listen();
  }

  private listen(): void {
    const { terminal } = this;
    terminal.onData((data) => this.type(this.encoder.encode(data)));
    terminal.onBinary((data) => this.type(fromBinary(data)));
    terminal.onTitleChange((title) => {
      this.title = cleanTitle(title);
      this.events.title(this.title);
    });
    terminal.onBell(() => {
      if (this.replay <= 0 && this.rings) this.events.bell();
    });
    terminal.parser.registerOscHandler(52, (data) => {
      this.copyForProgram(data);
      return true;
    });
    terminal.attachCustomKeyEventHandler((event) => {
      const action = actionOf(event);
      if (!action) return true;
      event.preventDefault();
      if (event.type === "keydown") this.events.action(action);
      return false;
    });
    this.element.addEventListener("focusin", () => this.events.focus());
    // Text that comes by the middle button goes the same way as by the key.
    this.element.addEventListener(
      "paste",
      (event) => {
        event.preventDefault();
        event.stopPropagation();
        this.paste(event.clipboardData?.getData("text/plain") ?? "");
      },
      { capture: true },
    );
  }

  set(settings: Settings, theme: ITheme): void {
    this.allowsCopy = settings.programsCopy;
    this.rings = settings.bell;
    Object.assign(this.terminal.options, {
      fontSize: settings.fontSize,
      scrollback: settings.scrollback,
      cursorBlink: settings.cursorBlink,
      screenReaderMode: settings.screenReader,
      theme,
    });
    if (this.element.isConnected) this.resize();
    this.tellKept();
  }

  /** Into a pane, where it gets its size. */
  show(parent: HTMLElement): void {
    parent.append(this.element);
    if (!this.terminal.element) this.terminal.open(this.element);
    this.resize();
  }

  focus(): void {
    this.terminal.focus();
  }

  get size(): { columns: number; rows: number } {
    return { columns: this.terminal.cols, rows: this.terminal.rows };
  }

  resize(): void {
    if (this.element.clientWidth === 0 || this.element.clientHeight === 0) return;
    this.fit.fit();
    window.clearTimeout(this.sizeTimer);
    this.sizeTimer = window.setTimeout(() => this.sendSize(), resizeDelay);
  }

  private sendSize(): void {
    const size = `${this.terminal.cols}x${this.terminal.rows}`;
    if (this.disposed || this.ended || size === this.sent) return;
    this.sent = size;
    tell("terminal.resize", { id: this.id, ...this.size });
    this.tellKept();
  }

  /** Of a flood that would scroll through at once the host leaves out what nobody could scroll back to; who reads the
   * screen aloud gets all of it. */
  private tellKept(): void {
    if (!this.attached || this.ended || this.disposed) return;
    const { scrollback = 0, screenReaderMode } = this.terminal.options;
    const lines = screenReaderMode ? 0 : scrollback + this.terminal.rows;
    tell("terminal.keep", { id: this.id, lines });
  }

  /** Looks on until the terminal ends or this is disposed. */
  async attach(): Promise<void> {
    const { replay } = await ask<Attached>("terminal.attach", { id: this.id });
    this.replay = replay;
    this.attached = true;
    this.sendSize();
    this.tellKept();
    void this.pump();
  }

  /** What comes next is asked for while what came last is drawn, and no sooner: so a fast program
   * waits for the screen, and nothing piles up. */
  private async pump(): Promise<void> {
    let drawn = Promise.resolve();
    for (;;) {
      const bytes = await this.next();
      await drawn;
      if (!bytes || this.disposed) break;
      drawn = this.draw(bytes);
    }
    await drawn;
    if (this.disposed) return;
    this.ended = true;
    this.events.ended();
  }

  private async next(): Promise<Uint8Array | null> {
    try {
      // eslint-disable-next-line no-restricted-globals -- the host's own streams, see shell/scheme.h
      const response = await fetch(`/stream/${this.id}`, { cache: "no-store" });
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
    } catch {
      return null;
    }
  }

  private draw(bytes: Uint8Array): Promise<void> {
    const old = Math.min(this.replay, bytes.length);
    const write = (part: Uint8Array) =>
      new Promise<void>((done) => this.terminal.write(part, () => done()));
    if (old === 0) return write(bytes);
    return write(bytes.subarray(0, old)).then(() => {
      this.replay -= old;
      return write(bytes.subarray(old));
    });
  }

  private type(bytes: Uint8Array): void {
    if (this.replay > 0 || this.ended || this.disposed) return;
    for (const data of toMessages(bytes))
      ask("terminal.write", { id: this.id, data }).catch((error: unknown) => this.events.failed(message(error)));
  }

  /* Clipboard */

  async copy(): Promise<void> {
    const text = this.terminal.getSelection();
    if (text) await this.putOnClipboard(text);
  }

  private async putOnClipboard(text: string): Promise<void> {
    const parts = pieces(text);
    try {
      for (const [at, part] of parts.entries())
        await ask("clipboard.write", { text: part, more: at < parts.length - 1 });
    } catch (error) {
      this.events.failed(message(error));
    }
  }

  async pasteClipboard(): Promise<void> {
    try {
      this.paste(await ask<string>("clipboard.read"));
    } catch (error) {
      this.events.failed(message(error));
    }
  }

  private paste(raw: string): void {
    const text = cleanPaste(raw);
    if (!text) return;
    if (runsAtOnce(text) && !this.terminal.modes.bracketedPasteMode) this.events.confirmPaste(text);
    else this.insert(text);
  }

  insert(text: string): void {
    this.terminal.paste(text);
    this.focus();
  }

  /** OSC 52. To read is never answered. */
  private copyForProgram(data: string): void {
    const at = data.indexOf(";");
    const encoded = data.slice(at + 1);
    if (!this.allowsCopy || this.replay > 0 || at < 0 || encoded === "?" || encoded.length > programCopyMost) return;
    try {
      const text = new TextDecoder().decode(fromBinary(atob(encoded)));
      if (text) void this.putOnClipboard(text);
    } catch {
      // no base64
    }
  }

  /* Links */

  private follow(event: MouseEvent, text: string, marked: boolean): void {
    const address = openable(text);
    if (!event.ctrlKey || !address) return;
    if (marked) this.events.confirmLink(address);
    else ask("link.open", { uri: address }).catch((error: unknown) => this.events.failed(message(error)));
  }

  /** Whoever looks on no more lets the terminal go on. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    window.clearTimeout(this.sizeTimer);
    tell("terminal.detach", { id: this.id });
    this.terminal.dispose();
    this.element.remove();
  }
}
