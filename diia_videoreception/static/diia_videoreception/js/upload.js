// Documents one by one: with progress, with a way to stop each, and with the reason where one is refused.

const zone = document.querySelector("[data-vr-upload]");
const form = zone.closest("form");
const texts = zone.dataset;
const input = zone.querySelector("[type=file]");
const drop = zone.querySelector("[data-vr-drop]");
const list = zone.querySelector("[data-vr-files]");
const count = zone.querySelector("[data-vr-count]");
const announcement = zone.querySelector("[data-vr-said]");
const status = form.querySelector("[data-vr-draft-status]");
const queue = [];
let running = null;
let goOn = null;
let isScannerSilent = false;

// When all places for checking are taken, the page comes again by itself: after 2, 4, 8, 16 and 32 seconds.
// A scanner for viruses that does not answer may be gone for longer: after 2, 4 and 8 seconds.
const TRIES = { file_busy: 5, own_files_busy: 5, scanner_unavailable: 3 };
const OFFLINE = "offline";
const FIRST_WAIT = 2000;

const KILO = 1024;
const MEGA = KILO * KILO;
const language = document.documentElement.lang;

// Ukrainian sets a space before the sign; the data of browsers does not know it.
const percents = new Intl.NumberFormat(language, { style: "percent" });
const inPercent = (share) =>
  percents.format(share).replace(/\s*%/, language.startsWith("uk") ? "\u00a0%" : "%");
const sizes = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });

function sizeInWords(bytes) {
  return bytes < MEGA
    ? fill(texts.kilobytes, { size: bytes && Math.max(1, Math.round(bytes / KILO)) })
    : fill(texts.megabytes, { size: sizes.format(bytes / MEGA) });
}

function announce(text) {
  announcement.textContent = text;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

function row(kind, file) {
  const item = zone.querySelector(`[data-vr-${kind}]`).content.firstElementChild.cloneNode(true);
  for (const place of item.querySelectorAll("[data-name]")) {
    place.textContent = file.name;
  }
  item.querySelector("[data-size]").textContent = sizeInWords(file.size);
  return item;
}

function show(item) {
  list.hidden = false;
  list.append(item);
}

// Focus never falls to the top of the page when the row that had it goes away.
function replace(item, other) {
  const focused = item.contains(document.activeElement);
  item.replaceWith(other);
  if (focused) {
    other.querySelector("button").focus();
  }
}

function takeAway(item) {
  const neighbour = item.nextElementSibling ?? item.previousElementSibling;
  item.remove();
  list.hidden = !list.children.length;
  (neighbour?.querySelector("button") ?? input).focus();
}

// Files that were refused for one reason share a row: the reason stands once, with all the names.
function refuse(job, message, code = "") {
  // One code may have several reasons, for example a photo of an iPhone and a text are both no PDF.
  const reason = message.replaceAll(job.file.name, "");
  const same = code && [...list.children].find((item) => item.dataset.reason === reason);
  if (same) {
    const others = same.querySelector("[data-others]");
    same.refusedFiles.push(job.file);
    const names = [...others.dataset.others.split("\n").filter(Boolean), job.file.name];
    others.dataset.others = names.join("\n");
    others.textContent = fill(texts.alsoRefused, { names: names.join(", ") });
    others.hidden = false;
    if (job.item.contains(document.activeElement)) {
      takeAway(job.item);
    } else {
      job.item.remove();
    }
  } else {
    replace(job.item, refusedRow(job, message, reason, code === OFFLINE || code in TRIES));
  }
  announce(message);
  goOn = null;
  status.textContent = "";
}

// What may be accepted later is offered to be tried again, with all the files of the row.
function refusedRow(job, message, reason, mayPass) {
  const item = row("refused", job.file);
  item.refusedFiles = [job.file];
  item.dataset.reason = reason;
  item.dataset.refused = "";
  item.querySelector("[data-message]").textContent = message;
  item.querySelector("[data-dismiss]").addEventListener("click", () => {
    takeAway(item);
    announce(fill(texts.dismissed, { name: job.file.name }));
  });
  const again = item.querySelector("[data-again]");
  again.hidden = !mayPass;
  again.addEventListener("click", () => {
    takeAway(item);
    enqueue(item.refusedFiles);
  });
  return item;
}

function add(files) {
  // Whoever chooses again has read why the last ones were refused.
  for (const item of list.querySelectorAll("[data-refused]")) {
    item.remove();
  }
  enqueue(files);
}

function enqueue(files) {
  isScannerSilent = false;
  for (const file of files) {
    const job = { file, item: row("uploading", file), request: null, tries: 0 };
    job.item.querySelector("progress").setAttribute("aria-label", file.name);
    job.item.querySelector("[data-state]").textContent = texts.waiting;
    job.item.querySelector("button").addEventListener("click", () => cancel(job));
    show(job.item);
    if (file.size > Number(texts.maxBytes)) {
      refuse(job, fill(texts.tooLarge, { name: file.name }), "file_too_large");
    } else {
      queue.push(job);
    }
  }
  next();
}

function next() {
  if (running) {
    return;
  }
  running = queue.shift() ?? null;
  if (running) {
    send(running);
  } else if (goOn) {
    const submitter = goOn;
    goOn = null;
    form.requestSubmit(submitter);
  }
}

function finish() {
  running = null;
  next();
}

function send(job) {
  job.timer = null;
  const state = job.item.querySelector("[data-state]");
  const progress = job.item.querySelector("progress");
  const request = new XMLHttpRequest();
  job.request = request;
  request.upload.addEventListener("progress", (event) => {
    const share = event.loaded / event.total;
    progress.value = 100 * share;
    state.textContent =
      share < 1 ? fill(texts.uploading, { done: inPercent(share) }) : texts.checking;
  });
  request.addEventListener("load", () => received(job, request));
  request.addEventListener("error", () => refuse(job, fill(texts.offline, { name: job.file.name }), OFFLINE));
  request.addEventListener("loadend", () => {
    if (!job.timer) {
      finish();
    }
  });
  request.open("POST", texts.vrUpload);
  request.setRequestHeader("Accept", "application/json");
  request.responseType = "json";
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  data.set("whose", form.elements.whose.value);
  data.set("draft", form.elements.draft.value);
  data.set("files", job.file, job.file.name);
  state.textContent = fill(texts.uploading, { done: inPercent(0) });
  request.send(data);
}

// One file has waited for the scanner: the others of the queue need not.
function triesFor(code) {
  return code === "scanner_unavailable" && isScannerSilent ? 0 : (TRIES[code] ?? 0);
}

function received(job, request) {
  const answer = request.response;
  const error = answer?.error;
  if (request.status === 401) {
    refuse(job, status.dataset.ended);
    document.dispatchEvent(new Event("vr:session-lost"));
  } else if (request.status === 403 && !job.renewed) {
    // Somebody has signed in meanwhile: with the token of that sign-in it goes through.
    job.renewed = true;
    document.dispatchEvent(new Event("vr:session-lost"));
    job.timer = setTimeout(() => send(job), FIRST_WAIT);
  } else if (job.tries < triesFor(error?.code)) {
    job.item.querySelector("[data-state]").textContent =
      error.code === "scanner_unavailable" ? texts.scannerSilent : texts.waiting;
    // Not all at the same moment.
    const wait = FIRST_WAIT * 2 ** job.tries * (0.75 + Math.random() / 2);
    job.tries += 1;
    job.timer = setTimeout(() => send(job), wait);
  } else if (request.status !== 201) {
    isScannerSilent ||= error?.code === "scanner_unavailable";
    refuse(job, error?.message ?? fill(texts.offline, { name: job.file.name }), error?.code ?? OFFLINE);
  } else {
    const holder = document.createElement("template");
    holder.innerHTML = answer.item;
    replace(job.item, holder.content.firstElementChild);
    showAnswer(answer, answer.message);
  }
}

function showAnswer(answer, text) {
  count.textContent = answer.summary;
  announce(`${text} ${answer.summary}`);
  document.dispatchEvent(new CustomEvent("vr:draft", { detail: answer.draft }));
}

function cancel(job) {
  const place = queue.indexOf(job);
  if (place >= 0) {
    queue.splice(place, 1);
  }
  takeAway(job.item);
  announce(fill(texts.cancelled, { name: job.file.name }));
  job.request?.abort();
  if (job.timer) {
    clearTimeout(job.timer);
    job.timer = null;
    finish();
  }
}

async function remove(button) {
  const data = new URLSearchParams({
    csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value,
  });
  const name = button.dataset.vrRemove;
  const response = await fetch(button.formAction, {
    method: "POST",
    body: data,
    headers: { Accept: "application/json" },
  }).catch(() => null);
  const answer = await response?.json().catch(() => null);
  if (!response?.ok) {
    if ([401, 403].includes(response?.status)) {
      document.dispatchEvent(new Event("vr:session-lost"));
    }
    announce(answer?.error?.message ?? status.dataset.failed);
    return;
  }
  takeAway(button.closest("li"));
  showAnswer(answer, fill(texts.removed, { name }));
}

input.addEventListener("change", () => {
  add([...input.files]);
  // The form itself must not send the same files once more.
  input.value = "";
});
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("is-over");
  });
}
for (const name of ["dragleave", "drop"]) {
  drop.addEventListener(name, () => drop.classList.remove("is-over"));
}
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  add([...event.dataTransfer.files]);
});
list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-vr-remove]");
  if (button) {
    event.preventDefault();
    remove(button);
  }
});
form.addEventListener(
  "submit",
  (event) => {
    if (running || queue.length) {
      event.preventDefault();
      goOn = event.submitter;
      status.textContent = status.dataset.waiting;
    }
  },
  { capture: true },
);

input.classList.add("vr-hidden");
for (const element of zone.querySelectorAll("[data-vr-with-script]")) {
  element.hidden = false;
}
