/** Tells of timers of one length, which no other code has, how many were started and how many still run. */
export function watchTimers(milliseconds: number) {
  const starts = jest.spyOn(globalThis, "setTimeout");
  const stops = jest.spyOn(globalThis, "clearTimeout");
  const started = () =>
    starts.mock.calls.flatMap(([, delay], call) =>
      delay === milliseconds ? [starts.mock.results[call]?.value] : [],
    );
  return {
    started: () => started().length,
    running: () =>
      started().filter((timer) => stops.mock.calls.every(([stopped]) => stopped !== timer)).length,
    stopWatching: () => {
      starts.mockRestore();
      stops.mockRestore();
    },
  };
}
