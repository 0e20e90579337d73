// What a reader is promised who goes from page to page, or shows one to others.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The page that is pointed at, and the next one at the end, are fetched ahead; no other. */
export const ahead = async ({ open, gate, here, there }) => {
  const problems = [];
  const { page } = await open(`${here.address}web.html`, { height: 900 });
  const fetched = () => page.$$eval("link[rel=prefetch]", (all) => all.map((link) => link.href.split("/").at(-1)));
  if ((await fetched()).length) problems.push(`nobody has pointed, and fetched is ${await fetched()}`);
  await page.mouse.move(600, 400);
  await page.waitForFunction(() => window.haechi.prefetch);
  await page.hover("#contents a[href$='volumes.html']");
  await page.waitForSelector("link[rel=prefetch][href$='volumes.html']", { timeout: 5000 }).catch(() => problems.push("the page that is pointed at is not fetched"));
  await page.focus("#contents a[href$='pull.html']");
  await page.waitForSelector("link[rel=prefetch][href$='pull.html']", { timeout: 5000 }).catch(() => problems.push("the page that has the focus is not fetched"));
  const next = await page.$eval("a[rel=next]", (link) => link.href);
  if ((await fetched()).includes(next.split("/").at(-1))) problems.push("the next page is fetched before the end");
  await page.$eval(".turn", (end) => end.scrollIntoView({ behavior: "instant" }));
  await page.waitForFunction((next) => [...document.querySelectorAll("link[rel=prefetch]")].some((link) => link.href === next), { timeout: 5000 }, next).catch(() => problems.push("the next page is not fetched at the end"));
  const all = await fetched();
  if (new Set(all).size !== all.length) problems.push(`a page is fetched twice: ${all}`);
  await page.close();
  const own = await open(`${there.address}states.html`);
  await own.page.mouse.move(600, 400);
  await own.page.waitForFunction(() => window.haechi.prefetch);
  await own.page.$eval("a.report, .edit a", (link) => link.dispatchEvent(new PointerEvent("pointerover", { bubbles: true })));
  const foreign = await own.page.$$eval("link[rel=prefetch]", (all) => all.map((link) => link.href).filter((href) => !href.startsWith(location.origin)));
  problems.push(...foreign.map((href) => `fetches ${href} of another site`));
  await own.page.close();
  gate("fetched ahead", all.join(", "), problems);
};

/** One page goes over into the next, unless the reader wants no motion. */
export const transition = async ({ browser, gate, here }) => {
  const problems = [];
  const seen = [];
  for (const motion of ["no-preference", "reduce"]) {
    const page = await browser.newPage();
    await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: motion }]);
    await page.goto(`${here.address}web.html`, { waitUntil: "networkidle0" });
    await page.evaluateOnNewDocument(() => addEventListener("pagereveal", (event) => { window.revealed = Boolean(event.viewTransition); }));
    await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.$eval("a[rel=next]", (link) => link.click())]);
    const revealed = await page.waitForFunction(() => window.revealed !== undefined, { timeout: 5000 }).then(() => page.evaluate(() => window.revealed), () => undefined);
    seen.push(`${motion}: ${revealed}`);
    if (revealed !== (motion === "no-preference")) problems.push(`with ${motion} the next page is revealed ${revealed ? "with" : "without"} a transition (${revealed})`);
    await page.close();
  }
  gate("view transition", seen.join(", "), problems);
};

/** The card is drawn in its size, has the title of the book, and is named by the pages with a whole address. */
export const card = async ({ open, gate, run, scratch, everything }) => {
  const problems = [];
  const { cp, writeFile } = await import("node:fs/promises");
  const book = join(scratch, "card");
  await cp(join(scratch, "book"), book, { recursive: true });
  const settings = join(book, "book.toml");
  await writeFile(settings, (await readFile(settings, "utf8")).replace('site-url = "/docs/guide/"', 'site-url = "https://example.org/docs/"'));
  const drawn = run("build", book, "--dest-dir", join(scratch, "card-site"), "--card");
  if (drawn.status) problems.push(`the card is not drawn: ${drawn.stderr}`);
  const built = run("build", book, "--dest-dir", join(scratch, "card-site"));
  if (built.status) problems.push(`the book is not built: ${built.stderr}`);
  const picture = await readFile(join(scratch, "card-site/card.png")).catch(() => Buffer.alloc(24));
  const size = [picture.readUInt32BE(16), picture.readUInt32BE(20)].join("x");
  if (size !== "1200x630" || picture.length < 5000) problems.push(`the card is ${size}, ${picture.length} bytes`);
  const named = async (folder) => (await readFile(join(folder, "states.html"), "utf8")).match(/<meta property="og:image" content="([^"]*)">/)?.[1];
  const address = await named(join(scratch, "card-site"));
  if (address !== "https://example.org/docs/card.png") problems.push(`the card of a page is ${address}`);
  if (await named(everything)) problems.push("a site whose address nobody knows names a card");
  gate("card", `${size}, ${address}`, problems);
};
