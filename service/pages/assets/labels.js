// Labels in the page's language; English stands in for what a language lacks.

const loaded = {};
let chosen = {};

async function labelsOf(base) {
  if (!loaded[base]) {
    const response = await fetch(`/assets/labels/${base}.json`);
    loaded[base] = response.ok ? await response.json() : {};
  }
  return loaded[base];
}

/** Relabels the page. A language without a file speaks English. */
export async function speak(language) {
  const base = language.split("-")[0];
  chosen = { ...(await labelsOf("en")), ...(base === "en" ? {} : await labelsOf(base)) };
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-label]")) {
    element.textContent = label(element.dataset.label);
  }
  for (const element of document.querySelectorAll("[data-hint]")) element.placeholder = label(element.dataset.hint);
  for (const element of document.querySelectorAll("[data-says]")) {
    element.setAttribute("aria-label", label(element.dataset.says));
    element.title = label(element.dataset.says);
  }
}

export function label(key, values = {}) {
  const text = chosen[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export const known = (key) => key in chosen;
