// The state's signing widget in a frame. The key is read and used inside the frame; we give it the
// octets of the text and get the signature. Only messages of that frame and its origin count.

const place = document.querySelector("[data-vr-signing]");
const form = document.querySelector("[data-vr-form]");
const ownProgram = form.closest("details");
const texts = place.dataset;
const part = (name) => place.querySelector(`[data-vr-${name}]`);
const [state, problem, detail, confirmation, holder] = ["state", "problem", "detail", "confirm", "frame"].map(part);
const [signButton, againButton] = ["sign", "again"].map(part);

const US = "EndUserSignWidgetConnector";
const WIDGET = "EndUserSignWidget";
const READY = -1;
const EVENT = -2;
const READ_A_KEY = 1;
const CONFIRM_OUTSIDE = 2;
const PLAIN_CADES = 1;
const FOR_SIGNATURES = 1;
const KEY_KINDS = { 1: 1, 4: 3, 2: 2 };
const OPENING_MS = 30_000;
const SIGNING_MS = 180_000;
const FRAME_HEIGHT = 720;
const LONGEST_DETAIL = 300;

let frame = null;
let certificates = [];
let numbers = 0;
let waiting = new Map();
let opening = 0;
let listening = false;

function showState(text) {
  state.textContent = text;
}

function fail(text, error) {
  showState("");
  problem.textContent = text;
  problem.hidden = false;
  const message = typeof error === "string" ? error : error?.message;
  detail.textContent = typeof message === "string" ? message.slice(0, LONGEST_DETAIL) : "";
  detail.hidden = !detail.textContent;
  confirmation.hidden = true;
  againButton.hidden = false;
  ownProgram.open = true;
}

function forgetProblem() {
  problem.hidden = true;
  detail.hidden = true;
  againButton.hidden = true;
}

function post(message) {
  frame.contentWindow.postMessage({ sender: US, reciever: WIDGET, ...message }, texts.origin);
}

function ask(cmd, params, milliseconds = 0) {
  return new Promise((resolve, reject) => {
    numbers += 1;
    const question = { message: { id: numbers, cmd, params }, resolve, reject };
    waiting.set(numbers, question);
    if (milliseconds) {
      setTimeout(() => {
        waiting.delete(question.message.id);
        reject(new Error("timeout"));
      }, milliseconds);
    }
    if (listening) {
      post(question.message);
    }
  });
}

// What was asked before the widget listened is asked again, under new numbers.
function askAgain() {
  listening = true;
  const questions = [...waiting.values()];
  waiting = new Map();
  for (const question of questions) {
    numbers += 1;
    question.message.id = numbers;
    waiting.set(numbers, question);
    post(question.message);
  }
}

function hear(event) {
  const message = event.data;
  const isOurs =
    event.origin === texts.origin && event.source === frame?.contentWindow && message?.sender === WIDGET && message.reciever === US;
  if (!isOurs) {
    return;
  }
  clearTimeout(opening);
  if (message.id === READY) {
    askAgain();
  } else if (message.id === EVENT) {
    askToConfirm(message.result);
  } else {
    const question = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error) {
      question?.reject(message.error);
    } else {
      question?.resolve(message.result);
    }
  }
}

// A key in the cloud asks its owner on the phone: by a link, and by a QR code as a bitmap.
async function askToConfirm(event) {
  if (event?.type !== CONFIRM_OUTSIDE) {
    return;
  }
  showState(texts.confirm);
  confirmation.replaceChildren();
  confirmation.hidden = false;
  if (typeof event.url === "string" && event.url.startsWith("https://")) {
    const link = document.createElement("a");
    link.href = event.url;
    link.rel = "noopener noreferrer";
    link.target = "_blank";
    link.textContent = texts.openApplication;
    confirmation.append(link);
  }
  const code = event.qrImage || event.qrCode;
  if (typeof code === "string") {
    const picture = await createImageBitmap(new Blob([octetsOf(code)], { type: "image/bmp" }));
    const canvas = document.createElement("canvas");
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    confirmation.append(canvas);
  }
}

function octetsOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function base64Of(octets) {
  // One by one: a signature with much evidence has more octets than a call may have arguments.
  return btoa(Array.from(octets, (octet) => String.fromCharCode(octet)).join(""));
}

// The signature has to be of the kind that the key is; ДСТУ 4145 goes first.
function algorithm() {
  const kinds = new Set();
  for (const { infoEx } of certificates) {
    if (infoEx && (infoEx.keyUsageType ?? FOR_SIGNATURES) & FOR_SIGNATURES) {
      kinds.add(infoEx.publicKeyType);
    }
  }
  const kind = Object.keys(KEY_KINDS).find((one) => kinds.has(Number(one))) ?? 1;
  return KEY_KINDS[kind];
}

async function open() {
  forgetProblem();
  signButton.hidden = true;
  waiting = new Map();
  listening = false;
  const url = new URL(texts.url);
  const language = document.documentElement.lang.startsWith("uk") ? "ua" : "en";
  const wanted = { address: location.origin, formType: READ_A_KEY, debug: false, language };
  for (const [name, value] of Object.entries(wanted)) {
    url.searchParams.set(name, value);
  }
  frame = document.createElement("iframe");
  frame.title = holder.dataset.title;
  frame.width = "100%";
  frame.height = FRAME_HEIGHT;
  // Tokens are read by a program of the person's computer, which the widget talks to.
  frame.allow = "local-network-access";
  frame.addEventListener("load", askAgain);
  frame.src = url;
  holder.replaceChildren(frame);
  holder.hidden = false;
  showState(texts.opening);
  opening = setTimeout(() => {
    holder.hidden = true;
    fail(texts.noWindow);
  }, OPENING_MS);
  try {
    ask("AddEventListener", [CONFIRM_OUTSIDE]).then(() => showState(texts.choose), () => showState(texts.choose));
    const read = await ask("ReadPrivateKey", []);
    certificates = Array.isArray(read) ? read : [];
    showState(texts.ready);
    signButton.hidden = false;
    signButton.focus();
  } catch (error) {
    fail(texts.failed, error);
  }
}

async function sign() {
  forgetProblem();
  signButton.disabled = true;
  showState(texts.signing);
  try {
    const octets = octetsOf(texts.content);
    const signature = await ask("SignData", [octets, false, true, algorithm(), null, PLAIN_CADES], SIGNING_MS);
    form.elements.signature.value = typeof signature === "string" ? signature : base64Of(signature);
    form.elements.file.value = "";
    confirmation.hidden = true;
    showState(texts.sent);
    form.requestSubmit();
  } catch (error) {
    fail(texts.failed, error);
  } finally {
    signButton.disabled = false;
  }
}

window.addEventListener("message", hear);
signButton.addEventListener("click", sign);
againButton.addEventListener("click", open);
place.hidden = false;
// Without scripts, and after a wrong file, it stands open.
ownProgram.open = form.elements.file.getAttribute("aria-invalid") === "true";
open();
