// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluates gettext's plural expressions without eval, which the pages' security policy forbids.

type Term = (n: number) => number;

const token = /\s*(\d+|n|[<>=!]=|&&|\|\||[<>?:%()!+*/-])/y;

function tokenize(source: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < source.trimEnd().length) {
    const match = token.exec(source);
    if (!match?.[1]) throw new Error(`not a plural expression: ${source}`);
    tokens.push(match[1]);
  }
  return tokens;
}

const levels: Record<string, (a: number, b: number) => number>[] = [
  { "||": (a, b) => Number(a !== 0 || b !== 0) },
  { "&&": (a, b) => Number(a !== 0 && b !== 0) },
  { "==": (a, b) => Number(a === b), "!=": (a, b) => Number(a !== b) },
  {
    "<": (a, b) => Number(a < b),
    ">": (a, b) => Number(a > b),
    "<=": (a, b) => Number(a <= b),
    ">=": (a, b) => Number(a >= b),
  },
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  { "*": (a, b) => a * b, "/": (a, b) => Math.trunc(a / b), "%": (a, b) => a % b },
];

class Parser {
  private at = 0;
  constructor(private readonly tokens: string[]) {}

  private take(expected?: string): string {
    const next = this.tokens[this.at++];
    if (next === undefined || (expected !== undefined && next !== expected)) {
      throw new Error(`plural expression: expected ${expected ?? "more"}`);
    }
    return next;
  }

  whole(): Term {
    const term = this.conditional();
    if (this.at !== this.tokens.length) throw new Error("plural expression: more than one");
    return term;
  }

  private conditional(): Term {
    const condition = this.binary(0);
    if (this.tokens[this.at] !== "?") return condition;
    this.take("?");
    const yes = this.conditional();
    this.take(":");
    const no = this.conditional();
    return (n) => (condition(n) !== 0 ? yes(n) : no(n));
  }

  private binary(level: number): Term {
    const operators = levels[level];
    if (!operators) return this.primary();
    let left = this.binary(level + 1);
    for (;;) {
      const operator = operators[this.tokens[this.at] ?? ""];
      if (!operator) return left;
      this.take();
      const [a, b] = [left, this.binary(level + 1)];
      left = (n) => operator(a(n), b(n));
    }
  }

  private primary(): Term {
    const next = this.take();
    if (next === "n") return (n) => n;
    if (next === "!") {
      const term = this.primary();
      return (n) => Number(term(n) === 0);
    }
    if (next === "(") {
      const term = this.conditional();
      this.take(")");
      return term;
    }
    const number = Number(next);
    if (!Number.isInteger(number)) throw new Error(`plural expression: unexpected ${next}`);
    return () => number;
  }
}

export function compilePlural(source: string): (n: number) => number {
  return new Parser(tokenize(source)).whole();
}
