// Labels in the page's language; English stands in for what a language lacks.

let all = {};
let chosen = {};

export async function loadLabels() {
  all = await (await fetch("/assets/labels.json")).json();
}

export function speak(language) {
  const base = language.split("-")[0];
  chosen = { ...all.en, ...(all[base] || {}) };
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-label]")) {
    element.textContent = label(element.dataset.label);
  }
}

export function label(key, values = {}) {
  const text = chosen[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}
