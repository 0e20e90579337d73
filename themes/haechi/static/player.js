// Plays a recording: frames that haechi drew, each of which replaces rows of the one before.
(() => {
  "use strict";
  const say = window.haechiSay;
  const create = (name, properties) => Object.assign(document.createElement(name), properties);
  const load = (src) => new Promise((resolve, reject) => {
    if (window.haechiRecordings?.[src]) { resolve(); return; }
    document.head.append(create("script", { src, onload: resolve, onerror: reject }));
  });

  const row = (spans) => {
    const line = create("span", { className: "row" });
    for (const span of spans) {
      if (typeof span === "string") { line.append(span); continue; }
      const [textContent, className, color, backgroundColor] = span;
      const piece = create("span", { textContent, className });
      if (color) piece.style.color = color;
      if (backgroundColor) piece.style.backgroundColor = backgroundColor;
      line.append(piece);
    }
    return line;
  };

  const clock = (milliseconds) => {
    const seconds = Math.round(milliseconds / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };

  // Puts a player of these frames into a place and starts it.
  const play = (place, frames) => {
    const screen = create("pre", { tabIndex: 0 });
    const button = create("button", { type: "button" });
    const end = frames.at(-1)?.[0] ?? 0;
    const position = create("input", { type: "range", min: 0, max: end, step: 1, value: 0 });
    position.setAttribute("aria-label", say("녹화의 위치", "Position in the recording"));
    const time = create("span", { className: "time" });
    const controls = create("div", { className: "controls" });
    controls.append(button, position, time);
    place.append(screen, controls);

    let shown = 0; // how many frames stand on the screen
    let now = 0;
    let before; // when the clock was last looked at; none while it stands still
    const show = () => {
      if (shown && frames[shown - 1][0] > now) { screen.replaceChildren(); shown = 0; }
      const first = shown;
      for (; shown < frames.length && frames[shown][0] <= now; shown += 1) {
        const [, start, count, rows] = frames[shown];
        const after = screen.children[start + count] ?? null;
        for (let left = count; left > 0; left -= 1) screen.children[start].remove();
        for (const spans of rows) screen.insertBefore(row(spans), after);
      }
      if (shown !== first) screen.scrollTop = screen.scrollHeight;
      position.value = now;
      const text = `${clock(now)} / ${clock(end)}`;
      if (time.textContent !== text) time.textContent = text;
      position.setAttribute("aria-valuetext", text);
      button.textContent = before !== undefined ? say("멈춤", "Pause") : now < end ? say("재생", "Play") : say("다시 재생", "Play again");
    };
    const tick = (moment) => {
      if (before === undefined || !place.isConnected) return;
      now = Math.min(end, now + moment - before);
      before = now < end ? moment : undefined;
      show();
      requestAnimationFrame(tick);
    };
    const start = () => { before = performance.now(); show(); requestAnimationFrame(tick); };
    button.addEventListener("click", () => {
      if (before !== undefined) { before = undefined; show(); return; }
      if (now >= end) now = 0;
      start();
    });
    position.addEventListener("input", () => { now = Number(position.value); show(); });
    start();
  };

  // Plays the recording of a snippet behind the link to it.
  window.haechiPlay = async (link) => {
    const src = `${link.href}.js`;
    await load(src);
    const frames = window.haechiRecordings[src][link.closest(".proof").dataset.snippet];
    const place = create("div", { className: "player" });
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", say("녹화", "Recording"));
    link.closest(".proof").append(place);
    play(place, frames);
    place.scrollIntoView({ block: "nearest" });
  };
})();
