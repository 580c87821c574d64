"use strict";

/*
 * Saves the answers of a form as they are typed, each upon the version that was read.
 * What is not saved yet lies in this browser until it is; the Save button works without.
 */

const PAUSE = 1200;
const AGAIN = 5000;
const LEAVING = 1000;

/* Each page keeps its texts under its own name; the next takes them up once it is gone. */
const PAGE = `${Date.now()}-${Math.random().toString(36).slice(2)}`;

async function isGone(page) {
  if (!navigator.locks) return true;
  try {
    await navigator.locks.request(page, { signal: AbortSignal.timeout(LEAVING) }, () => {});
    return true;
  } catch {
    return false;
  }
}

class Answer {
  constructor(sheet, version) {
    this.sheet = sheet;
    this.version = version;
    this.name = version.name.replace("v", "q");
    this.stem = `answer-${sheet.dataset.keep}-${this.name}-`;
    this.key = this.stem + PAGE;
    this.saved = this.text();
    this.isLocked = false;
  }

  get inputs() {
    return [...this.sheet.elements].filter((one) => one.name === this.name);
  }

  get label() {
    const [first] = this.inputs;
    const named = first.closest("fieldset")?.querySelector("legend") ?? first.labels[0];
    return named.textContent.trim();
  }

  get isDirty() {
    return !this.isLocked && this.text() !== this.saved;
  }

  text() {
    return JSON.stringify(new FormData(this.sheet).getAll(this.name));
  }

  show(values) {
    for (const one of this.inputs) {
      if (["checkbox", "radio"].includes(one.type)) one.checked = values.includes(one.value);
      else one.value = values[0] ?? "";
    }
  }

  keep(isSent = false) {
    const kept = { text: this.text(), version: this.version.value, isSent };
    try {
      localStorage.setItem(this.key, JSON.stringify(kept));
    } catch {
      /* a browser that keeps nothing sends it all the same */
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      /* nothing was kept */
    }
  }

  /* Show again what a page kept that is gone, and the portal does not have. */
  async takeUp() {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.stem));
    for (const key of keys.sort()) {
      const isFree = key !== this.key && (await isGone(key.slice(this.stem.length)));
      const kept = isFree && JSON.parse(localStorage.getItem(key));
      if (!kept || this.isDirty) continue;
      const hasArrived = kept.isSent && kept.version !== this.version.value;
      if (!hasArrived && kept.text !== this.saved) {
        this.version.value = kept.version;
        this.show(JSON.parse(kept.text));
        this.keep();
      }
      localStorage.removeItem(key);
    }
    return this.isDirty;
  }

  /* Two texts met: both are kept, and one of its people says which stands. */
  lock(url) {
    this.isLocked = true;
    this.forget();
    for (const one of [...this.inputs, this.version]) one.disabled = true;
    const note = document.createElement("p");
    note.className = "alert tint tint-yellow";
    note.setAttribute("role", "alert");
    const way = document.createElement("a");
    way.href = url;
    way.textContent = "Compare both and say which stands";
    note.append("Somebody else changed this answer meanwhile. Both texts are kept. ", way);
    this.inputs[0].closest(".field").prepend(note);
  }

  count() {
    const [input] = this.inputs;
    const most = Number(input.dataset.words);
    if (!most) return;
    const place = this.counter ?? document.createElement("p");
    const now = input.value.split(/\s+/).filter(Boolean).length;
    place.className = now > most ? "form-text text-danger" : "form-text";
    place.textContent = now === 1 ? "1 word so far." : `${now} words so far.`;
    if (!this.counter) input.after((this.counter = place));
  }
}

class Sheet {
  constructor(form) {
    this.form = form;
    this.place = form.querySelector("[data-saved]");
    const versions = [...form.elements].filter((one) => /^v\d+$/.test(one.name));
    this.answers = versions.map((one) => new Answer(form, one));
    this.isUnderWay = false;
    this.timer = 0;
  }

  tell(words, isBad = false) {
    this.place.textContent = words;
    this.place.classList.toggle("text-danger", isBad);
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  typed(target) {
    const answer = this.answers.find((one) => one.name === target.name);
    if (!answer) return;
    answer.count();
    answer.keep();
    this.tell("Not saved yet.");
    this.later(PAUSE);
  }

  async save(isLeaving = false) {
    clearTimeout(this.timer);
    const dirty = this.answers.filter((one) => one.isDirty);
    if (this.isUnderWay || !dirty.length) return;
    const sent = new Map(dirty.map((one) => [one, one.text()]));
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value);
    for (const one of dirty) {
      body.set(one.version.name, one.version.value);
      for (const value of JSON.parse(sent.get(one))) body.append(one.name, value);
    }
    this.isUnderWay = true;
    try {
      const call = { method: "POST", body, redirect: "manual", keepalive: isLeaving };
      const answer = await fetch(this.form.dataset.autosave, call);
      await this.answered(answer, sent);
    } catch {
      this.tell("Not saved: the portal cannot be reached. What you typed is kept in this browser.", true);
      this.later(AGAIN);
    } finally {
      this.isUnderWay = false;
    }
  }

  async answered(answer, sent) {
    if (answer.status >= 500 || answer.status === 429) throw new Error(answer.status);
    if (answer.type === "opaqueredirect" || answer.status === 401) {
      this.tell("Not saved: sign in again in another window. What you typed is kept in this browser.", true);
      this.later(AGAIN);
      return;
    }
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) {
      this.tell("Not saved. What you typed is kept in this browser; reload the page.", true);
      return;
    }
    const told = await answer.json();
    for (const [one, text] of sent) this.became(one, text, told);
    if (told.words) this.tell(told.words, true);
    else this.tell(`Saved at ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`);
    if (answer.ok && !told.words && this.answers.some((one) => one.isDirty)) this.later(PAUSE);
  }

  became(one, text, told) {
    if (one.name in (told.versions ?? {})) {
      one.saved = text;
      one.version.value = told.versions[one.name];
      if (one.isDirty) one.keep();
      else one.forget();
    } else if (one.name in (told.met ?? {})) {
      one.saved = text;
      if (one.isDirty) this.later(0);
      else one.lock(told.met[one.name]);
    }
  }

  async takeUp() {
    const taken = await Promise.all(this.answers.map((one) => one.takeUp()));
    for (const one of this.answers) one.count();
    if (!taken.includes(true)) return;
    this.tell("Taken up from this browser; not saved yet.");
    this.later(0);
  }

  begin() {
    for (const one of this.answers) one.count();
    navigator.locks?.request(PAGE, () => new Promise(() => {}));
    this.takeUp().catch(() => {}); /* a browser that keeps nothing */
    this.form.addEventListener("input", ({ target }) => this.typed(target));
    this.form.addEventListener("focusout", () => this.save());
    this.form.addEventListener("submit", () => {
      clearTimeout(this.timer);
      for (const one of this.answers) if (one.isDirty) one.keep(true);
    });
    addEventListener("online", () => this.save());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.save(true);
    });
  }
}

const sheet = document.querySelector("form[data-autosave]");
if (sheet) new Sheet(sheet).begin();
