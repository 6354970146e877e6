/* The web chat. Plain ES2020 without modules, for old phones; needs icons.js and answer.js before it. */
(function () {
  "use strict";

  const LIMIT = 1000; // characters of a question, as the server counts them
  const WARN_AT = 800;
  const TIMEOUT = 15000;
  const PAUSES = [2, 4, 8, 15, 30]; // seconds before each automatic retry
  const LONGEST_PAUSE = 60;
  const ATTEMPTS = 15; // ten minutes and more; then a button waits for the person
  const KEPT = 100; // messages
  const WAIT_SHOWN = 250; // milliseconds before "Đang tra cứu…" appears
  const LOOK_EVERY = 4000; // milliseconds between two looks for what staff wrote
  const LOOK_SELDOM = 20000; // the same while the page is not in sight, or the server in trouble
  const SECOND_TAP = 700; // milliseconds in which a second press of the same button is a slip of the hand
  const TO_STAFF = "Gặp cán bộ";
  const TO_BOT = "Gặp bot";
  const OTHER_MATTER = "Không đúng việc tôi hỏi";
  const PASSED = "✓ Đã chuyển cho cán bộ";

  const { el, icon, linked, sections, withoutNotices, calls } = window.hdtthc;
  const $ = (id) => document.getElementById(id);
  const log = $("log");
  const question = $("question");
  const province = $("province");
  const embedded = new URLSearchParams(location.search).has("embed");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  // --- what this tab remembers ------------------------------------------------------------------------------------------

  const memory = (function () {
    const fallback = {}; // storage may be forbidden in a frame
    return {
      get(area, key) {
        try {
          return JSON.parse(window[area].getItem("hdtthc." + key));
        } catch (_) {
          return key in fallback ? fallback[key] : null;
        }
      },
      set(area, key, value) {
        fallback[key] = value;
        try {
          window[area].setItem("hdtthc." + key, JSON.stringify(value));
          return true;
        } catch (_) {
          return false;
        }
      },
    };
  })();

  const kept = (key) => memory.get("sessionStorage", key);
  const keep = (key, value) => memory.set("sessionStorage", key, value);

  function randomId() {
    // crypto.randomUUID needs https; an office's server may not have it yet.
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  }

  let conversation = kept("conversation");
  if (!conversation) {
    conversation = randomId();
    keep("conversation", conversation);
  }
  let messages = kept("messages") || [];

  function save() {
    messages = messages.slice(-KEPT);
    let from = 0;
    while (!keep("messages", messages.slice(from)) && from < messages.length) from += 10;
  }

  // --- building the page ------------------------------------------------------------------------------------------------

  function say(text) {
    // A repeated text is announced again only if it was empty in between.
    $("status").textContent = "";
    setTimeout(() => ($("status").textContent = text), 50);
  }

  let pressed = { on: "", at: 0 };

  /** Whether a press is the second half of a double click: many people always press twice. */
  function slip(event) {
    const now = Date.now();
    const on = event.currentTarget.textContent;
    const again = event.detail > 1 || (on === pressed.on && now - pressed.at < SECOND_TAP);
    pressed = { on: on, at: now };
    return again;
  }

  function choiceButtons(choices, className, title, numbered) {
    return el(
      "ul",
      { class: className, "aria-label": title },
      choices.map((choice, i) =>
        el(
          "li",
          null,
          el(
            "button",
            {
              type: "button",
              onclick: (event) => {
                if (slip(event)) return;
                event.currentTarget.classList.add("picked");
                ask(choice.label, choice);
              },
            },
            (numbered ? i + 1 + ". " : "") + choice.label,
          ),
        ),
      ),
    );
  }

  async function copy(text, button) {
    let done = false;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch (_) {
      const area = el("textarea", { class: "hidden", "aria-hidden": "true" });
      area.value = text;
      document.body.append(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
      button.focus();
    }
    button.textContent = done ? "Đã chép" : "Chưa chép được";
    say(done ? "Đã chép câu trả lời." : "Chưa chép được, trình duyệt không cho phép.");
    setTimeout(() => (button.textContent = "Chép"), 2500);
  }

  function answerNode(message) {
    const choices = message.choices || [];
    const followups = message.followups || [];
    const node = el("article", { class: "message answer" }, el("span", { class: "hidden" }, "Trả lời: "));
    const { before, body, after } = withoutNotices(message.text);
    node.append(...before, ...sections(body, choices.map((c) => c.label), message.chat));
    if (message.urgent) node.append(calls(body));
    if (choices.length) node.append(choiceButtons(choices, "choices", "Các lựa chọn", true));
    node.append(...after);
    if (followups.length) {
      node.append(el("p", { class: "more" }, "Xem thêm:"), choiceButtons(followups, "chips", "Xem thêm", false));
    }
    if (message.unknown) node.append(chip(TO_STAFF));
    if (message.staff) node.append(chip(TO_BOT));
    const button = el("button", { type: "button", class: "copy", onclick: () => copy(message.text, button) }, "Chép");
    const foot = el("div", { class: "foot" });
    if (message.judge) foot.append(judging(message));
    foot.append(button);
    node.append(foot);
    return node;
  }

  function questionNode(message) {
    const bubble = el("div", { class: "bubble" }, el("span", { class: "hidden" }, "Anh/chị hỏi: "), message.text);
    const node = el("article", { class: "message asked" }, bubble);
    if (message.masked) node.append(remark("masked", icon("shield"), "Em đã che thông tin riêng. Anh/chị đừng gửi ở đây ạ."));
    if (message.passed) node.append(remark("passed", PASSED));
    return node;
  }

  function letterNode(message) {
    const lines = message.text.split("\n").filter((line) => line.trim());
    const head = el("h3", null, icon("person"), "Cán bộ trả lời");
    return el("article", { class: "message answer letter" }, head, lines.map((line) => el("p", null, linked(line))));
  }

  /** A line under a question. */
  const remark = (kind, ...said) => el("p", { class: "remark " + kind }, said);

  /** The server has taken personal data out of a question: neither the page nor this device keeps it. */
  function mask(message, text) {
    message.text = text;
    message.masked = true;
    const node = questionNode(message);
    nodes.get(message).replaceWith(node);
    nodes.set(message, node);
  }

  function passedOn(message) {
    nodes.get(message).append(remark("passed", PASSED));
  }

  /** A button that says what it is called. */
  function chip(text) {
    const button = el("button", { type: "button", onclick: (event) => slip(event) || ask(text, null) }, text);
    return el("ul", { class: "chips" }, el("li", null, button));
  }

  // --- whether an answer was what a person needed ------------------------------------------------------------------------

  /** 👍, 👎, and after 👎 the reasons; afterwards a word of thanks. */
  function judging(message) {
    const node = el("div", { class: "judging" });
    const fill = (...children) => {
      while (node.firstChild) node.firstChild.remove();
      node.append(...children);
    };
    const thank = () => fill(el("p", { class: "thanks" }, message.judged ? "Cảm ơn anh/chị." : "Cảm ơn anh/chị, cán bộ sẽ xem và sửa."));
    const give = (good, reason) => {
      message.judged = good;
      save();
      thank();
      opinion({ conversation: conversation, good: good, reason: reason, question: message.asked, entry: message.entry }, 0);
      // For the last answer the bot can do more than note it: it offers what came next.
      const last = messages.filter((m) => m.role === "bot").pop() === message;
      if (reason === OTHER_MATTER && last) ask(reason, { label: reason, action: "reason:" + reason });
      else if (!good) node.append(chip(TO_STAFF));
    };
    const why = () => {
      const buttons = reasons.map((r) => el("li", null, el("button", { type: "button", onclick: (event) => event.detail > 1 || give(false, r) }, r)));
      fill(el("p", null, "Chỗ nào chưa đúng ạ?"), el("ul", { class: "chips", "aria-label": "Lý do" }, buttons));
      node.querySelector("button").focus();
    };
    if (message.judged !== undefined) {
      thank();
      return node;
    }
    const mark = (sign, text, act) => el("button", { type: "button", onclick: act }, el("span", { "aria-hidden": "true" }, sign + " "), text);
    fill(
      el("span", { class: "hidden" }, "Câu trả lời này: "),
      mark("👍", "Đúng ý", () => give(true, null)),
      mark("👎", "Chưa đúng", () => (reasons.length ? why() : give(false, null))),
    );
    return node;
  }

  async function opinion(body, attempt) {
    try {
      const response = await fetch("web/feedback", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        keepalive: true,
      });
      if (response.status >= 500 || response.status === 429) throw new Error(String(response.status));
    } catch (_) {
      if (attempt < PAUSES.length) setTimeout(() => opinion(body, attempt + 1), PAUSES[attempt] * 1000);
    }
  }

  /** What went wrong with a question, under it; none takes it away. */
  function trouble(message, text, lasting) {
    const node = nodes.get(message);
    if (!node) return;
    const old = node.querySelector(".trouble");
    if (!text) {
      if (old) old.remove();
      return;
    }
    if (old) {
      old.firstChild.textContent = text;
      old.classList.toggle("lasting", lasting === true);
      return;
    }
    const again = el("button", { type: "button", onclick: () => resend(message) }, "Gửi lại");
    node.append(el("div", { class: lasting ? "trouble lasting" : "trouble" }, el("span", null, text), again));
  }

  const nodes = new Map();

  function show(message) {
    const node = { user: questionNode, bot: answerNode, staff: letterNode }[message.role](message);
    nodes.set(message, node);
    return node;
  }

  function toTop(node) {
    node.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }

  function refresh() {
    const none = messages.length === 0;
    $("empty").hidden = !none;
    $("log-title").hidden = none;
    $("clear").disabled = none;
    $("print").disabled = none;
  }

  // --- sending ----------------------------------------------------------------------------------------------------------

  const queue = [];
  let sending = null; // the message under way
  let abort = null; // ends its request or its pause

  class Problem extends Error {
    constructor(text, { retry = true, after = 0 } = {}) {
      super(text);
      this.retry = retry;
      this.after = after;
    }
  }

  async function post(message, signal) {
    const body = { text: message.text, conversation: conversation, message: message.id, province: province.value };
    if (message.choice) body.choice = message.choice;
    let response;
    let data;
    try {
      response = await fetch("web/ask", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        signal: signal,
      });
      data = await response.json();
    } catch (error) {
      if (response && !response.ok) data = {};
      else throw new Problem(navigator.onLine === false ? "Máy đang mất mạng." : "Mạng đang chậm hoặc mất kết nối.");
    }
    if (response.ok && typeof data.answer === "string") return data;
    if (response.status === 429) {
      const after = Number(response.headers.get("Retry-After")) || 0;
      throw new Problem("Đang có nhiều người hỏi.", { after: after });
    }
    if (response.status >= 500 || response.ok) throw new Problem("Hệ thống đang bận.");
    const told = data.error && data.error.message;
    throw new Problem(told || "Hệ thống không nhận câu hỏi này.", { retry: false });
  }

  /** Wait; "online" and "Gửi lại" end it early, deleting ends it for good. */
  function pause(seconds, control) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      control.hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function deliver(message) {
    const control = { hurry: null, dropped: false, request: null };
    abort = control;
    for (let attempt = 0; ; attempt++) {
      const request = typeof AbortController === "function" ? new AbortController() : null;
      control.request = request;
      const clock = setTimeout(() => request && request.abort(), TIMEOUT);
      try {
        const data = await post(message, request ? request.signal : undefined);
        return control.dropped ? null : data;
      } catch (error) {
        if (control.dropped) return null;
        if (!(error instanceof Problem)) throw error;
        if (!error.retry || attempt >= ATTEMPTS) throw error;
        trouble(message, error.message + " Em sẽ tự gửi lại ạ.");
        waiting(null);
        await pause(Math.min(Math.max(error.after, PAUSES[attempt] || LONGEST_PAUSE), LONGEST_PAUSE), control);
        if (control.dropped) return null;
      } finally {
        clearTimeout(clock);
      }
    }
  }

  let waitingNode = null;
  let waitingTimer = 0;

  function waiting(after) {
    clearTimeout(waitingTimer);
    if (waitingNode) waitingNode.remove();
    waitingNode = null;
    if (!after) return;
    waitingTimer = setTimeout(() => {
      waitingNode = el("p", { class: "message answer waiting" }, "Đang tra cứu…");
      after.after(waitingNode);
    }, WAIT_SHOWN);
  }

  async function pump() {
    if (sending || !queue.length) return;
    const message = queue.shift();
    sending = message;
    message.state = "pending";
    try {
      waiting(nodes.get(message));
      const data = await deliver(message);
      waiting(null);
      if (data) receive(message, data);
    } catch (error) {
      waiting(null);
      message.state = error instanceof Problem && !error.retry ? "refused" : "failed";
      save();
      trouble(message, "Chưa gửi được. " + (error instanceof Problem ? error.message : "Trang gặp lỗi."), true);
    }
    if (sending === message) {
      sending = null;
      pump();
    }
  }

  function receive(message, data) {
    trouble(message, null);
    message.state = "done";
    if (typeof data.masked === "string") mask(message, data.masked);
    if (data.staff && staff.open) {
      // Staff read along and will answer; the bot need not say so each time.
      message.passed = true;
      passedOn(message);
      save();
      refresh();
      return;
    }
    const answer = {
      role: "bot",
      text: data.answer,
      choices: data.choices || [],
      followups: data.followups || [],
      asked: message.text,
      entry: data.items && data.items.length ? data.items[0].id : null,
      judge: data.feedback === true,
      chat: data.status === "chat",
      unknown: data.status === "no_answer",
      staff: data.staff === true,
      urgent: data.urgent === true,
    };
    const at = messages.indexOf(message);
    messages.splice(at + 1, 0, answer);
    save();
    nodes.get(message).after(show(answer));
    chooseProvince(data.province);
    toTop(nodes.get(message));
    if (data.staff) {
      staff.open = true;
      look(0);
    }
  }

  function ask(text, choice) {
    text = text.trim();
    if (!text) return;
    // The id goes with every attempt: the server answers a message once, however often it arrives.
    const message = { role: "user", id: randomId(), text: text, choice: choice || null, state: "pending" };
    messages.push(message);
    save();
    log.append(show(message));
    refresh();
    toTop(nodes.get(message));
    if (sending) trouble(message, "Đang chờ gửi.");
    queue.push(message);
    pump();
  }

  function resend(message) {
    if (sending === message) {
      if (abort && abort.hurry) abort.hurry();
      return;
    }
    if (queue.includes(message)) {
      if (sending && abort && abort.hurry) abort.hurry();
      return;
    }
    trouble(message, "Đang gửi lại…");
    queue.push(message);
    pump();
  }

  function again() {
    if (abort && abort.hurry) abort.hurry();
    messages.filter((m) => m.state === "failed").forEach(resend);
    if (!loaded) loadChoices();
    look(0);
  }
  window.addEventListener("online", again);

  // --- what staff write -------------------------------------------------------------------------------------------------

  const staff = kept("staff") || { open: false, after: 0 };
  let looking = 0;

  function look(wait) {
    clearTimeout(looking);
    keep("staff", staff);
    if (staff.open) looking = setTimeout(fetchLetters, wait);
  }

  async function fetchLetters() {
    const mine = conversation;
    let seldom = document.hidden;
    try {
      const response = await fetch("web/conversations/" + encodeURIComponent(mine) + "/messages?after=" + staff.after);
      if (!response.ok) throw new Error(String(response.status));
      const found = await response.json();
      if (mine !== conversation) return; // deleted meanwhile
      for (const letter of found.messages) {
        if (letter.id <= staff.after) continue;
        staff.after = letter.id;
        append({ role: "staff", text: letter.text });
        tell();
      }
      if (!found.open && staff.open) {
        staff.open = false;
        append({ role: "bot", text: "Cuộc trao đổi với cán bộ đã kết thúc. Anh/chị hỏi tiếp, em trả lời ạ." });
      }
    } catch (_) {
      seldom = true;
    }
    if (mine === conversation) look(seldom ? LOOK_SELDOM : LOOK_EVERY);
  }

  const title = document.title;

  /** Tell somebody who looks elsewhere that staff have answered: in the tab's title, and where the page is a widget, to its launcher. */
  function tell() {
    if (document.hidden) document.title = "Cán bộ đã trả lời – " + title;
    if (embedded && window.parent !== window) window.parent.postMessage("hdtthc:news", "*");
  }

  /** A message that nobody on this page asked for. */
  function append(message) {
    messages.push(message);
    save();
    log.append(show(message));
    refresh();
    const node = nodes.get(message);
    if (node.getBoundingClientRect().top > innerHeight - 160) node.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    document.title = title;
    again(); // a phone in a pocket may have slept through everything
  });

  // --- deleting ---------------------------------------------------------------------------------------------------------

  async function forget(id, attempt) {
    try {
      const response = await fetch("web/conversations/" + encodeURIComponent(id), { method: "DELETE", keepalive: true });
      if (response.status >= 500) throw new Error(String(response.status));
      keep("forget", (kept("forget") || []).filter((other) => other !== id));
    } catch (_) {
      if (attempt < PAUSES.length) setTimeout(() => forget(id, attempt + 1), PAUSES[attempt] * 1000);
    }
  }

  function clearAll() {
    if (abort) {
      abort.dropped = true;
      if (abort.request) abort.request.abort();
      if (abort.hurry) abort.hurry();
    }
    queue.length = 0;
    sending = null;
    waiting(null);
    keep("forget", [...(kept("forget") || []), conversation]); // until the server has done it, even over a reload
    forget(conversation, 0);
    conversation = randomId();
    keep("conversation", conversation);
    messages = [];
    nodes.clear();
    save();
    while (log.firstChild) log.firstChild.remove();
    chooseProvince("");
    staff.open = false;
    look(0);
    refresh();
    window.scrollTo(0, 0);
    question.focus();
    say("Đã xóa cuộc trò chuyện.");
  }

  const dialog = $("confirm");
  $("clear").addEventListener("click", () => {
    if (typeof dialog.showModal === "function") dialog.showModal();
    else if (window.confirm($("confirm-title").textContent)) clearAll();
  });
  $("keep").addEventListener("click", () => dialog.close());
  $("really").addEventListener("click", () => {
    dialog.close();
    clearAll();
  });

  // --- province ---------------------------------------------------------------------------------------------------------

  function chooseProvince(name) {
    const value = name || "";
    if (!Array.from(province.options).some((o) => o.value === value)) province.append(el("option", { value: value }, value));
    province.value = value;
    keep("province", value);
  }

  let loaded = false;
  let reasons = [];

  /** Provinces for the picker, situations of life for the first screen, reasons for an opinion. */
  async function loadChoices() {
    try {
      const response = await fetch("web/choices");
      if (!response.ok) return;
      const offered = await response.json();
      loaded = true;
      reasons = offered.reasons;
      showEvents(offered.events);
      const names = offered.provinces;
      const chosen = province.value;
      while (province.options.length > 1) province.remove(1);
      names.slice().sort((a, b) => a.localeCompare(b, "vi")).forEach((name) => province.append(el("option", { value: name }, name)));
      chooseProvince(chosen);
    } catch (_) {
      // Without the list the chat works all the same; the next focus or connection tries again.
    }
  }

  province.addEventListener("change", () => {
    keep("province", province.value);
    say(province.value ? "Đã chọn " + province.value + ". Câu trả lời sau sẽ theo nơi này." : "Đã bỏ chọn tỉnh, thành phố.");
  });
  province.addEventListener("focus", () => {
    if (!loaded) loadChoices();
  });

  // --- writing ----------------------------------------------------------------------------------------------------------

  const length = () => Array.from(question.value.trim()).length;

  function grow() {
    question.style.height = "auto";
    question.style.height = question.scrollHeight + 4 + "px";
  }

  function count() {
    const n = length();
    const over = n > LIMIT;
    const was = question.getAttribute("aria-invalid") === "true";
    const counter = $("counter");
    counter.hidden = n < WARN_AT;
    counter.className = over ? "over" : "";
    counter.textContent = over ? "Dài quá " + (n - LIMIT) + " ký tự, anh/chị bớt lại giúp em." : "Còn " + (LIMIT - n) + " ký tự.";
    if (over !== was) {
      if (over) {
        question.setAttribute("aria-invalid", "true");
        say(counter.textContent);
      } else question.removeAttribute("aria-invalid");
    }
  }

  function written() {
    keep("draft", question.value);
    grow();
    count();
  }

  question.addEventListener("input", written);
  question.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  $("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });

  function submit() {
    const n = length();
    if (n === 0) {
      question.focus();
      say("Anh/chị gõ câu hỏi trước ạ.");
      return;
    }
    if (n > LIMIT) {
      question.focus();
      say($("counter").textContent);
      return;
    }
    ask(question.value, null);
    question.value = "";
    written();
    // A phone's keyboard would cover the answer.
    if (window.matchMedia("(pointer: coarse)").matches) question.blur();
    else question.focus();
  }

  $("empty").addEventListener("click", (event) => {
    const button = event.target.closest(".examples button");
    if (!button || event.detail > 1) return;
    ask(button.textContent, null);
    if (!window.matchMedia("(pointer: coarse)").matches) question.focus({ preventScroll: true });
  });

  /** The situations of life as buttons; each opens its menu. */
  function showEvents(events) {
    const list = $("events").querySelector("ul");
    while (list.firstChild) list.firstChild.remove();
    for (const event of events) {
      const choice = { label: event.label, action: event.action };
      const drawing = icon(event.action.replace(/^event:/, ""));
      const press = (click) => slip(click) || ask(event.label, choice);
      list.append(el("li", null, el("button", { type: "button", onclick: press }, drawing, el("span", null, event.label))));
    }
    $("events").hidden = events.length === 0;
  }

  // --- the rest ---------------------------------------------------------------------------------------------------------

  function larger(on) {
    document.documentElement.classList.toggle("larger", on);
    $("larger").setAttribute("aria-pressed", String(on));
    memory.set("localStorage", "larger", on);
  }
  $("larger").addEventListener("click", () => {
    const read = [...nodes.values()].find((node) => node.getBoundingClientRect().bottom > 100);
    larger($("larger").getAttribute("aria-pressed") !== "true");
    grow();
    if (read) read.scrollIntoView({ block: "start" }); // what was being read stays in sight
  });

  $("print").addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", () => {
    const day = new Date();
    const date = [day.getDate(), day.getMonth() + 1, day.getFullYear()].join("/");
    document.querySelectorAll("#log details").forEach((node) => (node.open = true)); // paper has nothing to press
    $("printed").textContent = "In ngày " + date + " từ " + location.host + ". Nội dung để tham khảo, nơi giải quyết là cơ quan có thẩm quyền.";
  });

  if (embedded) {
    document.documentElement.classList.add("embed");
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !dialog.open && window.parent !== window) window.parent.postMessage("hdtthc:close", "*");
    });
  }

  function start() {
    larger(memory.get("localStorage", "larger") === true);
    chooseProvince(kept("province"));
    question.value = kept("draft") || "";
    if (messages.length) {
      log.setAttribute("aria-live", "off"); // what was said before is not read out again
      log.append(...messages.map(show));
      setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
      for (const message of messages) {
        if (message.role !== "user" || message.state === "done") continue;
        trouble(message, "Đang gửi lại…");
        queue.push(message);
      }
      const asked = messages.filter((m) => m.role === "user").pop();
      if (asked) nodes.get(asked).scrollIntoView({ block: "start" });
    }
    refresh();
    written();
    loadChoices();
    look(0);
    (kept("forget") || []).forEach((id) => forget(id, 0));
    pump();
  }

  if ("scrollRestoration" in history && messages.length) history.scrollRestoration = "manual";
  start();
})();
