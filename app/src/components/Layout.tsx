// Boxes of the page: panels, figures, empty states.
import { useId } from "react";
import type { ReactNode } from "react";

import { inWords } from "../chain/words.ts";
import type { Words } from "../chain/words.ts";

export function Panel(props: {
  title: string;
  note?: ReactNode;
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={`panel ${props.className ?? ""}`} aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{props.title}</h2>
        {props.aside !== undefined && <div className="panel-aside">{props.aside}</div>}
      </header>
      {props.note !== undefined && <p className="note">{props.note}</p>}
      {props.children}
    </section>
  );
}

export function PageTitle({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="page-title">
      <h1>{title}</h1>
      <p>{children}</p>
    </div>
  );
}

/** A figure with its name: most important ones first, in a row. */
export function Figure({
  name,
  children,
  note,
  tone,
}: {
  name: string;
  children: ReactNode;
  note?: ReactNode;
  tone?: Tone | undefined;
}) {
  return (
    <div className={`figure ${tone ?? ""}`}>
      <dt>{name}</dt>
      <dd>{children}</dd>
      {note !== undefined && <dd className="figure-note">{note}</dd>}
    </div>
  );
}

export function Figures({ children }: { children: ReactNode }) {
  return <dl className="figures">{children}</dl>;
}

/** A name and what it is, line by line. */
export function Facts({ rows }: { rows: readonly (readonly [name: ReactNode, value: ReactNode] | undefined)[] }) {
  return (
    <dl className="facts">
      {rows.flatMap((row, index) =>
        row === undefined
          ? []
          : [
              <div key={index}>
                <dt>{row[0]}</dt>
                <dd>{row[1]}</dd>
              </div>,
            ],
      )}
    </dl>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return <p className="empty">{children}</p>;
}

export type Tone = "good" | "warn" | "bad" | "calm";

export function Badge({ tone = "calm", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`badge ${tone}`}>{children}</span>;
}

export function Notice({ tone = "calm", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <div className={`notice ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      {children}
    </div>
  );
}

/** An error in words, its details behind a fold. */
export function ErrorNotice({ error }: { error: Words }) {
  return (
    <Notice tone={error.isRefusal === true ? "calm" : "bad"}>
      <p>{error.text}</p>
      {error.details !== undefined && (
        <details>
          <summary>Details</summary>
          <code>{error.details}</code>
        </details>
      )}
    </Notice>
  );
}

/** What a read failed with, if it did. */
export function ReadError({ error }: { error: unknown }) {
  return error === null || error === undefined ? null : <ErrorNotice error={inWords(error)} />;
}

/** Lines that hold the place of what is being read. */
export function Loading({ lines = 3 }: { lines?: number }) {
  return (
    <div className="loading" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} />
      ))}
    </div>
  );
}
