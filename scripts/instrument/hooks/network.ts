import type { NetworkHooks } from "hardhat/types/hooks";

import { isListening } from "../environment.ts";
import { hear, open } from "../heard.ts";

export default (): Promise<Partial<NetworkHooks>> => {
  const handlers: Partial<NetworkHooks> = {
    newConnection: async (context, next) => {
      const connection = await next(context);
      open.add(connection);
      return connection;
    },
    closeConnection: async (context, connection, next) => {
      open.delete(connection);
      await next(context, connection);
    },
  };
  // The mere presence of this handler makes the simulator listen.
  if (isListening()) {
    handlers.onCoverageData = (_context: unknown, tags: string[]) => {
      hear(tags.map((tag) => Number(`0x${tag}`)));
      return Promise.resolve();
    };
  }
  return Promise.resolve(handlers);
};
