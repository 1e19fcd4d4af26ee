/** What this process has computed so far, with all its threads. Time on the clock says little where other programs compute as well. */
export function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
