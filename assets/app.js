// Everything works without this file; it only makes pages quicker to use.
// GOV.UK Frontend starts a component only where the body says that modules run.
import { initAll } from "./govuk.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// A page shown from the browser's own memory after "back" could show a case to the
// next person at this screen: ask the server again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    window.location.reload();
  }
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  if (source && navigator.clipboard) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = button.dataset.copied;
    });
  }
}

// Sending without an account: a puzzle instead of tracking. Without script, or before it is solved,
// the service asks for a short wait instead.
function zeroBits(bytes) {
  const first = bytes.findIndex((byte) => byte !== 0);
  return first < 0 ? bytes.length * 8 : first * 8 + Math.clz32(bytes[first]) - 24;
}

async function solve(form) {
  const write = new TextEncoder();
  const bits = Number(form.dataset.bits);
  for (let answer = 0; ; answer += 1) {
    const words = write.encode(`${form.dataset.puzzle}.${answer}`);
    const digest = await window.crypto.subtle.digest("SHA-256", words);
    if (zeroBits(new Uint8Array(digest)) >= bits) {
      form.elements.answer.value = String(answer);
      return;
    }
  }
}

const puzzle = document.querySelector("form[data-puzzle]");
if (puzzle && window.crypto && window.crypto.subtle) {
  solve(puzzle);
}
