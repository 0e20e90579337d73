// What is promised on paper, and with the reader's own colours.

/** Printed after dark was chosen, all text is dark; answers are open, proofs are closed. */
export const print = async ({ open, gate, there, here }) => {
  const problems = [];
  let texts = 0;
  for (const address of [`${there.address}explained.html`, `${there.address}states.html`, `${here.address}web.html`]) {
    const { page } = await open(address, { scheme: "dark" });
    await page.evaluate(() => localStorage.setItem("haechi-theme", "dark"));
    await page.reload({ waitUntil: "networkidle0" });
    await page.emulateMediaType("print");
    const seen = await page.evaluate(() => {
      const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      const light = (colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
        return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
      };
      const all = [...document.querySelectorAll("main *")].filter((element) => element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
      const pale = all.filter((element) => light(getComputedStyle(element).color) > 0.5).map((element) => element.outerHTML.slice(0, 80));
      const answers = [...document.querySelectorAll("details:not(.proof, .here-fold) > p")].map((answer) => answer.checkVisibility({ contentVisibilityAuto: true }));
      return { count: all.length, pale, answers, extra: [".top", ".copy", ".anchor", ".here-fold", ".turn"].filter((name) => document.querySelector(name)?.checkVisibility()) };
    });
    texts += seen.count;
    problems.push(...seen.pale.slice(0, 3).map((what) => `${address}: pale on paper: ${what}`));
    if (seen.answers.includes(false)) problems.push(`${address}: an answer is closed on paper`);
    if (seen.extra.length) problems.push(`${address}: printed, too: ${seen.extra}`);
    await page.evaluate(() => localStorage.clear());
    await page.close();
  }
  gate("print after dark", `${texts} texts are dark, answers open`, problems);
};

/** With forced colours, what is chosen or marked looks otherwise than what is not. */
export const forced = async ({ open, gate, there }) => {
  const problems = [];
  const { page } = await open(`${there.address}explained.html`, { width: 1300 });
  const session = await page.createCDPSession();
  await session.send("Emulation.setEmulatedMedia", { features: [{ name: "forced-colors", value: "active" }, { name: "prefers-reduced-motion", value: "reduce" }] });
  if (!await page.evaluate(() => matchMedia("(forced-colors: active)").matches)) problems.push("the browser does not force colours");
  // The same element without what says that it is chosen.
  const differs = async (what, selector, change) => {
    await page.waitForSelector(selector);
    const element = await page.$(selector);
    const chosen = await element.screenshot({ encoding: "base64" });
    await element.evaluate(change);
    const other = await element.screenshot({ encoding: "base64" });
    if (chosen === other) problems.push(`${what} looks like any other`);
  };
  await differs("the current entry", "#contents a[aria-current]", (link) => link.removeAttribute("aria-current"));
  await differs("the heading that is read", "aside.here a[aria-current]", (link) => link.removeAttribute("aria-current"));
  // A tap keeps it lit, wherever the mouse is; without its number nothing lights it again.
  await page.click(".callouts > li");
  await page.waitForSelector(".callouts > .lit");
  await differs("a lit explanation", ".callouts > .lit", (item) => { delete item.dataset.note; item.classList.remove("lit"); });
  await page.$eval("button.find", (button) => button.click());
  await page.waitForSelector("dialog.search input");
  await page.type("dialog.search input", "container");
  await page.waitForSelector("#hits mark");
  await differs("a mark", "#hits mark", (mark) => { const text = document.createElement("span"); text.textContent = mark.textContent; mark.style.all = "unset"; });
  await differs("the chosen hit", "#hits a[aria-selected=true]", (hit) => hit.setAttribute("aria-selected", "false"));
  await page.close();
  gate("forced colours", "the current entry, the heading that is read, a lit explanation, a mark and the chosen hit are told apart", problems);
};
