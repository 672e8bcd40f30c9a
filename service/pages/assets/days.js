// Days as texts (2026-11-08), without a time or a zone: a calendar of a marketplace is read anywhere.

const DAY_MS = 86_400_000;

const dateOf = (day) => new Date(`${day}T00:00:00Z`);
const textOf = (date) => date.toISOString().slice(0, 10);

export const plus = (day, days) => textOf(new Date(dateOf(day).getTime() + days * DAY_MS));
export const monthOf = (day) => day.slice(0, 7);
export const between = (first, last) => Math.round((dateOf(last) - dateOf(first)) / DAY_MS);

/** The same day some months on, or the last one that there is. */
export function plusMonths(day, months) {
  const date = dateOf(day);
  const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
  const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return textOf(new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), Math.min(date.getUTCDate(), length))));
}

/** 1 for Monday to 7 for Sunday: where weeks begin for the language. */
export function weekStart(language) {
  const locale = new Intl.Locale(language);
  return (locale.getWeekInfo?.() ?? locale.weekInfo ?? { firstDay: 1 }).firstDay;
}

/** The weeks that hold the month, each as seven days. */
export function weeksOf(month, startsOn) {
  const first = `${month}-01`;
  const back = (((dateOf(first).getUTCDay() || 7) - startsOn) + 7) % 7;
  const weeks = [];
  for (let day = plus(first, -back); monthOf(day) <= month; day = plus(day, 7)) weeks.push(Array.from({ length: 7 }, (_, i) => plus(day, i)));
  return weeks;
}

/** How days are said in the page's language. */
export function saying(language) {
  const make = (options) => {
    const format = new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options });
    return (day) => format.format(dateOf(day));
  };
  const range = new Intl.DateTimeFormat(language, { timeZone: "UTC", day: "numeric", month: "short", year: "numeric" });
  return {
    day: make({ dateStyle: "full" }),
    month: make({ month: "long", year: "numeric" }),
    weekday: make({ weekday: "short" }),
    number: make({ day: "numeric" }),
    span: (first, last) => (first === last ? range.format(dateOf(first)) : range.formatRange(dateOf(first), dateOf(last))),
  };
}
