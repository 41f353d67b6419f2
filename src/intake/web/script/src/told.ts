// What a page says: who seals, what is wrong, and days as people write them.

export function sayWhoSeals(who: "browser" | "server"): void {
  show("sealed-by-server", who === "server");
  show("sealed-by-browser", who === "browser");
}

export function inWords(day: Date): string {
  const lang = document.documentElement.lang;
  const locale = lang === "en" ? "en-GB" : lang;
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(day);
}

export function show(name: string, shown: boolean): void {
  document.querySelectorAll<HTMLElement>(`[data-when="${name}"]`).forEach((place) => { place.hidden = !shown; });
}

function titleOf(title: string): string {
  return document.querySelector<HTMLElement>("#problem")?.dataset["title"]?.replace("{title}", title) ?? document.title;
}

export function tell(title: string, note: string, anchor = ""): void {
  const box = document.getElementById("problem");
  const [heading, words] = [box?.querySelector("a"), box?.querySelector("p")];
  if (!box || !heading || !words) return;
  heading.textContent = title;
  if (anchor === "") heading.removeAttribute("href");
  else heading.setAttribute("href", `#${anchor}`);
  words.textContent = note;
  // What a screen reader says first, and a tab shows.
  document.title = titleOf(title);
  box.hidden = false;
  box.focus();
}

/** The same beside a field. */
export function tellField(title: string, note: string, field: string): void {
  const words = document.createElement("p");
  words.className = "wrong";
  words.dataset["problem"] = "";
  words.textContent = title;
  const place = document.getElementById(field);
  if (place instanceof HTMLFieldSetElement) place.querySelector("legend")?.after(words);
  else place?.before(words);
  place?.closest(".field")?.classList.add("bad");
  tell(title, note, field);
}

export function clearProblems(): void {
  document.title = document.querySelector<HTMLElement>("#problem")?.dataset["neutral"] ?? document.title;
  document.querySelectorAll("[data-problem]").forEach((words) => words.remove());
  document.querySelectorAll(".field.bad").forEach((field) => field.classList.remove("bad"));
  for (const id of ["problem", "summary"]) {
    const box = document.getElementById(id);
    if (box) box.hidden = true;
  }
}
