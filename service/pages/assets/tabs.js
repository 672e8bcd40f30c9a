// Tabs by the ARIA pattern: arrow keys move, the chosen one shows its panel.

import { by } from "./dom.js";

export function tabs(list, chosen) {
  const all = [...list.querySelectorAll("[role=tab]")];
  for (const tab of all) {
    tab.onclick = () => chosen(tab.dataset.tab);
    tab.onkeydown = (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = all[(all.indexOf(tab) + step + all.length) % all.length];
      next.focus();
      chosen(next.dataset.tab);
    };
  }
  return (name) => {
    for (const tab of all) {
      const on = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
      by(tab.getAttribute("aria-controls")).hidden = !on;
    }
  };
}
