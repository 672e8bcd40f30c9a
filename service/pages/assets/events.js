// What the shopper saw and opened, told to the event log in small batches; a loss never shows.

const waiting = [];
let timer = 0;
let told = new Set();
const AFTER_MS = 2000;

export function newPage() {
  told = new Set();
}

export function tell(type, marketplace, queryId, productId, position) {
  const once = `${type}:${queryId}:${productId}`;
  if (!queryId || told.has(once)) return;
  told.add(once);
  waiting.push({ marketplace, event: { event_id: crypto.randomUUID(), type, query_id: queryId, product_id: productId, position, at: new Date().toISOString() } });
  timer ||= setTimeout(flush, AFTER_MS);
}

/** Tells an impression when half of the card was on the screen. */
export function watchImpressions(tellSeen) {
  return new IntersectionObserver((entries, observer) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      observer.unobserve(entry.target);
      tellSeen(entry.target);
    }
  }, { threshold: 0.5 });
}

function flush() {
  timer = 0;
  const batch = waiting.splice(0);
  for (const marketplace of new Set(batch.map((one) => one.marketplace))) {
    const events = batch.filter((one) => one.marketplace === marketplace).map((one) => one.event);
    fetch(`/v1/${marketplace}/events`, { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body: JSON.stringify(events) }).catch(() => {});
  }
}

addEventListener("pagehide", flush);
