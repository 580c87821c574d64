"use strict";

/* Passkeys. A form says in data-passkey what it does: create, show or sign-in. Where
   the browser has no passkeys, or no script runs, what stands in data-without stays. */

const fromText = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const withId = (one) => ({ ...one, id: fromText(one.id) });

function forCreating(options, isAlone) {
  const publicKey = {
    ...options,
    challenge: fromText(options.challenge),
    user: withId(options.user),
    excludeCredentials: (options.excludeCredentials ?? []).map(withId),
  };
  publicKey.authenticatorSelection = {
    ...options.authenticatorSelection,
    residentKey: isAlone ? "required" : "discouraged",
    requireResidentKey: isAlone,
  };
  if (isAlone) publicKey.authenticatorSelection.userVerification = "required";
  return { publicKey };
}

function forShowing(options) {
  return {
    publicKey: {
      ...options,
      challenge: fromText(options.challenge),
      allowCredentials: (options.allowCredentials ?? []).map(withId),
    },
  };
}

function written(credential) {
  const response = { clientDataJSON: toText(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  response.transports = credential.response.getTransports?.();
  return JSON.stringify({
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function optionsOf(form) {
  const kept = document.getElementById(form.dataset.options ?? "");
  if (kept) return JSON.parse(kept.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

async function credentialFor(form) {
  const options = await optionsOf(form);
  if (form.dataset.passkey === "create") {
    const isAlone = form.elements.passwordless.checked;
    return navigator.credentials.create(
      forCreating(options.creation_options.publicKey, isAlone),
    );
  }
  return navigator.credentials.get(forShowing(options.request_options.publicKey));
}

function say(form, text) {
  const place = form.querySelector("[data-said]");
  place.textContent = text;
  place.hidden = !text;
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) break;
  form.hidden = false;
  for (const note of document.querySelectorAll("[data-without]")) note.hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say(form, "");
    try {
      const credential = await credentialFor(form);
      form.elements.credential.value = written(credential);
      form.submit();
    } catch (fault) {
      say(
        form,
        fault.name === "InvalidStateError"
          ? "This device has a passkey for your account already."
          : "That did not work, or was canceled. Try again, or use another way.",
      );
    }
  });
}
