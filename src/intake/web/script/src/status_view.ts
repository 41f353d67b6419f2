// The page behind a code, filled in as src/intake/web/status/mod.rs fills it in.
import { one, type Words } from "./page";
import type { Mailbox, Message, SentItem } from "./pickup";
import { MILLISECONDS_A_DAY } from "./ready";
import { inWords } from "./told";

const OBJECTION_DAYS = 30;
const AFTERCARE_DAYS = [90, 30];
/** How far along the line a state is. */
const STEPS: Record<string, number> = { stored: 0, received: 1, accepted: 2, declined: 2, referred: 2, "under-inquiry": 3, concluded: 4 };

const FROM: Record<string, string> = { result: "message-result", question: "message-question" };

const dayInWords = (day: string) => inWords(new Date(day));

/** Shows `mailbox` in `view`, a copy of the template. */
export function fill(view: ParentNode, mailbox: Mailbox, words: Words): void {
  const { latest, messages, timeline, today } = mailbox;
  const part = (name: string) => one(view, `[data-${name}]`);
  const say = (name: string, text: string) => {
    part(name).textContent = text;
    part(name).hidden = text === "";
  };
  const sent = latest?.sent ?? [];
  const question = questionOf(messages, sent);
  if (question) {
    say("question-day", dayInWords(question.day));
    say("question-words", question.text);
  } else {
    part("question").remove();
    const heading = document.createElement("h1");
    heading.tabIndex = -1;
    heading.dataset["status"] = "";
    part("status").replaceWith(heading);
  }
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
  say("opened", mailbox.opened ? words(mailbox.opened === today ? "opened-today" : "opened-before").replace("{day}", dayInWords(mailbox.opened)) : "");
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

  const promised = latest?.clocks ?? [];
  const next = promised.find((clock) => !clock.met_day && clock.due_day >= today)?.due_day;
  const link = part("calendar") as HTMLAnchorElement;
  if (next) {
    link.href = (link.getAttribute("href") ?? "").replace("{day}", next);
    link.textContent = words("calendar-save").replace("{day}", dayInWords(next));
  } else link.remove();
  part("promises").hidden = promised.length === 0;
  repeat(part("promise"), promised, (row, { rule: name, due_day: by, first_due_day: first, met_day: met }) => {
    const isLate = (met ?? today) > by;
    const key = met ? (isLate ? "promise-met-late" : "promise-met") : isLate ? "promise-late" : "promise-open";
    row.classList.toggle("late", isLate);
    one(row, "dt").textContent = words(`promise-${name}`) || words("promise-other");
    one(row, "dd").textContent = words(key).replace("{due}", dayInWords(by)).replace("{met}", met ? dayInWords(met) : "")
      + (first ? words("promise-first").replace("{day}", dayInWords(first)) : "");
  });

  const read = latest?.messages_read ?? 0;
  part("none").hidden = messages.length > 0;
  repeat(part("message"), messages, (row, message, at) => {
    const from = words(FROM[message.kind] ?? "message-from-office");
    row.classList.toggle("result", message.kind === "result");
    one(row, "[data-about]").textContent = [from, dayInWords(message.day), at < read ? words("message-read") : ""].filter(Boolean).join(" · ");
    one(row, ".words").textContent = message.text;
  });
  part("read").hidden = read >= messages.length;

  const by = latest?.clocks?.find((clock) => clock.rule === "objection" && !clock.met_day)?.due_day;
  say("left-out", latest?.sent_left_out ? counted(words, "sent-left-out", latest.sent_left_out) : "");
  const [leftOut, list] = [part("left-out"), part("sent-list")];
  repeat(part("sent"), sent, (row, item) => {
    row.textContent = [
      dayInWords(item.day),
      words(`sent-kind-${item.kind}`),
      item.chars ? counted(words, "sent-chars", item.chars) : "",
      item.files ? counted(words, "sent-files", item.files) : "",
      by && item.kind === "objection" ? words("sent-answer-by").replace("{day}", dayInWords(by)) : "",
    ].filter(Boolean).join(" · ");
  });
  // After the tip, which is the first.
  list.querySelector("li")?.after(leftOut);
  part("withdrawn").hidden = !sent.some((item) => item.kind === "withdrawal");
  list.hidden = sent.length === 0;

  const last = timeline[timeline.length - 1];
  const decided = last && /^(concluded|declined)$/.test(last.status) ? last.day : undefined;
  // Nobody reads any more what is written here: it cannot be said.
  const closed = latest?.kind === "closed";
  if (closed) view.querySelectorAll("[data-says=reply], [data-says=withdrawal]").forEach((form) => form.closest("section, details")?.setAttribute("hidden", ""));
  const past = decided && !closed ? (Date.parse(today) - Date.parse(decided)) / MILLISECONDS_A_DAY : -1;
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

/** The question that waits: the last one, if nothing was sent since and nothing was decided. The same as src/intake/mailbox.rs. */
export function questionOf(messages: readonly Message[], sent: readonly SentItem[]): Message | undefined {
  const last = [...messages].reverse().find((message) => /^(question|result|closed)$/.test(message.kind));
  if (last?.kind !== "question") return undefined;
  const answered = sent.some((item) => !/^(tip|aftercare)$/.test(item.kind) && (item.after ?? 0) >= last.sequence);
  return answered ? undefined : last;
}

function counted(words: Words, key: string, number: number): string {
  return words(number === 1 && key !== "sent-left-out" ? `${key}-one` : key).replace("{number}", String(number));
}

/** A copy of `sample` for each of `list`, in its place. */
function repeat<T>(sample: HTMLElement, list: readonly T[], each: (copy: HTMLElement, item: T, at: number) => void): void {
  sample.replaceWith(...list.map((item, at) => {
    const copy = sample.cloneNode(true) as HTMLElement;
    each(copy, item, at);
    return copy;
  }));
}
