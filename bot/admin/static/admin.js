// Keeps an open page up to date: what was said in a conversation, and how many people wait. What is being typed stays.
"use strict";
const thread = document.querySelector(".thread[data-case]");
const news = document.getElementById("news");
const title = document.title;
let shown = thread ? Number(thread.dataset.count) : 0;

function element(tag, className, ...children) {
  const node = document.createElement(tag);
  node.className = className;
  node.append(...children);
  return node;
}

function badges(waiting) {
  document.title = (waiting ? "(" + waiting + ") " : "") + title;
  for (const place of document.querySelectorAll("[data-waiting]")) {
    const old = place.querySelector(".badge");
    if (old) old.remove();
    if (waiting) place.append(element("span", "badge", String(waiting), element("span", "hidden", " người đang chờ")));
    if (news && !thread && waiting > Number(place.dataset.waiting)) news.hidden = false;
  }
}

function append(message) {
  const by = element("p", "by", message.by + " ", element("span", "", message.at));
  thread.append(element("li", message.staff ? "staff" : "person", by, element("p", "said", message.text)));
}

async function look() {
  try {
    const answer = await fetch("/admin/look" + (thread ? "?case=" + thread.dataset.case + "&after=" + shown : ""));
    if (answer.redirected) {
      clearInterval(timer);
      document.getElementById("over").hidden = false;
      return;
    }
    const found = await answer.json();
    found.messages.forEach(append);
    shown += found.messages.length;
    const empty = thread && thread.querySelector(".nobody");
    if (empty && found.messages.length) empty.remove();
    badges(found.waiting);
  } catch {
    // Tried again at the next turn.
  }
}
const timer = setInterval(look, thread ? 6000 : 20000);
