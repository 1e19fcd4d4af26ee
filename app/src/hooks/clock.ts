import { useEffect, useState } from "react";

import { useNetwork } from "./network.tsx";

/** The chain's time now, seconds: that of the newest block, and what has passed here since it came. Moves every second. */
export function useNow(): bigint {
  const { head } = useNetwork();
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => setTick((tick) => tick + 1), 1_000);
    return () => window.clearInterval(timer);
  }, []);
  if (head === undefined) return BigInt(Math.floor(Date.now() / 1_000));
  return BigInt(head.timestamp) + BigInt(Math.floor((Date.now() - head.seenAt) / 1_000));
}
