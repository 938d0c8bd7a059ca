// Passkeys: the server's challenge goes to the device, what the device answers goes back in a form.
const bytes = (text) => {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
};
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const known = (list = []) => list.map((each) => ({ ...each, id: bytes(each.id) }));

async function make({ publicKey }) {
  const { response, ...key } = parts(await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: known(publicKey.excludeCredentials),
    },
  }));
  return {
    ...key,
    response: { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject) },
  };
}

async function use({ publicKey }) {
  const { response, ...key } = parts(await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: known(publicKey.allowCredentials),
    },
  }));
  return {
    ...key,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle && text(response.userHandle),
    },
  };
}

function parts(credential) {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: credential.response,
  };
}

function offer(form) {
  const ask = form.dataset.passkey === "make" ? make : use;
  const failed = form.querySelector("[data-passkey-failed]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
      form.elements.credential.value = JSON.stringify(await ask(await answer.json()));
    } catch {
      failed.hidden = false; // given up, timed out, or a device that cannot
      return;
    }
    form.submit();
  });
}

if (window.PublicKeyCredential) {
  document.querySelectorAll("form[data-passkey]").forEach(offer);
  document.querySelectorAll("[data-passkey-unknown]").forEach((each) => each.remove());
}
