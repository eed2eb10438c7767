// The browser's part of a passkey. The sign-in library's own script, served from this site, makes
// and asks for passkeys; this file only joins it to our forms. Without it a code is typed.
const MAKERS = { add: "addForm", authenticate: "authenticateForm", login: "loginForm" };
const ASKED = "fair hearing|open private key";
const DERIVED = "fair hearing|sent to the service";

// What the service is sent is derived here, so that it never has the device's own secret bytes.
const derive = async (secret) => {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const info = new TextEncoder().encode(DERIVED);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  const bytes = new Uint8Array(await crypto.subtle.deriveBits(how, key, 256));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

// The library does not know the extension that opens records (PRF). So it is added to what the
// library asks for, and its answer goes to a field of its own. An older browser leaves it out.
const askForOpening = (form) => {
  const passkeys = navigator.credentials;
  const first = new TextEncoder().encode(ASKED);
  for (const [name, prf] of [["create", {}], ["get", { eval: { first } }]]) {
    const ask = passkeys[name].bind(passkeys);
    passkeys[name] = async (options) => {
      const field = form.elements.opening;
      const publicKey = { ...options.publicKey };
      if (field || name === "create") {
        publicKey.extensions = { ...publicKey.extensions, prf };
      }
      if (name === "create") {
        // A passkey that the device lists signs its person in without a user name.
        const kept = { residentKey: "preferred", requireResidentKey: false };
        publicKey.authenticatorSelection = { ...publicKey.authenticatorSelection, ...kept };
      }
      const made = await ask({ ...options, publicKey });
      const secret = made.getClientExtensionResults().prf?.results?.first;
      if (field) {
        field.value = secret ? await derive(secret) : "";
      }
      return made;
    };
  }
};

const form = document.querySelector("form[data-passkey]");
const library = window.allauth && window.allauth.webauthn;
if (form && library && window.PublicKeyCredential) {
  form.hidden = false;
  document.querySelector("[data-passkey-missing]")?.setAttribute("hidden", "");
  askForOpening(form);
  const button = document.getElementById("passkey-button");
  const ids = { add: button.id, authenticate: button.id, login: button.id };
  library.forms[MAKERS[form.dataset.passkey]]({
    ids: { ...ids, credential: form.elements.credential.id },
    data: form.dataset.options && JSON.parse(form.dataset.options),
  });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    form.querySelector("[data-passkey-error]").hidden = false;
  });
}
