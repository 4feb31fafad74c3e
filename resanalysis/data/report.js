
// Filters of the 修订对照表. The state of the filters is the fragment of the address, so that a
// filtered view can be shared and the back button leads to the view before.
(() => {
  "use strict";
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const table = document.querySelector("table.pairs");
  const rows = [...table.querySelectorAll("tr.row")];
  const marks = [...table.querySelectorAll("mark")];
  const fields = [...form.querySelectorAll("select")];
  // With this script a filter is all that such a fragment means; the browser has nowhere to jump.
  for (const place of document.querySelectorAll("[id*='=']")) place.removeAttribute("id");

  const has = (row, name, value) => (row.dataset[name] || "").split(" ").includes(value);

  function fits(row, chosen) {
    return Object.entries(chosen).every(([name, value]) => {
      if (name === "topic") {
        const sides = chosen.in ? [chosen.in] : ["old", "new"];
        return sides.some((side) => has(row, side, value));
      }
      if (name === "in") return chosen.topic !== undefined || row.dataset.change !== (value === "old" ? "ADD" : "SUP");
      return has(row, name, value);
    });
  }

  // What the fragment chooses, or null where it names a place of the page and no filter.
  function read() {
    const hash = location.hash.slice(1);
    if (hash !== "" && !hash.includes("=")) return null;
    const asked = new URLSearchParams(hash);
    const chosen = {};
    for (const field of fields) {
      const value = asked.get(field.name);
      if (value && [...field.options].some((option) => option.value === value)) chosen[field.name] = value;
    }
    return chosen;
  }

  function apply(chosen) {
    for (const field of fields) field.value = chosen[field.name] || "";
    let count = 0;
    for (const row of rows) {
      row.hidden = !fits(row, chosen);
      if (!row.hidden) count += 1;
    }
    for (const body of table.tBodies) body.hidden = !body.querySelector("tr.row:not([hidden])");
    table.classList.toggle("chosen", chosen.topic !== undefined);
    for (const mark of marks) mark.classList.toggle("on", has(mark, "topics", chosen.topic));
    const names = fields.filter((field) => field.value).map((field) => field.selectedOptions[0].textContent);
    document.getElementById("chooser").classList.toggle("active", names.length > 0);
    const words = shown.dataset.words.replace("{n}", count).replace("{all}", rows.length);
    shown.textContent = [words, ...names].join(" · ") + (count ? "" : " " + shown.dataset.none);
  }

  function leadTo() {
    document.getElementById("comparison").scrollIntoView();
  }

  // A place of the page: it is shown, even if the filter hid it.
  function reveal() {
    const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!place || !place.closest("[hidden]")) return;
    apply({});
    place.scrollIntoView();
  }

  function choose(chosen) {
    const hash = new URLSearchParams(chosen).toString();
    history.pushState(null, "", hash ? "#" + hash : location.href.split("#")[0]);
    apply(chosen);
  }

  form.addEventListener("change", () => {
    choose(Object.fromEntries(fields.filter((field) => field.value).map((field) => [field.name, field.value])));
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    choose({});
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href*='=']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", link.getAttribute("href"));
    apply(read());
    leadTo();
    fields[0].focus({ preventScroll: true });
  });
  const follow = () => {
    const chosen = read();
    if (chosen) apply(chosen);
    else reveal();
  };
  addEventListener("hashchange", follow);

  // On paper everything that can be unfolded is.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open], .record)")];
    for (const details of folded) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
  });

  form.hidden = false;
  const first = read();
  if (first && Object.keys(first).length) {
    apply(first);
    addEventListener("load", leadTo);
  }
})();
