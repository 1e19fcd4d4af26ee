import { useEffect } from "react";

import { useStored } from "./stored.ts";

export type Theme = "system" | "light" | "dark";
const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** The chosen theme, and a function that goes on to the next one. */
export function useTheme(): [Theme, () => void] {
  const [stored, store] = useStored("bulwark:theme", "system");
  const theme = THEMES.find((one) => one === stored) ?? "system";
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return [theme, () => store(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? "system")];
}
