// Line diffs and three-way merges of texts; pure functions over arrays of lines.

/** Pairs [i, j] of lines that both texts share, in order: a longest common subsequence. */
export function shared(a, b) {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const [rows, columns] = [a.length - head - tail, b.length - head - tail];
  const lengths = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
  for (let i = rows - 1; i >= 0; i -= 1) {
    for (let j = columns - 1; j >= 0; j -= 1) {
      lengths[i][j] = a[head + i] === b[head + j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const pairs = Array.from({ length: head }, (_, i) => [i, i]);
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (a[head + i] === b[head + j]) pairs.push([head + i++, head + j++]);
    else if (lengths[i + 1][j] >= lengths[i][j + 1]) i += 1;
    else j += 1;
  }
  for (let k = tail; k > 0; k -= 1) pairs.push([a.length - k, b.length - k]);
  return pairs;
}

/** Rows {kind: "same" | "gone" | "new", text, before, after}; numbers are of lines, from 1. */
export function diff(before, after) {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const rows = [];
  let [i, j] = [0, 0];
  for (const [x, y] of [...shared(a, b), [a.length, b.length]]) {
    for (; i < x; i += 1) rows.push({ kind: "gone", text: a[i], before: i + 1 });
    for (; j < y; j += 1) rows.push({ kind: "new", text: b[j], after: j + 1 });
    if (x < a.length) rows.push({ kind: "same", text: a[x], before: x + 1, after: y + 1 });
    [i, j] = [x + 1, y + 1];
  }
  return rows;
}

/** The rows near changes; null stands for lines left out. */
export function nearChanges(rows, around = 2) {
  const near = rows.map((_, i) => rows.slice(Math.max(0, i - around), i + around + 1).some((row) => row.kind !== "same"));
  const kept = [];
  rows.forEach((row, i) => {
    if (near[i]) kept.push(row);
    else if (kept.at(-1) !== null) kept.push(null);
  });
  return kept.at(-1) === null ? kept.slice(0, -1) : kept;
}

/**
 * What two people made of one text, in order: {lines} where it is clear, {mine, theirs} where both
 * changed the same place.
 */
export function merge(base, mine, theirs) {
  const [o, a, b] = [base, mine, theirs].map((text) => text.split("\n"));
  const inMine = new Map(shared(o, a));
  const inTheirs = new Map(shared(o, b));
  const anchors = [...o.keys()].filter((k) => inMine.has(k) && inTheirs.has(k)).map((k) => [k, inMine.get(k), inTheirs.get(k)]);
  const parts = [];
  let [x, y, z] = [0, 0, 0];
  for (const [k, i, j] of [...anchors, [o.length, a.length, b.length]]) {
    const [was, own, other] = [o.slice(x, k), a.slice(y, i), b.slice(z, j)];
    const same = (p, q) => p.length === q.length && p.every((line, at) => line === q[at]);
    if (same(own, was) || same(own, other)) parts.push({ lines: other });
    else if (same(other, was)) parts.push({ lines: own });
    else parts.push({ mine: own, theirs: other });
    if (k < o.length) parts.push({ lines: [o[k]] });
    [x, y, z] = [k + 1, i + 1, j + 1];
  }
  return parts;
}
