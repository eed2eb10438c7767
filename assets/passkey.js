// The browser's part of a passkey. The sign-in library's own script, served from this site, makes
// and asks for passkeys; this file only joins it to our forms. Without it a code is typed.
const MAKERS = { add: "addForm", authenticate: "authenticateForm" };

const form = document.querySelector("form[data-passkey]");
const library = window.allauth && window.allauth.webauthn;
if (form && library && window.PublicKeyCredential) {
  form.hidden = false;
  document.querySelector("[data-passkey-missing]").hidden = true;
  const button = document.getElementById("passkey-button");
  library.forms[MAKERS[form.dataset.passkey]]({
    ids: { add: button.id, authenticate: button.id, credential: form.elements.credential.id },
    data: JSON.parse(form.dataset.options),
  });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    form.querySelector("[data-passkey-error]").hidden = false;
  });
}
