// The content security policy that the page carries in itself, for hosts that send no headers. Headers can only narrow it (docs/app.md).
import type { Plugin } from "vite";

/** What the page may load and ask: its own files, and nothing else but nodes that were named at the build. */
export function policyOf(nodes: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${["'self'", ...nodes].join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

/** Puts the policy into the built page. */
export function contentPolicy(nodes: readonly string[]): Plugin {
  return {
    name: "bulwark:policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: policyOf(nodes) },
        injectTo: "head-prepend",
      },
    ],
  };
}
