// Says that somebody has written meanwhile. Nothing is replaced, so that what is being typed stays.
"use strict";
const thread = document.querySelector(".thread[data-url]");
const look = async () => {
  try {
    const answer = await fetch(thread.dataset.url, { headers: { Accept: "application/json" } });
    const { count } = await answer.json();
    document.getElementById("news").hidden = count <= Number(thread.dataset.count);
  } catch {
    // Tried again at the next turn.
  }
};
if (thread) setInterval(look, 8000);
