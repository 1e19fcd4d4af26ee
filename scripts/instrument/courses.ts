/** Under what courses keep in the environment of their process how often they have run and what they have reached (CourseTest.sol). */
const PREFIX = "bulwark.";

/** Lets the next courses of this process begin anew: else they would count the runs of those before, and miss what those have reached or not. */
export function forgetCourses(): void {
  for (const name of Object.keys(process.env)) if (name.startsWith(PREFIX)) delete process.env[name];
}
