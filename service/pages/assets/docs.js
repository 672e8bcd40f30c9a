// The contract as a page, made of /openapi.json and /problems; nothing is loaded from elsewhere.

import { getJson } from "./api.js";
import { node } from "./dom.js";

const [contract, { problems }] = await Promise.all([getJson("/openapi.json"), getJson("/problems")]);

function schemaName(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf) return schema.anyOf.map(schemaName).filter((name) => name !== "null").join(" or ");
  if (schema.type === "array") return `list of ${schemaName(schema.items)}`;
  return [schema.type, schema.enum ? `(${schema.enum.join(", ")})` : ""].join(" ").trim();
}

function operation(path, method, spec) {
  const rows = (spec.parameters || []).map((p) =>
    node("tr", {}, node("td", {}, node("code", {}, p.name)), node("td", {}, p.in), node("td", {}, schemaName(p.schema)), node("td", {}, p.description || p.schema?.description || "")));
  const answers = Object.entries(spec.responses || {}).map(([status, r]) => node("li", {}, node("code", {}, status), ` ${r.description || ""}`));
  return node(
    "details",
    { class: "card", style: undefined },
    node("summary", {}, node("code", {}, `${method.toUpperCase()} ${path}`), ` ${spec.summary || ""}`),
    spec.requestBody ? node("p", {}, `Body: ${Object.keys(spec.requestBody.content).join(", ")}`) : null,
    rows.length ? node("table", {}, node("tbody", {}, ...rows)) : null,
    node("ul", {}, ...answers),
  );
}

for (const [path, methods] of Object.entries(contract.paths)) {
  for (const [method, spec] of Object.entries(methods)) document.getElementById("operations").append(operation(path, method, spec));
}
document.getElementById("problems").append(
  node("table", {}, node("tbody", {}, ...problems.map((p) => node("tr", { id: p.type.split("/").pop() }, node("td", {}, node("code", {}, p.type)), node("td", {}, String(p.status)), node("td", {}, p.title), node("td", {}, p.fix))))),
);
