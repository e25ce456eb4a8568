// Progressive enhancement only: every page works without this file.
"use strict";

// Enter searches, Shift+Enter breaks the line; while kana are being converted Enter belongs to the input method.
document.querySelectorAll(".search textarea").forEach((field) => {
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      field.form.requestSubmit();
    }
  });
});

// On the results page a new kind or filter is searched for at once.
document.querySelectorAll(".results .search input[type=radio], .results .search select").forEach((choice) => {
  choice.addEventListener("change", () => choice.form.requestSubmit());
});

// Empty filters need not stand in the address.
document.querySelectorAll("form.search").forEach((form) => {
  form.addEventListener("submit", () => {
    form.querySelectorAll("select").forEach((select) => { select.disabled = select.value === ""; });
  });
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form.search select").forEach((select) => { select.disabled = false; });
});

// A passage's IRI says nothing to the server about which sheet of a long document it stands on.
const passage = /^#(p\d+)(-m\d+)?$/.exec(location.hash);
if (passage && document.querySelector(".document") && !document.getElementById(location.hash.slice(1))) {
  const asked = new URL(location.href);
  if (document.getElementById(passage[1])) {
    location.replace(`#${passage[1]}`);
  } else if (!asked.searchParams.has("at") && asked.searchParams.get("passage") !== passage[1]) {
    asked.searchParams.set("passage", passage[1]);
    asked.hash = passage[1];
    location.replace(asked);
  }
}
