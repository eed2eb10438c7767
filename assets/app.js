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
