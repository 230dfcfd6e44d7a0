import { readFileSync, writeFileSync } from "node:fs";
import { transformSync } from "esbuild";
const src = readFileSync(process.argv[3], "utf8");
const i = src.lastIndexOf("<script>") + 8, j = src.lastIndexOf("</script>");
const js = transformSync(src.slice(i, j), { minify: true, target: "es2022", charset: "utf8", format: "iife" }).code.trim();
let html = src.slice(0, i) + js + src.slice(j);
html = html.replace(/<style>([^]*?)<\/style>/, (_, css) => "<style>" + transformSync(css, { loader: "css", minify: true }).code.trim() + "</style>");
writeFileSync(process.argv[2], html);
console.log(Buffer.byteLength(html), "app", Buffer.byteLength(js));
