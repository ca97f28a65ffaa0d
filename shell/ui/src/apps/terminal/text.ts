// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes and text on their way to a terminal and from it.
import { cleanLine } from "../../lib/strange";

const chunk = 30 * 1024;
const titleMost = 200;

/** What a program calls itself, as a person may be shown it: one short line. */
export function cleanTitle(title: string): string {
  return cleanLine(title, titleMost);
}

/** Text that is pasted: lines end as the Enter key does, and no escape sequence comes in with it. */
export function cleanPaste(text: string): string {
  // eslint-disable-next-line no-control-regex -- those are what is taken out
  return text.replace(/\r\n?|\n/g, "\r").replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u009f]/g, "");
}

/** Whether a shell that takes pasted text for typed text would run some of it. */
export function runsAtOnce(text: string): boolean {
  return text.includes("\r");
}

function encode(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Base64 in pieces that fit a message to the host. */
export function toMessages(bytes: Uint8Array): string[] {
  const messages: string[] = [];
  for (let at = 0; at < bytes.length; at += chunk) messages.push(encode(bytes.subarray(at, at + chunk)));
  return messages;
}

/** Bytes of a string that has one in each character, as xterm.js gives reports of the mouse. */
export function fromBinary(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 255);
}

/** Text in pieces that fit a message. */
export function pieces(text: string, size = 8000): string[] {
  const found: string[] = [];
  let piece = "";
  for (const character of text) {
    piece += character;
    if (piece.length >= size) {
      found.push(piece);
      piece = "";
    }
  }
  return piece || found.length === 0 ? [...found, piece] : found;
}

const schemes = ["http:", "https:", "mailto:"];

/** The address as it would be opened; null where it may not be. */
export function openable(address: string): string | null {
  try {
    const url = new URL(address);
    return schemes.includes(url.protocol) && address.length <= 2048 ? url.href : null;
  } catch {
    return null;
  }
}
