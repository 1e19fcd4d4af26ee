// One stage for all scenarios: building, deploying and starting a browser takes longer than most of them.
import { findBrowser } from "../../../scripts/sdk/browser.ts";
import { Stage } from "./stage.ts";

let opening: Promise<Stage> | undefined;

export function openStage(): Promise<Stage> {
  opening ??= Stage.open(findBrowser(process.env.APP_BROWSER));
  return opening;
}

after(async () => {
  await (await opening)?.close();
});
