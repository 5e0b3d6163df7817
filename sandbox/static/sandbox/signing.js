// The demonstration page as a signing widget: it speaks as the state's one does, and only with the
// page of this very portal that shows it.

const form = document.querySelector("[data-sandbox-signing]");
const chosen = document.querySelector("[data-sandbox-chosen]");
const US = "EndUserSignWidget";
const PORTAL = "EndUserSignWidgetConnector";
const READY = -1;
const KEY_KINDS = { dstu: 1, ecdsa: 4 };
const FOR_SIGNATURES = 1;

let key = null;
let asked = [];

function post(message) {
  window.parent.postMessage({ sender: US, reciever: PORTAL, ...message }, location.origin);
}

function certificates() {
  return [{ infoEx: { publicKeyType: KEY_KINDS[key.dataset.algorithm], keyUsageType: FOR_SIGNATURES } }];
}

async function signature(octets, detached) {
  const fields = new FormData(form);
  fields.set("signer", key.value);
  fields.set("file", new Blob([octets]), "text.txt");
  if (detached) {
    fields.set("detached", "yes");
  }
  const answer = await fetch(form.action, { method: "POST", body: fields });
  if (!answer.ok) {
    throw new Error(`${answer.status}`);
  }
  return new Uint8Array(await answer.arrayBuffer());
}

async function answer({ id, cmd, params }) {
  if (cmd === "ReadPrivateKey") {
    if (key) {
      post({ id, result: certificates() });
    } else {
      asked.push(id);
    }
  } else if (cmd === "SignData" && key && params[0] instanceof Uint8Array) {
    const [data, external, asBase64] = params;
    try {
      const made = await signature(data, external);
      post({ id, result: asBase64 ? btoa(String.fromCharCode(...made)) : made });
    } catch (error) {
      post({ id, error: { code: 1, message: error.message } });
    }
  } else if (cmd === "AddEventListener") {
    post({ id, result: null });
  } else {
    post({ id, error: { code: 2, message: cmd } });
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  key = event.submitter;
  chosen.textContent = `${chosen.dataset.text} ${key.closest("li").querySelector("strong").textContent}`;
  for (const id of asked) {
    post({ id, result: certificates() });
  }
  asked = [];
});

window.addEventListener("message", (event) => {
  const message = event.data;
  if (event.origin === location.origin && event.source === window.parent && message?.sender === PORTAL) {
    answer(message);
  }
});

post({ id: READY });
