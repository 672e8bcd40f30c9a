// The API as the pages use it: one place that fetches, and errors that carry their problem.

import { label } from "./labels.js";

export class ProblemError extends Error {
  constructor(problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }

  get kind() {
    return (this.problem.type || "").split("/").pop();
  }
}

export async function getJson(url, options = {}) {
  let response;
  try {
    response = await fetch(url, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ProblemError({ type: "lost", title: "lost", detail: "" });
  }
  const body = await response.json().catch(() => ({ title: response.statusText, status: response.status }));
  if (!response.ok) throw new ProblemError(body);
  return body;
}

/** What happened, and what to do: [sentence, fix]. */
export function sentences(error) {
  if (!(error instanceof ProblemError)) return [String(error.message || error), ""];
  if (error.kind === "lost") return [label("lost"), label("lost_fix")];
  const said = label(`problem_${error.kind}`);
  const known = said !== `problem_${error.kind}`;
  return [known ? said : error.problem.detail || error.problem.title, known ? label(`fix_${error.kind}`) : error.problem.fix || ""];
}

/** Search with a photo (a Blob), a product id or a cursor, whichever is given. */
export function search(marketplace, { photo, parameters = {}, signal }) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== "" && value !== null && value !== undefined && value !== false) query.set(name, value);
  }
  const url = `/v1/${marketplace}/search?${query}`;
  if (photo) {
    const type = photo.type || "application/octet-stream";
    return getJson(url, { method: "POST", body: photo, headers: { "Content-Type": type }, signal });
  }
  return getJson(url, { method: "POST", body: "{}", headers: { "Content-Type": "application/json" }, signal });
}

export function product(marketplace, id, language) {
  return getJson(`/v1/${marketplace}/products/${encodeURIComponent(id)}?${new URLSearchParams({ language })}`);
}

export function similar(marketplace, id, parameters = {}) {
  return getJson(`/v1/${marketplace}/products/${encodeURIComponent(id)}/similar?${new URLSearchParams(parameters)}`);
}
