// Who works in the studio or on experiments: a token for this tab, and how a lost one is asked for again.

import { ProblemError, getJson, sentences } from "./api.js";
import { by, fill, node } from "./dom.js";
import { label, speak } from "./labels.js";
import { theme } from "./theme.js";

const KEY = "souk-token";

export const session = { token: sessionStorage.getItem(KEY) || "" };

/** Theme, language and marketplaces of a desk into `state`; the address' parameters, or null when the server is lost. */
export async function enterDesk(state) {
  theme();
  const wanted = new URLSearchParams(location.search);
  state.language = wanted.get("language") || "en-IN";
  await speak(state.language);
  try {
    state.markets = (await getJson("/v1/marketplaces")).marketplaces;
  } catch (error) {
    showProblem(error, node("button", { type: "button", onclick: () => location.reload() }, label("retry")));
    return null;
  }
  const tags = [...new Set(state.markets.flatMap((m) => m.languages))].sort();
  fill(by("language"), tags.map((tag) => [tag, new Intl.DisplayNames([tag], { type: "language" }).of(tag)]), state.language);
  return wanted;
}

/** Shows the form until a token is given; `entered` is called with it in force. */
export function askForToken(entered) {
  by("sign-in").onsubmit = async (event) => {
    event.preventDefault();
    session.token = by("token").value.trim();
    await entered();
  };
  by("leave").onclick = () => {
    sessionStorage.removeItem(KEY);
    location.reload();
  };
}

export function signedIn() {
  sessionStorage.setItem(KEY, session.token);
  by("token").value = "";
  by("sign-in").hidden = true;
  by("leave").hidden = false;
}

export function admin(path, body, method = body === undefined ? "GET" : "POST") {
  const headers = { Authorization: `Bearer ${session.token}`, "Accept-Language": document.documentElement.lang };
  if (body === undefined) return getJson(`/v1/admin/${path}`, { headers, method });
  return getJson(`/v1/admin/${path}`, { method, headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

/** An answer that is no JSON, such as CSV. */
export async function text(path) {
  const response = await fetch(`/v1/admin/${path}`, { headers: { Authorization: `Bearer ${session.token}` } });
  if (!response.ok) throw new ProblemError(await response.json());
  return response.text();
}

/** What happened and what to do; an expired token brings the form back above the work, which stays. */
export function showProblem(error, ...more) {
  const expired = error instanceof ProblemError && error.kind === "unauthorized";
  let [what, fix] = sentences(error);
  if (error.kind === "lost") [what, fix] = [label("lost"), label("work_kept")];
  if (expired) {
    [what, fix] = [label("expired"), label("expired_fix")];
    by("sign-in").hidden = false;
    by("token").focus();
  }
  const places = (error.problem?.errors || []).slice(0, 8).map((one) => node("li", {}, `${one.file ? `${one.file}:${one.line}:${one.column} ` : ""}${one.found || ""}. ${one.fix || ""}`));
  by("problem").replaceChildren(node("strong", {}, what), fix ? node("p", {}, fix) : "", places.length ? node("ul", {}, ...places) : "", ...more);
  by("problem").hidden = false;
}

export function clearProblem() {
  by("problem").hidden = true;
}
