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

// On a wide screen the parts of an officer's page are open; on a phone each is a line to press.
if (window.matchMedia("(min-width: 48.0625em)").matches) {
  document.querySelectorAll("details[data-open-wide]").forEach((part) => {
    part.open = true;
  });
}

// Two minutes before a session ends, say so; when it has ended, cover the page. What was typed is
// sealed for this browser and comes back after sign-in.
const WARN_SECONDS = 120;

function watchSession(place) {
  const part = (name) => place.querySelector(`[data-session-${name}]`);
  const main = document.getElementById("main-content");
  const show = (state) => {
    part("warning").hidden = !state;
    for (const name of ["soon", "stay"]) part(name).hidden = state !== "soon";
    for (const name of ["over", "again"]) part(name).hidden = state !== "over";
    main.hidden = state === "over";
  };
  const wait = (left) => {
    const seconds = left > WARN_SECONDS ? left - WARN_SECONDS : Math.min(left, 10);
    window.setTimeout(ask, Math.max(seconds, 1) * 1000);
  };
  async function ask() {
    let left = 0;
    try {
      const answer = await fetch("/session/left/", { cache: "no-store" });
      left = (await answer.json()).left;
    } catch {
      window.setTimeout(ask, 10000); // Without a network nothing is known: ask again.
      return;
    }
    if (left <= 0) {
      show("over");
      return;
    }
    show(left <= WARN_SECONDS ? "soon" : "");
    wait(left);
  }
  part("stay").addEventListener("click", async () => {
    await fetch(place.dataset.sessionMark, { cache: "no-store" });
    ask();
  });
  part("again").addEventListener("click", () => {
    const form = main.querySelector('form[method="post"]');
    const page = form ? new URL(form.action).pathname : window.location.pathname;
    const next = `next=${encodeURIComponent(page)}`;
    if (!form) {
      window.location.assign(`/accounts/login/?${next}`);
      return;
    }
    form.action = `/session/keep/?${next}`;
    form.enctype = "application/x-www-form-urlencoded";
    HTMLFormElement.prototype.submit.call(form);
  });
  wait(Number(place.dataset.sessionLeft));
}

const sessionEnd = document.querySelector("[data-session-left]");
if (sessionEnd) {
  watchSession(sessionEnd);
}

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

// Signing in when many do: the form waits here until it is this person's turn, so that the password
// need not be typed again. Answers are read as documents, never as text that becomes a page.
function send(form, waited) {
  return new Promise((arrived, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.responseType = "document";
    request.setRequestHeader("X-Waited", String(waited));
    request.onload = () => arrived(request);
    request.onerror = failed;
    request.send(new URLSearchParams(new FormData(form)));
  });
}

function showTurn(place, seconds) {
  const { soon, seconds: words } = place.dataset;
  place.hidden = false;
  place.querySelector("[data-turn-left]").textContent =
    seconds < 5 ? soon : `${words} ${Math.ceil(seconds / 5) * 5}`;
}

function showAnswer(page) {
  const main = document.importNode(page.getElementById("main-content"), true);
  document.getElementById("main-content").replaceWith(main);
  document.title = page.title;
  window.scrollTo(0, 0);
  initAll({ scope: main });
  takeTurns(main);
}

async function waitForTurn(form, place) {
  for (let waited = 0; ; waited += 1) {
    const answer = await send(form, waited);
    // Too many requests from one address: what was typed waits here as well.
    const after = answer.status === 429 ? answer.getResponseHeader("Retry-After") : 0;
    const turn = Number(answer.getResponseHeader("X-Turn-In") || after);
    if (answer.status === 204) {
      window.location.assign(answer.getResponseHeader("X-Leads-To"));
      return;
    }
    if (!turn) {
      showAnswer(answer.response);
      return;
    }
    showTurn(place, turn);
    // Those who were refused together do not come back together.
    const spread = answer.status === 429 ? 1 + 2 * Math.random() : 1;
    await new Promise((over) => window.setTimeout(over, turn * spread * 1000));
  }
}

// A change of language sends one form. Words in the other forms of the page go with it.
const LANGUAGE = "in_language";

function takeAllAlong(event, form) {
  for (const other of document.querySelectorAll('main form[method="post"]')) {
    if (other === form) continue;
    for (const [name, value] of new FormData(other)) {
      if (typeof value === "string" && !event.formData.has(name)) {
        event.formData.append(name, value);
      }
    }
  }
}

for (const button of document.querySelectorAll(`button[name="${LANGUAGE}"]`)) {
  const { form } = button;
  button.addEventListener("click", () => {
    form.addEventListener("formdata", (event) => takeAllAlong(event, form), { once: true });
  });
}

function takeTurns(scope) {
  const form = scope.querySelector("form[data-takes-turns]");
  if (!form) return;
  let isSending = false;
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.name === LANGUAGE) return;
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    waitForTurn(form, form.querySelector("[data-turn]")).catch(() => {
      HTMLFormElement.prototype.submit.call(form);
    });
  });
}

takeTurns(document);
