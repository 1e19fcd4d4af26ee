import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { BulwarkError } from "../../sdk/errors.ts";
import { App, preload } from "./App.tsx";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/panels.css";
import "./styles/tables.css";
import "./styles/notices.css";
import "./styles/forms.css";
import "./styles/popovers.css";
import "./styles/charts.css";
import "./styles/pages.css";
import "./styles/phone.css";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What a contract refuses it refuses again.
      retry: (count, error) => count < 1 && !(error instanceof BulwarkError),
      retryDelay: 500,
      refetchOnWindowFocus: false,
      staleTime: Number.POSITIVE_INFINITY,
      networkMode: "always",
    },
  },
});
preload();
const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
