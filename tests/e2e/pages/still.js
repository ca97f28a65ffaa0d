// For pictures that are compared: it is always the same moment, and what is measured does not show (still.css).
(() => {
  const now = Date.UTC(2026, 0, 5, 9, 30);
  const Real = Date;
  window.Date = class extends Real {
    constructor(...parts) {
      if (parts.length === 0) super(now);
      else super(...parts);
    }
    static now() {
      return now;
    }
  };
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: "still.css" }));
})();
