// The reader's comforts. Every page works without them.
(() => {
  "use strict";
  const own = document.currentScript;
  const { root, path } = own.dataset;
  const html = document.documentElement;
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* a private window forgets */ } },
  };
  // The brightness: of the system, light, dark.
  const papers = { light: "#fbf9f4", dark: "#131918" };
  const setTheme = (theme) => {
    const chosen = theme in papers;
    if (chosen) html.dataset.theme = theme;
    else delete html.dataset.theme;
    html.dataset.choice = chosen ? theme : "system";
    for (const bar of document.querySelectorAll("meta[name=theme-color]")) bar.content = papers[chosen ? theme : bar.media.includes("dark") ? "dark" : "light"];
  };
  setTheme(store.get("haechi-theme") ?? html.dataset.scheme);
  html.classList.add("scripted");
  // Letters that every page needs come with the first answer, not after the style sheet.
  if (location.protocol !== "file:") {
    for (const name of html.lang.startsWith("ko") ? ["text-latin", "text-often"] : ["text-latin"]) {
      document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", href: `${root}fonts/${name}.woff2` }));
    }
  }
  // The words of the scripts in the language of the book.
  const say = html.lang.startsWith("ko") ? (korean) => korean : (_, english) => english;
  const script = (name, data = {}) => {
    const element = Object.assign(document.createElement("script"), { src: root + name });
    Object.assign(element.dataset, { root, path }, data);
    document.head.append(element);
    return element;
  };
  // A script behind the style sheet of its name: what it shows is never bare.
  const dressed = (name, data) => new Promise((resolve, reject) => {
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${root}${name}.css` });
    const next = () => {
      const element = script(`${name}.js`, data);
      element.addEventListener("load", resolve);
      element.addEventListener("error", reject);
    };
    for (const ready of ["load", "error"]) sheet.addEventListener(ready, next);
    document.head.append(sheet);
  });
  // Spoken to those who do not see what has changed.
  const status = Object.assign(document.createElement("p"), { className: "unseen" });
  status.setAttribute("role", "status");
  const announce = (text) => { status.textContent = text; };
  window.haechiSay = say;
  window.haechi = { root, path, say, announce, script, dressed };

  // The pages that were read to their end, on this machine alone.
  const readKey = `haechi-read ${new URL(root || ".", location.href).pathname}`;
  const read = new Set(JSON.parse(store.get(readKey) ?? "[]"));
  const showRead = (place) => {
    const links = [...place.querySelectorAll("a")].filter((link) => link.dataset.page);
    place.querySelectorAll(".tick, .progress").forEach((element) => element.remove());
    const pages = new Set(links.map((link) => link.dataset.page));
    const known = [...pages].filter((page) => read.has(page)).length;
    if (!known) return;
    for (const link of links.filter((link) => read.has(link.dataset.page))) {
      const tick = Object.assign(document.createElement("span"), { className: "tick", textContent: "✓" });
      tick.setAttribute("role", "img");
      tick.setAttribute("aria-label", say("읽음", "read"));
      link.append(" ", tick);
    }
    const progress = Object.assign(document.createElement("p"), { className: "progress", textContent: `${known}/${pages.size} ${say("읽음", "read")} ` });
    const clear = Object.assign(document.createElement("button"), { type: "button", textContent: say("기록 지우기", "Clear") });
    clear.addEventListener("click", () => {
      read.clear();
      store.set(readKey, "[]");
      showRead(place);
      announce(say("읽은 기록을 지웠습니다.", "Cleared."));
      place.querySelector("a")?.focus();
    });
    progress.append(clear);
    place.prepend(progress);
  };

  // Called by toc.js, which stands inside the element that it fills.
  window.haechiContents = (tree, fold) => {
    const place = document.getElementById("contents");
    if (!place) return;
    place.innerHTML = tree;
    for (const link of place.querySelectorAll("a")) {
      const target = link.getAttribute("href");
      link.dataset.page = decodeURI(target);
      if (link.dataset.page === path) {
        link.setAttribute("aria-current", "page");
        for (let item = link.closest("li"); item; item = item.parentElement.closest("li")) item.classList.add("open");
      }
      link.setAttribute("href", root + target);
    }
    // Chapters below the level `fold` are closed until asked for.
    if (fold !== undefined) {
      for (const list of place.querySelectorAll("li > ol")) {
        const item = list.parentElement;
        let level = 0;
        for (let above = item; above; above = above.parentElement.closest("li")) level += 1;
        const button = document.createElement("button");
        button.type = "button";
        button.className = "fold";
        button.setAttribute("aria-label", say("아래 절", "Sections below"));
        const set = (open) => { list.hidden = !open; button.setAttribute("aria-expanded", String(open)); };
        set(level <= fold || item.classList.contains("open"));
        button.addEventListener("click", () => set(list.hidden));
        item.classList.add("folds");
        list.before(button);
      }
    }
    showRead(place);
    const saved = sessionStorage.getItem("haechi-contents");
    if (saved) place.scrollTop = Number(saved);
    const current = place.querySelector("[aria-current]");
    if (current) {
      const { top, bottom } = current.getBoundingClientRect();
      const box = place.getBoundingClientRect();
      if (top < box.top || bottom > box.bottom) place.scrollTop += top - box.top - box.height / 2;
    }
    addEventListener("pagehide", () => sessionStorage.setItem("haechi-contents", String(place.scrollTop)));
  };

  // The player of recordings, once it is asked for.
  let loading;
  const player = () => loading ??= dressed("player");

  document.addEventListener("DOMContentLoaded", () => {
    document.body.append(status);
    const button = document.querySelector("button.theme");
    if (button) {
      const label = button.getAttribute("aria-label");
      const names = { system: say("시스템 설정", "as the system"), light: say("밝게", "light"), dark: say("어둡게", "dark") };
      const name = () => { button.title = `${label}: ${names[html.dataset.choice]}`; button.setAttribute("aria-label", button.title); };
      name();
      button.hidden = false;
      button.addEventListener("click", () => {
        const choices = Object.keys(names);
        const next = choices[(choices.indexOf(html.dataset.choice) + 1) % choices.length];
        setTheme(next);
        store.set("haechi-theme", next);
        name();
        announce(button.title);
      });
    }

    let asked = false;
    const openSearch = (query = "") => {
      if (window.haechiOpenSearch) window.haechiOpenSearch(query);
      else if (!asked) dressed("search", { query }).catch(() => { asked = false; });
      asked = true;
    };
    const find = document.querySelector("button.find");
    if (find) {
      find.hidden = false;
      find.addEventListener("click", () => openSearch());
      document.addEventListener("keydown", (event) => {
        const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
        const wanted = (event.key === "/" && !typing) || (event.key === "k" && (event.ctrlKey || event.metaKey));
        if (wanted && !event.altKey) { event.preventDefault(); openSearch(); }
      });
    }
    const missing = document.querySelector("button.find-missing");
    if (missing) {
      // The words of the address are what was looked for.
      const rest = decodeURI(location.pathname).slice(new URL(root, location.href).pathname.length);
      missing.hidden = false;
      missing.addEventListener("click", () => openSearch(rest.replace(/\.\w+$/, "").match(/[\p{L}\p{N}]+/gu)?.join(" ")));
    }

    // The contents over the page, where there is no room beside it.
    const menu = document.querySelector("a.menu");
    const contents = document.getElementById("contents");
    if (menu && contents) {
      const label = menu.getAttribute("aria-label");
      menu.setAttribute("role", "button");
      menu.setAttribute("aria-controls", "contents");
      const toggle = (open) => {
        html.classList.toggle("menu-open", open);
        menu.setAttribute("aria-expanded", String(open));
        menu.setAttribute("aria-label", open ? say("목차 닫기", "Close the contents") : label);
        for (const behind of document.querySelectorAll(".skip, .brand, .tools, main, .here")) behind.inert = open;
        if (!open) return;
        const current = contents.querySelector("[aria-current]");
        current?.scrollIntoView({ block: "center", behavior: "instant" });
        (current ?? contents.querySelector("a"))?.focus({ preventScroll: true });
      };
      toggle(false);
      menu.addEventListener("click", (event) => {
        event.preventDefault();
        toggle(!html.classList.contains("menu-open"));
      });
      menu.addEventListener("keydown", (event) => {
        if (event.key !== " ") return;
        event.preventDefault();
        menu.click();
      });
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && html.classList.contains("menu-open")) { toggle(false); menu.focus(); }
      });
      contents.addEventListener("click", (event) => { if (event.target.closest("a")) toggle(false); });
      matchMedia("(max-width: 50rem)").addEventListener("change", () => toggle(false));
      addEventListener("pagehide", () => toggle(false));
    }

    // Copies commands without prompts and output.
    for (const block of document.querySelectorAll(".code:not(.output)")) {
      const code = block.querySelector("code");
      const copy = document.createElement("button");
      copy.type = "button";
      copy.className = "copy";
      copy.innerHTML = '<svg viewBox="0 0 24 24" aria-hidden="true"><path class="sheets" d="M9 9h11v11H9zM5 15H4V4h11v1"/><path class="done" d="M5 13l5 5L20 7"/></svg>';
      copy.title = say("복사", "Copy");
      copy.setAttribute("aria-label", copy.title);
      copy.addEventListener("click", async () => {
        const commands = [...code.querySelectorAll(".cmd")].map((command) => command.textContent);
        const shown = code.cloneNode(true);
        if (!block.classList.contains("all")) shown.querySelectorAll(".boring").forEach((line) => line.remove());
        try {
          await navigator.clipboard.writeText(commands.length ? commands.join("\n") : shown.textContent.trimEnd());
          copy.classList.add("copied");
          announce(say("복사했습니다.", "Copied."));
          setTimeout(() => { copy.classList.remove("copied"); announce(""); }, 2000);
        } catch {
          // No clipboard, or not for this page: the reader's own keys will do.
          getSelection().selectAllChildren(code);
          const text = say("클립보드를 쓸 수 없어 명령을 선택했습니다. Ctrl+C로 복사하십시오.", "There is no clipboard. The text is selected: copy it with Ctrl+C.");
          announce(text);
          if (!block.querySelector(".aside")) block.append(Object.assign(document.createElement("p"), { className: "aside", textContent: text }));
        }
      });
      block.prepend(copy);
    }

    // What scrolls is reached by the keyboard, and nothing else of its kind.
    const named = (box) => {
      const scrolls = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
      if (!scrolls) { ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name)); return; }
      const table = box.querySelector("table");
      const heading = table && document.getElementById(table.getAttribute("aria-labelledby") ?? "");
      const name = heading?.textContent ?? table?.getAttribute("aria-label") ?? box.querySelector("img")?.alt ?? box.parentElement.querySelector(".file, figcaption")?.textContent;
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", name || say("코드", "Code"));
    };
    const sizes = new ResizeObserver((boxes) => boxes.forEach(({ target }) => named(target)));
    for (const box of document.querySelectorAll("pre, .table, .wide")) sizes.observe(box);

    // Lines that the author hides at first.
    for (const line of document.querySelectorAll(".code:not(.boring-known) .boring")) {
      const block = line.closest(".code");
      if (block.classList.contains("boring-known")) continue;
      block.classList.add("boring-known");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "reveal";
      const set = (all) => {
        block.classList.toggle("all", all);
        button.setAttribute("aria-pressed", String(all));
        button.textContent = all ? say("덜 보기", "Show less") : say("숨긴 줄 보기", "Show hidden lines");
      };
      set(false);
      button.addEventListener("click", () => set(!block.classList.contains("all")));
      block.append(button);
    }

    // Alternatives, one at a time. The choice is kept, and other groups with the same names follow it.
    const groups = [...document.querySelectorAll(".tabs")].map((group, number) => {
      const sections = [...group.querySelectorAll(":scope > section")];
      const names = sections.map((section) => section.querySelector("h1, h2, h3, h4, h5, h6")?.textContent.trim() ?? "");
      const list = document.createElement("div");
      list.className = "tab-list";
      list.setAttribute("role", "tablist");
      const tabs = sections.map((section, at) => {
        const tab = document.createElement("button");
        tab.type = "button";
        tab.id = `tab-${number}-${at}`;
        tab.textContent = names[at];
        tab.setAttribute("role", "tab");
        section.id ||= `tab-panel-${number}-${at}`;
        tab.setAttribute("aria-controls", section.id);
        section.setAttribute("role", "tabpanel");
        section.setAttribute("aria-labelledby", tab.id);
        list.append(tab);
        return tab;
      });
      const show = (name) => {
        const shown = names.indexOf(name);
        if (shown < 0) return;
        sections.forEach((section, at) => {
          section.hidden = at !== shown;
          tabs[at].setAttribute("aria-selected", String(at === shown));
          tabs[at].tabIndex = at === shown ? 0 : -1;
        });
      };
      list.addEventListener("click", (event) => { if (event.target.role === "tab") choose(event.target.textContent); });
      list.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        const at = tabs.indexOf(event.target);
        if (!step || at < 0) return;
        event.preventDefault();
        event.stopPropagation();
        const next = (at + step + tabs.length) % tabs.length;
        choose(names[next]);
        tabs[next].focus();
      });
      group.classList.add("tabbed");
      group.prepend(list);
      show(names[0]);
      return { show, sections, names };
    });
    const choose = (name) => {
      const top = document.activeElement?.getBoundingClientRect().top;
      groups.forEach(({ show }) => show(name));
      // What was clicked stays where it is.
      if (top !== undefined) scrollBy({ top: document.activeElement.getBoundingClientRect().top - top, behavior: "instant" });
      store.set("haechi-tab", name);
    };
    const chosen = store.get("haechi-tab");
    if (chosen) groups.forEach(({ show }) => show(chosen));
    const toTab = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      for (const { show, sections, names } of groups) {
        const at = sections.findIndex((section) => target && section.contains(target));
        if (at >= 0) { show(names[at]); target.scrollIntoView({ behavior: "instant" }); }
      }
    };
    addEventListener("hashchange", toTab);
    if (location.hash) toTab();

    // A recording is played where it stands: the part of it that belongs to the snippet.
    for (const link of document.querySelectorAll("a.recording")) {
      link.addEventListener("click", async (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        if (link.dataset.playing) return;
        link.dataset.playing = "yes";
        try {
          await player();
          await window.haechiPlay(link);
        } catch {
          location.href = link.href;
        }
      });
    }

    // A section that has moved leads on by itself.
    const goOn = () => document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest(".moved")?.querySelector("a")?.click();
    addEventListener("hashchange", goOn);
    goOn();

    // Marks the heading that is being read, and keeps its link in sight.
    const links = new Map([...document.querySelectorAll("aside.here a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
    if (links.size) {
      const headings = [...document.querySelectorAll("article h2[id], article h3[id]")].filter((heading) => links.has(heading.id));
      const box = document.querySelector("aside.here nav");
      let before;
      const mark = () => {
        const line = innerHeight * 0.25;
        const passed = headings.filter((heading) => heading.getBoundingClientRect().top < line);
        const current = links.get((passed[passed.length - 1] ?? headings[0])?.id);
        if (!current || current === before) return;
        before?.removeAttribute("aria-current");
        current.setAttribute("aria-current", "true");
        before = current;
        const [{ top, bottom }, around] = [current.getBoundingClientRect(), box.getBoundingClientRect()];
        if (top < around.top || bottom > around.bottom) box.scrollTop += top - around.top - around.height / 2;
      };
      addEventListener("scroll", mark, { passive: true });
      mark();
    }
    const fold = document.querySelector(".here-fold");
    fold?.addEventListener("click", (event) => { if (event.target.closest("a")) fold.open = false; });

    // At the end a page is read, and the next one is fetched.
    const end = document.querySelector(".turn");
    if (end && contents) {
      new IntersectionObserver(([{ isIntersecting }], observer) => {
        if (!isIntersecting) return;
        observer.disconnect();
        read.add(path);
        store.set(readKey, JSON.stringify([...read]));
        showRead(contents);
        window.haechi.prefetch?.(end.querySelector("a[rel=next]"));
      }).observe(end);
    }

    // The arrows turn pages, unless they mean something to what has the focus.
    document.addEventListener("keydown", (event) => {
      const free = event.target === document.body || event.target.id === "content";
      if (!free || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented) return;
      const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
      if (rel && !html.classList.contains("menu-open")) document.querySelector(`a[rel=${rel}]`)?.click();
    });

    // What nobody needs at first comes with the first sign of a reader.
    const signs = ["pointermove", "pointerdown", "touchstart", "keydown", "focusin", "scroll"];
    const later = (event) => {
      // The contents scroll to their current entry by themselves.
      if (event?.type === "scroll" && event.target !== document) return;
      signs.forEach((sign) => removeEventListener(sign, later, true));
      dressed("comforts").catch(() => {});
    };
    signs.forEach((sign) => addEventListener(sign, later, { capture: true, passive: true }));
    if (sessionStorage.getItem("haechi-found")) later();

    if ("live" in own.dataset) script("live.js");
  });
})();
