// answer.mjs MODULE: answers the questions of standard input, one a line, by the theme's WebAssembly.
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";

const text = await readFile(process.argv[2], "utf8");
const packed = text.match(/window\.haechiReaderWasm = "([^"]+)"/)[1];
const { instance } = await WebAssembly.instantiate(gunzipSync(Buffer.from(packed, "base64")));
const { memory, room, answer, answered } = instance.exports;
const questions = await new Promise((resolve) => {
  const pieces = [];
  process.stdin.on("data", (piece) => pieces.push(piece)).on("end", () => resolve(Buffer.concat(pieces)));
});
for (const question of questions.toString("utf8").split("\n").filter(Boolean)) {
  const bytes = Buffer.from(question, "utf8");
  const place = room(bytes.length);
  new Uint8Array(memory.buffer).set(bytes, place);
  const length = answer();
  process.stdout.write(`${Buffer.from(memory.buffer, answered(), length).toString("utf8")}\n`);
}
