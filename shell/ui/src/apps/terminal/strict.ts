// SPDX-License-Identifier: GPL-3.0-or-later
// xterm.js puts style sheets and style attributes into the page as text, which the page's policy
// forbids, and rightly. Imported first, this has the same come about through the CSSOM, which may.

function adopt(sheet: CSSStyleSheet): void {
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

function drop(sheet: CSSStyleSheet): void {
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
}

/** An element that stands for a sheet: its text is the sheet's, and it goes with it. */
function createSheet(create: () => HTMLElement): HTMLElement {
  const element = create();
  const sheet = new CSSStyleSheet();
  let text = "";
  const property = {
    get: () => text,
    set: (value: string) => {
      text = value;
      sheet.replaceSync(value);
      adopt(sheet);
    },
  };
  Object.defineProperty(element, "textContent", property);
  Object.defineProperty(element, "innerText", property);
  element.remove = () => {
    drop(sheet);
    Element.prototype.remove.call(element);
  };
  return element;
}

type Create = (name: string, options?: ElementCreationOptions) => HTMLElement;
const createElement: Create = document.createElement.bind(document);
const createStrictly: Create = (name, options) =>
  name === "style" ? createSheet(() => createElement("meta")) : createElement(name, options);
Object.assign(document, { createElement: createStrictly });

// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the element below
const setAttribute = Element.prototype.setAttribute;
Element.prototype.setAttribute = function (this: Element, name: string, value: string): void {
  if (name === "style" && this instanceof HTMLElement) this.style.cssText = value;
  else setAttribute.call(this, name, value);
};
