// Labels in the page's language; English stands in for what a language lacks.

/** Said when the labels themselves could not be fetched, by language: what is wrong, what to do, the button. */
const LAST = {
  en: ["The server cannot be reached.", "Check the connection and try again.", "Try again"],
  de: ["Der Server ist nicht erreichbar.", "Verbindung prüfen und erneut versuchen.", "Erneut versuchen"],
  es: ["No se puede llegar al servidor.", "Revisa la conexión e inténtalo de nuevo.", "Reintentar"],
  fr: ["Le serveur est injoignable.", "Vérifiez la connexion et réessayez.", "Réessayer"],
  hi: ["सर्वर से संपर्क नहीं हो पा रहा।", "कनेक्शन देखें और फिर कोशिश करें।", "फिर कोशिश करें"],
  it: ["Il server non è raggiungibile.", "Controlla la connessione e riprova.", "Riprova"],
};
const loaded = {};
let chosen = {};

async function labelsOf(base) {
  if (!loaded[base]) {
    const response = await fetch(`/assets/labels/${base}.json`).catch(() => null);
    if (!response?.ok) return {};
    loaded[base] = await response.json();
  }
  return loaded[base];
}

/** Relabels the page. A language without a file speaks English. */
export async function speak(language) {
  const base = language.split("-")[0];
  const [english, own] = await Promise.all([labelsOf("en"), labelsOf(base)]);
  const [lost, lost_fix, retry] = LAST[base] ?? LAST.en;
  chosen = { ...english, lost, lost_fix, retry, ...own };
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-label]")) {
    if (known(element.dataset.label)) element.textContent = label(element.dataset.label);
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

/** A marketplace in the page's language: as its files name it, else as the browser names the country. */
export function marketName(market) {
  const language = document.documentElement.lang;
  const own = market.names[language.split("-")[0]];
  if (own || !/^[a-z]{2}$/.test(market.id)) return own || market.name;
  return new Intl.DisplayNames([language], { type: "region", fallback: "none" }).of(market.id.toUpperCase()) || market.name;
}

export const known = (key) => key in chosen;
