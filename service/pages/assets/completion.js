// What may stand at the cursor of a locale file: keys and values from the file's JSON Schema.

const INDENT = /^(\s*)((?:- )*)/;
const KEY = /^["']?([\w .-]+?)["']?\s*:(?:\s|$)/;

/** The keys from the file's root down to the column of a line, "-" for a list's entry. */
export function pathAt(lines, row, column) {
  const stack = [];
  const leave = (indent) => { while (stack.length && stack.at(-1).indent >= indent) stack.pop(); };
  for (let i = 0; i <= row; i += 1) {
    const text = lines[i].trim();
    if (i < row && (!text || text.startsWith("#"))) continue;
    const [, spaces, dashes] = INDENT.exec(lines[i]);
    const start = spaces.length + dashes.length;
    for (let at = spaces.length; at < Math.min(start, i < row ? start : column); at += 2) {
      while (stack.length && (stack.at(-1).indent > at || (stack.at(-1).indent === at && stack.at(-1).key === "-"))) stack.pop();
      stack.push({ indent: at, key: "-" });
    }
    if (i === row) leave(Math.min(column, dashes ? start : column));
    else {
      const key = KEY.exec(lines[i].slice(start));
      if (key) {
        leave(start);
        stack.push({ indent: start, key: key[1] });
      }
    }
  }
  return stack.map((one) => one.key);
}

/** The schemas that a path leads to; several where the schema leaves a choice. */
export function schemasAt(root, path) {
  let found = flat(root, root);
  for (const step of path) {
    found = found.flatMap((schema) => {
      if (step === "-") return schema.items ? flat(schema.items, root) : [];
      const own = schema.properties?.[step];
      if (own) return flat(own, root);
      return typeof schema.additionalProperties === "object" ? flat(schema.additionalProperties, root) : [];
    });
  }
  return found;
}

function flat(schema, root) {
  if (schema.$ref) return flat(root.$defs[schema.$ref.split("/").pop()] || {}, root);
  const choices = schema.anyOf || schema.oneOf || schema.allOf;
  return choices ? [schema, ...choices.flatMap((one) => flat(one, root))] : [schema];
}

/** {from, options: [{text, hint}]} for the cursor, or null. */
export function complete(root, text, at) {
  const before = text.slice(0, at);
  const lines = text.split("\n");
  const row = before.split("\n").length - 1;
  const column = before.length - before.lastIndexOf("\n") - 1;
  const line = lines[row].slice(0, column);
  if (line.trim().startsWith("#")) return null;
  const value = /^(\s*(?:- )*)([\w-]+):\s+(\[?(?:[^\]]*,\s*)?)([\w.-]*)$/.exec(line);
  if (value) {
    const path = [...pathAt(lines, row, value[1].length), value[2]];
    const inList = value[3].includes("[");
    return offered(values(schemasAt(root, inList ? [...path, "-"] : path), root), value[4], at);
  }
  const flow = /^(\s*(?:- )*)([\w-]+):\s+\{(?:.*[{,])?\s*([\w-]+):\s+(\[?)([^\]{}:]*,\s*)?([\w.-]*)$/.exec(line);
  if (flow && (flow[4] || !flow[5])) {
    const path = [...pathAt(lines, row, flow[1].length), flow[2], flow[3]];
    return offered(values(schemasAt(root, flow[4] ? [...path, "-"] : path), root), flow[6], at);
  }
  const inside = /^(\s*(?:- )*[\w-]+:\s+\{(?:[^}]*,\s*)?)([\w-]*)$/.exec(line);
  if (inside) {
    const key = /^(\s*(?:- )*)([\w-]+):/.exec(line);
    return offered(keys(schemasAt(root, [...pathAt(lines, row, key[1].length), key[2]])), inside[2], at);
  }
  const word = /^(\s*(?:- )*)([\w.-]*)$/.exec(line);
  if (!word) return null;
  const schemas = schemasAt(root, pathAt(lines, row, word[1].length));
  return offered([...keys(schemas), ...values(schemas, root)], word[2], at);
}

function keys(schemas) {
  return schemas.flatMap((schema) => Object.entries(schema.properties || {}).map(([name, own]) => ({ text: `${name}: `, hint: own.description || "" })));
}

function values(schemas, root) {
  return schemas.flatMap((schema) => [
    ...(schema.enum || []).map((one) => ({ text: String(one), hint: "" })),
    ...(schema.const !== undefined ? [{ text: String(schema.const), hint: "" }] : []),
    ...(schema.type === "boolean" ? ["true", "false"].map((one) => ({ text: one, hint: "" })) : []),
    ...(schema.type === "array" && schema.items ? values(flat(schema.items, root), root) : []),
  ]);
}

function offered(all, typed, at) {
  const seen = new Set();
  const fitting = all.filter(({ text }) => text.includes(typed) && text.trim() !== typed && !seen.has(text) && seen.add(text));
  fitting.sort((a, b) => Number(b.text.startsWith(typed)) - Number(a.text.startsWith(typed)));
  return fitting.length ? { from: at - typed.length, options: fitting.slice(0, 40) } : null;
}
