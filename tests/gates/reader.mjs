// What a reader is promised whose own screen is compared with the page.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** A screen of the corpus, with the command that was typed; `changes` makes it the reader's. */
const screen = async (guide, name, changes = []) => {
  let text = await readFile(join(guide, "tests/screens", name), "utf8");
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${name} does not have ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
};

const MINE = "fca2291d2246";

/** Opens the box of the first snippet that shows a command, pastes there, and says what is shown. */
const paste = async (page, command, text) => {
  const number = await page.evaluate((command) => {
    const proofs = [...document.querySelectorAll("details.proof[data-snippet]")];
    const proof = proofs.find((proof) => [...proof.querySelectorAll(".typed")].some((typed) => typed.textContent.startsWith(command)));
    proof.open = true;
    proof.scrollIntoView({ block: "start", behavior: "instant" });
    return proof.dataset.snippet;
  }, command);
  const proof = `details.proof[data-snippet="${number}"]`;
  // What comes with the first sign of a reader has come.
  await page.keyboard.press("Shift");
  await page.waitForSelector(`${proof} .compare`);
  if (await page.$eval(`${proof} .compare`, (button) => button.getAttribute("aria-expanded") !== "true")) {
    await page.focus(`${proof} .compare`);
    await page.keyboard.press("Enter");
  }
  await page.waitForSelector(`${proof} .reader:not([hidden]) textarea`);
  return fill(page, proof, text);
};

/** Puts a text into an open box; what the box says of it. */
const fill = async (page, proof, text) => {
  await page.$eval(`${proof} textarea`, (area, text) => {
    area.value = text;
    area.closest(".reader").querySelector(".told").textContent = "";
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }, text);
  await page.waitForFunction((proof) => document.querySelector(`${proof} .told`).textContent !== "", {}, proof);
  return { proof, ...await shown(page, proof) };
};

const shown = (page, proof) => page.$eval(proof, (proof) => ({
  told: proof.querySelector(".told").textContent,
  steps: [...proof.querySelectorAll(".reader .step")].map((step) => step.className.replace("step ", "")),
  values: [...proof.querySelectorAll(".values li")].map((item) => item.textContent),
  wrong: [...proof.querySelectorAll(".results mark.wrong")].map((mark) => mark.textContent),
  help: [...proof.querySelectorAll(".help a")].map((link) => link.getAttribute("href")),
  text: proof.querySelector(".reader").textContent,
  rows: [...proof.querySelectorAll(".results .row:not(.filler)")].map((row) => row.className),
}));

/** The first command of the page that makes a container, and the answer that the reader got. */
const RUN = "docker run -d -p 8080:8080 --name my-cat tomcat";
const first = (guide) => screen(guide, "017-docker-run-d-p-8081-8080-name-my-cat-tom.txt", [["8081:8080", "8080:8080"], ["--name my-cat tomcat", "--name my-cat tomcat"]]).then((text) => text.replace("docker run -d -p 8080:8080 --name my-cat tomcat", RUN));

/** An example value, another version, an error with its entry, and what is known from an earlier snippet. */
export const compared = async ({ open, gate, here, guide }) => {
  const problems = [];
  const { page, complaints, loaded } = await open(`${here.address}web.html`);
  if (loaded.some((response) => /reader/.test(response.url()))) problems.push("what compares is loaded before it is asked for");
  await page.evaluate(() => { localStorage.clear(); sessionStorage.clear(); });
  const before = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  const requests = [];
  page.on("request", (request) => requests.push(request));

  const run = await first(guide);
  const example = await paste(page, RUN, run);
  if (example.steps.join() !== "verified" || !example.values.some((value) => value.includes("89c9a39c74e4") && value.includes(MINE) && value.startsWith("ID"))) problems.push(`an example value: ${JSON.stringify(example)}`);
  if (!/\d/.test(example.told) || example.wrong.length) problems.push(`an example value is told as ${JSON.stringify(example.told)}`);

  // The prefix that the reader typed is known, and so is the ID in an error further down.
  const logs = await paste(page, "docker logs -f", `kim@mac ~ % docker logs -f ${MINE.slice(0, 4)}\n${(await screen(guide, "044-docker-logs-my-cat.txt")).split("\n").slice(1).join("\n")}^C\nkim@mac ~ % `);
  if (logs.steps.join() !== "verified") problems.push(`logs of the reader's container: ${JSON.stringify(logs.told)} ${JSON.stringify(logs.wrong)}`);
  const conflict = async (id) => {
    const text = await screen(guide, "015-docker-run-d-name-web-p-8080-80-nginx.txt", [["docker run -d --name web -p 8080:80 nginx", RUN], ["/web", "/my-cat"], ["9fda23dae16b6b692506e2a8bfc7b63fa76e0af7d3a4bdb5c8594a6bcde3ca15", id]]);
    return pasteAt(page, "이름이-겹칠-때", text);
  };
  const whole = run.match(/[0-9a-f]{64}/)[0];
  const known = await conflict(whole);
  if (known.steps.join() !== "verified") problems.push(`the container of the first snippet is not known: ${JSON.stringify(known.told)}`);
  const other = await conflict("0".repeat(4) + whole.slice(4));
  if (other.steps.join() !== "false" || !other.text.includes(whole) || other.help.length) problems.push(`another container than in the first snippet: ${JSON.stringify(other)}`);

  // An error where the page shows an ID.
  const failed = await paste(page, RUN, (await screen(guide, "015-docker-run-d-name-web-p-8080-80-nginx.txt", [["docker run -d --name web -p 8080:80 nginx", RUN]])));
  if (failed.steps.join() !== "false" || failed.help.length !== 1) problems.push(`an error: ${JSON.stringify(failed)}`);
  const target = await page.evaluate((href) => new URL(href, location.href).href, failed.help[0] ?? "");
  const entry = await page.evaluate(async (address) => { const text = await (await fetch(address)).text(); const id = decodeURIComponent(new URL(address).hash.slice(1)); return new DOMParser().parseFromString(text, "text/html").getElementById(id)?.textContent ?? ""; }, target);
  if (!entry.includes("already in use")) problems.push(`the error leads to ${target}: ${entry}`);

  // Cleared, and used again.
  await page.$eval(`${failed.proof} .reader .clear`, (button) => button.click());
  const cleared = await page.$eval(failed.proof, (proof) => [proof.querySelector("textarea").value, proof.querySelector(".told").textContent, proof.querySelectorAll(".results *").length, document.activeElement === proof.querySelector("textarea")]);
  if (JSON.stringify(cleared) !== '["","",0,true]') problems.push(`after "clear" there is ${JSON.stringify(cleared)}`);
  const again = await paste(page, RUN, run);
  if (again.steps.join() !== "verified") problems.push(`after "clear": ${JSON.stringify(again.told)}`);

  // Nothing is kept, nothing is sent, nothing survives the page.
  const after = await page.evaluate(() => JSON.stringify([Object.fromEntries(Object.entries(localStorage).filter(([key]) => !key.startsWith("haechi-read"))), Object.fromEntries(Object.entries(sessionStorage).filter(([key]) => key !== "haechi-contents")), document.cookie]));
  if (after !== before.replace(/"haechi-read[^,}]*,?/, "")) problems.push(`the browser keeps ${after}`);
  const sent = requests.filter((request) => !["data:", "blob:"].includes(new URL(request.url()).protocol)).filter((request) => request.method() !== "GET" || new URL(request.url()).origin !== new URL(here.address).origin || decodeURIComponent(request.url()).includes(MINE));
  problems.push(...sent.map((request) => `asks ${request.method()} ${request.url()}`));
  problems.push(...complaints);
  await page.reload({ waitUntil: "networkidle0" });
  const left = await page.evaluate((mine) => document.documentElement.outerHTML.includes(mine) || [...document.querySelectorAll("textarea")].some((area) => area.value), MINE);
  if (left) problems.push("what was pasted survives the page");
  await page.close();

  const install = await open(`${here.address}install.html`);
  const version = await paste(install.page, "docker compose version", await screen(guide, "086-docker-compose-version.txt", [["2.40.3-3", "2.41.0"]]));
  if (version.steps.join() !== "drifted" || !version.told.includes("2.41.0") || version.wrong.length) problems.push(`another version: ${JSON.stringify(version)}`);
  await install.page.close();
  gate("the reader's screen", `${example.told} | ${version.told} | ${failed.told}`, problems);
};

/** Pastes into the first box of a section. */
const pasteAt = async (page, id, text) => {
  const command = await page.evaluate((id) => {
    let at = document.getElementById(id);
    at = at.closest(".heading") ?? at;
    while (at && !at.matches("details.proof[data-snippet]")) at = at.nextElementSibling;
    at.dataset.chosen = "yes";
    return at.dataset.snippet;
  }, id);
  const proof = `details.proof[data-snippet="${command}"]`;
  await page.$eval(proof, (proof) => { proof.open = true; });
  if (!await page.$(`${proof} .reader:not([hidden])`)) await page.$eval(`${proof} .compare`, (button) => button.click());
  await page.waitForSelector(`${proof} .reader textarea`);
  return fill(page, proof, text);
};

/** The box is accessible at every width and brightness, and comes from disk as well. */
export const box = async ({ open, gate, site, guide, axe }) => {
  const problems = [];
  let looked = 0;
  for (const scheme of ["light", "dark"]) {
    for (const width of [390, 1300]) {
      const { page, complaints } = await open(pathToFileURL(join(site, "web.html")).href, { scheme, width });
      const found = await paste(page, RUN, await screen(guide, "015-docker-run-d-name-web-p-8080-80-nginx.txt", [["docker run -d --name web -p 8080:80 nginx", RUN]]));
      if (found.steps.join() !== "false" || found.help.length !== 1) problems.push(`from disk: ${JSON.stringify(found)}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) problems.push(`${width} px: wider than the screen by ${wide} px`);
      const stacked = await page.$eval(`${found.proof} .reader .sides`, (sides) => sides.children[0].getBoundingClientRect().bottom <= sides.children[1].getBoundingClientRect().top);
      if (stacked !== (width === 390)) problems.push(`${width} px: the columns are ${stacked ? "" : "not "}stacked`);
      await page.evaluate(axe);
      const { violations } = await page.evaluate((proof) => window.axe.run(document.querySelector(proof), { resultTypes: ["violations"], preload: false }), found.proof);
      looked += 1;
      problems.push(...violations.map(({ id, help, nodes }) => `${scheme}, ${width} px: ${id}: ${help}: ${nodes[0].html.slice(0, 160)}`));
      problems.push(...complaints);
      await page.close();
    }
  }
  gate("the reader's screen from disk", `${looked} views without a violation, side by side and stacked`, problems);
};

/** The report of a screen has the pasted text only while the reader wants it there. */
export const report = async ({ open, gate, there }) => {
  const problems = [];
  const { page } = await open(`${there.address}states.html`);
  const { proof } = await paste(page, "echo one", "$ echo one\ntwo-of-mine\n");
  const href = () => page.$eval(`${proof} a.report`, (link) => new URL(link.href).searchParams.get("body"));
  const empty = await href();
  if (empty.includes("two-of-mine")) problems.push("the report has the screen before it is asked for");
  await page.click(`${proof} .attach input`);
  const filled = await href();
  if (!filled.includes("```text\n$ echo one\ntwo-of-mine\n```")) problems.push(`the report has ${JSON.stringify(filled)}`);
  await page.click(`${proof} .attach input`);
  if (await href() !== empty) problems.push("the screen stays in the report");
  await page.click(`${proof} .attach input`);
  await page.click(`${proof} .reader .clear`);
  if (await href() !== empty) problems.push("the screen stays in the report after it is cleared");
  await page.close();
  gate("the report of a screen", "has the screen only when it is asked for", problems);
};
