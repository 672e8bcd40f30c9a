// Drafts of locale files, kept in this browser until they are published or discarded.

const key = (market, file) => `souk-draft:${market}:${file}`;

/** `base` is the version and `was` the text that the draft began with: what a merge needs. */
export function keep(market, file, draft) {
  localStorage.setItem(key(market, file), JSON.stringify(draft));
}

export function drop(market, file) {
  localStorage.removeItem(key(market, file));
}

export function draftsOf(market, files) {
  const found = {};
  for (const file of files) {
    const kept = localStorage.getItem(key(market, file));
    if (kept) found[file] = JSON.parse(kept);
  }
  return found;
}
