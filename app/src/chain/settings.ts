// What lies beside the page: the list of networks, and their manifests.
import { SettingsError } from "./errors.ts";
import { LIST, parseNetworks } from "./networks.ts";
import type { AppNetwork } from "./networks.ts";

export async function loadNetworks(): Promise<readonly AppNetwork[]> {
  return parseNetworks(await loadJson(LIST));
}

/** Reads JSON that lies beside the page. */
export async function loadJson(path: string): Promise<unknown> {
  const response = await fetch(new URL(path, document.baseURI), { cache: "no-store" }).catch((cause: unknown) => {
    throw new SettingsError(`${path} could not be read: the host of this page does not answer.`, { cause });
  });
  if (!response.ok) throw new SettingsError(`${path} could not be read: the host answers ${response.status}.`);
  return response.json().catch((cause: unknown) => {
    throw new SettingsError(`${path} is not JSON.`, { cause });
  });
}
