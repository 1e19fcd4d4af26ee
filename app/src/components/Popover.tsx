import { useEffect, useId, useRef, useState } from "react";
import type { ReactNode } from "react";

/** A button that opens a small panel under it. Escape and a click elsewhere close it. */
export function Popover({
  label,
  name,
  kind = "plain",
  children,
}: {
  label: ReactNode;
  name: string;
  kind?: string;
  children: ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return;
    const onDown = (event: PointerEvent) => {
      if (event.target instanceof Node && box.current?.contains(event.target) === false) setOpen(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", onDown);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onDown);
      document.removeEventListener("keydown", onKey);
    };
  }, [isOpen]);
  return (
    <div className="popover" ref={box}>
      <button
        ref={button}
        type="button"
        className={kind}
        aria-expanded={isOpen}
        aria-controls={id}
        aria-label={name}
        onClick={() => setOpen(!isOpen)}
      >
        {label}
      </button>
      {isOpen && (
        <div className="popover-panel" id={id} role="group" aria-label={name}>
          {children}
        </div>
      )}
    </div>
  );
}
