// The page behind a code, filled in as src/intake/web/status.rs fills it in.
import { one, type Words } from "./page";
import type { Mailbox } from "./pickup";
import { MILLISECONDS_A_DAY } from "./ready";
import { inWords } from "./told";

const OBJECTION_DAYS = 30;
const AFTERCARE_DAYS = [90, 30];
/** How far along the line a state is. */
const STEPS: Record<string, number> = { stored: 0, received: 1, accepted: 2, declined: 2, referred: 2, "under-inquiry": 3, concluded: 4 };

const dayInWords = (day: string) => inWords(new Date(day));

/** Shows `mailbox` in `view`, a copy of the template. */
export function fill(view: ParentNode, mailbox: Mailbox, words: Words): void {
  const { latest, messages, timeline, today } = mailbox;
  const part = (name: string) => one(view, `[data-${name}]`);
  const say = (name: string, text: string) => {
    part(name).textContent = text;
    part(name).hidden = text === "";
  };
  const status = latest?.status ?? "stored";
  const due = latest?.due_day ?? "";
  const late = due !== "" && today > due;
  const promise = words(late ? "status-late" : latest?.due_is_provisional ? "status-due-provisional" : "status-due");
  const dueLine = due && promise.replace("{day}", dayInWords(due));
  const rule = (document.documentElement.lang === "en" ? latest?.due_source_en : latest?.due_source_zh) ?? "";
  say("status", words(`status-${status}`));
  say("late", late ? dueLine : "");
  say("due", late ? "" : dueLine);
  say("next", words(`next-${status}`));
  say("rule", due && rule && words("status-rule").replace("{rule}", rule));
  [...part("track").children].forEach((step, at) => {
    const reached = STEPS[status] ?? 0;
    step.className = at < reached ? "reached" : "ahead";
    if (at + 1 === reached) step.setAttribute("aria-current", "step");
  });
  repeat(part("day"), timeline, (row, reached) => {
    one(row, "dt").textContent = dayInWords(reached.day);
    one(row, "dd").textContent = words(`status-${reached.status}`);
  });
  part("days").hidden = timeline.length === 0;

  const read = latest?.messages_read ?? 0;
  part("none").hidden = messages.length > 0;
  repeat(part("message"), messages, (row, message, at) => {
    const from = words(message.kind === "result" ? "message-result" : "message-from-office");
    row.classList.toggle("result", message.kind === "result");
    one(row, "[data-about]").textContent = [from, dayInWords(message.day), at < read ? words("message-read") : ""].filter(Boolean).join(" · ");
    one(row, ".words").textContent = message.text;
  });
  part("read").hidden = read >= messages.length;

  const last = timeline[timeline.length - 1];
  const decided = last && /^(concluded|declined)$/.test(last.status) ? last.day : undefined;
  const past = decided ? (Date.parse(today) - Date.parse(decided)) / MILLISECONDS_A_DAY : -1;
  // What is not asked is not in the page, as without scripts.
  if (past < 0 || past > OBJECTION_DAYS) part("objection").remove();
  const asked = AFTERCARE_DAYS.find((days) => past >= days) ?? 0;
  if ((latest?.aftercare_answered_days ?? 0) >= asked) {
    part("aftercare").remove();
  } else {
    part("aftercare").dataset["aftercare"] = String(asked);
    say("aftercare-title", words("aftercare-title").replace("{days}", String(asked)));
  }
}

/** A copy of `sample` for each of `list`, in its place. */
function repeat<T>(sample: HTMLElement, list: readonly T[], each: (copy: HTMLElement, item: T, at: number) => void): void {
  sample.replaceWith(...list.map((item, at) => {
    const copy = sample.cloneNode(true) as HTMLElement;
    each(copy, item, at);
    return copy;
  }));
}
