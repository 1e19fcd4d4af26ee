import { Component } from "react";
import type { ReactNode } from "react";

import { inWords } from "../chain/words.ts";
import { ErrorNotice } from "./Layout.tsx";

/** A page that fails does not take the others with it. */
export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <ErrorNotice error={inWords(error)} />;
  }
}
