// The card with a code: as a picture to save, and its QR symbol to show and print.
import { groupsOf } from "./pickup_code";
import { qrOf } from "./qr";

const SVG = "http://www.w3.org/2000/svg";
const QUIET_MODULES = 4;

export function svgOf(code: string): SVGElement {
  const modules = qrOf(code);
  const side = modules.length + 2 * QUIET_MODULES;
  let path = "";
  modules.forEach((row, y) => row.forEach((dark, x) => {
    if (dark) path += `M${x + QUIET_MODULES} ${y + QUIET_MODULES}h1v1h-1z`;
  }));
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${side} ${side}`);
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.setAttribute("aria-hidden", "true");
  const [paper, ink] = [document.createElementNS(SVG, "rect"), document.createElementNS(SVG, "path")];
  paper.setAttribute("width", String(side));
  paper.setAttribute("height", String(side));
  paper.setAttribute("fill", "#fff");
  ink.setAttribute("d", path);
  ink.setAttribute("fill", "#000");
  svg.append(paper, ink);
  return svg;
}

const WIDTH_PX = 900;
const HEIGHT_PX = 560;
const MODULE_PX = 9;

/** `label` is all the words there are on it: parcel lockers have pickup codes too. */
export function drawCard(code: string, label: string): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH_PX;
  canvas.height = HEIGHT_PX;
  const pen = canvas.getContext("2d");
  if (!pen) return canvas;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, WIDTH_PX, HEIGHT_PX);
  pen.strokeStyle = pen.fillStyle = "#000";
  pen.lineWidth = 3;
  pen.strokeRect(24, 24, WIDTH_PX - 48, HEIGHT_PX - 48);
  pen.font = "34px sans-serif";
  pen.fillText(label, 64, 96);
  groupsOf(code).forEach((group, at) => {
    const [x, y] = [64 + (at % 2) * 230, 180 + Math.floor(at / 2) * 100];
    pen.font = "22px sans-serif";
    pen.fillText(String(at + 1), x, y);
    pen.font = "bold 60px monospace";
    pen.fillText(group, x + 30, y);
  });
  const modules = qrOf(code);
  const [left, top] = [WIDTH_PX - 64 - modules.length * MODULE_PX, 170];
  modules.forEach((row, y) => row.forEach((dark, x) => {
    if (dark) pen.fillRect(left + x * MODULE_PX, top + y * MODULE_PX, MODULE_PX, MODULE_PX);
  }));
  return canvas;
}
