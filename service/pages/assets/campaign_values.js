// A campaign as its file writes it: pure functions from one value to the next, every one a new value.

export const SELECTS = ["products", "concepts", "categories", "colours", "genders", "brands", "min_price", "max_price", "min_rating", "prime", "available"];
export const TRIGGERS = ["concepts", "categories", "colours", "genders", "occasions", "products", "min_price", "max_price"];
const SINGLE = new Set(["min_price", "max_price", "min_rating", "prime", "available"]);
const ORDER = ["id", "owner", "reason", "priority", "when", "from", "until", "festival", "actions"];
const VERBS = ["pin", "boost", "bury", "hide", "filter", "replace"];
const STRONGEST = 1;

export const verbOf = (action) => VERBS.find((verb) => action[verb] !== undefined) || "";
export const actionsOf = (campaign) => (Array.isArray(campaign.actions) ? campaign.actions : []);

/** The campaign with a key; an empty value takes the key away. Keys keep the order of the files. */
export function withKey(campaign, key, value) {
  const changed = { ...campaign, [key]: value };
  const empty = value === "" || value === undefined || (typeof value === "object" && !Array.isArray(value) && !Object.keys(value).length);
  if (empty) delete changed[key];
  const place = (name) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.indexOf("actions") - 0.5);
  if (key in campaign || empty) return changed;
  return Object.fromEntries(Object.entries(changed).toSorted(([a], [b]) => place(a) - place(b)));
}

const withActions = (campaign, actions) => withKey(campaign, "actions", actions);

export const withAction = (campaign, place, action) => withActions(campaign, actionsOf(campaign).map((one, i) => (i === place ? action : one)));
export const moreAction = (campaign, action) => withActions(campaign, [...actionsOf(campaign), action]);
export const lessAction = (campaign, place) => withActions(campaign, actionsOf(campaign).filter((_, i) => i !== place));

/** The place a product is pinned to, or 0. */
export function pinOf(campaign, product) {
  const found = actionsOf(campaign).find((action) => action.pin?.product === product);
  return found ? Number(found.at) || 0 : 0;
}

/** The product pinned to the place; a pin of this campaign that stood there changes places with it. */
export function pinned(campaign, product, at) {
  const was = pinOf(campaign, product);
  const taken = new Set(actionsOf(campaign).filter((one) => one.pin && one.pin.product !== product).map((one) => Number(one.at)));
  let free = was || at + 1;
  while (!was && taken.has(free)) free += 1;
  const moved = actionsOf(campaign).map((one) => (one.pin && one.pin.product !== product && Number(one.at) === at ? { ...one, at: String(free) } : one));
  const pin = { pin: { product }, at: String(at) };
  return withActions(campaign, was ? moved.map((one) => (one.pin?.product === product ? { ...one, at: String(at) } : one)) : [...moved, pin]);
}

export const unpinned = (campaign, product) => withActions(campaign, actionsOf(campaign).filter((one) => one.pin?.product !== product));

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const weighing = (action, choice) => same(action.boost, choice) || same(action.bury, choice);

/** How far exactly this choice of products is moved: above 0 up, below 0 down. */
export function weightOf(campaign, choice) {
  const found = actionsOf(campaign).find((action) => weighing(action, choice));
  return found ? (found.boost ? 1 : -1) * (Number(found.by) || 0) : 0;
}

/** The choice moved by the weight; 0 takes the move away. */
export function weighed(campaign, choice, weight) {
  const actions = actionsOf(campaign);
  const place = actions.findIndex((action) => weighing(action, choice));
  if (!weight) return place < 0 ? campaign : lessAction(campaign, place);
  const move = { [weight > 0 ? "boost" : "bury"]: choice, by: String(Math.min(STRONGEST, Math.abs(Math.round(weight * 100) / 100))) };
  return place < 0 ? moreAction(campaign, move) : withAction(campaign, place, move);
}

/** One more value of a condition: in a list, or instead of the single one. */
export function withCondition(choice, kind, value) {
  if (SINGLE.has(kind)) return { ...choice, [kind]: value };
  const had = listed(choice[kind]);
  return had.includes(value) ? choice : { ...choice, [kind]: [...had, value] };
}

export function withoutCondition(choice, kind, value) {
  const left = listed(choice[kind]).filter((one) => one !== value);
  const changed = { ...choice, [kind]: left };
  if (!left.length) delete changed[kind];
  return changed;
}

export const listed = (value) => (value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)]);

export function newCampaign(ids, owner, reason) {
  let number = 1;
  while (ids.includes(`campaign-${number}`)) number += 1;
  return { id: `campaign-${number}`, owner, reason, priority: "50", actions: [] };
}
