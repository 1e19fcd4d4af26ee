import { useId } from "react";
import type { ReactNode } from "react";

import { Empty } from "./Layout.tsx";

export interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand at the right. */
  readonly isNumber?: boolean;
}

export interface TableProps<Row> {
  /** What the table is, for those who cannot see it. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Shown instead of an empty table. */
  readonly empty: ReactNode;
}

/** A table that becomes cards on a phone. */
export function Table<Row>({ caption, columns, rows, keyOf, empty }: TableProps<Row>) {
  const id = useId();
  if (rows.length === 0) return <Empty>{empty}</Empty>;
  return (
    <table aria-labelledby={id}>
      <caption id={id} className="hidden">
        {caption}
      </caption>
      <thead>
        <tr>
          {columns.map(({ name, isNumber }) => (
            <th key={name} scope="col" className={isNumber === true ? "right" : ""}>
              {name === "" ? <span className="hidden">Action</span> : name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ name, cell, isNumber }) => (
              <td key={name} data-name={name} className={isNumber === true ? "right" : ""}>
                <div>{cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
