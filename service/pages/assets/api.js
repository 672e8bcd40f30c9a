// The API as the pages use it: one place that fetches, and errors that carry their problem.

export class ProblemError extends Error {
  constructor(problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
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

/** Search with a photo (a Blob), a product id or a cursor. */
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

export function similar(marketplace, productId, parameters = {}) {
  return getJson(`/v1/${marketplace}/products/${encodeURIComponent(productId)}/similar?${new URLSearchParams(parameters)}`);
}
