// A YAML editor on a plain textarea: line numbers, colours, findings in place, completion.

import { complete } from "./completion.js";
import { node } from "./dom.js";

const LINE_PX = 21;
const TOKEN = /(#.*$)|("(?:[^"\\]|\\.)*"|'[^']*')|(^\s*(?:- )*[\w.-]+(?=\s*:))|([\w-]+(?=\s*:\s))|(\b\d[\d.:-]*\b)|(\b(?:true|false|null)\b)/gm;
const KINDS = ["comment", "string", "key", "key", "number", "word"];

export class Editor {
  /** `changed(text)` is called after every edit; `moved(line)` when the cursor changes its line. */
  constructor(root, { changed, moved }) {
    this.gutter = node("div", { class: "gutter", "aria-hidden": "true" });
    this.paint = node("pre", { class: "paint", "aria-hidden": "true" });
    this.text = node("textarea", { id: "text", spellcheck: "false", autocapitalize: "off", autocomplete: "off", wrap: "off", "aria-describedby": "state", "aria-controls": "completion", "aria-autocomplete": "list" });
    this.popup = node("ul", { id: "completion", class: "completion", role: "listbox", hidden: true });
    this.schema = null;
    this.findings = [];
    this.options = null;
    this.changed = changed;
    this.moved = moved;
    root.replaceChildren(this.gutter, node("div", { class: "page" }, this.paint, this.text, this.popup));
    this.text.addEventListener("input", () => this.#edited());
    this.text.addEventListener("keydown", (event) => this.#key(event));
    this.text.addEventListener("scroll", () => this.#scroll());
    this.text.addEventListener("blur", () => setTimeout(() => this.#close(), 150));
    this.text.addEventListener("click", () => this.#close());
    this.text.addEventListener("keyup", () => this.moved(this.line));
  }

  get value() {
    return this.text.value;
  }

  get line() {
    return this.text.value.slice(0, this.text.selectionStart).split("\n").length;
  }

  set(text, label) {
    this.text.value = text;
    this.text.setAttribute("aria-label", label);
    this.findings = [];
    this.#close();
    this.#draw();
  }

  /** Findings with `related`: further lines that they speak of, such as the other rule of a conflict. */
  mark(findings) {
    this.findings = findings;
    this.#draw();
  }

  goTo({ line, column }) {
    const lines = this.value.split("\n");
    const at = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
    this.text.focus();
    this.text.setSelectionRange(at, at + Math.max(1, (lines[line - 1] || "").length - column + 1));
    this.text.scrollTop = Math.max(0, (line - 8) * LINE_PX);
    this.#scroll();
  }

  #edited() {
    this.#draw();
    this.#offer();
    this.changed(this.value);
  }

  #draw() {
    const lines = this.value.split("\n");
    const worst = new Map();
    for (const one of this.findings) {
      for (const line of [one.line, ...one.related]) worst.set(line, worst.get(line) === "error" ? "error" : one.severity);
    }
    this.gutter.replaceChildren(...lines.map((_, i) => node("span", { class: worst.get(i + 1) || null }, String(i + 1))));
    const painted = [];
    lines.forEach((line, i) => {
      const pieces = coloured(line);
      painted.push(node("span", { class: `line ${worst.get(i + 1) || ""}` }, ...(pieces.length ? pieces : ["\u200b"])));
    });
    this.paint.replaceChildren(...painted);
    this.#scroll();
  }

  #scroll() {
    this.gutter.scrollTop = this.text.scrollTop;
    this.paint.style.transform = `translate(${-this.text.scrollLeft}px, ${-this.text.scrollTop}px)`;
  }

  #key(event) {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      return this.#offer({ asked: true });
    }
    if (!this.options) return undefined;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      return this.#choose((this.chosen + step + this.options.options.length) % this.options.options.length);
    }
    if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      return this.#take(this.options.options[this.chosen]);
    }
    if (event.key === "Escape") {
      event.preventDefault();
      this.#close();
    }
    return undefined;
  }

  #offer({ asked = false } = {}) {
    const at = this.text.selectionStart;
    const found = this.schema && complete(this.schema, this.value, at);
    if (!found || (!asked && found.from === at)) return this.#close();
    this.options = found;
    this.popup.replaceChildren(
      ...found.options.map((one, i) => node("li", { id: `option-${i}`, role: "option", onmousedown: (event) => { event.preventDefault(); this.#take(one); } }, node("code", {}, one.text.trim()), one.hint ? node("span", { class: "meta" }, one.hint) : null)),
    );
    const line = this.line;
    const column = found.from - this.value.lastIndexOf("\n", found.from - 1) - 1;
    this.popup.style.top = `${line * LINE_PX + 12 - this.text.scrollTop}px`;
    this.popup.style.left = `${Math.min(column * 8.1 + 12 - this.text.scrollLeft, this.text.clientWidth - 300)}px`;
    this.popup.hidden = false;
    return this.#choose(0);
  }

  #choose(place) {
    this.chosen = place;
    [...this.popup.children].forEach((row, i) => row.setAttribute("aria-selected", String(i === place)));
    this.popup.children[place].scrollIntoView({ block: "nearest" });
    this.text.setAttribute("aria-activedescendant", `option-${place}`);
  }

  #take(option) {
    this.text.setRangeText(option.text, this.options.from, this.text.selectionStart, "end");
    this.#close();
    this.text.focus();
    this.#draw();
    this.changed(this.value);
  }

  #close() {
    this.options = null;
    this.popup.hidden = true;
    this.text.removeAttribute("aria-activedescendant");
  }
}

function coloured(line) {
  const pieces = [];
  let last = 0;
  for (const match of line.matchAll(TOKEN)) {
    const kind = KINDS[match.slice(1).findIndex((group) => group !== undefined)];
    if (match.index > last) pieces.push(line.slice(last, match.index));
    pieces.push(node("span", { class: kind }, match[0]));
    last = match.index + match[0].length;
  }
  if (last < line.length) pieces.push(line.slice(last));
  return pieces;
}
