// What explains a page while it is read.

/** Options, their explanations and the drawing are lit together; numbers are not copied. */
export const callouts = async ({ open, gate, there }) => {
  const problems = [];
  const { page } = await open(`${there.address}explained.html`);
  const numbers = await page.$$eval(".snippet .callout, .code .callout", (all) => all.map((link) => link.dataset.number).join());
  if (numbers !== "1,2,3") problems.push(`the numbers are ${numbers}`);
  const text = await page.$eval(".code code", (code) => code.textContent);
  if (/[0-9]nginx|-d1/.test(text) || !text.startsWith("docker run -d -p 8080:80 --name web")) problems.push(`the command reads ${text}`);
  await page.focus(".callout[data-number='2']");
  await page.waitForSelector(".callouts > .lit");
  const lit = await page.evaluate(() => ({ item: document.querySelector(".callouts > .lit").textContent.trim(), code: [...document.querySelectorAll(".noted.lit")].map((piece) => piece.textContent).join(""), drawing: document.querySelector("picture img").src.split("#")[1] }));
  if (!lit.item.startsWith("-p 8080:80") || lit.code !== "-p 8080:80" || lit.drawing !== "note-2") problems.push(`lit are ${JSON.stringify(lit)}`);
  await page.click(".callouts > li");
  if (await page.$eval(".noted.lit", (piece) => piece.textContent) !== "-d") problems.push("a tap on an explanation does not light its option");
  const warnings = await page.$$eval(".destroys", (all) => all.map((warning) => [warning.checkVisibility(), warning.nextElementSibling.textContent.includes("volume rm")]));
  if (JSON.stringify(warnings) !== "[[true,true],[false,false]]") problems.push(`warnings: ${JSON.stringify(warnings)}`);
  await page.close();
  gate("explanations", "a number, its option and its part of the drawing are lit together; what destroys has a warning", problems);
};

/** A term is explained by the mouse, by the keyboard and by a tap. */
export const terms = async ({ open, gate, there, tap }) => {
  const problems = [];
  for (const touch of [false, true]) {
    const how = touch ? "a tap" : "the mouse";
    const { page } = await open(`${there.address}explained.html`, { width: touch ? 390 : 1300, touch });
    const links = await page.$$eval("a.term", (all) => all.map((link) => link.textContent.toLowerCase()).sort().join());
    if (links !== "image,layer") problems.push(`the terms are ${links}`);
    if (touch) {
      await page.touchscreen.tap(10, 400);
      await page.waitForFunction(() => window.haechi.prefetch);
      await tap(page, "a.term");
    } else await page.hover("a.term");
    await page.waitForSelector(".meaning:not([hidden])", { timeout: 5000 }).catch(() => problems.push(`${how} explains nothing`));
    const text = await page.$eval(".meaning", (box) => box.textContent);
    if (!text.includes("A change of files")) problems.push(`${how} explains: ${text}`);
    if (!page.url().includes("explained")) problems.push(`${how} leaves the page`);
    await page.keyboard.press("Escape");
    if (await page.$(".meaning:not([hidden])")) problems.push("Escape does not close the meaning");
    if (!touch) {
      await page.focus("a.term");
      await page.waitForSelector(".meaning:not([hidden])", { timeout: 5000 }).catch(() => problems.push("the focus explains nothing"));
      await page.click("a.term");
      await page.waitForFunction(() => location.hash.length > 1 && document.querySelector("tr:target")).catch(() => problems.push("a click does not lead to the term"));
    }
    await page.close();
  }
  gate("terms", "explained by mouse, focus and tap", problems);
};

/** A page that was read to its end has a tick, which can be cleared. */
export const read = async ({ open, gate, there }) => {
  const problems = [];
  const { page } = await open(`${there.address}explained.html`, { height: 400 });
  await page.evaluate(() => localStorage.clear());
  await page.reload({ waitUntil: "networkidle0" });
  if (await page.$(".tick")) problems.push("a page that was opened is ticked");
  await page.$eval(".turn", (end) => end.scrollIntoView({ behavior: "instant" }));
  await page.waitForSelector("#contents a[aria-current] .tick", { timeout: 5000 }).catch(() => problems.push("a page that was read is not ticked"));
  const progress = await page.$eval(".progress", (line) => line.textContent);
  if (!progress.startsWith("1/5")) problems.push(`the contents say ${progress}`);
  await page.click(".progress button");
  if (await page.$(".tick")) problems.push("what was read cannot be cleared");
  await page.close();
  gate("pages read", progress, problems);
};

/** A clipboard that is not there is said; the headings are text. */
export const copying = async ({ open, gate, there }) => {
  const problems = [];
  const { page } = await open(`${there.address}states.html`);
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await page.click(".copy");
  const said = await page.$eval("p[role=status]", (status) => status.textContent);
  const selected = await page.evaluate(() => getSelection().toString());
  if (!said.includes("no clipboard") || !selected.includes("echo one")) problems.push(`without a clipboard it says ${JSON.stringify(said)}, and selects ${JSON.stringify(selected)}`);
  const headings = await page.$$eval("article :is(h1, h2, h3)", (all) => all.map((heading) => [heading.querySelector("a") === null, heading.nextElementSibling?.getAttribute("aria-label") ?? ""]));
  if (headings.some(([plain]) => !plain)) problems.push("a heading is a link");
  if (!headings.slice(1).every(([, label]) => label.includes(": "))) problems.push(`the links beside headings are ${JSON.stringify(headings)}`);
  const report = await page.$eval("a.report", (link) => link.href);
  if (!report.startsWith("https://github.com/example/book/issues/new?title=") || !report.includes("echo+one")) problems.push(`the report leads to ${report}`);
  await page.close();
  gate("without a clipboard", said, problems);
};
