// Ties a passkey's form to django-allauth's scripts, and says so where a browser has no passkeys.
(() => {
  const form = document.querySelector("[data-passkey]");
  if (!form) return;
  const missing = document.querySelector("[data-passkey-missing]");
  const error = form.querySelector("[data-passkey-error]");
  if (!window.PublicKeyCredential || !window.allauth) {
    form.hidden = true;
    if (missing) missing.hidden = false;
    return;
  }
  form.hidden = false;

  const ids = { credential: "passkey_credential", data: "passkey_data" };
  const { addForm, authenticateForm, loginForm } = window.allauth.webauthn.forms;
  const kinds = {
    add: () => addForm({ ids: { ...ids, add: "passkey_go", passwordless: "passkey_alone" } }),
    use: () => authenticateForm({ ids: { ...ids, authenticate: "passkey_go" } }),
    login: () => loginForm({ ids: { ...ids, login: "passkey_go" } }),
  };
  kinds[form.dataset.passkey]();

  // Enter in the name's field would send the form without a passkey.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    document.getElementById("passkey_go").click();
  });

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    error.hidden = false;
  });

  // The login page asks once whether others use the device; both its forms send the answer.
  const shared = document.querySelector("input[type=checkbox][name=shared_device]");
  if (form.dataset.passkey === "login" && shared) {
    shared.addEventListener("change", () => {
      form.querySelector("[name=shared_device]")?.remove();
      if (!shared.checked) return;
      const answer = document.createElement("input");
      Object.assign(answer, { type: "hidden", name: "shared_device", value: "on" });
      form.append(answer);
    });
  }
})();
