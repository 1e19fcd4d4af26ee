// What the settings name as the compiler: that of the dependencies, loaded so that it is quick.
import { loadCompiler } from "./load.ts";

export default loadCompiler("solc");
