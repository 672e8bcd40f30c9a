// The address of what is shown: everything but the shopper's own photo, which only a shared link carries.

import { asParameters, fromParameters } from "./filters.js";
import { asFragment, fromFragment } from "./photo.js";

const PHOTO = "photo=";

/** The state of the page as the query of its address. */
export function write(state, filters) {
  const values = new URLSearchParams({ marketplace: state.market.id, language: state.language });
  const others = { sample: state.sample, like: state.like, tab: state.tab === "results" ? "" : state.tab, sort: state.sort === "relevance" ? "" : state.sort, ...state.tap, ...asParameters(filters) };
  if (state.tab === "compare") others.compare = state.compared.join(",");
  for (const [name, value] of Object.entries(others)) {
    if (value !== "" && value !== false && value !== null && value !== undefined) values.set(name, value);
  }
  history.replaceState(null, "", `?${values}${location.hash.includes(PHOTO) && !state.sample && !state.like ? location.hash : ""}`);
}

export function read() {
  const values = new URLSearchParams(location.search);
  const tap = values.get("box") ? { box: values.get("box") } : values.get("object") ? { object: values.get("object") } : {};
  return {
    values,
    tap,
    filters: fromParameters(values),
    compared: (values.get("compare") || "").split(",").filter(Boolean),
    photo: location.hash.startsWith(`#${PHOTO}`) ? fromFragment(location.hash.slice(1 + PHOTO.length)) : null,
  };
}

/** The link to share: with a small copy of the shopper's own photo in its fragment, which no server sees. */
export async function shared(state) {
  const link = new URL(location.href);
  link.hash = "";
  if (state.photo && !state.sample) link.hash = PHOTO + (await asFragment(state.photo));
  return link.href;
}

export function productLink(state, item) {
  const link = new URL("/", location.href);
  link.search = new URLSearchParams({ marketplace: state.market.id, language: state.language, product: item.product_id });
  return link.href;
}
