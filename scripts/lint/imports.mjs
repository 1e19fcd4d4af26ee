// The import-direction check: rooms know the rooms below them and nothing else.
import { posix } from "node:path";
import ts from "typescript";
import { importsOf } from "./solidity-text.mjs";

/** Lowest first. A file may import from its own room and from rooms before it. */
export const ROOMS = [
  "types",
  "libraries",
  "interfaces",
  "oracle",
  "clearing",
  "claims",
  "coverage",
  "fund",
  "liquidation",
  "risk",
  "governance",
  "periphery",
];

const FORBIDDEN_PACKAGES = ["hardhat", "forge-std"];

/** Folders of TypeScript, and the folders each must not import from. */
const FORBIDDEN_FOLDERS = {
  sdk: ["scripts", "test", "deploy", "app"],
  deploy: ["scripts", "test", "app"],
  scripts: ["test", "app"],
  app: ["scripts", "test", "deploy"],
};

/** Folders of app/src, lowest first. */
const APP_ROOMS = ["chain", "hooks", "components", "pages"];

const isRelative = (path) => path.startsWith("./") || path.startsWith("../");

/** The folder below contracts/ that a path lies in, or undefined. */
function roomOf(path) {
  const [top, room, ...rest] = path.split("/");
  return top === "contracts" && rest.length > 0 ? room : undefined;
}

/** Why a contract must not import a target, or undefined when it may. */
function complaintAbout(room, target) {
  if (!target.startsWith("contracts/")) return `contracts import only contracts and packages, not ${target}`;
  const targetRoom = roomOf(target);
  if (targetRoom === "mocks") return `mocks are for tests only: ${target}`;
  if (!ROOMS.includes(targetRoom)) return `${target} lies in no known room`;
  if (ROOMS.indexOf(targetRoom) > ROOMS.indexOf(room)) return `${room}/ must not import upward from ${targetRoom}/`;
  return undefined;
}

/** @param {Map<string, string>} sources */
export function checkSolidityImports(sources) {
  const complaints = [];
  for (const [path, source] of sources) {
    if (!path.endsWith(".sol") || !path.startsWith("contracts/")) continue;
    const room = roomOf(path);
    if (room === "mocks") continue;
    if (!ROOMS.includes(room)) {
      complaints.push(`${path}: lies in no known room (${ROOMS.join(", ")} or mocks)`);
      continue;
    }
    for (const { path: wanted, line } of importsOf(source)) {
      const packageName = wanted.split("/")[0];
      const complaint = isRelative(wanted)
        ? complaintAbout(room, posix.join(posix.dirname(path), wanted))
        : packageName === "contracts"
          ? "write the path relative to the file"
          : FORBIDDEN_PACKAGES.includes(packageName) && `${packageName} is for tests only`;
      if (complaint) complaints.push(`${path}:${line}: ${complaint}`);
    }
  }
  return complaints;
}

/** How high a file of the page stands; -1 for any other. */
function appRoomOf(path) {
  const [, , room] = path.startsWith("app/src/") ? path.split("/") : [];
  return APP_ROOMS.indexOf(room);
}

/** @param {Map<string, string>} sources */
export function checkTypeScriptImports(sources) {
  const complaints = [];
  for (const [path, source] of sources) {
    if (!/\.(ts|mts|tsx|js|mjs)$/.test(path)) continue;
    const folder = path.split("/")[0];
    const forbidden = FORBIDDEN_FOLDERS[folder] ?? [];
    for (const { fileName, pos } of ts.preProcessFile(source, true, true).importedFiles) {
      if (!isRelative(fileName)) continue;
      const target = posix.join(posix.dirname(path), fileName);
      const targetFolder = target.split("/")[0];
      const line = source.slice(0, pos).split("\n").length;
      if (forbidden.includes(targetFolder)) {
        complaints.push(`${path}:${line}: ${folder}/ must not import from ${targetFolder}/ (${fileName})`);
      }
      const [room, targetRoom] = [appRoomOf(path), appRoomOf(target)];
      if (room >= 0 && targetRoom > room) {
        complaints.push(`${path}:${line}: ${APP_ROOMS[room]}/ must not import upward from ${APP_ROOMS[targetRoom]}/`);
      }
    }
  }
  return complaints;
}
