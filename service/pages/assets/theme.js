// Light, dark, or as the system says; the choice is kept in this browser.

import { by } from "./dom.js";

const KEY = "souk-theme";

export function theme() {
  const button = by("theme");
  apply(localStorage.getItem(KEY));
  button.onclick = () => {
    const next = isDark() ? "light" : "dark";
    localStorage.setItem(KEY, next);
    apply(next);
  };
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function apply(chosen) {
  if (chosen) document.documentElement.dataset.theme = chosen;
  by("theme").setAttribute("aria-pressed", String(isDark()));
}
