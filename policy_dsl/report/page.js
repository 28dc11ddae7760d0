// The page reads without this: it opens and closes, remembers the language in the address, sorts and sifts a list.
"use strict";
(() => {
  const all = (what, of = document) => [...of.querySelectorAll(what)];
  const chosen = () => document.querySelector("input[name=language]:checked").value;
  const show = (language) => {
    const button = document.getElementById("show-" + language);
    if (button) button.checked = true;
    document.documentElement.lang = language === "en" ? "en" : "zh";
  };
  // An address such as #zh-c3 or #en leads to its language and opens what it stands in.
  const follow = () => {
    const to = decodeURIComponent(location.hash.slice(1));
    const language = (to.match(/^(zh|en|both)(-|$)/) || [])[1];
    if (language && chosen() !== "both") show(language);
    const place = to && document.getElementById(to);
    if (!place) return;
    for (let at = place; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    const own = place.querySelector(":scope > details");
    if (own) own.open = true;
    place.scrollIntoView();
  };
  addEventListener("hashchange", follow);
  for (const button of all("input[name=language]")) button.addEventListener("change", () => show(button.value));

  const act = {
    open_all: () => all("details").forEach((d) => { d.open = true; }),
    close_all: () => all("details").forEach((d) => { d.open = false; }),
    print: () => print(),
  };
  for (const button of all("button[data-do]")) {
    button.hidden = false;
    button.addEventListener("click", act[button.dataset.do]);
  }
  let shut = [];
  addEventListener("beforeprint", () => { shut = all("details:not([open])"); shut.forEach((d) => { d.open = true; }); });
  addEventListener("afterprint", () => { shut.forEach((d) => { d.open = false; }); shut = []; });

  for (const list of all("table.people")) {
    const rows = all("tbody tr", list);
    all("thead th", list).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        all("thead th", list).forEach((h) => h.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = (row) => row.cells[column].dataset.key ?? row.cells[column].textContent;
        const order = new Intl.Collator(list.closest("article").lang, { numeric: true }).compare;
        const sorted = [...rows].sort((a, b) => order(key(a), key(b)) * (down ? -1 : 1));
        list.tBodies[0].append(...sorted);
      });
    });
    const find = list.parentElement.querySelector(".find");
    if (!find) continue;
    find.hidden = false;
    const [words, status] = [find.querySelector("input"), find.querySelector("select")];
    const count = find.querySelector("output");
    const sift = () => {
      const wanted = words.value.trim().toLowerCase();
      let left = 0;
      for (const row of rows) {
        row.hidden = (wanted && !row.textContent.toLowerCase().includes(wanted)) || (status.value && row.dataset.status !== status.value);
        if (!row.hidden) left += 1;
      }
      count.textContent = left + " / " + rows.length;
    };
    words.addEventListener("input", sift);
    status.addEventListener("change", sift);
    sift();
  }
  follow();
})();
